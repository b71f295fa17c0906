"""Where a line over time turns: its highest and lowest moments, without those that a tremble makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats, runs
from pose3d.core.smoothing import SMOOTHING

ENDS = SMOOTHING / 2
"""Seconds at either end of a stretch in which a smoothed line follows what its fit makes of the rest."""


@dataclass(frozen=True)
class Turn:
    """time: seconds; high: whether the line comes down from there; row: the frame next to it."""

    time: float
    high: bool
    row: int


def turns(values: Floats, times: Floats, least: float) -> list[Turn]:
    """High and low ones in turn, at least `least` apart in height, of values (T,) at times (T,); NaN breaks off.

    None in the first and last ENDS of a stretch: nobody knows where the line came from, or goes.
    """
    return [turn for run in runs(np.isfinite(values)) for turn in _of_stretch(values, times, run, least)]


def _of_stretch(values: Floats, times: Floats, run: slice, least: float) -> list[Turn]:
    found: list[Turn] = []
    high = low = run.start
    sought = {True, False}
    for row in range(run.start, run.stop):
        high = row if values[row] > values[high] else high
        low = row if values[row] < values[low] else low
        if True in sought and values[row] <= values[high] - least:
            found.append(Turn(_between(values, times, high, run), True, high))
            sought, low = {False}, row
        elif False in sought and values[row] >= values[low] + least:
            found.append(Turn(_between(values, times, low, run), False, low))
            sought, high = {True}, row
    first, last = times[run.start] + ENDS, times[run.stop - 1] - ENDS
    return [turn for turn in found if first <= turn.time <= last]


def _between(values: Floats, times: Floats, row: int, run: slice) -> float:
    """Seconds at which the parabola through a frame and its neighbours turns."""
    if not run.start < row < run.stop - 1:
        return float(times[row])
    before, here, after = values[row - 1 : row + 2]
    bend = before - 2 * here + after
    shift = 0.0 if bend == 0 else 0.5 * (before - after) / bend
    step = times[row + 1] - times[row] if shift > 0 else times[row] - times[row - 1]
    return float(times[row] + np.clip(shift, -0.5, 0.5) * step)
