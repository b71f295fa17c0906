"""The ground under a motion: which way is up, and how high the floor lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import ArrayEquality, Floats, check_shape
from pose3d.core.geometry import shortest_rotation

CAMERA_UP = np.array([0.0, -1.0, 0.0])
"""Up for a camera that is held level, in its axes: x right, y down, z forward."""


@dataclass(frozen=True, eq=False)
class Ground(ArrayEquality):
    """Up and floor, from which the world's axes follow: y up, x to the camera's right, z towards it, floor at y = 0."""

    up: Floats
    """(3,) float32 unit vector in camera axes."""
    floor: float
    """Metres along `up` from the camera to the floor: negative where the camera stands above it."""
    confidence: float
    """0 to 1: how sure `up` is; 0 where it is only the camera's own."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "up", np.asarray(self.up, np.float32))
        check_shape("up", self.up, 3)

    @property
    def rotation(self) -> Floats:
        """(3, 3) float64 rotation from camera axes to the world's."""
        return np.diag([1.0, -1.0, -1.0]) @ shortest_rotation(self.up.astype(np.float64), CAMERA_UP)

    def world(self, xyz: Floats) -> Floats:
        """Points (..., 3) in camera space to the world, metres, float32."""
        turned = xyz.astype(np.float64) @ self.rotation.T
        return (turned - [0.0, self.floor, 0.0]).astype(np.float32)
