"""The clock: real times of frames, rates derived from them, and values taken to other times."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Bools, Floats, Ints
from pose3d.core.scientific import pchip

USUAL_RATE = 30.0
"""Frames per second where a single frame tells of none."""
CAMERA_RATES = (10, 12, 12.5, 15, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120, 240)
"""Frames per second that cameras and recorders are set to."""
NTSC_RATES = (24000 / 1001, 30000 / 1001, 60000 / 1001, 120000 / 1001)
"""Frames per second of cameras that go by American television: 29.97 and its like, a thousandth below whole rates."""
NEAR_RATE, NEAR_NTSC = 0.02, 0.00025
"""Of a rate: stamps that are rounded or jitter tell it no better. Those of television rates are exact."""
LARGEST_JITTER = 0.45
"""Of a step; a frame that was left out shifts others by half a step at least."""
SAME_TIME = 1e-6
"""Seconds by which a frame may lie before the start of a span and still be in it."""
FASTEST = 1000.0
"""Frames per second: stamps closer than that are a fault of the file."""

NEAR_MEDIAN = 0.05
"""Of the median step: where the mean is so near, the rate is even."""


def check_times(times: Floats) -> None:
    """Raises ValueError unless times (T,), T at least 1, are finite and grow."""
    if times.ndim != 1 or not len(times):
        raise ValueError(f"times must have shape (T,) with T at least 1, got {times.shape}")
    if not np.isfinite(times).all() or (np.diff(times) <= 0).any():
        raise ValueError("times must be finite and grow from frame to frame")


def median_rate(times: Floats) -> float:
    """Frames per second of times (T,) seconds: that of the usual step, USUAL_RATE for a single frame.

    The usual step is the mean one where that is near the median, else the median: stamps in whole milliseconds make
    steps of 33 and 34, and a recording's steps jump about their mean.
    """
    if len(times) < 2:
        return USUAL_RATE
    steps = np.diff(times)
    mean, median = float(steps.mean()), float(np.median(steps))
    return 1 / (mean if abs(mean - median) <= NEAR_MEDIAN * median else median)


def nominal_rate(times: Floats) -> float:
    """Frames per second that a camera with frames at times (T,) was set to; 29.97 is 30000/1001.

    Stamps in whole milliseconds, early and late frames, pauses and a rate that changes on the way do not disturb it.
    """
    if len(times) == 1:
        return USUAL_RATE
    count = np.arange(len(times))
    step, start = np.polyfit(count, times, 1)
    if np.abs(times - start - step * count).max() < LARGEST_JITTER * step:  # nothing was left out
        rate = _camera_rate(1 / float(step))
        fits = len(nominal_times(times, rate)) == len(times)
        return rate if fits else (len(times) - 1) / float(times[-1] - times[0])
    steps = np.diff(times)
    middle = np.quantile(steps, 0.5, method="lower")
    usual = steps[np.abs(steps - middle) <= middle / 2]
    return _camera_rate(min(1 / float(usual.mean()), FASTEST))


def _camera_rate(rate: float) -> float:
    """The camera rate next to a measured one, if there is one near."""
    for rates, near in ((NTSC_RATES, NEAR_NTSC), (CAMERA_RATES, NEAR_RATE)):
        likely = min(rates, key=lambda camera: abs(camera - rate))
        if abs(likely / rate - 1) < near:
            return float(likely)
    return rate


def nominal_times(times: Floats, rate: float) -> Floats:
    """(N,) float64 seconds: `rate` a second from the first of times (T,), the last nearest to the last of them.

    As many as there are times where these were taken at that rate, however much single ones are early or late.
    """
    return times[0] + np.arange(round(float(times[-1] - times[0]) * rate) + 1) / rate


def even_times(times: Floats, rate: float) -> Floats:
    """(N,) float64 seconds: from the first of times (T,) to the last or just beyond, `rate` a second."""
    frames = int(np.ceil((times[-1] - times[0]) * rate - 1e-3)) + 1
    return times[0] + np.arange(max(frames, 1)) / rate


def resampled(times: Floats, values: Floats, wanted: Floats) -> Floats:
    """values (T, ...) at times (T,) to those (N, ...) at `wanted` (N,), float64; the ends hold beyond them.

    Piecewise cubic without overshoot (Fritsch and Carlson 1980, PCHIP), exact where a wanted time is one of the times.
    """
    if len(times) == 1:
        return np.repeat(np.asarray(values, np.float64), len(wanted), axis=0)
    return pchip(times, values, np.clip(wanted, times[0], times[-1]))


def nearest(times: Floats, wanted: Floats) -> Ints:
    """(N,) indices of the times (T,) that lie nearest to `wanted` (N,)."""
    right = np.searchsorted(times, wanted).clip(1, max(len(times) - 1, 1))
    left = right - 1
    right = right.clip(max=len(times) - 1)
    return np.where(np.abs(times[right] - wanted) < np.abs(wanted - times[left]), right, left)


def held(times: Floats, flags: Bools, wanted: Floats) -> Bools:
    """flags (T, ...) of the times (T,) that lie nearest to `wanted` (N,): (N, ...)."""
    return flags[nearest(times, wanted)]


def frame_ends(times: Floats) -> Floats:
    """(T,) seconds at which each frame gives way to the next; the last lasts as long as most."""
    return np.append(times[1:], times[-1] + 1 / median_rate(times))
