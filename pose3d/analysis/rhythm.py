"""Whatever repeats: the line that goes up and back most alike, most widely and most often in a row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.analysis.signals import Signals
from pose3d.analysis.trigger import Swing, swings
from pose3d.core.arrays import Floats

LINES = ("knee_flexion", "hip_flexion", "elbow_flexion", "arm_raise", "thigh_raise", "trunk_rise")
"""Signals that repetitions are looked for in, the mean of both sides each, all in degrees."""
WIDEST_NOISE = 25.0
"""Degrees: what goes up and back by less may be an error of the angle."""
ALIKE = 0.6
"""Of the way and of the time of the usual one: those of a row have at least so much of it, and the inverse at most."""
SHORTEST, LONGEST = 0.2, 10.0
"""Seconds of a repetition."""
SAME_POSE = 18.0
"""Degrees by which the angles of LINES differ from the usual ones in the mean, at most: at start, turn and end."""
LEVELS = (0.35, 0.65)
"""Of the way from the lowest to the highest: where a row of them begins and ends, and turns."""


@dataclass(frozen=True)
class Rhythm:
    """What repeats. signal: the line that it was found in; swings: by time."""

    signal: str
    swings: tuple[Swing, ...]


def rhythm(signals: Signals, fewest: int) -> Rhythm | None:
    """The one that moves most in all, its ways squared and added up; None where nothing comes again so often."""
    poses = np.stack([signals.of(name, "both") for name in LINES], axis=1)
    found = [
        Rhythm(name, _alike(line, poses, signals.times, fewest)) for name, line in zip(LINES, poses.T, strict=True)
    ]
    best = max(found, key=lambda each: sum(swing.way**2 for swing in each.swings))
    return best if best.swings else None


def _alike(line: Floats, poses: Floats, times: Floats, fewest: int) -> tuple[Swing, ...]:
    """The swings of a line (T,) that are like the usual one, in poses (T, lines) like its.

    Levels follow from how far the line goes at all.
    """
    known = line[np.isfinite(line)]
    if not len(known):
        return ()
    best: tuple[Swing, ...] = ()
    for low, high in _ranges(known):
        rest, reach = (low + share * (high - low) for share in LEVELS)
        kept = _posed(_usual([each for each in swings(line, times, rest, reach) if _is_one(each)]), poses)
        if len(kept) >= fewest and sum(each.way**2 for each in kept) > sum(each.way**2 for each in best):
            best = kept
    return best


def _ranges(known: Floats) -> list[tuple[float, float]]:
    """Lowest and highest of what may repeat: of all that was seen, and of its middle parts."""
    ends = [np.percentile(known, (share, 100 - share)) for share in (1, 5, 10, 20)]
    return [(float(low), float(high)) for low, high in ends if high - low >= WIDEST_NOISE]


def _is_one(swing: Swing) -> bool:
    return swing.way >= WIDEST_NOISE and SHORTEST <= swing.end - swing.start <= LONGEST


def _usual(found: list[Swing]) -> tuple[Swing, ...]:
    """Those whose way and time are like the median's."""
    if not found:
        return ()
    way = float(np.median([each.way for each in found]))
    seconds = float(np.median([each.end - each.start for each in found]))
    return tuple(each for each in found if _like(each.way, way) and _like(each.end - each.start, seconds))


def _posed(found: tuple[Swing, ...], poses: Floats) -> tuple[Swing, ...]:
    """Those that start, turn and end in the usual poses."""
    if not found:
        return ()
    at = np.stack([poses[[each.first, each.top, each.last]] for each in found])
    off = np.nanmean(np.abs(at - np.nanmedian(at, axis=0)), axis=(1, 2))
    return tuple(each for each, degrees in zip(found, off, strict=True) if degrees <= SAME_POSE)


def _like(value: float, usual: float) -> bool:
    return ALIKE * usual <= value <= usual / ALIKE
