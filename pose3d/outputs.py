"""Writes all files of a run into a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pose3d.analysis import check_counted
from pose3d.core.config import RunConfig
from pose3d.core.errors import OutputError, Pose3DError
from pose3d.core.files import partial_path, write_text
from pose3d.core.memory import give_back
from pose3d.core.progress import Progress, StopWork, no_progress
from pose3d.core.result import KEYPOINTS, Result
from pose3d.export import EXPORTERS, check_formats, export, file_name
from pose3d.view import render_clip, report_html, skeleton_html

SKELETON, REPORT, CLIP = "skeleton.html", "report.html", "render.mp4"
SCENES = SCENE, SCENE_CLIP = "scene.html", "scene.mp4"
"""Of everybody; the others are one person's."""
NAMES = (KEYPOINTS, SKELETON, REPORT, *map(file_name, EXPORTERS), CLIP)
"""All that a run of one person can write; no other file in their folder is ever touched."""

Writer = Callable[[Result, Path, Progress], object]
"""Writes one file of a result to the path."""


@dataclass(frozen=True)
class Outputs:
    """What became of a run's files."""

    files: tuple[Path, ...]
    """Those that were written, keypoints.json first."""
    failures: tuple[OutputError, ...]
    """Why others were not; each names its file."""


def check_folder(folder: str | Path, video: str | Path, config: RunConfig | None = None) -> None:
    """Raises OutputError where results cannot be written, or would take the video's place. Creates nothing.

    config: says what will be written; without it, anything that a run can write.
    """
    check_names(folder, video, NAMES if config is None else (KEYPOINTS, *_writers(config)))


def check_names(folder: str | Path, video: str | Path, names: Sequence[str]) -> None:
    """As `check_folder`, of the files that will be written."""
    folder = Path(folder)
    try:
        _check_place(folder)
        for name in names:
            _check_name(folder / name, Path(video))
    except (OSError, ValueError) as e:
        raise OutputError("cannot_write", path=folder, reason=getattr(e, "strerror", e)) from e


def write_outputs(result: Result, folder: str | Path, progress: Progress = no_progress) -> Outputs:
    """keypoints.json, skeleton.html and what the result's config asks for: report.html, the exports, render.mp4.

    keypoints.json comes first, with output_video null until there is a clip; everything else can fail alone. What an
    earlier run left is removed, so that all files are of one run. Each file appears whole or not at all, also where
    progress raises StopWork. Raises ConfigError for an unknown format or exercise, and OutputError where the video
    would be overwritten or keypoints.json cannot be written.
    """
    folder = Path(folder)
    check_formats(result.config.export)
    check_counted(result.config.count)
    check_folder(folder, result.video.path, result.config)
    old = [path for path in leftovers(folder, result.video.path) if path != folder / KEYPOINTS]
    first, failures = result.save(folder), removed(old, folder)
    steps = {name: partial(write, result, folder / name, progress) for name, write in _writers(result.config).items()}
    done = write_each(folder, steps)
    return Outputs((first, *done.files), (*failures, *done.failures))


def write_each(folder: Path, steps: Mapping[str, Callable[[], object]]) -> Outputs:
    """Takes the steps, which write the files of these names into the folder; each can fail alone."""
    failures = {folder / name: _attempt(folder / name, step) for name, step in steps.items()}
    files = tuple(path for path, failure in failures.items() if failure is None)
    return Outputs(files, tuple(failure for failure in failures.values() if failure))


def _writers(config: RunConfig) -> dict[str, Writer]:
    """By file name, in the order of writing: the clip takes longest and comes last."""
    return {
        SKELETON: _write_skeleton,
        **({REPORT: _write_report} if config.report else {}),
        **{file_name(name): partial(_write_export, name) for name in config.export},
        **({CLIP: _write_clip} if config.render else {}),
    }


def _write_skeleton(result: Result, path: Path, _: Progress) -> None:
    write_text(path, skeleton_html(result))


def _write_report(result: Result, path: Path, _: Progress) -> None:
    write_text(path, report_html(result))


def _write_export(name: str, result: Result, path: Path, _: Progress) -> None:
    export(result, path.parent, [name])


def _write_clip(result: Result, path: Path, progress: Progress) -> None:
    render_clip(result, path, progress=lambda done, total: progress("render", done, total))
    result.save(path.parent, CLIP)


def _attempt(path: Path, step: Callable[[], object]) -> OutputError | None:
    """Why the step failed with this file, if it did. Any fault counts: one file's must not cost the others."""
    try:
        step()
    except StopWork:
        raise
    except Pose3DError as e:
        return OutputError("not_written", name=path.name, reason=e)
    except MemoryError:
        return OutputError("not_written", name=path.name, reason=OutputError("no_memory"))
    except Exception as e:
        return OutputError("not_written", name=path.name, reason=" ".join(f"{type(e).__name__}: {e}".split()))
    finally:
        give_back()
    return None


def _check_place(folder: Path) -> None:
    """The folder, or the nearest there is above it, must be one that takes files."""
    above = next(place for place in (folder, *folder.absolute().parents) if place.exists() or place.is_symlink())
    if not above.is_dir():
        raise OutputError("folder_is_file", path=above)
    with tempfile.TemporaryFile(dir=above):
        pass


def _check_name(path: Path, video: Path) -> None:
    if path.is_dir():
        raise OutputError("name_is_folder", path=path)
    if _same(path, video):
        raise OutputError("video_overwritten", path=path, name=path.name)


def person_folder(folder: Path, number: int) -> Path:
    """Where the files of one of several people are."""
    return folder / f"person_{number}"


def leftovers(folder: Path, video: Path) -> list[Path]:
    """Files of an earlier run, of one person or of everybody, and of one that was killed; never the video."""
    everybody = (folder / SCENE).is_file() and (person_folder(folder, 1) / KEYPOINTS).is_file()
    places = [folder, *(sorted(folder.glob("person_*")) if everybody else ())]
    paths = [path for place in places for path in _left_in(place)]
    paths += [folder / name for name in SCENES] if everybody else []
    paths += [partial_path(folder / name) for name in SCENES]
    return [path for path in paths if path.is_file() and not _same(path, video)]


def removed(old: Sequence[Path], folder: Path) -> list[OutputError]:
    """Removes the files, and folders of people below `folder` that are empty then; says why any could not be."""
    failures = [_attempt(path, path.unlink) for path in old]
    for home in {path.parent for path in old} - {folder}:
        if not any(home.iterdir()):
            home.rmdir()
    return [failure for failure in failures if failure]


def _left_in(folder: Path) -> list[Path]:
    """What one person's run may have left: keypoints.json tells of one."""
    names = NAMES if (folder / KEYPOINTS).is_file() else ()
    return [folder / name for name in names] + [partial_path(folder / name) for name in NAMES]


def _same(path: Path, video: Path) -> bool:
    return path.exists() and video.exists() and path.samefile(video)
