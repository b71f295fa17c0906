"""Processes that work on strangers' files: what kills one ends that file's work and nothing else."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, TimeoutError, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pose3d.core.errors import Pose3DError, WorkError
from pose3d.core.progress import Progress, StopWork, never, no_progress
from pose3d.jobs.reins import Direct, Files, News

Answer = TypeVar("Answer")
Task = Callable[..., Answer]
"""A function of a module, so that it can be named to another process; it is given its Reins first."""

MEGABYTE = 10**6
"""Bytes."""
LOOK = 0.1
"""Seconds between two looks at how far the work is, and whether anybody still waits for it."""
GRACE = 1.5
"""Seconds that work has to end by itself once nobody waits for it; then its process is ended."""
ORPHANED = 1.0
"""Seconds between two looks of a worker at whether the server still lives."""


@dataclass(frozen=True)
class Watch:
    """How whoever waits for a task is told, and ends it."""

    progress: Progress = no_progress
    stopped: Callable[[], bool] = never
    """Whether what was done until now is enough."""
    gone: Callable[[], bool] = never
    """Whether nobody waits any more."""


UNWATCHED = Watch()
"""Nobody is told, and it is not stopped."""


class Worker(Protocol):
    """Does one task after the other."""

    def run(self, task: Task[Answer], *given: Any, seconds: float, watch: Watch = UNWATCHED) -> Answer:
        """The task's answer.

        Raises what the task raises, WorkError where the worker died, took too long or too much memory, StopWork where
        nobody waits any more.
        """
        ...

    @property
    def alive(self) -> bool:
        """Whether it has started, and is fit for work."""
        ...


class Here:
    """A worker that is this process: for tests, and under what brings limits of its own."""

    def run(self, task: Task[Answer], *given: Any, seconds: float, watch: Watch = UNWATCHED) -> Answer:
        """See Worker; nothing limits it."""
        return task(Direct(watch.progress, watch.stopped), *given)

    @property
    def alive(self) -> bool:
        """See Worker."""
        return True


@dataclass
class Process:
    """A worker with a process of its own, started at its first task and replaced after one that it did not survive.

    megabytes: what it may take; folder: gives the place for its reins, which must be there.
    """

    megabytes: float
    folder: Callable[[], Path]
    _pool: ProcessPool | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _busy: threading.Lock = field(default_factory=threading.Lock, init=False)
    """One task at a time: what ends the process must not end another's work, nor leave it waiting for ever."""

    def run(self, task: Task[Answer], *given: Any, seconds: float, watch: Watch = UNWATCHED) -> Answer:
        """See Worker."""
        with self._busy:
            return self._run(task, given, seconds, watch)

    def _run(self, task: Task[Answer], given: tuple[Any, ...], seconds: float, watch: Watch) -> Answer:
        reins = Files(Path(tempfile.mkdtemp(prefix="task-", dir=self.folder())))
        try:
            return _awaited(self._scheduled(task, (reins, *given), seconds), reins, watch)
        except (Pose3DError, StopWork):
            raise
        except Exception as e:
            self.end()  # what was not foreseen may have left it without memory, or otherwise unfit for others
            raise self._told(e, seconds) from e
        finally:
            shutil.rmtree(reins.folder, ignore_errors=True)

    @property
    def alive(self) -> bool:
        """See Worker."""
        pool = self._pool
        return pool is not None and pool.active

    def _told(self, e: Exception, seconds: float) -> Exception:
        """The same in words for its visitor, where there are some."""
        if isinstance(e, ProcessExpired | BrokenExecutor):  # at work, or while it starts
            return WorkError("work_died")
        if isinstance(e, TimeoutError):
            return WorkError("work_too_long", seconds=seconds)
        if isinstance(e, MemoryError):
            return WorkError("work_too_large", megabytes=self.megabytes)
        return e

    def end(self) -> None:
        """Ends the process at once; the next task starts another."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool:
            pool.stop()
            pool.join()

    def _scheduled(self, task: Task[Answer], given: tuple[Any, ...], seconds: float) -> ProcessFuture[Any]:
        with self._lock:
            if self._pool is None or not self._pool.active:
                self._pool = ProcessPool(
                    max_workers=1,
                    # a fork would copy the server's threads' locks, held or not
                    context=multiprocessing.get_context("spawn"),
                    initializer=_begin,
                    initargs=(self.megabytes, os.getpid()),
                )
            return self._pool.schedule(task, args=given, timeout=seconds)


def _awaited(future: ProcessFuture[Any], reins: Files, watch: Watch) -> Any:
    """The answer; meanwhile it is told how far the work is, and the task that it shall stop."""
    told: News | None = None
    left: float | None = None
    while not wait([future], LOOK).done:
        news = reins.news()
        if news and news != told:
            told = news
            watch.progress(*news)
        if watch.stopped() or watch.gone():
            reins.stop()
        if watch.gone():
            left = time.monotonic() + GRACE if left is None else left
            if time.monotonic() > left:
                future.cancel()
    try:
        return future.result()
    except CancelledError as e:
        raise StopWork from e


def _begin(megabytes: float, server: int) -> None:
    """What comes first in a worker's process: its limits, and an end when the server's comes."""
    threading.Thread(target=_outlive_not, args=(server,), daemon=True).start()
    with contextlib.suppress(ImportError, ValueError, OSError):  # there is no such limit on every system
        import resource

        limit = int(megabytes * MEGABYTE)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _outlive_not(server: int) -> None:
    while os.getppid() == server:
        time.sleep(ORPHANED)
    os._exit(1)
