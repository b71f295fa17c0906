"""What takes long: detector and lifter, where there is a GPU if one is lent, and the files of a run."""

from __future__ import annotations

import functools
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder

from pose3d.core.config import RunConfig
from pose3d.core.errors import OutputError
from pose3d.core.progress import Progress, StopWork
from pose3d.core.result import Result
from pose3d.detect import Detector, load_detector
from pose3d.lift import choose_device, load_lifter
from pose3d.lift.lifter import Lifter
from pose3d.outputs import CLIP, write_outputs
from pose3d.pipeline import Found, Pipeline
from pose3d.ui.bar import bar
from pose3d.ui.gpu import on_gpu
from pose3d.ui.stopping import StopSign
from pose3d.ui.words import plainly
from pose3d.view import render_clip

GPU_START, GPU_PER_FRAME = 20.0, 0.06
"""Seconds asked for on a lent GPU: to load the models there, and for each frame (the detector runs on the CPU)."""


@dataclass(frozen=True)
class Work:
    """What came of it. result: None where the work was stopped before there was one."""

    found: Found
    result: Result | None


@dataclass(frozen=True)
class Run:
    """A finished run's files, as the page keeps it. found: everybody in the video, None for the example ahead."""

    result: Result
    folder: Path
    files: tuple[Path, ...]
    failures: tuple[OutputError, ...] = ()
    found: Found | None = None

    @property
    def clip(self) -> Path | None:
        """The rendered clip, unless drawing it failed."""
        return next((path for path in self.files if path.name == CLIP), None)


@functools.cache
def _detector(name: str) -> Detector:
    return load_detector(name, choose_device("auto"))


@functools.cache
def _lifter(name: str) -> Lifter:
    return load_lifter(name)


def models(config: RunConfig) -> Pipeline:
    """The models that it names: loaded at the first use, then kept. Raises Pose3DError."""
    return Pipeline(_detector(config.detector), _lifter(config.model))


def gpu_seconds(video: str, config: RunConfig, *_: object) -> float:
    """How long a GPU is wanted for."""
    return GPU_START + GPU_PER_FRAME * (config.max_frames or 0)


@on_gpu(gpu_seconds)
def compute(video: str, config: RunConfig, sign: StopSign, progress: gr.Progress) -> Work:
    """Detector and lifter: all that wants a GPU. Raises gr.Error in the config's language, and nothing else."""
    with plainly(config.language):
        shown = bar(progress, config.language)
        found = models(config).find(video, config, progress=shown, stop=sign.stands)
        return _lifted(found, config, sign, progress)


@on_gpu(lambda *_: GPU_START)
def lift(found: Found, config: RunConfig, sign: StopSign, progress: gr.Progress) -> Work:
    """A third dimension for what was found. Raises gr.Error in the config's language, and nothing else."""
    with plainly(config.language):
        return _lifted(found, config, sign, progress)


def _lifted(found: Found, config: RunConfig, sign: StopSign, progress: gr.Progress) -> Work:
    try:
        sign.obey()
        return Work(found, models(config).lift(found, config, progress=bar(progress, config.language, sign)))
    except StopWork:
        return Work(found, None)


def write(result: Result, found: Found, progress: Progress) -> Run:
    """All files of a run, in a new folder below Gradio's cache: from there they are served and in time deleted.

    Raises Pose3DError, and StopWork out of progress; the folder is gone then.
    """
    folder = new_folder("run-")
    try:
        outputs = write_outputs(result, folder, progress)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Run(result, folder, outputs.files, outputs.failures, found)


def draw_again(run: Run, azimuth: float, elevation: float, progress: Progress) -> Run:
    """The run with its clip drawn from another side; no model runs. Raises Pose3DError."""
    result = replace(run.result, config=run.result.config.but(azimuth=azimuth, elevation=elevation))
    clip = new_folder("view-") / CLIP  # a new address, because browsers keep the old clip
    render_clip(result, clip, progress=lambda done, total: progress("render", done, total))
    others = tuple(path for path in run.files if path.name != CLIP)
    return replace(run, result=result, files=(*others, clip))


def new_folder(prefix: str) -> Path:
    """A folder in Gradio's cache."""
    cache = Path(get_upload_folder())
    cache.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=prefix, dir=cache))
