"""A server's house: a folder of its own for all that it writes, and what becomes of the houses of servers that died.

A house is `pose3d/server-TOKEN/`; whether its server lives tells a lock beside it, which the system releases however
the server ends. The lock is not in the house because Gradio serves whatever is.
"""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from filelock import FileLock, Timeout

from pose3d.core.files import refused
from pose3d.jobs.folders import RUN, is_over, made, remove

PLACE, HOUSE, LOCK = "pose3d", "server-", ".lock"
ENTERING = "entering" + LOCK
"""Held by whoever enters: servers that start at once do so one after the other."""


class House:
    """Entered when it is made: it is there, locked, and holds the results that dead servers had promised to keep.

    base: where to put it. Raises OutputError.
    """

    def __init__(self, base: Path):
        place = base.absolute() / PLACE
        self.folder = place / f"{HOUSE}{secrets.token_urlsafe(16)}"
        try:
            place.mkdir(0o700, parents=True, exist_ok=True)
            _check_own(place)
            with FileLock(place / ENTERING):
                self._lock = _lock_of(self.folder)
                self._lock.acquire(blocking=False)
                self.folder.mkdir(0o700)
                for other in _houses(place) - {self.folder}:
                    self._clear(other)
        except OSError as e:
            raise refused(place, e) from e

    def _clear(self, other: Path) -> None:
        """Takes over what a dead server promised, and removes the rest; leaves the living alone."""
        lock = _lock_of(other)
        try:
            with lock.acquire(blocking=False):
                for folder in promised(other):
                    folder.rename(self.folder / folder.name)
                remove(other)
        except Timeout:
            return
        Path(lock.lock_file).unlink(missing_ok=True)

    def leave(self) -> None:
        """Only what is promised stays, for the next server."""
        kept = promised(self.folder)
        for entry in set(self.folder.glob("*")) - kept:
            remove(entry)
        if not kept:
            remove(self.folder)
            Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()


def promised(house: Path) -> set[Path]:
    """The folders of results that have to be kept."""
    return {folder for folder in house.glob(f"{RUN}*") if (since := made(folder)) and not is_over(since)}


def is_house(folder: Path) -> bool:
    """Whether a server lives or lived there."""
    return folder.parent.name == PLACE and folder.name.startswith(HOUSE)


def _houses(place: Path) -> set[Path]:
    """Also those of which only the lock is left."""
    return {place / path.name.removesuffix(LOCK) for path in place.glob(f"{HOUSE}*")}


def _lock_of(house: Path) -> FileLock:
    """Of the process, not of a thread: whichever thread ends it releases it."""
    return FileLock(house.with_name(house.name + LOCK), thread_local=False)


def _check_own(place: Path) -> None:
    """What strangers prepared is not taken over: links in it could lead anywhere. Raises OSError."""
    if hasattr(os, "geteuid") and place.stat().st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
