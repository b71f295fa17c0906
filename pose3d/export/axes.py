"""Camera axes to the axes of other tools, with the floor at height 0."""

from __future__ import annotations

import numpy as np

from pose3d.core.poses import Pose3D

FEET = ("LAnkle", "RAnkle")
"""The lowest joints of the skeleton: it has no soles, so a standing person's soles end some 8 cm below the floor."""


def y_up(pose: Pose3D) -> np.ndarray:
    """(T, J, 3) float64 metres: x right, y up, z to the camera; lowest foot of the clip at y 0, camera at x = z = 0."""
    x, y, z = _columns(pose)
    return _grounded(np.stack([x, -y, -z], axis=-1), pose, up=1)


def z_up(pose: Pose3D) -> np.ndarray:
    """(T, J, 3) float64 metres: x right, y away from the camera, z up; lowest foot of the clip at z 0."""
    x, y, z = _columns(pose)
    return _grounded(np.stack([x, z, -y], axis=-1), pose, up=2)


def _columns(pose: Pose3D) -> np.ndarray:
    """(3, T, J) float64 metres in camera axes."""
    return np.moveaxis(pose.world.astype(np.float64), -1, 0)


def _grounded(xyz: np.ndarray, pose: Pose3D, up: int) -> np.ndarray:
    feet = xyz[:, pose.skeleton.indices(*FEET), up]
    xyz[..., up] -= feet.min()
    return xyz
