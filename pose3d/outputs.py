"""Writes all files of a run into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from pose3d.core.errors import Pose3DError
from pose3d.core.result import Result, write_text
from pose3d.core.words import check_language
from pose3d.export import check_formats, export
from pose3d.view import RunSettings, Viewpoint, render_clip, report_html, skeleton_html

Progress = Callable[[str, int, int], None]


def write_outputs(
    result: Result,
    folder: str | Path,
    *,
    formats: Iterable[str] = (),
    view: Viewpoint | None,
    report: RunSettings | None = None,
    language: str = "en",
    progress: Progress,
) -> list[Path]:
    """keypoints.json, skeleton.html, with `report` report.html, the exports and, with a view, render.mp4; their paths.

    report: what it says beside the result; language: the report's, "en" or "zh". Each file appears whole or not at all.
    Raises ConfigError for an unknown format or language, before anything is written.
    """
    folder, formats, language = Path(folder), check_formats(formats), check_language(language)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        pages = {"skeleton.html": skeleton_html(result)}
        if report:
            pages["report.html"] = report_html(result, report, language)
        for name, text in pages.items():
            write_text(folder / name, text)
        paths = [*(folder / name for name in pages), *export(result, folder, formats)]
        if view:
            paths.append(render(result, folder, view, progress))
        return [result.save(folder, "render.mp4" if view else None), *paths]
    except OSError as e:
        raise Pose3DError(f"the results cannot be written to {folder}: {e.strerror}; choose another folder") from e


def render(result: Result, folder: Path, view: Viewpoint, progress: Progress) -> Path:
    """render.mp4 in the folder."""
    return render_clip(
        result,
        folder / "render.mp4",
        azimuth=view.azimuth,
        elevation=view.elevation,
        progress=lambda done, total: progress("render", done, total),
    )
