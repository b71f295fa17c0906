"""What all views show: the joints above a floor, their colours, and from where one looks at them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pose3d.core.arrays import Bools, Floats, check_shape
from pose3d.core.config import AZIMUTH, ELEVATION, RunConfig
from pose3d.core.errors import ConfigError
from pose3d.core.presence import absent, known_edges, stand_ins, unknown_joints
from pose3d.core.result import Result
from pose3d.core.skeleton import Skeleton
from pose3d.ground import shared_world

TILE = 0.5
"""Metres between the floor's lines, unless there would be too many."""

MAX_TILES = 40
"""Along one side of the floor; beyond it tiles grow, so that one wild position cannot ask for millions of them."""

MARGIN = 0.25
"""Metres of floor around the outermost joints, and of air above them."""

CELLAR = 0.1
"""Metres between the floor, or what reaches below it, and the lower end of the axis."""


@dataclass(frozen=True)
class Viewpoint:
    """From where one looks at the scene, in degrees.

    azimuth: 0 is where the camera stood; positive walks around the person counter-clockwise as seen from above, so 90
    is the right edge of the picture, the left side of a person who faces the camera. 180 is behind the person.
    elevation: above the horizon, 90 is straight from above, negative is from below the floor.
    """

    azimuth: float
    elevation: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.azimuth) and -90 <= self.elevation <= 90):
            raise ConfigError("viewpoint", azimuth=self.azimuth, elevation=self.elevation)

    @classmethod
    def of(cls, config: RunConfig) -> Viewpoint:
        """From where a run's clip is drawn."""
        return cls(
            AZIMUTH if config.azimuth is None else config.azimuth,
            ELEVATION if config.elevation is None else config.elevation,
        )

    @property
    def axes(self) -> Floats:
        """(3, 3) rows in display axes: to the viewer's right, up, and from the scene towards the viewer."""
        sin_a, cos_a = _sin_cos(self.azimuth)
        sin_e, cos_e = _sin_cos(self.elevation)
        return np.array(
            [[cos_a, sin_a, 0], [-sin_e * sin_a, sin_e * cos_a, cos_e], [cos_e * sin_a, -cos_e * cos_a, sin_e]]
        )


CORNER = Viewpoint(AZIMUTH, ELEVATION)
"""The first look: it shows the depth that the picture beside it cannot."""

VIEWPOINTS = {
    "corner": CORNER,
    "front": Viewpoint(0.0, 5.0),
    "side": Viewpoint(90.0, 5.0),
    "top": Viewpoint(0.0, 89.0),  # 90 would leave Plotly's turntable without a sense of up
}


@dataclass(frozen=True)
class Scene:
    """A clip in display axes, metres: x to the right of the picture, y away from the camera, z up, floor at z = 0."""

    joints: Floats
    """(T, J, 3) float32; the middle of the clip's extent is at x = y = 0. Absent frames repeat the one before."""
    interpolated: Bools
    """(T, J) bool; True where a joint was not observed."""
    absent: Bools
    """(T,) bool; True where there is nobody to show."""
    unknown: Bools
    """(J,) bool; True for joints that were never in the picture, so that nothing of them is shown."""
    low: Floats
    """(3,) lower ends of the axes, the same for every frame."""
    high: Floats
    """(3,) upper ends; those of x and y, like the lower ones, are multiples of `tile`."""
    tile: float
    """Metres between the floor's lines."""
    skeleton: Skeleton
    others: tuple[Scene, ...] = ()
    """More people of the same video, with the same axes."""

    def __post_init__(self) -> None:
        frames, joints = len(self.joints), len(self.skeleton)
        check_shape("joints", self.joints, frames, joints, 3)
        check_shape("interpolated", self.interpolated, frames, joints)
        check_shape("absent", self.absent, frames)
        check_shape("unknown", self.unknown, joints)
        check_shape("low", self.low, 3)
        check_shape("high", self.high, 3)

    def __len__(self) -> int:
        return len(self.joints)

    @property
    def first(self) -> int:
        """The first frame with somebody to show; 0 where there is none."""
        return int(np.argmin(np.all([person.absent for person in self.people], axis=0)))

    @property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """The bones to draw, (parent, child)."""
        return known_edges(self.skeleton, self.unknown)

    @property
    def grid(self) -> tuple[Floats, Floats]:
        """The floor's lines: their x and their y, (N,) and (M,) metres."""
        x, y = (np.arange(round(a / self.tile), round(b / self.tile) + 1) * self.tile for a, b in self._sides)
        return x, y

    @property
    def _sides(self) -> list[tuple[float, float]]:
        return list(zip(self.low[:2], self.high[:2], strict=True))

    @property
    def people(self) -> tuple[Scene, ...]:
        """This one first."""
        return (self, *self.others)

    @property
    def extent(self) -> Floats:
        """(N, 3) all that must be in sight: everybody's joints in every frame, and their paths."""
        return np.concatenate([part.reshape(-1, 3) for one in self.people for part in (one.joints, one.path)])

    @property
    def path(self) -> Floats:
        """(T, 3) the root joint's way, laid on the floor."""
        return self.joints[:, self.skeleton.parents.index(-1)] * [1, 1, 0]


