"""Squares of a picture, turned any way, and what a network sees of them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pose3d.core.arrays import ArrayEquality, Floats, Picture

ENLARGED = 1.25
"""A body's region against the circle around the hips that holds it."""


@dataclass(frozen=True, eq=False)
class Region(ArrayEquality):
    """A square in the picture."""

    centre: Floats
    """(2,) pixels."""
    side: float
    """Pixels."""
    angle: float
    """Radians clockwise by which its up is turned from the picture's."""

    @classmethod
    def around(cls, middle: Floats, rim: Floats) -> Region:
        """A body's region: middle (2,) of its circle, rim (2,) the circle's point above the head."""
        x, y = rim - middle
        return cls(np.asarray(middle, np.float64), 2 * ENLARGED * float(np.hypot(x, y)), float(np.arctan2(x, -y)))

    @property
    def axes(self) -> Floats:
        """(2, 2) pixels: its edges to the right and down."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return self.side * np.array([[cos, sin], [-sin, cos]])

    def to_picture(self, points: Floats) -> Floats:
        """Points (..., 2), 0 to 1 across the region, to pixels (..., 2)."""
        return self.centre + (points - 0.5) @ self.axes

    def cut(self, image: Picture, size: int) -> Picture:
        """(size, size, 3) uint8: the region of the picture (H, W, 3), bilinear, black outside.

        The middle of pixel (i, j) lies at (j + 0.5, i + 0.5); OpenCV's maps go between such indices.
        """
        matrix = np.empty((2, 3))
        matrix[:, :2] = self.axes.T / size
        matrix[:, 2] = self.to_picture(np.full(2, 0.5 / size)) - 0.5
        cut = cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        return np.asarray(cut, np.uint8)


def cut_all(image: Picture, regions: list[Region], size: int) -> Picture:
    """(N, size, size, 3) uint8."""
    return np.stack([region.cut(image, size) for region in regions])
