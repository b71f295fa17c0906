"""Poses over time, in the picture and in space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pose3d.core.arrays import ArrayEquality, Bools, Floats, check_shape
from pose3d.core.camera import Camera
from pose3d.core.skeleton import Skeleton
from pose3d.core.times import check_times, median_rate

Units = Literal["metre", "relative"]
"""metre: the subject's height was given; relative: an average adult was assumed."""


class _Motion(ArrayEquality):
    """What poses over time have in common."""

    times: Floats
    score: Floats
    observed: Bools
    skeleton: Skeleton
    camera: Camera

    def __len__(self) -> int:
        return len(self.times)

    @property
    def fps(self) -> float:
        """Frames per second: the median rate."""
        return median_rate(self.times)

    def _fill(
        self,
        times: Floats,
        score: Floats,
        observed: Bools,
        skeleton: Skeleton,
        camera: Camera | None,
        **others: object,
    ) -> None:
        """Sets the fields of a frozen object, and checks those that all poses have."""
        if camera is None:
            raise ValueError(f"a {type(self).__name__} needs a camera")
        shared = {
            "times": times,
            "score": np.asarray(score, np.float32),
            "observed": np.asarray(observed, bool),
            "skeleton": skeleton,
            "camera": camera,
        }
        for name, value in (shared | others).items():
            object.__setattr__(self, name, value)
        check_shape("score", self.score, len(times), len(skeleton))
        check_shape("observed", self.observed, len(times), len(skeleton))


def _clock(times: Floats | None, fps: float | None, frames: int) -> Floats:
    """The times given, or those of a constant rate from 0."""
    if times is not None and fps is None:
        seconds = np.asarray(times, np.float64)
    elif times is None and fps is not None:
        seconds = np.arange(frames) / fps
    else:
        raise ValueError("give either times or fps")
    check_times(seconds)
    check_shape("times", seconds, frames)
    return seconds


@dataclass(frozen=True, eq=False, init=False)
class Pose2D(_Motion):
    """Joints of one person in the picture, one row per frame."""

    times: Floats
    """(T,) float64 seconds, growing."""
    xy: Floats
    """(T, J, 2) float32 pixels, x right, y down."""
    score: Floats
    """(T, J) float32, 0 to 1."""
    observed: Bools
    """(T, J) bool; False where a value was interpolated."""
    skeleton: Skeleton
    camera: Camera

    def __init__(
        self,
        xy: Floats,
        score: Floats,
        observed: Bools,
        skeleton: Skeleton,
        fps: float | None = None,
        camera: Camera | None = None,
        *,
        times: Floats | None = None,
    ):
        """times, or fps for a constant rate from 0. Raises ValueError for wrong shapes and times that do not grow."""
        clock = _clock(times, fps, len(xy))
        self._fill(clock, score, observed, skeleton, camera, xy=np.asarray(xy, np.float32))
        check_shape("xy", self.xy, len(self), len(skeleton), 2)


@dataclass(frozen=True, eq=False, init=False)
class Pose3D(_Motion):
    """Joints of one person in space, one row per frame; camera axes: x right, y down, z forward."""

    times: Floats
    """(T,) float64 seconds, growing."""
    xyz: Floats
    """(T, J, 3) float32 metres, pelvis at 0."""
    root: Floats
    """(T, 3) float32 metres, the pelvis in camera space."""
    score: Floats
    """(T, J) float32, 0 to 1."""
    observed: Bools
    """(T, J) bool; False where the 2D joint was interpolated."""
    reprojection_error: Floats
    """(T,) float32 pixels, mean distance between the 2D joints and the projected 3D joints."""
    units: Units
    skeleton: Skeleton
    camera: Camera

    def __init__(
        self,
        xyz: Floats,
        root: Floats,
        score: Floats,
        observed: Bools,
        reprojection_error: Floats,
        units: Units,
        skeleton: Skeleton,
        fps: float | None = None,
        camera: Camera | None = None,
        *,
        times: Floats | None = None,
    ):
        """times, or fps for a constant rate from 0. Raises ValueError for wrong shapes and times that do not grow."""
        clock, error = _clock(times, fps, len(xyz)), np.asarray(reprojection_error, np.float32)
        placed = {"xyz": np.asarray(xyz, np.float32), "root": np.asarray(root, np.float32)}
        self._fill(clock, score, observed, skeleton, camera, **placed, reprojection_error=error, units=units)
        check_shape("xyz", self.xyz, len(self), len(skeleton), 3)
        check_shape("root", self.root, len(self), 3)
        check_shape("reprojection_error", self.reprojection_error, len(self))

    @property
    def placed(self) -> Floats:
        """(T, J, 3) metres: joints in camera space, with the pelvis path."""
        return self.xyz + self.root[:, None]
