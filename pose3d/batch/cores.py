"""Which cores a worker computes on: workers that each take all of them are slower together than one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

WORKER_MB = 1500
"""Megabytes that a worker is taken to need, for the number of those that start where nobody says how many."""
LOCKS = "pose3d-cores"
"""A folder of the system's temporary one."""

Cores = tuple[int, ...]


def available() -> Cores:
    """The numbers of those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return tuple(sorted(os.sched_getaffinity(0)))
    return tuple(range(os.cpu_count() or 1))


def usual_workers() -> int:
    """One for each core, as far as there is memory."""
    return max(1, min(len(available()), int(psutil.virtual_memory().available / 1e6 / WORKER_MB)))


def shares(workers: int, cores: Sequence[int] | None = None) -> list[Cores]:
    """Each worker's cores; where there are more workers than cores, some have the same one."""
    numbers = tuple(available() if cores is None else cores)
    return [numbers[k::workers] or (numbers[k % len(numbers)],) for k in range(workers)]


def keep_to(cores: Cores) -> None:
    """Binds this thread, and processes that it starts, to the cores, where the system can: their libraries then start
    so many threads."""
    if hasattr(os, "sched_setaffinity"):
        with suppress(OSError):  # a container may forbid it
            os.sched_setaffinity(0, cores)


def claim(count: int) -> list[FileLock]:
    """Keeps this thread to so many cores that no other worker of this machine has, as far as there are any.

    They are held as long as the answer is, or this process lives.
    """
    place, held = Path(tempfile.gettempdir()) / LOCKS, list[FileLock]()
    place.mkdir(exist_ok=True)
    mine = list[int]()
    for core in available():
        lock = FileLock(place / str(core), thread_local=False)
        with suppress(Timeout, OSError):
            lock.acquire(blocking=False)
            held.append(lock)
            mine.append(core)
        if len(mine) == count:
            break
    if mine:
        keep_to(tuple(mine))
    return held
