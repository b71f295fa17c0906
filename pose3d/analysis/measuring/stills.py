"""When somebody stands still."""

from __future__ import annotations

import numpy as np

from pose3d.analysis.frames import UP
from pose3d.analysis.signals import Signals
from pose3d.core.arrays import Bools, Floats, runs
from pose3d.core.geometry import degrees_between
from pose3d.core.times import frame_ends

SLOW = 0.15
"""Metres per second of the pelvis over the floor: a step is faster, and what this program's errors make of somebody who
stands is slower (python -m benchmarks.measure)."""
LEVEL = 0.3
"""Metres per second of the pelvis up and down: a hop is faster."""
STRAIGHT = 35.0
"""Degrees that a knee is bent, and that the trunk leans, at most: beyond, somebody crouches, sits or bows."""
SHORTEST = 1.0
"""Seconds: less is a pause between two steps."""
STEADYING = 0.5
"""Seconds over which places are averaged, for speeds and for sway: people sway more slowly than once in two seconds
(Winter 1995, Gait and Posture 3:193), and this program's errors do not."""
NEEDED = ("LHip", "RHip", "LKnee", "RKnee", "LAnkle", "RAnkle", "Thorax")


def stills(signals: Signals) -> list[slice]:
    """The frames of each stretch in which somebody stands still, by time."""
    body, times = signals.body, signals.times
    pelvis = body.place("Pelvis")
    slow = path_speed(steadied(pelvis * (1 - UP), times), times) < SLOW
    level = path_speed(pelvis * UP, times) < LEVEL
    bent = np.maximum(*(180 - body.angle(f"{side}Hip", f"{side}Knee", f"{side}Ankle") for side in "LR"))
    upright = (bent < STRAIGHT) & (degrees_between(body.trunk, UP) < STRAIGHT)
    ends = frame_ends(times)
    found = runs(slow & level & upright & signals.seen(*NEEDED))
    return [run for run in found if ends[run.stop - 1] - times[run.start] >= SHORTEST]


def path_speed(path: Floats, times: Floats) -> Floats:
    """(T,) metres per second along a path (T, 3)."""
    if len(path) < 2:
        return np.zeros(len(path))
    return np.linalg.norm(np.gradient(path, times, axis=0), axis=-1)


def steadied(path: Floats, times: Floats) -> Floats:
    """(T, 3): the mean of a path (T, 3) over STEADYING seconds around each of its times (T,)."""
    first = np.searchsorted(times, times - STEADYING / 2)
    last = np.searchsorted(times, times + STEADYING / 2, side="right")
    total = np.concatenate([np.zeros((1, path.shape[1])), np.cumsum(path, axis=0)])
    return (total[last] - total[first]) / (last - first)[:, None]


def within(flags: list[slice], count: int) -> Bools:
    """(T,) bool: the frames of the stretches, of so many."""
    inside = np.zeros(count, bool)
    for run in flags:
        inside[run] = True
    return inside
