"""Cuts a clip into overlapping windows and joins what comes back; every frame is covered at any length."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from pose3d.core.arrays import Floats

BATCH = 8
"""Windows given to the network at once: more are not faster, and take more memory."""


def starts(frames: int, size: int, stride: int) -> list[int]:
    """First frames of the windows; the last one ends with the clip. A clip shorter than a window has one, at 0."""
    last = max(frames - size, 0)
    return sorted({*range(0, last, stride), last})


def pad(clip: Floats, size: int) -> Floats:
    """(T, ...) to at least `size` frames by holding the last one."""
    return clip[np.minimum(np.arange(max(size, len(clip))), len(clip) - 1)]


def over_windows(
    clip: Floats, size: int, stride: int, network: Callable[[Floats], Floats], progress: Callable[[int, int], None]
) -> Floats:
    """Runs `network` ((B, size, ...) to (B, size, ...)) over all windows of a clip (T, ...) and averages the overlaps.

    Frames in a window's middle, where it sees most around them, count more. `progress` takes frames done and frames.
    """
    frames = len(clip)
    clip = pad(clip, size)
    weight = np.hanning(size + 2)[1:-1].astype(np.float32)
    answers: list[tuple[int, Floats]] = []
    for chosen in _batches(starts(frames, size, stride)):
        output = network(np.stack([clip[start : start + size] for start in chosen]))
        answers += zip(chosen, output, strict=True)
        progress(min(chosen[-1] + size, frames), frames)
    total, weights = np.zeros((len(clip), *answers[0][1].shape[1:]), np.float32), np.zeros(len(clip), np.float32)
    for start, window in answers:
        total[start : start + size] += _along(weight, window) * window
        weights[start : start + size] += weight
    return (total / _along(weights, total))[:frames]


def _along(weights: Floats, values: Floats) -> Floats:
    """(T,) for values (T, ...)."""
    return weights.reshape(-1, *[1] * (values.ndim - 1))


def _batches(items: list[int]) -> Iterator[list[int]]:
    for i in range(0, len(items), BATCH):
        yield items[i : i + BATCH]
