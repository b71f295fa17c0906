"""Triangle surfaces of the mannequin in its rest pose: lofts through rings, and ellipsoids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import PchipInterpolator

from synthetic.body import Colour

SMALL = 14
"""Points of an ellipsoid's rings: features of the face are a few pixels wide."""


@dataclass(frozen=True)
class Surface:
    """points, normals, colours (V, 3): metres, unit vectors, 0..1; triangles (F, 3) counter-clockwise from outside."""

    points: np.ndarray
    normals: np.ndarray
    colours: np.ndarray
    triangles: np.ndarray

    def moved(self, offset: Sequence[float], turn: np.ndarray | None = None) -> Surface:
        """Turned by a (3, 3) rotation, then shifted by metres."""
        turn = np.eye(3) if turn is None else turn
        return replace(self, points=self.points @ turn.T + np.asarray(offset), normals=self.normals @ turn.T)

    def painted(self, colours: np.ndarray) -> Surface:
        """With other colours (V, 3)."""
        return replace(self, colours=colours)


@dataclass(frozen=True)
class Profile:
    """Rings along y: columns of `stations` are y, half-width in x, half-depth in z, centre's x, centre's z (metres)."""

    stations: np.ndarray
    roundness: float = 2.0
    """Exponent of the cross-section: 2 is an ellipse, more is boxier."""
    rings: int = 28
    around: int = 28
    """Points of a ring."""

    def scaled(self, length: float, girth: float) -> Profile:
        """Longer in y and thicker in x and z by these factors."""
        return replace(self, stations=self.stations * [length, girth, girth, girth, girth])

    def sampled(self) -> np.ndarray:
        """(rings, 5) smooth stations, with rounded ends."""
        first, last = self.stations[0], self.stations[-1]
        y = np.linspace(first[0], last[0], self.rings)
        middle = np.column_stack([y, PchipInterpolator(self.stations[:, 0], self.stations[:, 1:])(y)])
        return np.concatenate([_cap(first, -1), middle, _cap(last, 1)[::-1]])


def profile(*stations: Sequence[float], roundness: float = 2.0, rings: int = 28, around: int = 28) -> Profile:
    """Stations of (y, half-width[, half-depth[, centre x[, centre z]]]) in any order; the depth follows the width."""
    full = sorted((*s, s[1]) if len(s) == 2 else tuple(s) for s in stations)
    return Profile(np.array([(*s, 0.0, 0.0)[:5] for s in full], float), roundness, rings, around)


def loft(shape: Profile, colour: Colour) -> Surface:
    """A closed surface through the profile's rings."""
    rows = shape.sampled()
    angle = np.linspace(0, 2 * np.pi, shape.around, endpoint=False)
    power = 2 / shape.roundness
    across = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power
    deep = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power
    y, width, depth, x, z = (rows[:, n, None] for n in range(5))
    grid = np.stack([x + width * across, y + 0 * across, z + depth * deep], -1)
    return _closed(grid, colour)


def ellipsoid(
    centre: Sequence[float], radii: Sequence[float], colour: Colour, turn: np.ndarray | None = None
) -> Surface:
    """centre and radii in metres."""
    polar = np.linspace(0.02, np.pi - 0.02, 9)[:, None]
    angle = np.linspace(0, 2 * np.pi, SMALL, endpoint=False)
    unit = np.stack([np.sin(polar) * np.sin(angle), -np.cos(polar) + 0 * angle, np.sin(polar) * np.cos(angle)], -1)
    return _closed(unit * radii, colour).moved(centre, turn)


def joined(surfaces: Sequence[Surface]) -> Surface:
    """All in one."""
    starts = np.cumsum([0, *(len(s.points) for s in surfaces)])[:-1]
    return Surface(
        np.concatenate([s.points for s in surfaces]),
        np.concatenate([s.normals for s in surfaces]),
        np.concatenate([s.colours for s in surfaces]),
        np.concatenate([s.triangles + start for s, start in zip(surfaces, starts, strict=True)]),
    )


def _cap(station: np.ndarray, direction: int) -> np.ndarray:
    """(5, 5) rings that close an end, tip first; as long as half the thinner radius."""
    angle = np.linspace(0.06, np.pi / 2 - 0.25, 5)
    rows = np.repeat(station[None], 5, axis=0)
    rows[:, 0] += direction * 0.5 * min(station[1:3]) * np.cos(angle)
    rows[:, 1:3] *= np.sin(angle)[:, None]
    return rows


def _closed(grid: np.ndarray, colour: Colour) -> Surface:
    """(R, A, 3) rings, bottom first, each closed on itself."""
    rings, around = grid.shape[:2]
    along = np.gradient(grid, axis=0)
    side = np.roll(grid, -1, axis=1) - np.roll(grid, 1, axis=1)
    normals = np.cross(side, along)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True) + 1e-12
    index = np.arange(rings * around).reshape(rings, around)
    here, up = index[:-1], index[1:]
    beside, across = np.roll(here, -1, 1), np.roll(up, -1, 1)
    triangles = np.concatenate([np.stack([here, beside, across], -1), np.stack([here, across, up], -1)]).reshape(-1, 3)
    points = grid.reshape(-1, 3)
    return Surface(points, normals.reshape(-1, 3), np.tile(np.array(colour, float), (len(points), 1)), triangles)
