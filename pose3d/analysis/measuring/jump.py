"""How high somebody jumps: by how far the pelvis rises over where it is in standing, and by the time in the air.

Both hold the way onto the toes, which heights from force plates do not (Linthorne 2001, Am. J. Phys. 69:1198). The rise
is believed: it hangs on every joint of many frames; the time hangs on two moments, at 30 frames a second, and on ankles
for want of toes. Without the person's height the rise is as far off as that of an average adult.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pose3d.analysis.signals import Body, Signals
from pose3d.core.arrays import Bools, Floats, runs
from pose3d.core.ground import HEIGHT

GRAVITY = 9.81
"""Metres per second squared."""
FALLS = (0.5, 1.5)
"""Of GRAVITY: what the pelvis falls by in the air, as far as a lifted motion tells. Who gets up onto something does not
fall; who is drawn too small falls too slowly."""
HEEL = 0.06
"""Metres over its height in standing: an ankle gets about so far on the toes, and farther only off the floor."""
LOWEST = 0.08
"""Metres that the pelvis rises: less are hops of somebody who runs."""
LANDS, STANDS = 0.8, 3.0
"""Seconds before and after a frame in which a foot is on the floor, and in which somebody who jumps stands as well."""
FEWEST = 4
"""Frames that tell a fall."""
STRAIGHT = 35.0
"""Degrees that a knee of somebody who stands is bent, at most."""
NEEDED = ("LHip", "RHip", "LAnkle", "RAnkle")


@dataclass(frozen=True)
class Jump:
    """Seconds at which the ankles leave what the toes reach, are highest and come back; metres."""

    start: float
    top: float
    end: float
    rise: float
    """Of the pelvis over its height in standing."""

    @property
    def seconds(self) -> float:
        """From start to end."""
        return self.end - self.start

    @property
    def by_time(self) -> float:
        """Metres that a body rises over standing which is above the toes' reach for so long."""
        return HEEL + GRAVITY * self.seconds**2 / 8


def jumps(signals: Signals) -> list[Jump]:
    """Every jump with both feet off the floor, by time."""
    return list(_jumps(signals))


def _jumps(signals: Signals) -> Iterator[Jump]:
    body, times = signals.body, signals.times
    ankles = np.minimum(body.at("LAnkle")[:, HEIGHT], body.at("RAnkle")[:, HEIGHT])
    known = signals.seen(*NEEDED)
    stands = _stands(body, ankles, times) & known
    floor = _usual(ankles, stands, times)
    rise = body.at("Pelvis")[:, HEIGHT] - _usual(body.at("Pelvis")[:, HEIGHT], stands, times)
    above = ankles - floor - HEEL
    for run in runs(np.asarray((above > 0) & known, bool)):
        whole = run.start > 0 and run.stop < len(times)
        if whole and run.stop - run.start >= FEWEST and rise[run].max() >= LOWEST and _falls(rise[run], times[run]):
            start, end = _crossing(above, times, run.start), _crossing(above, times, run.stop)
            yield Jump(start, float(times[run][rise[run].argmax()]), end, float(rise[run].max()))


def _stands(body: Body, ankles: Floats, times: Floats) -> Bools:
    """(T,) bool: legs are straight and the lower ankle, whose height is (T,), is as low as it gets."""
    bent = np.maximum(*(180 - body.angle(f"{side}Hip", f"{side}Knee", f"{side}Ankle") for side in "LR"))
    lowest = np.array([float(ankles[rows].min()) for rows in _around(times, LANDS)])
    return (bent < STRAIGHT) & (ankles - lowest < HEEL)


def _usual(height: Floats, counts: Bools, times: Floats) -> Floats:
    """(T,) the median of a height (T,) over the frames around that count, or over all that do; NaN where none does."""
    held = np.where(counts, height, np.nan)
    whole = float(np.median(height[counts])) if counts.any() else np.nan
    around = (held[rows] for rows in _around(times, STANDS))
    return np.array([float(np.nanmedian(near)) if np.isfinite(near).any() else whole for near in around])


def _around(times: Floats, seconds: float) -> list[slice]:
    """The frames so many seconds before and after each of times (T,)."""
    first, last = np.searchsorted(times, times - seconds), np.searchsorted(times, times + seconds, side="right")
    return [slice(start, stop) for start, stop in zip(first, last, strict=True)]


def _falls(height: Floats, times: Floats) -> bool:
    """Whether a height (N,) is that of something thrown."""
    if not np.isfinite(height).all():
        return False
    powers = np.stack([np.ones(len(times)), times - times[0], (times - times[0]) ** 2], axis=1)
    fitted = np.linalg.lstsq(powers, height, rcond=None)[0]
    return FALLS[0] * GRAVITY <= -2 * float(fitted[2]) <= FALLS[1] * GRAVITY


def _crossing(above: Floats, times: Floats, row: int) -> float:
    """Seconds at which a line (T,) goes through 0 between a frame and the one before."""
    before, here = above[row - 1], above[row]
    return float(times[row - 1] + (times[row] - times[row - 1]) * before / (before - here))


def airborne(found: list[Jump], times: Floats) -> Bools:
    """(T,) bool: the frames of jumps."""
    inside = np.zeros(len(times), bool)
    for jump in found:
        inside |= (times >= jump.start) & (times <= jump.end)
    return inside
