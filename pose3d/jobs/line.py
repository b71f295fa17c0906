"""Who works next: visitors take turns, whatever one of them asks for."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pose3d.core.errors import WorkError
from pose3d.core.progress import StopWork

Slot = TypeVar("Slot")
"""What a job works with while it has its turn."""

LOOK = 0.25
"""Seconds between two looks at whether somebody who waits is still there."""
FIRST_GUESS = 30.0
"""Seconds that a job takes, as long as none is known."""
WEIGHT = 0.2
"""Of the newest job in the running mean of how long they take."""


@dataclass(frozen=True)
class Place:
    """In the line. ahead: jobs that come first; seconds: until one's turn, about."""

    ahead: int
    seconds: float


@dataclass(frozen=True)
class Visitor:
    """name: of the visit. address: where it comes from, which many visits may share."""

    name: str
    address: str = ""


@dataclass(eq=False)
class _Ticket:
    visitor: Visitor
    refused: bool = False
    """Somebody from where fewer jobs wait has its place."""


class Line(Generic[Slot]):
    """Jobs that wait for a slot. A visitor has one at a time.

    First come the first jobs of all visitors, then the second ones; of these the first from every address, then who
    came first. most: jobs that wait, of all together; each: of one visitor while one of theirs has a slot. Where the
    line is full, the address that has most in it gives way to others.
    """

    def __init__(self, slots: Sequence[Slot], most: int, each: int):
        self._free, self._count = list(slots), len(slots)
        self._most, self._each = most, each
        self._waiting: list[_Ticket] = []
        self._running: set[Visitor] = set()
        self._mean = FIRST_GUESS
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """Jobs."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """Jobs."""
        return len(self._running)

    @contextlib.contextmanager
    def turn(self, visitor: Visitor, tell: Callable[[Place], None], gone: Callable[[], bool]) -> Generator[Slot]:
        """Waits for the visitor's turn, telling their place whenever it changes; gives a slot for the block.

        Raises WorkError where too many wait, StopWork where `gone` says that nobody waits any more.
        """
        ticket = self._joined(visitor)
        try:
            slot = self._awaited(ticket, tell, gone)
        finally:
            with self._changed:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        began = time.monotonic()
        try:
            yield slot
        finally:
            self._ended(visitor, slot, time.monotonic() - began)

    def _joined(self, visitor: Visitor) -> _Ticket:
        with self._changed:
            own = sum(ticket.visitor == visitor for ticket in self._waiting)
            if own >= self._each + (visitor not in self._running):
                raise WorkError("queue_yours", waiting=own, minutes=self._minutes(own))
            if len(self._waiting) >= self._most + len(self._free):
                self._make_room(visitor)
            self._waiting.append(ticket := _Ticket(visitor))
            return ticket

    def _make_room(self, visitor: Visitor) -> None:
        """Raises WorkError where nobody has to give way."""
        jobs = Counter(ticket.visitor.address for ticket in self._waiting if not ticket.refused)
        address, most = jobs.most_common(1)[0]
        if most <= jobs[visitor.address] + 1:
            raise self._full()
        last = [ticket for ticket in self._order() if ticket.visitor.address == address and not ticket.refused][-1]
        last.refused = True
        self._changed.notify_all()

    def _full(self) -> WorkError:
        return WorkError("queue_full", minutes=self._minutes(len(self._waiting)))

    def _awaited(self, ticket: _Ticket, tell: Callable[[Place], None], gone: Callable[[], bool]) -> Slot:
        told = 0
        while True:
            with self._changed:
                if ticket.refused:
                    raise self._full()
                if self._next() is ticket:
                    self._running.add(ticket.visitor)
                    return self._free.pop()
                place = self._place(ticket)
                self._changed.wait(LOOK)
            if gone():
                raise StopWork
            if place.ahead != told:
                told = place.ahead
                tell(place)

    def _ended(self, visitor: Visitor, slot: Slot, seconds: float) -> None:
        with self._changed:
            self._mean += WEIGHT * (seconds - self._mean)
            self._free.append(slot)
            self._running.remove(visitor)
            self._changed.notify_all()

    def _order(self) -> list[_Ticket]:
        """Who comes first; see the class. Who has a slot counts as having one more."""
        of_visitor, of_address = Counter(self._running), Counter(visitor.address for visitor in self._running)
        rank: dict[_Ticket, tuple[int, int]] = {}
        for ticket in self._waiting:
            visitor = ticket.visitor
            rank[ticket] = of_visitor[visitor], of_address[visitor.address]
            of_visitor[visitor] += 1
            of_address[visitor.address] += 1
        return sorted(self._waiting, key=rank.__getitem__)

    def _next(self) -> _Ticket | None:
        if not self._free:
            return None
        return next((ticket for ticket in self._order() if ticket.visitor not in self._running), None)

    def _place(self, ticket: _Ticket) -> Place:
        ahead = self._order().index(ticket) + self.running
        return Place(ahead, self._mean * ahead / self._count)

    def _minutes(self, ahead: int) -> int:
        return math.ceil(self._mean * (ahead + 1) / self._count / 60)
