"""What all views show: the joints above a floor, their colours, and from where one looks at them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pose3d.core.errors import ConfigError
from pose3d.core.poses import check_shape
from pose3d.core.result import Result
from pose3d.core.skeleton import Skeleton

COLOURS = {"left": "#e66100", "right": "#1a85ff", "middle": "#868e99"}
"""By side; orange and blue stay apart for every kind of colour blindness, on white and on black."""

TILE = 0.5
"""Metres between the floor's lines, unless there would be too many."""

MAX_TILES = 40
"""Along one side of the floor; beyond it tiles grow, so that one wild position cannot ask for millions of them."""

MARGIN = 0.25
"""Metres of floor around the outermost joints, and of air above them."""

CELLAR = 0.1
"""Metres between the floor, or what reaches below it, and the lower end of the axis."""

FLOOR_PERCENTILE = 5.0
"""The floor is where the lowest joint is in so many percent of the frames or more: one bad frame moves nothing."""


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
            raise ConfigError(
                f"the elevation must lie between -90 and 90 degrees and the azimuth be a number,"
                f" got azimuth {self.azimuth:g}, elevation {self.elevation:g}"
            )

    def turned(self, azimuth: float | None, elevation: float | None) -> Viewpoint:
        """The same with what is given put in its place."""
        return Viewpoint(
            self.azimuth if azimuth is None else azimuth, self.elevation if elevation is None else elevation
        )

    @property
    def axes(self) -> np.ndarray:
        """(3, 3) rows in display axes: to the viewer's right, up, and from the scene towards the viewer."""
        sin_a, cos_a = _sin_cos(self.azimuth)
        sin_e, cos_e = _sin_cos(self.elevation)
        return np.array(
            [[cos_a, sin_a, 0], [-sin_e * sin_a, sin_e * cos_a, cos_e], [cos_e * sin_a, -cos_e * cos_a, sin_e]]
        )


CORNER = Viewpoint(40.0, 15.0)
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

    joints: np.ndarray
    """(T, J, 3) float32; the middle of the clip's extent is at x = y = 0."""
    filled: np.ndarray
    """(T, J) bool; True where a joint was not seen but filled in from its neighbours."""
    low: np.ndarray
    """(3,) lower ends of the axes, the same for every frame."""
    high: np.ndarray
    """(3,) upper ends; those of x and y, like the lower ones, are multiples of `tile`."""
    tile: float
    """Metres between the floor's lines."""
    skeleton: Skeleton

    def __post_init__(self) -> None:
        frames, joints = len(self.joints), len(self.skeleton)
        check_shape("joints", self.joints, frames, joints, 3)
        check_shape("filled", self.filled, frames, joints)
        check_shape("low", self.low, 3)
        check_shape("high", self.high, 3)

    def __len__(self) -> int:
        return len(self.joints)

    @property
    def grid(self) -> tuple[np.ndarray, np.ndarray]:
        """The floor's lines: their x and their y, (N,) and (M,) metres."""
        x, y = (np.arange(round(a / self.tile), round(b / self.tile) + 1) * self.tile for a, b in self._sides)
        return x, y

    @property
    def _sides(self) -> list[tuple[float, float]]:
        return list(zip(self.low[:2], self.high[:2], strict=True))

    @property
    def path(self) -> np.ndarray:
        """(T, 3) the root joint's way, laid on the floor."""
        return self.joints[:, self.skeleton.parents.index(-1)] * [1, 1, 0]


def scene(result: Result) -> Scene:
    """The result's joints, turned upright, put on the floor and centred."""
    joints = to_display(result.pose3d.world)
    lowest = joints[..., 2].min(axis=1)
    middle = (joints.min(axis=(0, 1)) + joints.max(axis=(0, 1))) / 2
    joints = joints - [middle[0], middle[1], np.percentile(lowest, FLOOR_PERCENTILE)]
    low, high, tile = _ranges(joints)
    return Scene(joints.astype(np.float32), ~result.pose3d.observed, low, high, tile, result.pose3d.skeleton)


def to_display(xyz: np.ndarray) -> np.ndarray:
    """Camera axes (..., 3) (x right, y down, z forward) to display axes (x right, y away, z up); both right-handed."""
    return np.stack([xyz[..., 0], xyz[..., 2], -xyz[..., 1]], axis=-1)


def _ranges(joints: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Ends of the axes (whole tiles of floor, and in height what the joints need) and the tile's side."""
    low, high = joints.min(axis=(0, 1)) - MARGIN, joints.max(axis=(0, 1)) + MARGIN
    tile = TILE * 2 ** max(0, math.ceil(math.log2((high - low)[:2].max() / TILE / MAX_TILES)))
    low[:2], high[:2] = np.floor(low[:2] / tile) * tile, np.ceil(high[:2] / tile) * tile
    low[2] = min(0.0, low[2] + MARGIN) - CELLAR
    return low, high, tile


def _sin_cos(degrees: float) -> tuple[float, float]:
    return math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
