"""The straight lines of a video's pictures: edges of walls, doors, boards and furniture, which tell how it was held."""

from __future__ import annotations

import cv2
import numpy as np

from pose3d.core.arrays import Floats, Picture
from pose3d.core.lines import NO_LINES, Lines
from pose3d.core.video import Frame

EVERY = 1.0
"""Seconds from one picture whose lines are taken to the next."""
PICTURES, LINES = 3, 100
"""At most, and the longest of each: people hide other lines in each, and what stands still is found in all."""
WIDTH = 960
"""Pixels across the longer side of the pictures that are searched, at most."""
SHORTEST = 0.03
"""Of the longer side: shorter lines have no sure direction."""


class PictureLines:
    """Takes lines out of some frames of one video; made anew for each."""

    def __init__(self) -> None:
        self._next = -np.inf
        self._found: list[Floats] = []

    def see(self, frame: Frame) -> None:
        """The next frame."""
        if len(self._found) < PICTURES and frame.time >= self._next:
            self._found.append(straight_lines(frame.image))
            self._next = frame.time + EVERY

    @property
    def found(self) -> Lines:
        """Those of the frames so far."""
        return Lines(np.concatenate(self._found), len(self._found)) if self._found else NO_LINES


def straight_lines(image: Picture) -> Floats:
    """(N, 2, 2) float32 pixels: both ends of the longest lines of a picture (Grompone von Gioi et al. 2010)."""
    longer = max(image.shape[:2])
    scale = min(1.0, WIDTH / longer)
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(small)[0]
    if found is None:  # pyright: ignore[reportUnnecessaryComparison] - of a plain picture
        return NO_LINES.ends
    lines = np.asarray(found, np.float32).reshape(-1, 2, 2) / np.float32(scale)
    length = np.linalg.norm(lines[:, 1] - lines[:, 0], axis=-1)
    longest = np.argsort(-length, kind="stable")[:LINES]
    return lines[longest[length[longest] >= SHORTEST * longer]]
