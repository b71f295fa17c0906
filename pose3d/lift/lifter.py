"""What every lifter is: its interface, its progress callback and the settings that it may bring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pose3d.core.arrays import Floats
from pose3d.core.camera import Camera
from pose3d.core.models import ModelInfo
from pose3d.core.poses import Pose2D, Pose3D

Progress = Callable[[int, int], None]
"""Called with frames done and frames in all."""


def ignore(done: int, total: int) -> None:
    """A progress callback that does nothing."""


@dataclass(frozen=True)
class Defaults:
    """What a published model folder asks for where its user says nothing; angles in degrees."""

    camera: Camera | None = None
    """For pictures of its own size; `Camera.fitted` fits it to others."""
    max_frames: int | None = None
    azimuth: float | None = None
    elevation: float | None = None


class Lifter(Protocol):
    """Gives every 2D pose a third dimension."""

    @property
    def info(self) -> ModelInfo:
        """Its name and the digest of its weights."""
        ...

    @property
    def defaults(self) -> Defaults:
        """Its own settings, if it has any."""
        ...

    def __call__(self, pose: Pose2D, height: float | None = None, progress: Progress = ...) -> Pose3D:
        """As many poses out as in; height: the subject's stature in metres, if known."""
        ...


class OwnLifter(Lifter, Protocol):
    """One with weights of our own, which can be asked for the poses alone: that takes less time."""

    def shapes(self, pose: Pose2D, progress: Progress = ...) -> Floats:
        """(T, J, 3) metres of an average adult in camera axes, pelvis at 0, as the network answers."""
        ...
