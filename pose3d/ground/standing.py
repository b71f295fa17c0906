"""Which way is up, told by the person's standing, whatever way the camera was held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.geometry import degrees_between, unit
from pose3d.core.ground import CAMERA_UP
from pose3d.core.poses import Pose3D

STEEPEST = 50.0
"""Degrees: a body further from the camera's own up lies or bends, rather than the camera being tilted so much."""
STRAIGHT = 25.0
"""Degrees between trunk and legs up to which a body counts as standing."""
ENOUGH, PLENTY = 0.2, 1.0
"""Seconds of standing that are needed, and from which on more makes it no surer."""
SWAY = 20.0
"""Degrees: where standing bodies differ by so much in the median, they tell nothing."""


USUALLY_OFF = 3.0
"""Degrees by which up is off where a person tells it (docs/evaluation.md, "up")."""


@dataclass(frozen=True, eq=False)
class Up:
    """Which way is up."""

    direction: Floats
    """(3,) unit vector in camera axes."""
    confidence: float
    """0 to 1; 0 where it is only the camera's own."""
    error: float = USUALLY_OFF
    """Degrees that it is off as a rule."""


def standing_up(pose: Pose3D) -> Up:
    """The median direction from ankles to thorax while the body stands; the camera's own where it hardly does."""
    body, stands = _body(pose)
    seconds = float(stands.sum() / pose.fps)
    if seconds < ENOUGH:
        return Up(CAMERA_UP, 0.0)
    direction = unit(np.median(body[stands], axis=0))
    sway = float(np.median(degrees_between(body[stands], direction)))
    return Up(direction, min(seconds / PLENTY, 1.0) * max(1.0 - sway / SWAY, 0.0))


def standing_frames(pose: Pose3D) -> Bools:
    """(T,) bool."""
    return _body(pose)[1]


def _body(pose: Pose3D) -> tuple[Floats, Bools]:
    """Directions from ankles to thorax (T, 3), and whether the body stands (T,)."""
    names = ("LAnkle", "RAnkle", "LHip", "RHip", "Thorax")
    left_ankle, right_ankle, left_hip, right_hip, thorax = (
        pose.xyz[:, joint].astype(np.float64) for joint in pose.skeleton.indices(*names)
    )
    feet, hips = (left_ankle + right_ankle) / 2, (left_hip + right_hip) / 2
    body = unit(thorax - feet)
    straight = degrees_between(thorax - hips, hips - feet) < STRAIGHT
    legs_seen = pose.observed[:, pose.skeleton.indices("LAnkle", "RAnkle")].any(1)
    return body, straight & (degrees_between(body, CAMERA_UP) < STEEPEST) & legs_seen
