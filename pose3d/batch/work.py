"""The work on one video: fetched, worked on in a process that may die, and put on the shelf whole."""

from __future__ import annotations

import functools
import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

from pose3d.analysis import quality
from pose3d.batch.rows import Row
from pose3d.batch.shelves import Seal, Shelf
from pose3d.batch.videos import Clip, local
from pose3d.core.config import RunConfig
from pose3d.core.errors import Pose3DError, WorkError
from pose3d.core.files import write_text
from pose3d.core.progress import StopWork
from pose3d.core.quotas import quotas
from pose3d.everybody import check_run, write_run
from pose3d.jobs.folders import remove
from pose3d.jobs.reins import Reins, obeyed
from pose3d.jobs.tasks import save
from pose3d.jobs.workers import UNWATCHED, Watch, Worker
from pose3d.outputs import person_folder
from pose3d.pipelines import pipeline
from pose3d.version import __version__
from pose3d.view import libraries, with_libraries_at

MADE = "made"
"""The folder in a room in which the files are made."""

load = functools.cache(pipeline)
"""A pipeline whose models stay loaded in this process."""


@dataclass(frozen=True)
class Order:
    """What is asked of every video."""

    out: str
    """The shelf: a path or an address."""
    config: RunConfig
    everybody: bool
    """Whether all people of a video are meant."""
    retries: int
    fingerprint: str
    run: str
    """Tells this run of the command from others."""


@dataclass(frozen=True)
class Made:
    """What was made of a video: of everybody, the figures of the first."""

    frames: int
    seconds: float
    """Of wall time, from the video to all of its files."""
    grade: str


def fingerprint(config: RunConfig, everybody: bool) -> str:
    """Of all that makes results what they are: settings, weights, version. Loads the models.

    Raises ConfigError, WeightsError.
    """
    models = load(config.model, detector=config.detector, device="cpu")
    infos = [models.detector.info, models.lifter.info, *([models.second.info] if models.second else [])]
    told = {
        "settings": config.model_dump(mode="json"),
        "everybody": everybody,
        "weights": [info.sha256 for info in infos],
        "version": __version__,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def share(shelf: Shelf) -> None:
    """Puts the libraries of all pages beside the folders, unless they are there. Raises OutputError."""
    for name, text in libraries().items():
        if not shelf.holds(name):
            shelf.write(name, text)


def attend(clip: Clip, order: Order, shelf: Shelf, worker: Worker, watch: Watch = UNWATCHED) -> Row:
    """Has one video done, unless it was; its row. Raises StopWork where nobody waits any more."""
    try:
        return _before(clip, order, shelf) or _now(clip, order, shelf, worker, watch)
    except StopWork:
        raise
    except Pose3DError as e:
        return Row(clip.name, "failed", reason=e.worded(order.config.language))
    except Exception as e:  # whatever it is, it is this video's alone
        fault = WorkError("work_fault", reason=f"{type(e).__name__}: {e}")
        return Row(clip.name, "failed", reason=fault.worded(order.config.language))


def _before(clip: Clip, order: Order, shelf: Shelf) -> Row | None:
    """done: by a worker of this run, which died before it could tell."""
    seal = shelf.seal(clip.folder)
    if seal is None or not seal.fits(clip.stamp(), order.fingerprint):
        return None
    state = "done" if seal.run == order.run else "skipped"
    return Row(clip.name, state, seal.frames, seal.seconds, seal.grade, folder=shelf.place(clip.folder))


def _now(clip: Clip, order: Order, shelf: Shelf, worker: Worker, watch: Watch) -> Row:
    stamp = clip.stamp()
    with shelf.room() as room, local(clip, room) as video:
        made = _made(clip, order, worker, video, room / MADE, watch)
        seal = Seal(
            video=clip.name.encode("utf-8", "replace").decode(),
            stamp=stamp,
            fingerprint=order.fingerprint,
            run=order.run,
            frames=made.frames,
            seconds=made.seconds,
            grade=made.grade,
        )
        folder = shelf.keep(clip.folder, room / MADE, seal)
    return Row(clip.name, "done", made.frames, made.seconds, made.grade, folder=folder)


def _made(clip: Clip, order: Order, worker: Worker, video: Path, folder: Path, watch: Watch) -> Made:
    """Tried again where the worker died; what is wrong with the video itself is raised at once."""
    task = (str(video), folder, order.config, order.everybody, None if clip.is_here else clip.name)
    for _ in range(order.retries):
        try:
            return worker.run(make, *task, seconds=quotas().work_seconds, watch=watch)
        except WorkError as e:
            if e.code != "work_died":
                raise
            remove(folder)
    return worker.run(make, *task, seconds=quotas().work_seconds, watch=watch)


def make(reins: Reins, video: str, folder: Path, config: RunConfig, everybody: bool, fetched: str | None) -> Made:
    """All files of a run, or none: raises where one could not be written. In a worker's process.

    fetched: the video's name where it lies here only for now.
    """
    began = time.monotonic()
    models, progress = load(config.model, detector=config.detector, device=config.device), obeyed(reins)
    check_run(folder, video, config, everybody)
    results, written = write_run(models, video, folder, config, everybody, progress)
    for failure in written.failures:
        raise failure
    if fetched is not None:
        for result in results:
            save(result, person_folder(folder, result.person) if everybody else folder)
    for page in folder.rglob("*.html"):  # each with its own libraries would be ten times as large
        up = len(page.relative_to(folder).parts)
        write_text(page, with_libraries_at("../" * up, page.read_text("utf-8")))
    first = results[0]
    return Made(len(first), time.monotonic() - began, quality(first).grade)
