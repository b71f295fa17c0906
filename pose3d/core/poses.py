"""Poses over time, in the picture and in space."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from pose3d.core.camera import Camera
from pose3d.core.skeleton import Skeleton

Units = Literal["metre", "relative"]
"""metre: the subject's height was given; relative: an average adult was assumed."""


def check_shape(name: str, array: np.ndarray, *expected: int) -> None:
    """Raises ValueError unless the array has the expected shape."""
    if array.shape != expected:
        raise ValueError(f"{name} must have shape {expected}, got {array.shape}")


@dataclass(frozen=True)
class Pose2D:
    """Joints of one person in the picture, one row per frame."""

    xy: np.ndarray
    """(T, J, 2) float32 pixels, x right, y down."""
    score: np.ndarray
    """(T, J) float32, 0 to 1."""
    observed: np.ndarray
    """(T, J) bool; False where a value was filled in from neighbours."""
    skeleton: Skeleton
    fps: float
    camera: Camera

    def __post_init__(self) -> None:
        frames, joints = len(self.xy), len(self.skeleton)
        check_shape("xy", self.xy, frames, joints, 2)
        check_shape("score", self.score, frames, joints)
        check_shape("observed", self.observed, frames, joints)

    def __len__(self) -> int:
        return len(self.xy)


@dataclass(frozen=True)
class Pose3D:
    """Joints of one person in space, one row per frame; camera axes: x right, y down, z forward.

    After `pose3d.ground.up` they are the axes of a level camera at the same place.
    """

    xyz: np.ndarray
    """(T, J, 3) float32 metres, pelvis at 0."""
    root: np.ndarray
    """(T, 3) float32 metres, the pelvis in camera space."""
    score: np.ndarray
    """(T, J) float32, 0 to 1."""
    observed: np.ndarray
    """(T, J) bool; False where the 2D joint was filled in."""
    reprojection_error: np.ndarray
    """(T,) float32 pixels, mean distance between the 2D joints and the projected 3D joints."""
    units: Units
    skeleton: Skeleton
    fps: float
    camera: Camera
    levelling: np.ndarray = field(default_factory=lambda: np.eye(3, dtype=np.float32))
    """(3, 3) float32 rotation from the camera's axes to those of xyz and root."""

    def __post_init__(self) -> None:
        frames, joints = len(self.xyz), len(self.skeleton)
        check_shape("xyz", self.xyz, frames, joints, 3)
        check_shape("root", self.root, frames, 3)
        check_shape("score", self.score, frames, joints)
        check_shape("observed", self.observed, frames, joints)
        check_shape("reprojection_error", self.reprojection_error, frames)
        check_shape("levelling", self.levelling, 3, 3)

    def __len__(self) -> int:
        return len(self.xyz)

    @property
    def world(self) -> np.ndarray:
        """(T, J, 3) metres: joints in camera space, with the pelvis path."""
        return self.xyz + self.root[:, None]
