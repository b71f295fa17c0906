"""The files of a run: of one person, or of all people of a video, a folder for each and one scene with everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pose3d.core.config import RunConfig
from pose3d.core.files import write_text
from pose3d.core.progress import Progress, no_progress
from pose3d.core.result import Result
from pose3d.outputs import (
    SCENE,
    SCENE_CLIP,
    SCENES,
    Outputs,
    check_folder,
    check_names,
    leftovers,
    person_folder,
    removed,
    write_each,
    write_outputs,
)
from pose3d.pipelines import Pipeline
from pose3d.view import render_clip, skeleton_html


def check_run(folder: str | Path, video: str | Path, config: RunConfig, everybody: bool) -> None:
    """As `check_folder`, before anybody was looked for; everybody: whether all people of the video are meant."""
    check = check_everybody if everybody else check_folder
    check(folder, video, config)


def write_run(
    models: Pipeline, video: str | Path, folder: Path, config: RunConfig, everybody: bool, progress: Progress
) -> tuple[tuple[Result, ...], Outputs]:
    """The whole way: results of the person that is meant, or of everybody, and their files in the folder.

    Raises Pose3DError; what becomes of each file stands in the Outputs.
    """
    if everybody:
        results = models.everybody(video, config, progress=progress)
        return results, write_everybody(results, folder, progress, clip=config.render)
    result = models(video, config, progress=progress)
    return (result,), write_outputs(result, folder, progress)


def check_everybody(folder: str | Path, video: str | Path, config: RunConfig | None = None) -> None:
    """As `check_folder`, of all that `write_everybody` will write, before anybody was looked for."""
    check_names(folder, video, SCENES)
    check_folder(person_folder(Path(folder), 1), video, config)


def write_everybody(
    results: Sequence[Result], folder: str | Path, progress: Progress = no_progress, *, clip: bool = True
) -> Outputs:
    """What `write_outputs` writes, for each of the results of one video in a folder person_N; and the scene.

    That is scene.html and, if there shall be a clip, scene.mp4. What an earlier run left in the folder is removed.
    Raises as `write_outputs` does.
    """
    folder, first, others = Path(folder), results[0], results[1:]
    check_everybody(folder, first.video.path, first.config)
    homes = [person_folder(folder, result.person) for result in results]
    old = [path for path in leftovers(folder, first.video.path) if path.parent not in homes]
    written = [write_outputs(result, home, progress) for result, home in zip(results, homes, strict=True)]
    failures = removed(old, folder)

    def draw() -> None:
        render_clip(first, folder / SCENE_CLIP, None, lambda done, total: progress("render", done, total), others)

    scene: dict[str, Callable[[], object]] = {
        SCENE: lambda: write_text(folder / SCENE, skeleton_html(first, others=others)),
        **({SCENE_CLIP: draw} if clip else {}),
    }
    done = [*written, write_each(folder, scene)]
    files = tuple(file for each in done for file in each.files)
    return Outputs(files, (*failures, *(failure for each in done for failure in each.failures)))
