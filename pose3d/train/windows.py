"""Cuts windows out of recorded clips, at varied speed."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from pose3d.core.arrays import Ints
from pose3d.io.models.tensors import from_numpy, unflatten
from pose3d.train.motion import MotionClip

SPEEDS = (0.6, 1.6)
"""Slowest and fastest playback of a recording, times the recorded speed."""
HELD = 0.1
"""Share of windows that stop somewhere and hold the pose, as short clips do when they are lifted."""


class WindowSampler:
    """Random windows of clips; clips are drawn in proportion to their length, short ones hold their last pose."""

    def __init__(self, clips: list[MotionClip], seed: int, device: str = "cpu"):
        self.positions = from_numpy(np.concatenate([clip.positions for clip in clips])).to(device)
        self.lengths = np.array([len(clip.positions) for clip in clips])
        self.firsts = np.cumsum(self.lengths) - self.lengths
        self.rng = np.random.default_rng(seed)

    def draw(self, batch: int, frames: int) -> Tensor:
        """(batch, frames, 17, 3) metres."""
        chosen = self.rng.choice(len(self.lengths), (batch, 1), p=self.lengths / self.lengths.sum())
        last = self.lengths[chosen] - 1
        speed = self.rng.uniform(*SPEEDS, (batch, 1))
        span = speed * (frames - 1)
        start = self.rng.uniform(-0.1 * span, np.maximum(last - 0.9 * span, 0))
        held_from = np.where(self.rng.random((batch, 1)) < HELD, self.rng.uniform(0, frames, (batch, 1)), frames)
        times = np.clip(start + speed * np.minimum(np.arange(frames), held_from), 0, last)
        before = times.astype(np.int64)
        return torch.lerp(
            self._poses(self.firsts[chosen] + before),
            self._poses(self.firsts[chosen] + np.minimum(before + 1, last)),
            from_numpy((times - before).astype(np.float32)).to(self.positions.device)[..., None, None],
        )

    def _poses(self, index: Ints) -> Tensor:
        return self.positions[from_numpy(index).to(self.positions.device)]


def cover(clip: MotionClip, frames: int) -> Tensor:
    """(N, frames, 17, 3): the clip cut end to end, its last pose held to fill the last window."""
    positions = from_numpy(clip.positions)
    missing = -len(positions) % frames
    filled = torch.cat([positions, positions[-1:].expand(missing, -1, -1)])
    return unflatten(filled, 0, (-1, frames))
