"""What happens when something on the page is used; also what the API's endpoints do."""

from __future__ import annotations

import functools
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from pose3d.export import EXPORTERS
from pose3d.outputs import render, write_outputs
from pose3d.pipeline import Pipeline, Stopwatch, pipeline
from pose3d.pipeline import Progress as StageProgress
from pose3d.result import Result
from pose3d.ui.gpu import on_gpu
from pose3d.ui.lens import Lens
from pose3d.ui.player import show
from pose3d.ui.words import GONE, NO_RESULT, NO_VIDEO, STAGE_WORDS, plainly, sentence, summary, timing
from pose3d.video import Span, probe
from pose3d.view import RunSettings
from pose3d.view.scene import Viewpoint

PROGRESS = gr.Progress()
"""As a default value it makes Gradio pass in the running event's own."""


@dataclass(frozen=True)
class Settings:
    """What one run needs to know; picklable. height: metres, None where unknown."""

    model: str
    max_frames: int
    lens: Lens
    height: float | None


@dataclass(frozen=True)
class Run:
    """What the page keeps of a finished run. files: all downloads, the rendered clip among them."""

    result: Result
    folder: Path
    files: list[Path]


@functools.cache
def models(name: str) -> Pipeline:
    """Loaded at the first use, then kept."""
    return pipeline(name)


@plainly
def estimate(
    video: str | None,
    fov: float,
    fx: float | None,
    fy: float | None,
    cx: float | None,
    cy: float | None,
    max_frames: int,
    height_cm: float | None,
    model: str,
    azimuth: float,
    elevation: float,
    progress: gr.Progress = PROGRESS,
) -> tuple[dict[str, Any], str, str, list[str], Run]:
    """Gives every frame of a video a 3D skeleton; returns the player's files, rendered clip, summary and downloads.

    fov: degrees across the longer side, used where fx, fy, cx or cy (pixels) is 0. height_cm: the person's, 0: unknown.
    azimuth, elevation: degrees around the person and above the horizon, from where the clip is drawn.
    """
    if not video:
        raise sentence(NO_VIDEO)
    lens = Lens(fov=fov, fx=fx or 0, fy=fy or 0, cx=cx or 0, cy=cy or 0)
    total = len(probe(video))
    progress(0.0, desc="Loading the models")
    models(model)  # in this process, so that a process with a GPU, forked from it, finds them loaded
    height = (height_cm or 0) / 100 or None
    result = compute(video, Settings(model, max_frames, lens, height), progress)
    watch = Stopwatch()
    with watch("render"):
        run = _write(result, Viewpoint(azimuth, elevation), RunSettings(height), progress)
    clip = run.files[-1]
    words = f"{summary(result, total)}  \n{timing(result.seconds | watch.seconds)}"
    return show(result, clip, run.folder), str(clip), words, _paths(run), run


@on_gpu
@plainly
def compute(video: str, settings: Settings, progress: gr.Progress) -> Result:
    """Detector and lifter: all that wants a GPU."""
    span = Span(max_frames=settings.max_frames)
    info = probe(video, span)
    camera = settings.lens.camera(info.width, info.height)
    run = models(settings.model)
    return run(video, span=span, camera=camera, height=settings.height, progress=_shown(progress))


@plainly
def rerender(
    run: Run | None, azimuth: float, elevation: float, progress: gr.Progress = PROGRESS
) -> tuple[str, list[str], Run]:
    """Draws the last result's clip again, from another azimuth and elevation (degrees); no model runs."""
    if run is None:
        raise sentence(NO_RESULT)
    if not run.result.video.path.exists():
        raise sentence(GONE)
    folder = Path(tempfile.mkdtemp(prefix="view-", dir=run.folder))  # a new address: browsers keep the old clip
    clip = render(run.result, folder, Viewpoint(azimuth, elevation), _shown(progress))
    run = replace(run, files=[*run.files[:-1], clip])
    return str(clip), _paths(run), run


@plainly
def redraw(run: Run | None, azimuth: float, elevation: float, progress: gr.Progress = PROGRESS) -> tuple[Any, ...]:
    """`rerender` for the page's sliders, which may well be set before there is a result."""
    if run is None:
        return gr.skip(), gr.skip(), gr.skip()
    return rerender(run, azimuth, elevation, progress)


def _write(result: Result, view: Viewpoint, report: RunSettings, progress: gr.Progress) -> Run:
    """All files of a run, in a new folder below Gradio's cache: from there they are served and in time deleted."""
    cache = Path(get_upload_folder())
    cache.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=cache))
    files = write_outputs(result, folder, formats=EXPORTERS, view=view, report=report, progress=_shown(progress))
    return Run(result, folder, sorted(files, key=lambda path: path.suffix == ".mp4"))  # the clip comes last


def _shown(progress: gr.Progress) -> StageProgress:
    """The pipeline's progress on the page's bar."""

    def show_stage(stage: str, done: int, total: int) -> None:
        progress((done, total), desc=STAGE_WORDS[stage], unit="frames")

    return show_stage


def _paths(run: Run) -> list[str]:
    return [str(path) for path in run.files]
