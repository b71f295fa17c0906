"""Writes the files of all people of a video: a folder for each, and one scene that shows everybody."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pose3d.core.config import RunConfig
from pose3d.core.files import write_text
from pose3d.core.progress import Progress, no_progress
from pose3d.core.result import Result
from pose3d.outputs import SCENE, Outputs, attempt, check_folder, leftovers, person_folder, removed, write_outputs
from pose3d.view import skeleton_html


def check_everybody(folder: str | Path, video: str | Path, config: RunConfig | None = None) -> None:
    """As `check_folder`, of all that `write_everybody` will write, before anybody was looked for."""
    check_folder(folder, video, config)
    check_folder(person_folder(Path(folder), 1), video, config)


def write_everybody(results: Sequence[Result], folder: str | Path, progress: Progress = no_progress) -> Outputs:
    """What `write_outputs` writes, for each of the results of one video in a folder person_N; and scene.html.

    What an earlier run left in the folder is removed. Raises as `write_outputs` does.
    """
    folder, first = Path(folder), results[0]
    homes = [person_folder(folder, result.person) for result in results]
    old = [path for path in leftovers(folder, first.video.path) if path.parent not in homes]
    written = [write_outputs(result, home, progress) for result, home in zip(results, homes, strict=True)]
    failures = removed(old, folder)
    scene = attempt(folder / SCENE, lambda: write_text(folder / SCENE, skeleton_html(first, others=results[1:])))
    files = [file for each in written for file in each.files] + ([] if scene else [folder / SCENE])
    failures = [failure for each in written for failure in each.failures] + [f for f in (*failures, scene) if f]
    return Outputs(tuple(files), tuple(failures))
