"""How the picture as a whole moves: whether the camera was held still, told by what stands still in the background."""

from __future__ import annotations

import cv2
import numpy as np

from pose3d.core.arrays import Floats, Picture
from pose3d.core.video import Frame

WIDTH = 256
"""Pixels across the longer side of the pictures that are compared."""
EVERY = 0.25
"""Seconds from one compared picture to the next."""
CORNERS, APART, CLEAR = 200, 7, 0.01
"""At most so many points are followed, so many pixels from each other; their least quality against the best one's."""
FEWEST = 12
"""Points from which a picture can be compared at all."""
WINDOW = (15, 15)
"""Pixels around a point by which it is known again."""
LOST = 1.0
"""Pixels by which a point followed there and back may be off."""
STILL, ENOUGH_STILL = 0.4, 0.2
"""Pixels up to which a point stands still, and the share of the points from which the camera does: people move, but
they are not all of the picture, and marks that were laid over it are fewer."""
TOGETHER = 0.5
"""Share of the points that have to move as one for the camera to have moved."""
AS_ONE = 1.0
"""Pixels by which they may differ."""
CELLS, SPREAD = 4, 0.4
"""Cells across and down the picture, and the share of them in which such points have to be, as no person is."""


class PictureShift:
    """Follows the background through the frames of one video; made anew for each."""

    def __init__(self) -> None:
        self._before: Picture | None = None
        self._moved = np.eye(3)
        self._times: list[float] = []
        self._shifts: list[float] = []

    def see(self, frame: Frame) -> None:
        """The next frame."""
        if self._times and frame.time < self._times[-1] + EVERY - 1e-6:
            return
        picture = small(frame.image)
        if self._before is not None:
            self._moved = motion(self._before, picture) @ self._moved
        self._before = picture
        self._times.append(frame.time)
        self._shifts.append(displacement(self._moved, picture.shape))

    def at(self, times: Floats) -> Floats:
        """(T,) float32 at times (T,) seconds: how far the background is from where it was in the first frame.

        Mean over the corners of the picture, in parts of its longer side.
        """
        if not self._times:
            return np.zeros(len(times), np.float32)
        return np.interp(times, self._times, self._shifts).astype(np.float32)


def small(image: Picture) -> Picture:
    """(H, W) grey, WIDTH pixels across its longer side."""
    scale = WIDTH / max(image.shape[:2])
    size = (max(round(image.shape[1] * scale), 1), max(round(image.shape[0] * scale), 1))
    return np.asarray(cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY), np.uint8)


def motion(before: Picture, after: Picture) -> Floats:
    """(3, 3): how the background went from one grey picture (H, W) to the next: shifted, turned, scaled.

    Not at all where enough stands still, or where nothing moves as one all over the picture.
    """
    start, end = followed(before, after)
    if len(start) < FEWEST:
        return np.eye(3)
    if (np.linalg.norm(end - start, axis=-1) < STILL).mean() >= ENOUGH_STILL:
        return np.eye(3)
    matrix, inside = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=AS_ONE)
    if matrix is None:  # pyright: ignore[reportUnnecessaryComparison] - of points that nothing fits
        return np.eye(3)
    if np.mean(inside) < TOGETHER or spread(start[inside[:, 0] > 0], before.shape) < SPREAD:
        return np.eye(3)
    return np.vstack([matrix, [0.0, 0.0, 1.0]])


def followed(before: Picture, after: Picture) -> tuple[Floats, Floats]:
    """Points (N, 2) of the first picture and where they are in the second (Lucas and Kanade 1981, in pyramids)."""
    points = cv2.goodFeaturesToTrack(before, CORNERS, CLEAR, APART)
    if points is None:  # pyright: ignore[reportUnnecessaryComparison] - of a plain picture
        nothing = np.empty((0, 2), np.float32)
        return nothing, nothing
    there, found, _ = cv2.calcOpticalFlowPyrLK(before, after, points, points.copy(), winSize=WINDOW)
    back, found_back, _ = cv2.calcOpticalFlowPyrLK(after, before, there, there.copy(), winSize=WINDOW)
    off = np.linalg.norm(back - points, axis=-1)[:, 0]
    sure = (found[:, 0] > 0) & (found_back[:, 0] > 0) & (off < LOST)
    return points[sure, 0], there[sure, 0]


def spread(points: Floats, shape: tuple[int, ...]) -> float:
    """Share of the CELLS of a picture (H, W) that points (N, 2) are in."""
    cells = (points / (shape[1], shape[0]) * CELLS).astype(int).clip(0, CELLS - 1)
    return len(np.unique(cells, axis=0)) / CELLS**2


def displacement(moved: Floats, shape: tuple[int, ...]) -> float:
    """Mean distance of the moved corners of a picture (H, W) from where they were, in parts of its longer side."""
    height, width = shape[:2]
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], np.float64)
    return float(np.linalg.norm((corners @ moved.T - corners)[:, :2], axis=-1).mean() / max(height, width))