def scene(result: Result, others: Sequence[Result] = ()) -> Scene:
    """The result's joints in the world, centred; the floor is its ground's. others: of more people in the video."""
    return scene_of((result, *others), [result.world, *(shared_world(result, other) for other in others)])


def scene_of(everybody: Sequence[Result], worlds: Sequence[Floats]) -> Scene:
    """Everybody, the first in the lead, with their joints (T, J, 3) metres in one world, y up; centred, floor at 0."""
    joints = [_shown(world, one) for world, one in zip(worlds, everybody, strict=True)]
    every = np.concatenate(joints, axis=1)
    middle = (every.min(axis=(0, 1)) + every.max(axis=(0, 1))) / 2 * [1, 1, 0]
    axes = _ranges(every - middle)
    first, *rest = [_person(one, points - middle, axes) for one, points in zip(everybody, joints, strict=True)]
    return replace(first, others=tuple(rest))


def _shown(world: Floats, result: Result) -> Floats:
    """(T, J, 3) display axes; where there is nobody, the pose before."""
    return to_display(world)[stand_ins(absent(result.pose2d))]


def _person(result: Result, joints: Floats, axes: tuple[Floats, Floats, float]) -> Scene:
    skeleton = result.pose3d.skeleton
    unknown = unknown_joints(result.pose2d)[result.pose2d.skeleton.indices(*skeleton.joints)]
    unseen, gone = ~result.pose3d.observed, absent(result.pose2d)
    return Scene(joints.astype(np.float32), unseen, gone, unknown, *axes, skeleton)


def to_display(world: Floats) -> Floats:
    """World axes (..., 3) (x right, y up, z to the viewer) to display axes (x right, y away, z up)."""
    return np.stack([world[..., 0], -world[..., 2], world[..., 1]], axis=-1)


def to_world(display: Floats) -> Floats:
    """The inverse of `to_display`."""
    return np.stack([display[..., 0], display[..., 2], -display[..., 1]], axis=-1)


def _ranges(joints: Floats) -> tuple[Floats, Floats, float]:
    """Ends of the axes (whole tiles of floor, and in height what the joints need) and the tile's side."""
    low, high = joints.min(axis=(0, 1)) - MARGIN, joints.max(axis=(0, 1)) + MARGIN
    tile = TILE * 2 ** max(0, math.ceil(math.log2((high - low)[:2].max() / TILE / MAX_TILES)))
    low[:2], high[:2] = np.floor(low[:2] / tile) * tile, np.ceil(high[:2] / tile) * tile
    low[2] = min(0.0, low[2] + MARGIN) - CELLAR
    return low, high, tile


def _sin_cos(degrees: float) -> tuple[float, float]:
    return math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
