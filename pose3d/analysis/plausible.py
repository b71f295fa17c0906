"""What no body does: floats, glides over the floor, jumps from one place to another, leans while it stands."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Bools, Floats, runs
from pose3d.core.geometry import degrees_between
from pose3d.core.ground import HEIGHT
from pose3d.core.presence import absent, missing, unknown_joints
from pose3d.core.result import Result
from pose3d.core.times import frame_ends, resampled
from pose3d.core.video import camera_moves
from pose3d.ground import clearance, standing_up

ANKLES = ("LAnkle", "RAnkle")
ABOVE, LONGEST_FLIGHT = 0.15, 0.7
"""Metres above the floor, and seconds: who is higher for longer does not jump (0.7 s are a leap of 0.6 m)."""
NEAR, GLIDE, LONGEST_GLIDE = 0.12, 0.5, 0.4
"""Metres above the floor, metres per second and seconds: with every foot that is so near to the floor faster than that
for longer, the body glides; a runner's foot stands in between."""
AROUND = 0.1
"""Seconds to both sides over which a speed is measured."""
HARDEST = 80.0
"""Metres per second squared: a joint that is thrown about the pelvis harder has jumped. Smoothed as poses are, 0.1 % of
the frames of recorded motion have such a moment (kicks at a ball, dancers' leaps); a wrist that is mistaken by a third
of the body's size for a tenth of a second is about as hard."""

FEWEST = 3
"""Frames that tell of an acceleration."""


def floats(result: Result) -> Bools:
    """(T,) bool: the body's lowest joint stays above the floor for longer than anybody jumps."""
    known = ~unknown_joints(result.pose2d)
    if not known[result.pose2d.skeleton.indices(*ANKLES)].all():
        return np.zeros(len(result), bool)
    heights = (result.world[..., HEIGHT] - clearance(result.pose3d))[:, known]
    return _lasting((heights.min(1) > ABOVE) & ~absent(result.pose2d), result.times, LONGEST_FLIGHT)


def glides(result: Result) -> Bools:
    """(T,) bool: a foot is on the floor, and none stays where it is. None before a camera that moves."""
    ankles = result.pose2d.skeleton.indices(*ANKLES)
    if camera_moves(result.camera_shift) or unknown_joints(result.pose2d)[ankles].any():
        return np.zeros(len(result), bool)
    feet = result.world[:, ankles].astype(np.float64)
    low = feet[..., HEIGHT] - clearance(result.pose3d)[ankles] < NEAR
    fast = _speed(feet, result.times) > GLIDE
    gliding = low.any(1) & (fast | ~low).all(1) & ~absent(result.pose2d)
    return _lasting(gliding, result.times, LONGEST_GLIDE)


def jumps(result: Result) -> Bools:
    """(T,) bool: a joint, seen from the pelvis, is where no body could have thrown it since the frame before."""
    times, xyz = result.times, result.pose3d.xyz.astype(np.float64)
    jumped = np.zeros(len(times), bool)
    if len(times) >= FEWEST:
        before, after = (step[:, None, None] for step in (np.diff(times)[:-1], np.diff(times)[1:]))
        turn = np.diff(xyz, axis=0)
        thrown = 2 * (turn[1:] / after - turn[:-1] / before) / (before + after)
        hard = np.linalg.norm(thrown, axis=-1) > HARDEST
        jumped[1:-1] = (hard & ~missing(result.pose2d)[1:-1]).any(1)
    return jumped


def lean(result: Result) -> float:
    """Degrees by which the body leans over while it stands, in the median; 0 where it hardly ever stands."""
    standing = standing_up(result.pose3d)
    return float(degrees_between(standing.direction, result.ground.up)) if standing.confidence else 0.0


def _speed(points: Floats, times: Floats) -> Floats:
    """(T, N) metres per second over the floor of points (T, N, 3)."""
    before, after = (np.clip(times + side * AROUND, times[0], times[-1]) for side in (-1, 1))
    flat = np.delete(points, HEIGHT, axis=-1)
    moved = resampled(times, flat, after) - resampled(times, flat, before)
    return np.linalg.norm(moved, axis=-1) / np.maximum(after - before, 1e-6)[:, None]


def _lasting(flags: Bools, times: Floats, seconds: float) -> Bools:
    """(T,) bool: the stretches of flags (T,) that last for longer."""
    ends, found = frame_ends(times), np.zeros(len(flags), bool)
    for run in runs(flags):
        found[run] = ends[run.stop - 1] - times[run.start] > seconds
    return found
