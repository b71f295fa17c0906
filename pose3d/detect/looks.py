"""Where people may be found in a picture: all of it, overlapping tiles of it, all of it turned, and near a place."""

from __future__ import annotations

import math

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.detect.regions import Region

COARSE, FINEST = (1, 2), 3
"""Tiles across the picture's shorter side, by scale: the finest shows people of an eighth of a picture's height."""
STEP = 2 / 3
"""From one tile to the next, in tiles: a third of each is seen twice."""
SMALLEST = 96
"""Pixels across the smallest tile worth looking at."""
TURNS = tuple(math.radians(degrees) for degrees in (90, 180, 270))
"""How people who lie or hang upside down are looked at: the network knows upright ones best."""
NEAR = 1.6
"""Side of what is looked at around a body's region, in sides of it."""


def whole(width: int, height: int, angle: float = 0.0) -> Region:
    """All of a picture."""
    return Region(np.array([width, height]) / 2, float(max(width, height)), angle)


def turned(width: int, height: int) -> list[Region]:
    """All of a picture, on its side and upside down."""
    return [whole(width, height, angle) for angle in TURNS]


def tiles(width: int, height: int, across: int) -> list[Region]:
    """Squares that cover the picture, `across` of them to its shorter side but for the overlap; none if too small."""
    side = min(width, height) / across
    if side < SMALLEST or side == max(width, height):
        return []
    return [Region(np.array([x, y]), side, 0.0) for y in _middles(height, side) for x in _middles(width, side)]


def coarse_tiles(width: int, height: int) -> list[Region]:
    """The tiles of the larger scales."""
    return [tile for across in COARSE for tile in tiles(width, height, across)]


def fine_tiles(width: int, height: int) -> list[Region]:
    """The smallest tiles."""
    return tiles(width, height, FINEST)


def around(region: Region) -> Region:
    """An upright square around the place of a body."""
    return Region(region.centre, NEAR * region.side, 0.0)


def _middles(length: int, side: float) -> Floats:
    """Of the fewest tiles, evenly spread, that are at most STEP apart."""
    count = 1 + math.ceil((length - side) / (STEP * side) - 1e-6)
    return np.linspace(side / 2, length - side / 2, count) if count > 1 else np.array([length / 2])
