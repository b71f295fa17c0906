"""The networks of CanonicalPose3D, with the published parameter names.

The pose network is VideoPose3D's (Pavllo et al. 2019, arXiv 1811.11742), fed with canonical 2D joints; the trajectory
network finds where the pelvis is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from operator import mul

import torch
import torch.nn.functional as F
from torch import Tensor, nn

FILTER_WIDTHS, CHANNELS, PATH_CHANNELS = (3, 3, 3, 3), 512, 96
"""Our own weights: a receptive field of 81 frames, 9 MB in half precision."""
EMBEDDED = 500
"""Features that the trajectory network makes of a 3D pose."""


class PoseNet(nn.Module):
    """2D to 3D by dilated convolutions over time, without padding: T + receptive_field - 1 frames in, T out.

    causal: the answer is for a window's last frame instead of its middle one. dense: convolutions as wide as the
    dilated ones, without holes (for ablations, as published).
    """

    def __init__(
        self,
        filter_widths: Sequence[int] = (3, 3, 3, 3, 3),
        channels: int = 1024,
        causal: bool = False,
        dense: bool = False,
        dropout: float = 0.25,
        joints_in: int = 17,
        features_in: int = 2,
        joints_out: int = 17,
        features_out: int = 3,
    ):
        super().__init__()
        if not filter_widths or any(width % 2 == 0 or width < 1 for width in filter_widths):
            raise ValueError(f"filter widths must be odd, got {list(filter_widths)}")
        self.receptive_field = math.prod(filter_widths)
        self.shape_in, self.shape_out, self.causal = (joints_in, features_in), (joints_out, features_out), causal
        dilations = accumulate(filter_widths[:-1], mul)
        self.margins = [
            (width - 1) * dilation // 2 for width, dilation in zip(filter_widths[1:], dilations, strict=True)
        ]
        self.drop = nn.Dropout(dropout)
        self.expand_bn = nn.BatchNorm1d(channels)
        self.shrink = nn.Conv1d(channels, joints_out * features_out, 1)
        self.expand_conv = nn.Conv1d(joints_in * features_in, channels, filter_widths[0], bias=False)
        self.layers_conv, self.layers_bn = nn.ModuleList(), nn.ModuleList()
        for width, margin in zip(filter_widths[1:], self.margins, strict=True):
            size, dilation = (2 * margin + 1, 1) if dense else (width, 2 * margin // max(width - 1, 1) or 1)
            self.layers_conv.append(nn.Conv1d(channels, channels, size, dilation=dilation, bias=False))
            self.layers_conv.append(nn.Conv1d(channels, channels, 1, bias=False))
            self.layers_bn.extend(nn.BatchNorm1d(channels) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """(N, T + receptive_field - 1, J, 2) to (N, T, J, 3)."""
        if x.ndim != 4 or x.shape[2:] != self.shape_in or x.shape[1] < self.receptive_field:
            raise ValueError(f"x must be (N, >= {self.receptive_field}, {self.shape_in}), got {tuple(x.shape)}")
        x = self._step(self.expand_conv, self.expand_bn, x.flatten(2).mT)
        layers = list(zip(self.layers_conv, self.layers_bn, strict=True))
        for margin, wide, narrow in zip(self.margins, layers[::2], layers[1::2], strict=True):
            shift = margin if self.causal else 0
            kept = x[:, :, margin + shift : x.shape[2] - margin + shift]
            x = kept + self._step(*narrow, self._step(*wide, x))
        return self.shrink(x).mT.unflatten(-1, self.shape_out)

    def _step(self, convolution: nn.Module, norm: nn.Module, x: Tensor) -> Tensor:
        return self.drop(F.relu(norm(convolution(x))))


class TrajectoryNet(nn.Module):
    """The pelvis in camera space, for one frame, from the window of 2D joints around it and its 3D pose."""

    def __init__(
        self,
        window: int = 243,
        channels: int = 1024,
        blocks: int = 4,
        dropout: float = 0.25,
        features_2d: int = 34,
        features_3d: int = 51,
    ):
        super().__init__()
        self.shape_2d, self.features_3d = (window, features_2d), features_3d
        self.drop = nn.Dropout(dropout)
        self.expand_bn = nn.BatchNorm1d(channels)
        expand = nn.Conv1d(features_2d, channels, 3, bias=False)
        # expand_bn is registered twice, as published: state dicts hold it under both names
        self.conv1 = nn.Sequential(nn.ReplicationPad1d(1), expand, self.expand_bn, nn.ReLU(), self.drop)
        self.layers_conv = nn.ModuleList(
            nn.Conv1d(channels, channels, 5, dilation=2, bias=False) for _ in range(blocks)
        )
        self.layers_bn = nn.ModuleList(nn.BatchNorm1d(channels) for _ in range(blocks))
        self.reduce = nn.Conv1d(channels, channels, window)
        self.embedding_3d_1 = nn.Linear(features_3d, EMBEDDED)
        self.embedding_3d_2 = nn.Linear(EMBEDDED, EMBEDDED)  # in the published checkpoints, never used
        self.out1 = nn.Linear(channels + EMBEDDED, channels)
        self.out2 = nn.Linear(channels, 3)

    def forward(self, canonical: Tensor, pose: Tensor) -> Tensor:
        """canonical (N, window, 34), pose (N, 51), flattened joint by joint; returns (N, 3) metres."""
        if canonical.shape[1:] != self.shape_2d or pose.shape != (canonical.shape[0], self.features_3d):
            expected = f"(N, {self.shape_2d[0]}, {self.shape_2d[1]}) and (N, {self.features_3d})"
            raise ValueError(f"expected {expected}, got {tuple(canonical.shape)} and {tuple(pose.shape)}")
        x = self.conv1(canonical.mT)
        for convolution, norm in zip(self.layers_conv, self.layers_bn, strict=True):
            x = x + self.drop(F.relu(norm(convolution(F.pad(x, (4, 4), mode="replicate")))))
        seen = F.relu(self.reduce(x)).squeeze(-1)
        posed = F.leaky_relu(self.embedding_3d_1(pose))
        return self.out2(F.leaky_relu(self.out1(torch.cat([seen, posed], -1))))


class CanonicalNets(nn.Module):
    """The two networks, under the names that they have in a published checkpoint."""

    def __init__(self, pose: PoseNet, trajectory: TrajectoryNet):
        super().__init__()
        self.model_pos, self.model_traj = pose, trajectory


def own_nets(dropout: float = 0.0) -> CanonicalNets:
    """Networks of the size of our own weights."""
    pose = PoseNet(FILTER_WIDTHS, CHANNELS, dropout=dropout)
    return CanonicalNets(pose, TrajectoryNet(pose.receptive_field, PATH_CHANNELS, dropout=dropout))
