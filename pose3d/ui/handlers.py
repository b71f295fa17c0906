"""What happens when something on the page is used; also what the API's endpoints do."""

from __future__ import annotations

import functools
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from pose3d.core.result import Result
from pose3d.export import EXPORTERS
from pose3d.io.video import Span, probe
from pose3d.outputs import render, write_outputs
from pose3d.pipeline import Found, Pipeline, Stopwatch, pipeline
from pose3d.pipeline import Progress as StageProgress
from pose3d.ui.gpu import on_gpu
from pose3d.ui.lens import Lens
from pose3d.ui.player import show
from pose3d.ui.stopping import StopSign, StopWork
from pose3d.ui.words import language_of, plainly, sentence, summary, text, timing
from pose3d.view import RunSettings
from pose3d.view.scene import Viewpoint

PROGRESS = gr.Progress()
"""As a default value it makes Gradio pass in the running event's own."""

GPU_START, GPU_PER_FRAME = 20.0, 0.06
"""Seconds asked for on a lent GPU: to load the models there, and for each frame (the detector runs on the CPU)."""
PATIENCE = 2.0
"""Seconds of work before it says how long it will take."""


@dataclass(frozen=True)
class Settings:
    """What one run needs to know; picklable. height: metres, None where unknown."""

    model: str
    max_frames: int
    lens: Lens
    height: float | None
    level: bool


@dataclass(frozen=True)
class Run:
    """What the page keeps of a finished run. files: all downloads, the rendered clip the last of them."""

    result: Result
    folder: Path
    files: list[Path]


@dataclass(frozen=True)
class Part:
    """What was found until someone stopped the work, and what was wanted. total: frames of the whole video."""

    found: Found
    settings: Settings
    total: int


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
    upright: bool = False,
    progress: gr.Progress = PROGRESS,
    request: gr.Request | None = None,
) -> tuple[Any, ...]:
    """Gives every frame of a video a 3D skeleton; returns the player's files, rendered clip, summary and downloads.

    Args:
        video: A video of a person.
        fov: Field of view in degrees across the longer side, used where fx, fy, cx or cy is 0.
        fx: Focal length in pixels across the picture; 0 if unknown.
        fy: Focal length in pixels down the picture; 0 if unknown.
        cx: Principal point in pixels from the left; 0 if unknown.
        cy: Principal point in pixels from the top; 0 if unknown.
        max_frames: The most frames that are read; the rest of the video is left out.
        height_cm: The person's height in cm, which gives sizes in true metres; 0 if unknown.
        model: The lifter from 2D to 3D: hdformer or canonical.
        azimuth: Degrees around the person from where the clip is drawn; 0 is the camera.
        elevation: Degrees above the horizon from where the clip is drawn.
        upright: Whether to undo the camera's tilt, as told from the person standing.
    """
    language, sign = language_of(request), StopSign(request.session_hash if request else None)
    if not video:
        raise sentence(text("no_video", language))
    lens = Lens(fov=fov, fx=fx or 0, fy=fy or 0, cx=cx or 0, cy=cy or 0)
    settings = Settings(model, int(max_frames), lens, (height_cm or 0) / 100 or None, upright)
    total = len(probe(video))
    progress(0.0, desc=text("loading", language))
    models(model)  # in this process, so that a process with a GPU, forked from it, finds them loaded
    if sign.stands():
        return *[gr.skip()] * 2, text("stopped", language, done=0, total=total), *[gr.skip()] * 3
    done = compute(video, settings, sign, progress, language)
    part = Part(done if isinstance(done, Found) else Found(done.video, done.pose2d, done.seconds), settings, total)
    return _finish(done, part, Viewpoint(azimuth, elevation), _shown(progress, language, sign), language)


def gpu_seconds(video: str, settings: Settings, *_: object) -> float:
    """How long a GPU is wanted for."""
    return GPU_START + GPU_PER_FRAME * settings.max_frames


@on_gpu(gpu_seconds)
@plainly
def compute(video: str, settings: Settings, sign: StopSign, progress: gr.Progress, language: str) -> Found | Result:
    """Detector and lifter: all that wants a GPU. What was found until then, where the sign stands."""
    span = Span(max_frames=settings.max_frames)
    info = probe(video, span)
    camera = settings.lens.camera(info.width, info.height)
    shown = _shown(progress, language)
    found = models(settings.model).find(video, span=span, camera=camera, progress=shown, stop=sign.stands)
    return lift(found, settings, sign, progress, language)


