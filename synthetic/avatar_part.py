"""A part of the avatar: a closed surface with its colours and weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from synthetic.distance import Distance
from synthetic.nets import Grid, Net, cut, surface

SIDE = "side"
"""The colour of the side on which it lies."""

Weights = Callable[[np.ndarray], np.ndarray]
"""From points (V, 3) to shares of the N bones (V, N)."""


@dataclass(frozen=True)
class Region:
    """What is painted in a colour: where all fields are below 0."""

    colour: str
    fields: tuple[Distance, ...]


@dataclass(frozen=True)
class Part:
    """One closed surface; of a pair, the left one."""

    shape: Distance
    grid: Grid
    weights: Weights
    colour: str
    regions: tuple[Region, ...] = ()
    """Each painted over those before it."""
    paired: bool = False
    smoothing: int = 0
    """Rounds of evening out the weights."""

    def nets(self) -> list[Net]:
        """With corners along the borders of the regions."""
        net = surface(self.shape, self.grid)
        for region in self.regions:
            for field in region.fields:
                net = cut(net, field)
        return [net, net.mirrored()] if self.paired else [net]

    def paint(self, net: Net) -> np.ndarray:
        """(F,) names of colours."""
        found = np.full(len(net.triangles), self.colour, object)
        for region in self.regions:
            found[np.all([net.below(field) for field in region.fields], axis=0)] = region.colour
        left = net.points[net.triangles].mean(1)[:, 0] > 0
        return np.where(found == SIDE, np.where(left, "left", "right"), found)


def across(place: float, sign: int = 1) -> Distance:
    """Below 0 nearer to the middle than a place; with the sign -1, further out."""
    return lambda points: sign * (np.abs(points[:, 0]) - place)


def level(height: float, sign: int = 1) -> Distance:
    """Below 0 under a height; with the sign -1, over it."""
    return lambda points: sign * (points[:, 1] - height)


def half(points: np.ndarray) -> np.ndarray:
    """The points, those of the right moved to the left."""
    return np.column_stack([np.abs(points[:, 0]), points[:, 1:]])
