"""What takes long, done by this server's workers: a run, its files, its clip."""

from __future__ import annotations

import functools
import logging
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar

import gradio as gr

from pose3d.core.config import RunConfig
from pose3d.core.errors import ConfigError, OutputError, Pose3DError
from pose3d.core.files import is_full
from pose3d.core.progress import StopWork
from pose3d.core.quotas import quotas
from pose3d.core.result import Result
from pose3d.core.video import VideoInfo
from pose3d.jobs import tasks
from pose3d.jobs.archive import plan
from pose3d.jobs.folders import PAGE, RUN, homes, take_video, video_of
from pose3d.jobs.line import Visitor
from pose3d.jobs.machine import Machine
from pose3d.jobs.process import store
from pose3d.jobs.tasks import Work
from pose3d.jobs.workers import MEGABYTE, Task, Watch, Worker
from pose3d.outputs import CLIP, NAMES, SCENE_CLIP, SCENES, Outputs
from pose3d.pipelines import Found, Stopwatch
from pose3d.ui import joblog, presence, vitals
from pose3d.ui.bar import Bar
from pose3d.ui.joblog import Input, settings_of
from pose3d.ui.stopping import RUN as RUNNING
from pose3d.ui.stopping import StopSign
from pose3d.ui.takeaway import PEOPLE
from pose3d.ui.vitals import Outcome, Vitals
from pose3d.ui.words import language_of, sentence, text

log = logging.getLogger(__name__)

CLIPS = CLIP, SCENE_CLIP
FATAL: dict[str, Outcome] = {"work_died": "crashed", "work_too_large": "crashed", "work_too_long": "timed_out"}
"""Codes of errors after which a worker is replaced."""

_loaded = Event()
"""Set once a worker has the usual models in memory."""

Answer = TypeVar("Answer")


@functools.cache
def machine() -> Machine:
    """This server's, whose processes start when they are first needed."""
    return Machine.of(quotas(), tasks_folder)


def warm() -> None:
    """Starts all workers and has the usual models loaded, beside whatever else is done."""
    vitals.watch(_vitals)
    for worker in machine().workers:
        Thread(target=_warm, args=(worker,), daemon=True).start()


def _warm(worker: Worker) -> None:
    try:
        worker.run(tasks.warm, RunConfig(), seconds=quotas().work_seconds)
        _loaded.set()
    except Pose3DError as e:  # whoever comes will be told, too
        log.error("workers cannot start: %s", e)


def _vitals() -> Vitals:
    line, workers = machine().line, machine().workers
    free = shutil.disk_usage(store().folder).free
    return Vitals(
        models_loaded=_loaded.is_set(),
        workers_alive=sum(worker.alive for worker in workers),
        workers_wanted=len(workers),
        running=line.running,
        waiting=line.waiting,
        disk_mb=store().used / MEGABYTE,
        free_mb=free / MEGABYTE,
    )


@dataclass
class Job:
    """What a visitor wants done: how they are told and can stop it, and the worker that they have in their turn."""

    watch: Watch
    worker: Worker | None = None
    video: VideoInfo | None = None
    """What is known of it so far."""
    clock: Stopwatch = field(default_factory=Stopwatch)
    """Of the stages that are done."""

    def do(self, task: Task[Answer], *given: Any) -> Answer:
        """The task's answer. Raises as Worker.run does."""
        if self.worker is None:
            raise ValueError("it is not this job's turn")
        with self.clock(task.__name__):
            answer = self.worker.run(task, *given, seconds=quotas().work_seconds, watch=self.watch)
        if isinstance(answer, Work):
            self.video = answer.found.video
            self.clock.seconds.update(answer.results[0].seconds if answer.results else {})
        return answer


@contextmanager
def turn(
    request: gr.Request | None, progress: gr.Progress, config: RunConfig, kind: str, sign: str = RUNNING
) -> Generator[Job]:
    """Waits for the visitor's turn, telling their place; the log tells of the job when it has ended.

    kind: the endpoint's name; sign: the kind of sign that stops the work. Raises WorkError where too many wait,
    StopWork where the visitor stops it or is gone before it is their turn.
    """
    stop, gone, bar = StopSign.of(request, sign), presence.gone(), Bar(progress, language_of(request))
    who = Visitor(presence.visitor(request), presence.address(request))
    job = Job(Watch(bar, stop.stands, gone))
    with _logged(job, kind, config), machine().line.turn(who, bar.waiting, lambda: stop.stands() or gone()) as worker:
        bar.loading()
        job.worker = worker
        yield job


@contextmanager
def _logged(job: Job, kind: str, config: RunConfig) -> Generator[None]:
    """The log tells of the job when the block ends; a worker that it cost is replaced."""
    error: Exception | None = None
    try:
        yield
    except Exception as e:
        error = e
        raise
    finally:
        video = Input.of(job.video) if job.video else None
        code = error.code if isinstance(error, Pose3DError) else None
        seconds, settings, ended = job.clock.seconds, settings_of(config), _outcome(error, job.watch.stopped())
        joblog.log_job(joblog.Job(kind, ended, seconds, video, settings, code, job.watch.gone()))
        if job.worker and ended in ("crashed", "timed_out"):
            vitals.restarted()
            Thread(target=_warm, args=(job.worker,), daemon=True).start()


def _outcome(error: Exception | None, stopped: bool) -> Outcome:
    """In the log's words."""
    if error is None:
        return "stopped" if stopped else "done"
    if isinstance(error, StopWork):
        return "stopped"
    if not isinstance(error, Pose3DError):
        return "crashed"
    return FATAL.get(error.code, "refused")


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


def at_hand(run: Run | None, language: str) -> Run:
    """The visit's run. Raises gr.Error where it has none: nothing was run, or the server has forgotten the visit."""
    if run is None:
        raise sentence(text("no_result", language))
    return run


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
