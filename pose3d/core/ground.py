"""The ground under a motion: which way is up, and how high the floor lies."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import ArrayEquality, Bools, Floats, check_shape
from pose3d.core.geometry import shortest_rotation

HEIGHT = 1
"""The world's axis that points up."""
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
    def pitch(self) -> float:
        """Degrees by which the camera looks down, -90 to 90."""
        return math.degrees(math.asin(min(max(-float(self.up[2]), -1.0), 1.0)))

    @property
    def roll(self) -> float:
        """Degrees by which the camera is turned clockwise about its line of sight, -180 to 180."""
        return math.degrees(math.atan2(-float(self.up[0]), -float(self.up[1])))

    @property
    def rotation(self) -> Floats:
        """(3, 3) float64 rotation from camera axes to the world's."""
        return np.diag([1.0, -1.0, -1.0]) @ shortest_rotation(self.up.astype(np.float64), CAMERA_UP)

    def world(self, xyz: Floats) -> Floats:
        """Points (..., 3) in camera space to the world, metres, float32."""
        turned = xyz.astype(np.float64) @ self.rotation.T
        return (turned - [0.0, self.floor, 0.0]).astype(np.float32)

    def camera_space(self, world: Floats) -> Floats:
        """Points (..., 3) of the world to camera space, metres, float32: the inverse of `world`."""
        return ((world.astype(np.float64) + [0.0, self.floor, 0.0]) @ self.rotation).astype(np.float32)


FEET, HANDS = ("left_foot", "right_foot"), ("left_hand", "right_hand")
"""The order of everything that is said of both feet, and of both hands."""


@dataclass(frozen=True, eq=False)
class Planted(ArrayEquality):
    """The motion of a body whose bones do not stretch and whose feet stay where they stand."""

    world: Floats
    """(T, J, 3) float32 metres in the world's axes."""
    stands: Bools
    """(T, 2) bool: whether each of FEET stands on something."""
    feet: Floats | None = None
    """(T, 2, 3) float32 unit vectors from heel to toes of FEET, world axes; None where the detector sees none."""
    hands: Floats | None = None
    """(T, 2, 3) float32 unit vectors from wrist to knuckles of HANDS, likewise."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "world", np.asarray(self.world, np.float32))
        object.__setattr__(self, "stands", np.asarray(self.stands, bool))
        check_shape("world", self.world, len(self.stands), *self.world.shape[1:-1], 3)
        check_shape("stands", self.stands, len(self.world), len(FEET))
        for name in ("feet", "hands"):
            if (ends := getattr(self, name)) is not None:
                object.__setattr__(self, name, np.asarray(ends, np.float32))
                check_shape(name, ends, len(self.world), 2, 3)
