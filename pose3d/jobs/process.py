"""This process's store: a server has one, which it enters at the first use and leaves when it ends."""

from __future__ import annotations

import atexit
import logging
import os
import signal
import tempfile
import time
from pathlib import Path
from threading import Lock, Thread, current_thread, main_thread
from types import FrameType

from pose3d.jobs.house import House, is_house
from pose3d.jobs.store import Store

log = logging.getLogger(__name__)

FOLDER = "GRADIO_TEMP_DIR"
"""The environment variable with the folder below which the house is made, and then with the house itself: where Gradio
keeps what visitors send, and what it serves. Worker processes inherit it, and find the same house."""
SWEEPS = 60
"""Seconds from one sweep to the next."""

_stores: dict[Path, Store] = {}
_houses: list[House] = []
_entering = Lock()


def store() -> Store:
    """This process's, or that of the server that started it. Gradio's components must be made after it.

    Raises OutputError where there cannot be one.
    """
    with _entering:
        folder = Path(os.environ.get(FOLDER) or Path(tempfile.gettempdir()).resolve() / "gradio").absolute()
        if folder not in _stores:
            opened = Store(folder if is_house(folder) else _enter(folder))
            _stores[opened.folder] = opened
            os.environ[FOLDER] = str(opened.folder)
        return _stores[Path(os.environ[FOLDER])]


def owner(path: Path) -> Store | None:
    """Of this process's stores the one whose house the path is in."""
    return next((store for folder, store in tuple(_stores.items()) if folder in path.parents), None)


def _enter(base: Path) -> Path:
    house = House(base)
    _houses.append(house)
    if len(_houses) == 1:
        Thread(target=_sweep, daemon=True, name="sweep").start()
        atexit.register(_leave, os.getpid())
        _leave_when_told(signal.SIGTERM)
    return house.folder


def _sweep() -> None:
    while True:
        time.sleep(SWEEPS)
        for store in tuple(_stores.values()):
            try:
                store.sweep()
            except Exception as e:
                log.error("what is old could not be removed: %s: %s", type(e).__name__, e)


def _leave(pid: int) -> None:
    """Not in a process that was forked from the server."""
    if os.getpid() == pid:
        while _houses:
            _houses.pop().leave()


def _leave_when_told(number: signal.Signals) -> None:
    """At that signal, too, at which Python would end without a word; then it does what it did before."""
    if current_thread() is not main_thread():
        return
    before, pid = signal.getsignal(number), os.getpid()

    def handler(number: int, frame: FrameType | None) -> None:
        _leave(pid)
        signal.signal(number, before)
        signal.raise_signal(number)

    signal.signal(number, handler)
