"""Who works next: visitors take turns, whatever one of them asks for."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
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
REMEMBERED = 10_000
"""Visitors and addresses of whom it is known when they had their last turn."""
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


def _in_turn(
    tickets: list[_Ticket], group: Callable[[_Ticket], Visitor | str], last: Mapping[Visitor | str, int]
) -> list[_Ticket]:
    """The first of each group, then the second ones; of these, whose group's last turn was earlier, then as given."""
    seen: Counter[Visitor | str] = Counter()
    rank: dict[_Ticket, tuple[int, int]] = {}
    for ticket in tickets:
        rank[ticket] = seen[group(ticket)], last.get(group(ticket), 0)
        seen[group(ticket)] += 1
    return sorted(tickets, key=rank.__getitem__)


class Line(Generic[Slot]):
    """Jobs that wait for a slot. A visitor has one at a time.

    Addresses take turns, and so do the visitors from one address; who had their last turn longest ago comes first, then
    who came first. most: jobs that wait, of all together; each: of one visitor while one of theirs has a slot. Where
    the line is full, the address that has most in it gives way to others.
    """

    def __init__(self, slots: Sequence[Slot], most: int, each: int):
        self._free, self._count = list(slots), len(slots)
        self._most, self._each = most, each
        self._waiting: list[_Ticket] = []
        self._running: set[Visitor] = set()
        self._last: dict[Visitor | str, int] = {}  # a visitor's or an address's last turn, counted from 1
        self._turns = 0
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
                    return self._begun(ticket.visitor)
                place = self._place(ticket)
            if place.ahead != told:
                told = place.ahead
                tell(place)
            if gone():
                raise StopWork
            with self._changed:
                self._changed.wait_for(lambda: ticket.refused or self._next() is ticket, LOOK)

    def _begun(self, visitor: Visitor) -> Slot:
        self._running.add(visitor)
        self._turns += 1
        for who in (visitor, visitor.address):
            self._last.pop(who, None)
            self._last[who] = self._turns
        while len(self._last) > REMEMBERED:
            del self._last[next(iter(self._last))]
        return self._free.pop()

    def _ended(self, visitor: Visitor, slot: Slot, seconds: float) -> None:
        with self._changed:
            self._mean += WEIGHT * (seconds - self._mean)
            self._free.append(slot)
            self._running.remove(visitor)
            self._changed.notify_all()

    def _order(self) -> list[_Ticket]:
        """Who comes first; see the class."""
        in_visit = _in_turn(self._waiting, lambda ticket: ticket.visitor, self._last)
        return _in_turn(in_visit, lambda ticket: ticket.visitor.address, self._last)

    def _next(self) -> _Ticket | None:
        if not self._free:
            return None
        return next((ticket for ticket in self._order() if ticket.visitor not in self._running), None)

    def _place(self, ticket: _Ticket) -> Place:
        ahead = self._order().index(ticket) + self.running
        return Place(ahead, self._mean * ahead / self._count)

    def _minutes(self, ahead: int) -> int:
        return math.ceil(self._mean * (ahead + 1) / self._count / 60)
