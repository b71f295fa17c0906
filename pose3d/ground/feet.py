"""Which way is up, told by the floor that the feet of somebody who walks about have trodden.

A lifter takes cameras that look down for more level than they are. Where the feet are seen, and how large the person is
there, tells it independently of that.
"""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.geometry import unit
from pose3d.core.poses import Pose3D
from pose3d.core.times import median_rate
from pose3d.ground.standing import Up, standing_frames

FEET_NOISE = 0.05
"""Metres by which feet that stand seem to be off the floor, at least."""
CORRELATED = 0.5
"""Seconds within which they are off in the same way: frames nearer to each other count as one."""
USUAL_SLOPE = (0.05, 0.15)
"""How far up, as standing tells it, is off as a rule, as slopes of the floor: across the view, and along it."""
WENT = 0.04
"""Of the distance from the camera: standard deviation of the feet's places along the view from which these tell more
than the error of their distance."""
SURE_SLOPE = 0.06
"""Standard error of the slope along the view up to which it is believed."""
FEWEST = 5
"""Frames."""
ROUNDS = 5
"""Of finding the lower foot, and the floor under it."""
ROBUST = 1.5
"""Deviations from which a foot counts less (Huber 1964)."""


def feet_up(pose: Pose3D, told: Up) -> Up:
    """`told`, turned so that the lower foot of somebody who stands is always at one height.

    Weighted least squares for two slopes, which are small as a rule. Where the person went too little way towards the
    camera or away from it, the confidence is 0 and the direction the one that was told.
    """
    ankles = pose.skeleton.indices("LAnkle", "RAnkle")
    seen = pose.observed[:, ankles] & standing_frames(pose)[:, None]
    if seen.any(1).sum() < FEWEST:
        return Up(told.direction, 0.0)
    feet = pose.placed[:, ankles].astype(np.float64)
    level, height = _floor_axes(told.direction), feet @ told.direction
    places = feet @ level.T
    slopes, error, lower = np.zeros(2), np.inf, seen
    for _ in range(ROUNDS):
        lower = _lower(np.where(seen, height + places @ slopes, np.inf)) & seen
        slopes, error = _fitted(places[lower], -height[lower], slopes, 1 / median_rate(pose.times))
    went = places[lower][:, 1].std() / np.linalg.norm(np.median(feet[seen], axis=0))
    if went < WENT or error > SURE_SLOPE:
        return Up(told.direction, 0.0)
    return Up(unit(told.direction + slopes @ level), 1.0 - error / SURE_SLOPE / 2)


def _floor_axes(up: Floats) -> Floats:
    """(2, 3) rows on the floor: across the view, and along it."""
    across = unit(np.cross(up, [0.0, 0.0, 1.0]))
    return np.stack([across, np.cross(across, up)])


def _lower(heights: Floats) -> Bools:
    """(T, 2) bool: the lower foot of each frame."""
    return np.asarray(heights == heights.min(1, keepdims=True), bool)


def _fitted(places: Floats, drops: Floats, slopes: Floats, step: float) -> tuple[Floats, float]:
    """Slopes (2,) with drops (N,) = places (N, 2) @ slopes + c, and the standard error of the second.

    slopes: as found before; step: seconds between frames.
    """
    off = drops - places @ slopes
    off = np.abs(off - np.median(off))
    noise = max(FEET_NOISE, 1.4826 * float(np.median(off)))
    weight = min(1.0, step / CORRELATED) / noise**2 / np.maximum(off / (ROBUST * noise), 1.0)
    centred = places - np.average(places, axis=0, weights=weight)
    normal = (centred.T * weight) @ centred + np.diag(1 / np.array(USUAL_SLOPE) ** 2)
    covariance = np.linalg.inv(normal)
    target = (centred.T * weight) @ (drops - np.average(drops, weights=weight))
    return covariance @ target, float(np.sqrt(covariance[1, 1]))
