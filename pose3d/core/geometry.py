"""Rotations and the best fit of one set of points onto another."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats


def unit(vectors: Floats) -> Floats:
    """Vectors (..., 3) of length 1; those of no length stay 0."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def degrees_between(a: Floats, b: Floats) -> Floats:
    """Angles (...), 0 to 180 degrees, between vectors (..., 3) of any length; 0 where one has none.

    By arc tangent: exact for all angles, which the arc cosine of the dot product is not near 0 and 180.
    """
    return np.degrees(np.arctan2(np.linalg.norm(np.cross(a, b), axis=-1), (a * b).sum(-1)))


def rotated(vectors: Floats, axis: Floats, radians: Floats | float) -> Floats:
    """Vectors (..., 3) turned about the axes (..., 3), unit vectors, by radians (..., 1) (Rodrigues' formula)."""
    along = (vectors * axis).sum(-1, keepdims=True)
    cosine = np.cos(radians)
    return vectors * cosine + np.cross(axis, vectors) * np.sin(radians) + axis * along * (1 - cosine)


def sphere(count: int) -> Floats:
    """(count, 3) unit vectors, evenly spread, those with y above 0 first (a Fibonacci lattice)."""
    step = np.arange(count) + 0.5
    height, turn = 1 - 2 * step / count, np.pi * (3 - np.sqrt(5)) * step
    around = np.sqrt(1 - height**2)
    return np.stack([around * np.cos(turn), height, around * np.sin(turn)], axis=1)


def shortest_rotation(start: Floats, end: Floats) -> Floats:
    """(3, 3) rotation that takes one unit vector to another by the shortest way (Rodrigues).

    For opposite ones, half a turn about an axis square to them.
    """
    if start @ end < -1 + 1e-9:
        axis: Floats = np.eye(3)[np.abs(start).argmin()]
        side = unit(np.cross(start, axis))
        return 2 * np.outer(side, side) - np.eye(3)
    x, y, z = np.cross(start, end)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + cross + cross @ cross / (1 + start @ end)


def kabsch(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Rotations (..., 3, 3) and scales (...) that bring centred points a (..., N, 3) to b: scale * a @ rotation.

    Least squares without reflections (Kabsch 1976, Umeyama 1991).
    """
    u, s, vt = np.linalg.svd(np.swapaxes(a, -1, -2) @ b)
    sign = np.sign(np.linalg.det(u @ vt))
    u[..., -1] *= sign[..., None]
    s[..., -1] *= sign
    return u @ vt, s.sum(-1) / np.maximum((a**2).sum((-1, -2)), 1e-12)


def procrustes(predicted: Floats, target: Floats) -> Floats:
    """(T, J, 3): `predicted` moved, turned and scaled onto `target` frame by frame; see `kabsch`."""
    middle_p, middle_t = predicted.mean(1, keepdims=True), target.mean(1, keepdims=True)
    p, t = predicted - middle_p, target - middle_t
    rotation, scale = kabsch(p, t)
    return scale[:, None, None] * p @ rotation + middle_t
