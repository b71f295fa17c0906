"""From a motion to the ground under it."""

from __future__ import annotations

import numpy as np

from pose3d.core.config import Level
from pose3d.core.geometry import degrees_between
from pose3d.core.ground import CAMERA_UP, Ground
from pose3d.core.poses import Pose3D
from pose3d.ground.floor import floor_height
from pose3d.ground.standing import Up

SURE = 0.5
"""Confidence from which `auto` believes what was told."""


def find_ground(pose: Pose3D, told: Up, level: Level) -> Ground:
    """Up and floor. level: on takes up as it was told, off the camera's own, auto the surer one."""
    up = _chosen(told, level)
    return Ground(up.direction.astype(np.float32), floor_height(pose, up.direction), up.confidence)


def _chosen(told: Up, level: Level) -> Up:
    own = Up(CAMERA_UP, 0.0)
    if level == "on":
        return told
    if level == "off":
        return own
    tilted = float(degrees_between(told.direction, CAMERA_UP)) >= told.error
    return told if told.confidence >= SURE and tilted else own
