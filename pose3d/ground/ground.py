"""From a motion to the ground under it."""

from __future__ import annotations

import numpy as np

from pose3d.core.config import Level
from pose3d.core.geometry import degrees_between
from pose3d.core.ground import CAMERA_UP, Ground
from pose3d.core.poses import Pose3D
from pose3d.ground.floor import floor_height
from pose3d.ground.standing import Up, standing_up
from pose3d.ground.up import find_up

SURE = 0.5
"""Confidence from which `auto` believes the person."""
WORTH = 3.0
"""Degrees of tilt from which it does: about as much as the estimate is off itself (docs/evaluation.md, "up")."""


def find_ground(pose: Pose3D, level: Level, trodden: bool = True) -> Ground:
    """Up and floor. level: on takes up as the person's standing tells, off the camera's own, auto the surer one.

    trodden: whether the feet's places tell up as well, which they do before a camera that stands.
    """
    up = _chosen(find_up(pose) if trodden else standing_up(pose), level)
    return Ground(up.direction.astype(np.float32), floor_height(pose, up.direction), up.confidence)


def _chosen(told: Up, level: Level) -> Up:
    own = Up(CAMERA_UP, 0.0)
    if level == "on":
        return told
    if level == "off":
        return own
    tilted = float(degrees_between(told.direction, CAMERA_UP)) >= WORTH
    return told if told.confidence >= SURE and tilted else own
