"""Where the camera stands, and world metres in its axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Placement:
    """The camera's position and the point in the middle of its view, world metres; its picture is level."""

    position: tuple[float, float, float] = (0.0, 1.3, 3.6)
    target: tuple[float, float, float] = (0.0, 0.95, 0.0)

    @property
    def rotation(self) -> np.ndarray:
        """(3, 3) world to camera axes: x right, y down, z forward."""
        forward = np.subtract(self.target, self.position)
        forward = forward / np.linalg.norm(forward)
        right = np.cross(forward, [0, 1, 0])
        right = right / np.linalg.norm(right)
        return np.stack([right, np.cross(forward, right), forward])

    def to_camera(self, points: np.ndarray) -> np.ndarray:
        """World metres (..., 3) to camera metres (..., 3)."""
        return (points - np.array(self.position)) @ self.rotation.T
