"""Signed distances: round shapes and their smooth unions, metres, negative inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Distance = Callable[[np.ndarray], np.ndarray]
"""From points (V, 3) in metres to how far outside they are (V,)."""

SLOPE_STEP = 1e-5
"""Metres between the points of a difference quotient."""


def ellipsoid(centre: Sequence[float], radii: Sequence[float]) -> Distance:
    """Exact on the surface and to first order near it."""
    middle, size = np.array(centre), np.array(radii)

    def distance(points: np.ndarray) -> np.ndarray:
        away = points - middle
        level = np.linalg.norm(away / size, axis=1)
        slope = np.linalg.norm(away / size**2, axis=1)
        return np.where(slope > 0, level * (level - 1) / np.maximum(slope, 1e-9), -size.min())

    return distance


def cone(start: Sequence[float], end: Sequence[float], thick: float, thin: float) -> Distance:
    """What a ball covers that rolls from start to end while its radius goes from `thick` to `thin`."""
    a, along = np.array(start), np.subtract(end, start)
    length = float(np.linalg.norm(along))
    sine = (thick - thin) / length
    cosine = np.sqrt(1 - sine**2)
    axis = along / length

    def distance(points: np.ndarray) -> np.ndarray:
        away = points - a
        height = away @ axis
        across = np.linalg.norm(away - height[:, None] * axis, axis=1)
        # A point's ball is the one whose normal runs through it; normals lean by the cone's slope.
        ball = np.clip(height - across * sine / cosine, 0, length)
        return np.hypot(across, height - ball) - (thick - ball * sine)

    return distance


def flattened(shape: Distance, centre: Sequence[float], factors: Sequence[float]) -> Distance:
    """Stretched about a point by a factor along each axis; no longer exact away from the surface."""
    middle, size = np.array(centre), np.array(factors)
    return lambda points: shape(middle + (points - middle) / size) * size.min()


def union(*shapes: Distance, blend: float = 0.0) -> Distance:
    """All of them, one after the other, with fillets about as wide as `blend` metres."""

    def distance(points: np.ndarray) -> np.ndarray:
        found = shapes[0](points)
        for shape in shapes[1:]:
            found = smooth_minimum(found, shape(points), blend)
        return found

    return distance


def smooth_minimum(a: np.ndarray, b: np.ndarray, blend: float) -> np.ndarray:
    """Their minimum, rounded off where they differ by less than `blend`."""
    if not blend:
        return np.minimum(a, b)
    near = np.maximum(blend - np.abs(a - b), 0) / blend
    return np.minimum(a, b) - near**3 * blend / 6


def slope(shape: Distance, points: np.ndarray) -> np.ndarray:
    """(V, 3) gradients, by central differences."""
    steps = SLOPE_STEP * np.eye(3)
    return np.stack([shape(points + step) - shape(points - step) for step in steps], axis=1) / (2 * SLOPE_STEP)
