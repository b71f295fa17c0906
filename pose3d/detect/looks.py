"""Where to look for people in a picture: all of it, overlapping tiles of it, and both turned."""

from __future__ import annotations

import math

import numpy as np

from pose3d.detect.regions import Region

TILES_ACROSS = (1, 2, 3)
"""Tiles across the picture's shorter side, by scale."""
STEP = 2 / 3
"""From one tile to the next, in tiles: a third of each is seen twice."""
SMALLEST = 96
"""Pixels across the smallest tile worth looking at."""
TURNS = tuple(math.radians(degrees) for degrees in (90, 180, 270))
"""How people who lie or hang upside down are looked at: the network knows upright ones."""


def whole(width: int, height: int, angle: float = 0.0) -> Region:
    """All of a picture."""
    return Region(np.array([width, height]) / 2, float(max(width, height)), angle)


def tiles(width: int, height: int, across: int) -> list[Region]:
    """Squares that cover the picture, `across` of them to its shorter side but for the overlap; none if too small."""
    side = min(width, height) / across
    if side < SMALLEST:
        return []
    return [Region(np.array([x, y]), side, 0.0) for y in _middles(height, side) for x in _middles(width, side)]


def turned(width: int, height: int) -> list[Region]:
    """All of a picture, on its side and upside down."""
    return [whole(width, height, angle) for angle in TURNS]


def _middles(length: int, side: float) -> np.ndarray:
    """Of the fewest tiles, evenly spread, that are at most STEP apart."""
    count = 1 + math.ceil((length - side) / (STEP * side) - 1e-6)
    return np.linspace(side / 2, length - side / 2, count) if count > 1 else np.array([length / 2])
