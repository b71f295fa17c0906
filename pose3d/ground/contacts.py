"""When each foot stands, from how fast its ankle is and how far above the body's lowest joint."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import ArrayEquality, Bools, Floats, runs
from pose3d.core.geometry import unit
from pose3d.core.poses import Pose3D
from pose3d.core.presence import absent

ANKLES = ("LAnkle", "RAnkle")
"""Of FEET, in that order."""
SPEED_OVER = 0.1
"""Seconds over which a speed is measured."""
ALONG_VIEW = 0.15
"""What a speed along the view counts beside one across it: distances from the camera are that much less sure."""
SLOW, FAST = 0.4, 0.7
"""Metres per second: a foot on the floor begins to stand below the first, and ends above the second."""
LOW, HIGH = 0.25, 0.35
"""Metres above the body's lowest joint from which a foot neither begins nor goes on to stand; the nearer to it, the
slower it has to be. By so much may the distances of two feet be mistaken under a camera that looks down."""
STILL, LEAVING = 0.15, 0.25
"""Metres per second: an ankle rests below the first, until it is faster than the second, as where a heel rises."""
AROUND = 0.6
"""Seconds before and after a frame in which the lowest joint is looked for: a walker's foot stands within them."""
SHORTEST = 0.1
"""Seconds: what lasts less does not count, neither standing nor not."""


@dataclass(frozen=True, eq=False)
class Contacts(ArrayEquality):
    """What the feet do, in the order of FEET; those that were never seen, and people who are not there, do nothing."""

    stands: Bools
    """(T, 2): some of the sole is on the floor."""
    rests: Bools
    """(T, 2): the ankle is at one place as well: the whole foot stands, or its heel is held up."""


def find_contacts(pose: Pose3D, up: Floats) -> Contacts:
    """up: (3,) unit vector in camera axes."""
    ankles = pose.skeleton.indices(*ANKLES)
    heights = pose.placed.astype(np.float64) @ up
    above = heights[:, ankles] - _lowest(heights.min(1), pose.times)[:, None]
    speed = _speed(pose, ankles)
    seen = pose.observed[:, ankles].any(0) & ~absent(pose)[:, None]
    begins, goes_on = speed < SLOW * (1 - above / LOW), speed < FAST * (1 - above / HIGH)
    stands = _each(begins & seen, goes_on & seen, pose.times)
    return Contacts(stands, _each(stands & (speed < STILL), stands & (speed < LEAVING), pose.times))


def _lowest(height: Floats, times: Floats) -> Floats:
    """(T,) the lowest of height (T,) within AROUND seconds."""
    first = np.searchsorted(times, times - AROUND)
    last = np.searchsorted(times, times + AROUND, side="right")
    return np.array([height[start:stop].min() for start, stop in zip(first, last, strict=True)])


def _speed(pose: Pose3D, joints: list[int]) -> Floats:
    """(T, N) metres per second of joints, along the view counted as ALONG_VIEW."""
    times = pose.times
    before, after = (np.clip(times + side * SPEED_OVER / 2, times[0], times[-1]) for side in (-1, 1))
    placed = pose.placed[:, joints].astype(np.float64)
    moved = _at(times, placed, after) - _at(times, placed, before)
    view = unit(placed)
    moved -= (1 - ALONG_VIEW) * (moved * view).sum(-1, keepdims=True) * view
    return np.linalg.norm(moved, axis=-1) / np.maximum(after - before, 1e-6)[:, None]


def _at(times: Floats, values: Floats, wanted: Floats) -> Floats:
    """values (T, N, 3) at times (T,) to those (T, N, 3) wanted (T,), linearly."""
    columns = values.reshape(len(values), -1).T
    return np.stack([np.interp(wanted, times, column) for column in columns], 1).reshape(values.shape)


def _each(begins: Bools, goes_on: Bools, times: Floats) -> Bools:
    """(T, 2) from (T, 2): for each foot, the stretches that go on and begin somewhere, and last."""
    return np.stack([_lasting(_begun(*pair), times) for pair in zip(begins.T, goes_on.T, strict=True)], 1)


def _begun(begins: Bools, goes_on: Bools) -> Bools:
    found = np.zeros(len(begins), bool)
    for run in runs(goes_on):
        found[run] = begins[run].any()
    return found


def _lasting(flags: Bools, times: Floats) -> Bools:
    """Without stretches and gaps, between others, that last less than SHORTEST."""
    flags = flags.copy()
    for value in (False, True):
        for run in runs(flags == value):
            between = run.start > 0 and run.stop < len(times)
            if between and times[run.stop] - times[run.start] < SHORTEST:
                flags[run] = not value
    return flags
