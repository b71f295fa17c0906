"""Things made ahead, in a thread of their own, while those made before are used."""

from __future__ import annotations

import contextvars
from collections.abc import Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Event, Thread
from typing import TypeVar

Item = TypeVar("Item")

PATIENCE = 0.05
"""Seconds between two looks at a thread that is about to end."""


@dataclass(frozen=True)
class _End:
    error: BaseException | None


def prefetch(source: Iterable[Item], most: int = 2) -> Generator[Item]:
    """The same items, of which up to `most` wait to be asked for; what the source raises comes in its place.

    Where the caller asks no more, the thread and the source, if that can be closed, have ended when this is closed.
    """
    made: Queue[Item | _End] = Queue(most)
    unwanted = Event()
    thread = Thread(target=contextvars.copy_context().run, args=(_make, source, made, unwanted), daemon=True)
    thread.start()
    try:
        while not isinstance(item := made.get(), _End):
            yield item
        if item.error:
            raise item.error
    finally:
        unwanted.set()
        while thread.is_alive():
            with suppress(Empty):  # makes room for what the thread is about to put
                made.get(timeout=PATIENCE)


def _make(source: Iterable[Item], made: Queue[Item | _End], unwanted: Event) -> None:
    end = _End(None)
    try:
        for item in source:
            made.put(item)
            if unwanted.is_set():
                break
    except BaseException as e:
        end = _End(e)
    if isinstance(source, Generator):
        source.close()
    made.put(end)
