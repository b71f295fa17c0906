"""Which way is up, told by the straight lines around the person.

Most lines of a room or a street run along one of three axes that are square to each other, one of them upright
(Coughlan and Yuille 1999, "Manhattan World"). Which axis that is, the person tells, roughly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import ArrayEquality, Floats
from pose3d.core.camera import Camera
from pose3d.core.geometry import degrees_between, sphere, unit
from pose3d.core.lines import Lines
from pose3d.core.scientific import nearest, rotation_matrix
from pose3d.ground.standing import Up

REACH, FAR_REACH = 25.0, 40.0
"""Degrees from what the person tells, and from the camera's own up where they tell nothing, that are searched."""
USUAL, FAR_USUAL = 6.0, 15.0
"""Degrees that these two are off as a rule."""
DOUBT = 0.02
"""Share of the lines that being so far off has to win."""
FEWEST = 8
"""Lines."""
COARSE, FINE = 2.5, 0.7
"""Degrees by which a line may be off its axis, in the search and in the end."""
ROUNDS = (2.0, 2.0, 1.4, 1.4, 1.0, 1.0, FINE, FINE, FINE, FINE)
"""The same, in the steps from one to the other."""
MODES, APART = 6, 5.0
"""Places in the search from which it goes on, at least so many degrees from each other."""
OTHER = 2.5
"""Degrees from which a second answer contradicts the first."""
CHANCE, FAR_CHANCE = 2.2, 3.8
"""Share of the lines, times the root of their number, which lines drawn at random do not reach near what the person
tells; and where they tell nothing, which wrong answers do not reach: cut-outs of rooms give some of up to 3.6."""
MARGIN = 0.1
"""By which part of itself the best answer has to be better than one that contradicts it."""
EXACT = 1.0
"""Degrees of standard error up to which the answer is believed."""
ALONG_VIEW = 0.15
"""Sine of the angle between an axis and the ray through a line's middle below which the line says nothing of it."""
DIRECTIONS = 3000
"""Of the search, on half a sphere: 2.6 degrees from each other."""
YAWS = np.radians(np.arange(0, 90, 3.0))


def room_up(lines: Lines, camera: Camera, told: Up) -> Up:
    """Up from lines of the pictures; confidence 0, and what was told, where they do not tell.

    told: by the person, for a camera that stands still.
    """
    segments = Segments.of(lines.ends, camera)
    if len(segments.weight) < FEWEST:
        return Up(told.direction, 0.0)
    reach, usual, chance = (REACH, USUAL, CHANCE) if told.confidence else (FAR_REACH, FAR_USUAL, FAR_CHANCE)
    found = [_refined(segments, axes) for axes in _searched(segments, told.direction, reach)]
    scores = [_share(segments, axes) - DOUBT * (_tilt(axes, told.direction) / usual) ** 2 for axes in found]
    best = int(np.argmax(scores))
    up = found[best][:, 1]
    others = [score for axes, score in zip(found, scores, strict=True) if _tilt(axes, up) > OTHER]
    count = len(lines.ends) / lines.pictures
    error = _error(segments, found[best], count)
    by_chance = _share(segments, found[best]) < chance / np.sqrt(count)
    if by_chance or error > EXACT or max(others, default=0.0) > (1 - MARGIN) * scores[best]:
        return Up(told.direction, 0.0)
    return Up(up, 1.0 - error / EXACT / 2, EXACT)


@dataclass(frozen=True, eq=False)
class Segments(ArrayEquality):
    """Lines as their camera sees them: each spans a plane through it."""

    normal: Floats
    """(N, 3) unit vectors, square to the planes."""
    along: Floats
    """(N, 3) unit vectors along the lines, square to the rays through their middles."""
    weight: Floats
    """(N,) their lengths, which sum to 1."""

    @classmethod
    def of(cls, lines: Floats, camera: Camera) -> Segments:
        """Of ends (N, 2, 2) in pixels."""
        length = np.linalg.norm(lines[:, 1] - lines[:, 0], axis=-1).astype(np.float64)
        rays = camera.rays(lines).astype(np.float64)
        ends = unit(np.concatenate([rays, np.ones((*rays.shape[:2], 1))], -1))
        normal = unit(np.cross(ends[:, 0], ends[:, 1]))
        return cls(normal, np.cross(unit(ends.sum(1)), normal), length / max(length.sum(), 1e-9))

    def off(self, directions: Floats) -> Floats:
        """(..., N) degrees by which lines would have to turn about their middles to point along directions (..., 3)."""
        across, along = np.abs(directions @ self.normal.T), np.abs(directions @ self.along.T)
        return np.where(np.hypot(across, along) < ALONG_VIEW, 90.0, np.degrees(np.arctan2(across, along)))


