"""What tells people apart at a glance: the colours of their clothes."""

from __future__ import annotations

import cv2
import numpy as np

from pose3d.core.arrays import Floats, Picture
from pose3d.core.skeleton import H36M17

HUES, GREYS = 12, 4
"""Bins around the circle of hues and along the greys; a colour shares itself between its two nearest."""
PARTS = 2
"""Trunk, then thighs."""
SATURATED = 0.25
"""Saturation, 0 to 1, from which a colour is more hue than grey."""
ALONG, ACROSS = 12, 6
"""Samples of a body part."""
THIGH = 0.35
"""Width of a thigh against its length."""

_CORNERS = H36M17.indices("RShoulder", "LShoulder", "RHip", "LHip")
_THIGHS = (H36M17.indices("RHip", "RKnee"), H36M17.indices("LHip", "LKnee"))
_INNER = np.linspace(0.1, 0.9, ALONG), np.linspace(0.15, 0.85, ACROSS)
"""Where the samples lie along and across: not at the edges, where the background begins."""


def appearance(image: Picture, joints: Floats) -> Floats:
    """(2, 16) float32: soft histograms of hues and greys of trunk and thighs, each sums to 1.

    image (H, W, 3) uint8 RGB; joints (17, 2) pixels, H36M17. A part of which nothing is in the picture is 0.
    """
    trunk = _histogram(_colours(image, _trunk(joints)))
    thighs = _histogram(_colours(image, np.concatenate([_thigh(joints[hip], joints[knee]) for hip, knee in _THIGHS])))
    return np.stack([trunk, thighs]).astype(np.float32)


def _trunk(joints: Floats) -> Floats:
    """(N, 2) points between shoulders and hips."""
    left_top, right_top, left_bottom, right_bottom = joints[_CORNERS]
    down, right = (grid[..., None] for grid in np.meshgrid(*_INNER, indexing="ij"))
    top, bottom = (a + right * (b - a) for a, b in ((left_top, right_top), (left_bottom, right_bottom)))
    return (top + down * (bottom - top)).reshape(-1, 2)


def _thigh(hip: Floats, knee: Floats) -> Floats:
    """(N, 2) points around the line from hip to knee."""
    down, right = (grid[..., None] for grid in np.meshgrid(*_INNER, indexing="ij"))
    along = knee - hip
    across = THIGH * np.array([-along[1], along[0]])
    return (hip + down * along + (right - 0.5) * across).reshape(-1, 2)


def _colours(image: Picture, points: Floats) -> Picture:
    """(N, 3) uint8 of those points (M, 2) that lie in the picture."""
    cells = np.floor(points).astype(int)
    inside = ((cells >= 0) & (cells < image.shape[1::-1])).all(-1)
    x, y = cells[inside].T
    return image[y, x]


def _histogram(colours: Picture) -> Floats:
    """(HUES + GREYS,), sums to 1, or 0 without colours: each counts as hue by its saturation, as grey by the rest."""
    if not len(colours):
        return np.zeros(HUES + GREYS)
    hue, saturation, value = cv2.cvtColor(colours[None].astype(np.float32) / 255, cv2.COLOR_RGB2HSV)[0].T
    coloured = saturation**2 / (saturation**2 + SATURATED**2) * np.minimum(value / SATURATED, 1)
    hues = _soft(hue / 360 * HUES, coloured, HUES, circular=True)
    greys = _soft(value * (GREYS - 1), 1 - coloured, GREYS, circular=False)
    return np.concatenate([hues, greys]) / len(colours)


def _soft(places: Floats, weights: Floats, bins: int, *, circular: bool) -> Floats:
    """(bins,) sums of the weights (N,), each shared between the bins beside its place (N,)."""
    low = np.floor(places).astype(int)
    share = places - low
    high = (low + 1) % bins if circular else np.minimum(low + 1, bins - 1)
    sums = np.zeros(bins)
    np.add.at(sums, low % bins, weights * (1 - share))
    np.add.at(sums, high, weights * share)
    return sums