@plainly
def lift(found: Found, settings: Settings, sign: StopSign, progress: gr.Progress, language: str) -> Found | Result:
    """A third dimension for what was found, or just that, where the sign stands."""
    try:
        _obey(sign)
        shown = _shown(progress, language, sign)
        return models(settings.model).lift(found, height=settings.height, level=settings.level, progress=shown)
    except StopWork:
        return found


@plainly
def finish(
    part: Part | None,
    azimuth: float,
    elevation: float,
    progress: gr.Progress = PROGRESS,
    request: gr.Request | None = None,
) -> tuple[Any, ...]:
    """Lifts and draws what was found before the work was stopped."""
    language, sign = language_of(request), StopSign(request.session_hash if request else None)
    if part is None:
        raise sentence(text("no_part", language))
    done = on_gpu(lambda *_: GPU_START)(lift)(part.found, part.settings, sign, progress, language)
    return _finish(done, part, Viewpoint(azimuth, elevation), _shown(progress, language, sign), language)


def _finish(
    done: Found | Result, part: Part, view: Viewpoint, progress: StageProgress, language: str
) -> tuple[Any, ...]:
    """What the page shows and keeps: player, clip, summary, downloads, the run, and the part that a stop left."""
    try:
        if isinstance(done, Found):
            raise StopWork
        watch = Stopwatch()
        with watch("render"):
            run = write(done, view, RunSettings(part.settings.height), language, progress)
    except StopWork:
        words = text("stopped", language, done=len(part.found.video), total=part.total)
        return gr.skip(), gr.skip(), words, gr.skip(), gr.skip(), part
    words = f"{summary(done, part.total, language)}  \n{timing(done.seconds | watch.seconds, language)}"
    return show(done, run.files[-1], run.folder), str(run.files[-1]), words, paths(run), run, None


def begin(request: gr.Request) -> None:
    """Work starts: what was wanted of the last one does not hold for it."""
    StopSign(request.session_hash).take_down()


def stop(request: gr.Request) -> None:
    """The running work of this visitor shall end."""
    StopSign(request.session_hash).put_up()


@plainly
def rerender(
    run: Run | None,
    azimuth: float,
    elevation: float,
    progress: gr.Progress = PROGRESS,
    request: gr.Request | None = None,
) -> tuple[str, list[str], Run]:
    """Draws the last result's clip again from another side; no model runs.

    Args:
        azimuth: Degrees around the person; 0 is the camera.
        elevation: Degrees above the horizon.
    """
    language = language_of(request)
    if run is None:
        raise sentence(text("no_result", language))
    if not run.result.video.path.exists():
        raise sentence(text("gone", language))
    # A new address, because browsers keep the old clip.
    folder = Path(tempfile.mkdtemp(prefix="view-", dir=_cache()))
    clip = render(run.result, folder, Viewpoint(azimuth, elevation), _shown(progress, language))
    run = replace(run, files=[*run.files[:-1], clip])
    return str(clip), paths(run), run


@plainly
def redraw(
    run: Run | None,
    azimuth: float,
    elevation: float,
    progress: gr.Progress = PROGRESS,
    request: gr.Request | None = None,
) -> tuple[Any, ...]:
    """`rerender` for the page's sliders, which may well be set before there is a result."""
    if run is None:
        return gr.skip(), gr.skip(), gr.skip()
    return rerender(run, azimuth, elevation, progress, request)


def write(result: Result, view: Viewpoint, report: RunSettings, language: str, progress: StageProgress) -> Run:
    """All files of a run, in a new folder below Gradio's cache: from there they are served and in time deleted."""
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=_cache()))
    try:
        files = write_outputs(
            result, folder, formats=EXPORTERS, view=view, report=report, language=language, progress=progress
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Run(result, folder, sorted(files, key=lambda path: path.suffix == ".mp4"))  # the clip comes last


def paths(run: Run) -> list[str]:
    """The downloads, for gr.File."""
    return [str(path) for path in run.files]


def _cache() -> Path:
    cache = Path(get_upload_folder())
    cache.mkdir(parents=True, exist_ok=True)
    return cache


def _obey(sign: StopSign) -> None:
    if sign.stands():
        raise StopWork


def _shown(progress: gr.Progress, language: str, sign: StopSign | None = None) -> StageProgress:
    """The pipeline's progress on the page's bar, with the time left in each stage. Raises StopWork if a sign stands."""
    since: dict[str, float] = {}

    def show_stage(stage: str, done: int, total: int) -> None:
        if sign:
            _obey(sign)
        words = text(stage, language)
        spent = time.monotonic() - since.setdefault(stage, time.monotonic())
        if spent > PATIENCE and done < total:
            words += " · " + text("left", language, seconds=round(spent / done * (total - done)) + 1)
        progress((done, total), desc=words, unit=text("unit", language))

    return show_stage