def _searched(segments: Segments, centre: Floats, reach: float) -> list[Floats]:
    """Axes (3, 3) that many lines run along: columns, up in the middle and within `reach` degrees of a centre (3,)."""
    fits = _fit(segments.off(_HALF), COARSE).astype(np.float32)
    ups = _SPHERE[degrees_between(_SPHERE, centre) < reach]
    tried = _turned(ups)
    rows = nearest(_SPHERE, tried) % DIRECTIONS
    weight = segments.weight.astype(np.float32)
    shares = np.stack([fits[each].max(1) @ weight for each in rows])
    yaws, scores = shares.argmax(1), shares.max(1)
    left, chosen = np.ones(len(ups), bool), list[Floats]()
    while left.any() and len(chosen) < MODES:
        first = int(np.where(left, scores, -1.0).argmax())
        left &= degrees_between(ups, ups[first]) > APART
        chosen.append(tried[first, yaws[first]].T)
    return chosen


def _turned(ups: Floats) -> Floats:
    """(U, Y, 3, 3) axes, rows, for each up (U, 3) in the middle, turned about it to each of YAWS."""
    side = unit(np.cross(ups, [0.0, 0.0, 1.0]))[:, None]
    ahead = np.cross(side, ups[:, None])
    cos, sin = np.cos(YAWS)[:, None], np.sin(YAWS)[:, None]
    first, second = side * cos + ahead * sin, ahead * cos - side * sin
    return np.stack([first, np.broadcast_to(ups[:, None], first.shape), second], axis=2)


def _refined(segments: Segments, axes: Floats) -> Floats:
    """Axes (3, 3) turned to where the lines fit best: least squares, with lines that are far off left out softly."""
    for allowed in ROUNDS:
        lever, across, weight = _residuals(segments, axes, allowed)
        normal = (lever.T * weight) @ lever + 1e-9 * np.eye(3)
        turn = -np.linalg.solve(normal, (lever.T * weight) @ across)
        axes = rotation_matrix(turn) @ axes
    return axes


def _residuals(segments: Segments, axes: Floats, allowed: float) -> tuple[Floats, Floats, Floats]:
    """How far lines are off the nearest axis: (N, 3) by a turn of the axes, (N,) now, and (N,) what each counts."""
    off = segments.off(axes.T)
    axis = axes.T[off.argmin(0)]
    across = (axis * segments.normal).sum(-1)
    seen = across**2 + (axis * segments.along).sum(-1) ** 2
    weight = segments.weight * _fit(off.min(0), allowed) / np.maximum(seen, ALONG_VIEW**2)
    return np.cross(axis, segments.normal), across, weight


def _error(segments: Segments, axes: Floats, count: float) -> float:
    """Degrees of standard error of up, in the direction in which it is less sure; count: of unlike lines."""
    lever, _, weight = _residuals(segments, axes, FINE)
    covariance = FINE**2 * np.linalg.inv((lever.T * weight) @ lever * count + 1e-6 * np.eye(3))
    level = axes[:, [0, 2]]
    return float(np.sqrt(np.linalg.eigvalsh(level.T @ covariance @ level).max()))


def _share(segments: Segments, axes: Floats) -> float:
    """0 to 1: of the lines, by length, that run along one of the axes (3, 3)."""
    return float(_fit(segments.off(axes.T).min(0), FINE) @ segments.weight)


def _tilt(axes: Floats, up: Floats) -> float:
    """Degrees between the upright axis and a direction (3,)."""
    return float(degrees_between(axes[:, 1], up))


def _fit(off: Floats, allowed: float) -> Floats:
    """0 to 1, for degrees that lines are off."""
    return np.exp(-((off / allowed) ** 2) / 2)


_HALF = sphere(2 * DIRECTIONS)[:DIRECTIONS]
_SPHERE = np.concatenate([_HALF, -_HALF])
