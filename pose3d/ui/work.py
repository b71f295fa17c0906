"""What takes long: detector and lifter, where there is a GPU if one is lent, and the files of a run."""

from __future__ import annotations

import functools
import re
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import gradio as gr
from gradio.utils import get_upload_folder

from pose3d.core.config import RunConfig
from pose3d.core.errors import ConfigError, OutputError
from pose3d.core.progress import Progress, StopWork
from pose3d.core.result import Result
from pose3d.detect import Detector, load_detector
from pose3d.everybody import write_everybody
from pose3d.lift import choose_device, load_lifter, load_second
from pose3d.lift.lifter import Lifter, OwnLifter
from pose3d.outputs import CLIP, NAMES, SCENE_CLIP, SCENES, Outputs, write_outputs
from pose3d.pipeline import Found, Pipeline
from pose3d.ui.bar import bar
from pose3d.ui.gpu import on_gpu
from pose3d.ui.stopping import StopSign
from pose3d.ui.takeaway import PEOPLE
from pose3d.ui.words import plainly
from pose3d.view import render_clip

CLIPS = CLIP, SCENE_CLIP
RUN = "run-"
"""Before the key of a run, in its folder's name."""
KEY = re.compile(r"[\w-]{22}", re.ASCII)
"""As `secrets.token_urlsafe` makes it of 16 bytes: whoever does not know a key does not guess it."""

GPU_START, GPU_PER_FRAME = 20.0, 0.06
"""Seconds asked for on a lent GPU: to load the models there, and for each frame (the detector runs on the CPU)."""


@dataclass(frozen=True)
class Work:
    """What came of it. results: of the person who is meant or of everybody, none where the work was stopped."""

    found: Found
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Run:
    """A finished run's files, as the page keeps it.

    others: the results of more people where everybody is meant. found: everybody in the video, None for the example
    ahead and for a run that was found again.
    """

    result: Result
    folder: Path
    files: tuple[Path, ...]
    failures: tuple[OutputError, ...] = ()
    found: Found | None = None
    others: tuple[Result, ...] = ()

    @property
    def key(self) -> str | None:
        """Finds the run again as long as it is kept; None for the example ahead."""
        return self.folder.name.removeprefix(RUN) if self.folder.name.startswith(RUN) else None

    @property
    def clip(self) -> Path | None:
        """The rendered clip, unless drawing it failed."""
        return next((path for path in self.files if path.name in CLIPS), None)


@functools.cache
def _detector(name: str) -> Detector:
    return load_detector(name, choose_device("auto"))


@functools.cache
def _lifter(name: str) -> Lifter:
    return load_lifter(name)


@functools.cache
def _second(name: str) -> OwnLifter:
    return load_second(name)


def models(config: RunConfig) -> Pipeline:
    """The models that it names: loaded at the first use, then kept. Raises Pose3DError."""
    return Pipeline(_detector(config.detector), _lifter(config.model), _second(config.model))


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
    """A third dimension for who is meant of those who were found. Raises gr.Error as `compute` does."""
    with plainly(config.language):
        return _lifted(found, config, sign, progress)


@on_gpu(lambda *_: GPU_START)
def lift_everybody(found: Found, config: RunConfig, sign: StopSign, progress: gr.Progress) -> Work:
    """A third dimension for everybody who was found. Raises gr.Error as `compute` does."""
    with plainly(config.language):
        return _lifted(found, config, sign, progress, [person.number for person in found.people])


def _lifted(
    found: Found, config: RunConfig, sign: StopSign, progress: gr.Progress, numbers: Sequence[int | None] = (None,)
) -> Work:
    """numbers: of the people who are lifted, None for the one that config means."""
    chosen = [config if number is None else config.but(person=number) for number in numbers]
    try:
        sign.obey()
        shown = bar(progress, config.language, sign)
        return Work(found, tuple(models(config).lift(found, each, progress=shown) for each in chosen))
    except StopWork:
        return Work(found, ())


def write(done: Work, progress: Progress) -> Run:
    """All files of a run, in a new folder below Gradio's cache: from there they are served and in time deleted.

    Raises Pose3DError, and StopWork out of progress; the folder is gone then.
    """
    folder = cache() / f"{RUN}{secrets.token_urlsafe(16)}"
    folder.mkdir(0o700)
    first, *others = done.results
    try:
        outputs = _everybody_s(done.results, folder, progress) if others else write_outputs(first, folder, progress)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Run(first, folder, outputs.files, outputs.failures, done.found, tuple(others))


def _everybody_s(results: Sequence[Result], folder: Path, progress: Progress) -> Outputs:
    """The scene, its clip, and an archive with each person's files, whose names are alike."""
    without = [replace(result, config=result.config.but(render=False)) for result in results]
    outputs = write_everybody(without, folder, progress, clip=results[0].config.render)
    scene = [path for path in outputs.files if path.parent == folder]
    archive = folder / PEOPLE
    with ZipFile(archive, "w", ZIP_DEFLATED) as packed:
        for path in outputs.files:
            if path not in scene:
                packed.write(path, path.relative_to(folder))
    return Outputs((archive, *scene), outputs.failures)


def draw(run: Run, progress: Progress, **look: float | str) -> Run:
    """The run with its clip drawn, maybe anew; look: the settings that changed. No model runs.

    Raises Pose3DError, and StopWork out of progress.
    """
    result = replace(run.result, config=run.result.config.but(render=True, **look))
    name = SCENE_CLIP if run.others else CLIP
    folder = new_folder("view-") if run.clip else run.folder  # a new address, because browsers keep the old clip
    clip = folder / name
    render_clip(result, clip, None, lambda done, total: progress("render", done, total), run.others)
    if name == CLIP and not run.clip:
        result.save(run.folder, CLIP)  # which says from now on that there is a clip
    rest = tuple(path for path in run.files if path.name != name)
    return replace(run, result=result, files=(*rest, clip))


def kept(key: str) -> Run | None:
    """The run of that key, anybody's word, if its files are still there; its clip is the one that was drawn first."""
    folder = cache() / f"{RUN}{key}"
    if not (KEY.fullmatch(key) and folder.is_dir()):
        return None
    homes = sorted(folder.glob("person_*")) or [folder]
    try:
        first, *others = (Result.load(home) for home in homes)
    except ConfigError:
        return None
    files = tuple(folder / name for name in (PEOPLE, *NAMES, *SCENES) if (folder / name).is_file())
    return Run(first, folder, files, others=tuple(others))


def cache() -> Path:
    """Gradio's, whose files are served and in time deleted."""
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def new_folder(prefix: str) -> Path:
    """A folder in Gradio's cache."""
    return Path(tempfile.mkdtemp(prefix=prefix, dir=cache()))
