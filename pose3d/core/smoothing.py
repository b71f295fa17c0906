"""Takes the tremble out of joints over time, without lag."""

from __future__ import annotations

import numpy as np
from scipy.signal import savgol_filter

SMOOTHING = 0.2
"""Seconds that the smoothing filter spans; a quadratic over so short a time keeps fast limbs."""


def smooth(xy: np.ndarray, fps: float) -> np.ndarray:
    """Savitzky-Golay over time, no lag; (T, J, D) to float32 alike. Nothing at low frame rates or in short clips."""
    window = round(SMOOTHING * fps) // 2 * 2 + 1
    if window < 5 or len(xy) < window:
        return xy.astype(np.float32)
    return np.asarray(savgol_filter(xy, window, polyorder=2, axis=0), np.float32)
