"""What takes long, done by this server's workers: a run, its files, its clip."""

from __future__ import annotations

import functools
import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import gradio as gr

from pose3d.core.config import Language, RunConfig
from pose3d.core.errors import ConfigError, OutputError, Pose3DError
from pose3d.core.files import is_full
from pose3d.core.quotas import quotas
from pose3d.core.result import Result
from pose3d.jobs import tasks
from pose3d.jobs.archive import plan
from pose3d.jobs.folders import PAGE, RUN, homes, take_video, video_of
from pose3d.jobs.line import Visitor
from pose3d.jobs.machine import Machine
from pose3d.jobs.process import store
from pose3d.jobs.tasks import Work
from pose3d.jobs.workers import Task, Watch, Worker
from pose3d.outputs import CLIP, NAMES, SCENE_CLIP, SCENES, Outputs
from pose3d.pipeline import Found
from pose3d.ui import gpu, presence
from pose3d.ui.bar import Bar
from pose3d.ui.stopping import RUN as RUNNING
from pose3d.ui.stopping import StopSign
from pose3d.ui.takeaway import PEOPLE

log = logging.getLogger(__name__)

CLIPS = CLIP, SCENE_CLIP

Answer = TypeVar("Answer")


@functools.cache
def machine() -> Machine:
    """This server's, whose processes start when they are first needed."""
    made = Machine.of(quotas(), tasks_folder)
    if not gpu.lends():
        return made
    return Machine([gpu.Lender(worker) for worker in made.workers], made.lookers, quotas())


def warm() -> None:
    """Starts all workers and has the usual models loaded, beside whatever else is done."""
    for worker in machine().workers:
        Thread(target=_warm, args=(worker,), daemon=True).start()


def _warm(worker: Worker) -> None:
    try:
        worker.run(tasks.warm, RunConfig(), seconds=quotas().work_seconds)
    except Pose3DError as e:  # whoever comes will be told, too
        log.error("workers cannot start: %s", e)


@dataclass(frozen=True)
class Job:
    """A visitor's turn: the worker that they have, and how they are told and can stop it."""

    worker: Worker
    watch: Watch

    def do(self, task: Task[Answer], *given: Any) -> Answer:
        """The task's answer. Raises as Worker.run does."""
        return self.worker.run(task, *given, seconds=quotas().work_seconds, watch=self.watch)


@contextmanager
def turn(request: gr.Request | None, progress: gr.Progress, language: Language, kind: str = RUNNING) -> Generator[Job]:
    """Waits for the visitor's turn, telling their place. kind: of the sign that stops the work.

    Raises WorkError where too many wait, StopWork where the visitor stops it or is gone before it is their turn.
    """
    sign, gone, bar = StopSign.of(request, kind), presence.gone(), Bar(progress, language)
    who = Visitor(presence.visitor(request), presence.address(request))
    with machine().line.turn(who, bar.waiting, lambda: sign.stands() or gone()) as worker:
        bar.loading()
        yield Job(worker, Watch(bar, sign.stands, gone))


@dataclass(frozen=True)
class Run:
    """A finished run's files, as the page keeps it.

    total: frames of the part of the video that was asked for. others: the results of more people where everybody is
    meant. found: everybody in the video, None for the example ahead and for a run that was found again.
    """

    result: Result
    folder: Path
    files: tuple[Path, ...]
    failures: tuple[OutputError, ...] = ()
    found: Found | None = None
    others: tuple[Result, ...] = ()
    total: int = 0

    @property
    def key(self) -> str | None:
        """Finds the run again as long as it is kept; None for the example ahead."""
        return self.folder.name.removeprefix(RUN) if self.folder.name.startswith(RUN) else None

    @property
    def clip(self) -> Path | None:
        """The rendered clip, unless drawing it failed."""
        return next((path for path in self.files if path.name in CLIPS), None)


def write(done: Work, job: Job) -> Run:
    """All files of a run, in a folder of its own with the video, in which they are served as long as was promised.

    Raises Pose3DError, and StopWork where the job is stopped; the folder is gone then.
    """
    with store().using(done.found.video.path), store().job() as folder:
        done = _with_video(done, folder)
        first, *others = done.results
        outputs = job.do(tasks.write, done.results, folder)
        for failure in filter(is_full, outputs.failures):  # a full disk is no fault of one file
            raise failure
        if others:
            outputs = _packed(outputs, folder)
    return Run(first, folder, outputs.files, outputs.failures, done.found, tuple(others), done.total)


def _with_video(done: Work, folder: Path) -> Work:
    """The same of the folder's own video: what was sent need not be kept."""
    path = take_video(done.found.video.path, folder)
    results = tuple(_of_video(result, path) for result in done.results)
    return replace(done, found=replace(done.found, video=replace(done.found.video, path=path)), results=results)


def _of_video(result: Result, path: Path) -> Result:
    return replace(result, video=replace(result.video, path=path))


def _packed(outputs: Outputs, folder: Path) -> Outputs:
    """The scene, its clip, and an archive with each person's files, whose names are alike."""
    scene = [path for path in outputs.files if path.parent == folder]
    theirs = {path.relative_to(folder).as_posix(): path for path in outputs.files if path not in scene}
    return Outputs((plan(folder / PEOPLE, theirs), *scene), outputs.failures)


def draw(run: Run, job: Job, **look: float | str) -> Run:
    """The run with its clip drawn, maybe anew; look: the settings that changed. No model runs.

    Raises Pose3DError, and StopWork where the job is stopped.
    """
    result = replace(run.result, config=run.result.config.but(render=True, **look))
    name = SCENE_CLIP if run.others else CLIP
    with store().view(run.folder) if run.clip else store().adding(run.folder) as folder:
        clip = folder / name
        job.do(tasks.draw, result, run.others, clip)
        if name == CLIP and not run.clip:
            tasks.save(result, run.folder)  # which says from now on that there is a clip
    rest = tuple(path for path in run.files if path.name != name)
    return replace(run, result=result, files=(*rest, clip))


def kept(key: str) -> Run | None:
    """The run of that key, anybody's word, if its files are still there; its clip is the one that was drawn first."""
    folder = store().result(key)
    if folder is None:
        return None
    try:
        first, *others = (Result.load(home) for home in homes(folder))
    except ConfigError:
        return None
    if video := video_of(folder):
        first, *others = (_of_video(result, video) for result in (first, *others))
    files = tuple(folder / name for name in (PEOPLE, *NAMES, *SCENES) if (folder / name).is_file())
    return Run(first, folder, files, others=tuple(others))


def tasks_folder() -> Path:
    """For what workers and server leave to each other while a task lasts."""
    folder = store().folder / f"{PAGE}tasks"
    folder.mkdir(0o700, exist_ok=True)
    return folder
