"""Cuts windows out of recorded clips, at varied speed."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from pose3d.train.motion import MotionClip

SPEEDS = (0.6, 1.6)
"""Slowest and fastest playback of a recording, times the recorded speed."""


class WindowSampler:
    """Random windows of clips; clips are drawn in proportion to their length, short ones hold their last pose."""

    def __init__(self, clips: list[MotionClip], seed: int):
        self.clips = [torch.from_numpy(clip.positions) for clip in clips]
        lengths = np.array([len(clip) for clip in self.clips], float)
        self.share = lengths / lengths.sum()
        self.rng = np.random.default_rng(seed)

    def draw(self, batch: int, frames: int) -> Tensor:
        """(batch, frames, 17, 3) metres."""
        chosen = self.rng.choice(len(self.clips), batch, p=self.share)
        return torch.stack([self._window(self.clips[i], frames) for i in chosen])

    def _window(self, clip: Tensor, frames: int) -> Tensor:
        speed = self.rng.uniform(*SPEEDS)
        span = speed * (frames - 1)
        start = self.rng.uniform(-0.1 * span, max(len(clip) - 1 - 0.9 * span, 0.0))
        times = torch.clamp(start + speed * torch.arange(frames), 0, len(clip) - 1)
        before = times.floor().long()
        after = torch.clamp(before + 1, max=len(clip) - 1)
        share = (times - before)[:, None, None]
        return clip[before] * (1 - share) + clip[after] * share


def cover(clip: MotionClip, frames: int) -> Tensor:
    """(N, frames, 17, 3): the clip cut end to end, its last pose held to fill the last window."""
    positions = torch.from_numpy(clip.positions)
    missing = -len(positions) % frames
    filled = torch.cat([positions, positions[-1:].expand(missing, -1, -1)])
    return filled.unflatten(0, (-1, frames))
