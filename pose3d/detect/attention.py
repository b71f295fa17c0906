"""Which parts of a picture to look at next for people not seen yet: those that wait long, and where things move."""

from __future__ import annotations

import cv2
import numpy as np

from pose3d.core.arrays import Bools, Floats, Picture
from pose3d.detect.looks import coarse_tiles, fine_tiles, turned
from pose3d.detect.regions import Region

THUMBNAIL = 96
"""Pixels across the longer side of the small picture that shows what moves."""
MOVED = 12
"""Change of a grey value, of 255, that noise and compression do not make."""
STILL = 0.02
"""What waiting counts where nothing moves, against where everything does."""


class Attention:
    """The parts of one video's pictures; remembers how long each has waited. Made of the first picture (H, W, 3)."""

    def __init__(self, image: Picture):
        height, width = image.shape[:2]
        self.coarse = coarse_tiles(width, height)
        self.fine = [*fine_tiles(width, height), *turned(width, height)]
        self._parts = [*self.coarse, *self.fine]
        self._waited = np.zeros(len(self._parts))
        scale: float = THUMBNAIL / max(width, height)
        self._size = (max(round(width * scale), 1), max(round(height * scale), 1))
        self._scale = scale
        self._before = self._thumbnail(image)

    def next(self, image: Picture, boxes: list[Floats], count: int) -> list[Region]:
        """The `count` parts most worth a look in a picture (H, W, 3); what moves in boxes (4,) is known already."""
        moved = self._moved(image, boxes)
        self._waited += 1
        worth = self._waited * [STILL + self._motion(moved, part) for part in self._parts]
        chosen = np.argsort(-worth, kind="stable")[:count]
        self._waited[chosen] = 0
        return [self._parts[index] for index in chosen]

    def _thumbnail(self, image: Picture) -> Floats:
        """(h, w) grey values of a picture made small."""
        return cv2.resize(image, self._size, interpolation=cv2.INTER_AREA).mean(-1)

    def _moved(self, image: Picture, boxes: list[Floats]) -> Bools:
        """(h, w) bool, of the thumbnail: what changed since the last call."""
        before, self._before = self._before, self._thumbnail(image)
        moved = np.abs(self._before - before) > MOVED
        for box in boxes:
            left, top, right, bottom = (box * self._scale).round().astype(int)
            moved[max(top, 0) : max(bottom + 1, 0), max(left, 0) : max(right + 1, 0)] = False
        return moved

    def _motion(self, moved: Bools, part: Region) -> float:
        """0 to 1: how much of a part moved, times how much of what moved is in it: most for the tile that just fits."""
        left, top = np.maximum((part.centre - part.side / 2) * self._scale, 0).astype(int)
        right, bottom = np.ceil((part.centre + part.side / 2) * self._scale).astype(int)
        window = moved[top:bottom, left:right]
        return float(window.mean() * window.sum() / moved.sum()) if window.any() else 0.0
