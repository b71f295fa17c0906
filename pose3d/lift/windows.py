"""Cuts a clip into overlapping windows and joins what comes back; every frame is covered at any length."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

BATCH = 16
"""Windows given to the network at once."""


def starts(frames: int, size: int, stride: int) -> list[int]:
    """First frames of the windows; the last one ends with the clip. A clip shorter than a window has one, at 0."""
    last = max(frames - size, 0)
    return sorted({*range(0, last, stride), last})


def pad(clip: Tensor, size: int) -> Tensor:
    """(T, ...) to at least `size` frames by holding the last one."""
    missing = max(size - len(clip), 0)
    return torch.cat([clip, clip[-1:].expand(missing, *clip.shape[1:])])


def over_windows(
    clip: Tensor, size: int, stride: int, network: Callable[[Tensor], Tensor], progress: Callable[[int, int], None]
) -> Tensor:
    """Runs `network` ((B, size, ...) to (B, size, ...)) over all windows of a clip (T, ...) and averages the overlaps.

    Frames in a window's middle, where it sees most around them, count more. `progress` takes frames done and frames.
    """
    frames = len(clip)
    clip = pad(clip, size)
    weight = torch.hann_window(size + 2, periodic=False)[1:-1]
    total, weights = None, torch.zeros(len(clip))
    for chosen in _batches(starts(frames, size, stride)):
        output = network(torch.stack([clip[s : s + size] for s in chosen])).cpu()
        total = torch.zeros(len(clip), *output.shape[2:]) if total is None else total
        for start, window in zip(chosen, output, strict=True):
            total[start : start + size] += window * weight.view(-1, *[1] * (window.ndim - 1))
            weights[start : start + size] += weight
        progress(min(chosen[-1] + size, frames), frames)
    assert total is not None
    return (total / weights.view(-1, *[1] * (total.ndim - 1)))[:frames]


def _batches(items: list[int]) -> Iterator[list[int]]:
    for i in range(0, len(items), BATCH):
        yield items[i : i + BATCH]
