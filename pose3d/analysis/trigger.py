"""Where a line over time goes up and comes back: a trigger with two levels (Schmitt 1938)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Bools, Floats, runs

ONSET = 0.1
"""Of the way from rest to turn: there a repetition starts and ends, as onsets of movement are told in biomechanics; the
very first of a slow start drowns in noise."""
NEAR = 1.0
"""Seconds around the crossing in which the rest is looked for that the way is counted from."""


@dataclass(frozen=True)
class Swing:
    """Once up and back."""

    start: float
    turn: float
    """The middle of the time for which it is nearer to its highest than a tenth of the way."""
    end: float
    """Seconds."""
    first: int
    top: int
    last: int
    """Frames next to them; that of the highest value."""
    way: float
    """From the rest, the mean of before and after, to the highest value."""

    @property
    def rows(self) -> slice:
        """The frames of it."""
        return slice(self.first, self.last + 1)


@dataclass(frozen=True)
class _Half:
    """One way between rest and top. onset, near: seconds at which it is at ONSET from rest, and as near to the top."""

    onset: float
    near: float
    frame: int
    """At or just beyond the onset."""
    rest: float


def swings(values: Floats, times: Floats, rest: float, reach: float) -> list[Swing]:
    """Every time that values (T,) at times (T,) go from `rest` or below to `reach` or above and back.

    NaN breaks off.
    """
    found: list[Swing] = []
    for run in runs(np.isfinite(values)):
        part, clock = values[run], times[run]
        tops = _tops(part, rest, reach)
        for n, (before, top, after) in enumerate(tops):
            earliest = tops[n - 1][1] if n else 0
            latest = tops[n + 1][1] if n + 1 < len(tops) else len(part) - 1
            there = _half(part, clock, range(top, earliest - 1, -1), before)
            back = _half(part, clock, range(top, latest + 1), after)
            way = float(part[top]) - (there.rest + back.rest) / 2
            first, highest, last = (run.start + row for row in (there.frame, top, back.frame))
            turn = (there.near + back.near) / 2
            found.append(Swing(there.onset, turn, back.onset, first, highest, last, way))
    return found


def _tops(values: Floats, rest: float, reach: float) -> list[tuple[int, int, int]]:
    """Frames (last at rest, highest, first back at rest) of each time up and back; values have no gaps."""
    low, high = values <= rest, values >= reach
    return [
        (up.start - 1 - int(np.argmax(low[up.start - 1 :: -1])), up.start + int(np.argmax(values[up])), up.stop)
        for up in runs(_held(high, low))
        if up.stop < len(values) and low[: up.start].any()
    ]


def _held(on: Bools, off: Bools) -> Bools:
    """(T,) bool: from a frame in which `on` is set until one in which `off` is."""
    changes = np.where(on | off, np.arange(len(on)), 0)
    return on[np.maximum.accumulate(changes)]


def _half(values: Floats, times: Floats, rows: range, crossing: int) -> _Half:
    """From the top, rows[0], through the rows to the rest: the lowest value up to NEAR seconds beyond `crossing`."""
    order = np.array(rows)
    away = np.abs(times[order] - times[rows[0]])
    order = order[away <= abs(times[crossing] - times[rows[0]]) + NEAR]
    way, clock = values[order], times[order]
    low, high = float(way.min()), float(way[0])
    onset, past = _crossed(way, clock, low + ONSET * (high - low))
    near, _ = _crossed(way, clock, high - ONSET * (high - low))
    return _Half(onset, near, int(order[past]), low)


def _crossed(values: Floats, times: Floats, level: float) -> tuple[float, int]:
    """When, and up to which frame, values (T,), the first of which is above the level, have come down to it."""
    past = int(np.argmax(values <= level))
    share = (values[past - 1] - level) / (values[past - 1] - values[past])
    return float(times[past - 1] + share * (times[past] - times[past - 1])), past
