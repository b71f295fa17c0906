"""People who walk, with exact truth: past the camera, towards it and along a curve, slowly and briskly."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks.lifted import lifted, seen
from pose3d import Camera, Pose2D, Pose3D, Result
from pose3d.core.arrays import Bools, Floats
from pose3d.core.models import ModelInfo
from pose3d.lift.lifter import Lifter
from synthetic.body import Body
from synthetic.kinematics import solve
from synthetic.placement import Placement
from synthetic.training import BODIES, CAMERAS
from synthetic.walk import STANCE, Walk

PATHS = {
    "across": Walk(x=-2.6, z=-3.0, facing=90.0, turn=1.0, length=6.0),
    "towards": Walk(x=0.3, z=-6.5, facing=2.0, turn=1.0, length=6.0),
    "curve": Walk(x=-1.8, z=-3.2, facing=85.0, turn=-100.0, length=4.5),
}
"""Far enough from all cameras for the whole body to be in most pictures."""
SPEEDS = {
    "slow": (Walk(speed=0.6, stride=0.9), 6.0),
    "usual": (Walk(speed=1.05, stride=1.25, sink=0.085), 5.0),
    "brisk": (Walk(speed=1.4, stride=1.4, sink=0.11), 4.0),
}
"""Speed and stride of somebody of the standard stature; others' are in proportion. Seconds of the clip."""
NEAREST = 0.3
"""Metres before the camera from which a joint can be seen."""


@dataclass(frozen=True)
class Stroll:
    """A clip. Names of PATHS, SPEEDS, CAMERAS and BODIES."""

    path: str
    speed: str
    view: str
    body: str
    fps: float = 30.0

    @property
    def name(self) -> str:
        """Of them all."""
        return f"{self.path}_{self.speed}_{self.view}_{self.body}"

    @property
    def walker(self) -> Body:
        """Who walks."""
        return BODIES[self.body]

    @property
    def height(self) -> float:
        """Metres."""
        return self.walker.stature

    @property
    def camera(self) -> Camera:
        """Its intrinsics."""
        return CAMERAS[self.view][0]

    @property
    def placement(self) -> Placement:
        """Where it stands."""
        return CAMERAS[self.view][1]

    @property
    def walk(self) -> Walk:
        """As it is walked."""
        usual, scale = SPEEDS[self.speed][0], self.walker.scale
        way = PATHS[self.path]
        return replace(way, speed=usual.speed * scale, stride=usual.stride * scale, sink=usual.sink)

    @property
    def times(self) -> Floats:
        """(T,) seconds."""
        return np.arange(round(SPEEDS[self.speed][1] * self.fps)) / self.fps

    @cached_property
    def joints(self) -> Floats:
        """(T, 17, 3) metres in the world, y up."""
        return solve(self.walker, self.walk.controls(self.walker, self.times)).joints

    @property
    def in_view(self) -> Floats:
        """(T, 17, 3) metres in camera axes."""
        return self.placement.to_camera(self.joints).astype(np.float32)

    @property
    def observed(self) -> Bools:
        """(T, 17) bool: the joints that are in the picture."""
        xyz = self.in_view
        xy, size = self.camera.project(xyz), (self.camera.width, self.camera.height)
        return np.asarray(((xy >= 0) & (xy < size)).all(-1) & (xyz[..., 2] > NEAREST), bool)

    @property
    def cadence(self) -> float:
        """Steps a minute."""
        return 120 * self.walk.speed / self.walk.stride

    @property
    def step_length(self) -> float:
        """Metres."""
        return self.walk.stride / 2

    @property
    def speed_metres(self) -> float:
        """Metres per second."""
        return self.walk.speed

    @property
    def stance(self) -> float:
        """Percent of the stride that a foot is on the floor."""
        return 100 * STANCE

    def strikes(self, side: str) -> Floats:
        """Seconds at which a foot strikes."""
        stride = self.walk.stride / self.walk.speed
        return np.arange(0.0 if side == "left" else stride / 2, self.times[-1], stride)


def strolls() -> Iterator[Stroll]:
    """All of them."""
    for path in PATHS:
        for speed in SPEEDS:
            for view in CAMERAS:
                for body in BODIES:
                    yield Stroll(path, speed, view, body)


@dataclass(frozen=True)
class Tall:
    """A lifter that is told how tall the person is."""

    lifter: Lifter
    height: float

    @property
    def info(self) -> ModelInfo:
        """The lifter's."""
        return self.lifter.info

    def __call__(self, pose: Pose2D) -> Pose3D:
        return self.lifter(pose, self.height)


def result_of(stroll: Stroll, lifter: Lifter, folder: Path | None = None) -> Result:
    """Seen by a detector and lifted, or read from the folder."""
    kept = folder / stroll.name if folder else None
    if kept and kept.exists():
        return Result.load(kept)
    seed = zlib.crc32(stroll.name.encode())
    pose2d = seen(stroll.in_view, stroll.times, stroll.camera, seed, stroll.observed)
    result = lifted(Tall(lifter, stroll.height), pose2d, stroll.name)  # pyright: ignore[reportArgumentType]
    if kept:
        result.save(kept)
    return result
