"""Takes the jitter out of joints over time, without lag, at any frame rate and also where it varies."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.times import median_rate

SMOOTHING = 0.2
"""Seconds that the smoothing window spans; a quadratic over so short a time keeps fast limbs."""
FEWEST = 5
"""Frames that a window needs: through three a quadratic goes exactly, and through four it hardly smooths."""
ROUNDING = 0.02
"""Of the window: frames that lie so little beyond its ends belong to it."""


def smooth(values: Floats, times: Floats) -> Floats:
    """values (T, ...) at times (T,) seconds to float32 alike: to each frame, the quadratic that fits its window best.

    Least squares over SMOOTHING seconds around the frame, at the clip's ends over its first or last such window; at a
    constant rate the filter of Savitzky and Golay (1964). Frames whose window holds fewer than FEWEST stay as they are.
    """
    half = SMOOTHING / 2
    if times[-1] - times[0] < SMOOTHING * (1 - ROUNDING):
        return values.astype(np.float32)
    middle = np.clip(times, times[0] + half, times[-1] - half)
    first = np.searchsorted(times, middle - half * (1 + ROUNDING))
    last = np.searchsorted(times, middle + half * (1 + ROUNDING), side="right")
    rows = first[:, None] + np.arange(int((last - first).max()))
    inside = rows < last[:, None]
    rows = np.minimum(rows, len(times) - 1)
    weights = _weights((times[rows] - times[:, None]) / half, inside)
    flat = values.reshape(len(values), -1).astype(np.float64)
    fitted = np.einsum("tk,tkd->td", weights, flat[rows])
    enough = inside.sum(1) >= FEWEST
    return np.where(enough[:, None], fitted, flat).astype(np.float32).reshape(values.shape)


def bending(times: Floats) -> Floats:
    """(3, T) lower banded B for which x'Bx is the sum of the squared accelerations of x (T,) at the inner frames.

    Accelerations are the second divided differences at the frames' real times (T,) in seconds. Each counts for the time
    around its frame, in frames of the usual step, so that a rate that changes does not change how stiff a path is.
    """
    before, after = np.diff(times)[:-1], np.diff(times)[1:]
    around = (before + after) / 2
    differences = (1 / (before * around), -1 / (before * around) - 1 / (after * around), 1 / (after * around))
    counts = around * median_rate(times)
    band = np.zeros((3, len(times)))
    for i, a in enumerate(differences):
        for j, b in enumerate(differences[: i + 1]):
            band[i - j, j : j + len(around)] += counts * a * b
    return band


def _weights(offsets: Floats, inside: Bools) -> Floats:
    """(T, K): what each frame of a window counts for the fitted quadratic's value at offset 0; offsets (T, K)."""
    powers = np.stack([np.ones_like(offsets), offsets, offsets**2], -1) * inside[..., None]
    moments = powers.transpose(0, 2, 1) @ powers + 1e-9 * np.eye(3)
    return (powers @ np.linalg.inv(moments)[:, :, :1])[..., 0]
