"""The HDFormer network (Chen et al. 2023, arXiv 2302.01825), with the published parameter names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pose3d.core.arrays import Floats
from pose3d.core.skeleton import H36M17, Skeleton
from pose3d.io.models.tensors import from_numpy, unflatten
from pose3d.lift.folders import TIME_FACTOR

CHANNELS = (16, 32, 64, 128, 256)
SUBSETS = 3
HEADS = 8
LEFT_OUT = {(0, 7, 8, 11), (0, 7, 8, 14)}
"""Pelvis-to-shoulder paths, which the published network has no token for."""


def adjacency(skeleton: Skeleton) -> Floats:
    """(3, V, V) float32: self, inward and outward links, each non-empty column summing to 1.

    As published, the root's missing parent -1 is taken as an index and links the root to the last joint.
    """
    size = len(skeleton)
    inward = np.zeros((size, size), np.float32)
    for child, parent in enumerate(skeleton.parents):
        inward[parent, child] = 1
    maps = np.stack([np.eye(size, dtype=np.float32), inward, inward.T])
    return maps / np.maximum(maps.sum(1, keepdims=True), 1)


class FirstOrderAttention(nn.Module):
    """Attention among joints, added to the skeleton's fixed links; (N, C, T, V) to (N, C', T, V)."""

    A: Tensor

    def __init__(self, c_in: int, c_out: int, links: Floats):
        super().__init__()
        c_mid = c_out // 4
        self.register_buffer("A", from_numpy(links), persistent=False)
        self.PA = nn.Parameter(torch.full(links.shape, 1e-6))
        self.conv_a = nn.ModuleList(nn.Conv2d(c_in, c_mid, 1) for _ in range(SUBSETS))
        self.conv_b = nn.ModuleList(nn.Conv2d(c_in, c_mid, 1) for _ in range(SUBSETS))
        self.conv_d = nn.ModuleList(nn.Conv2d(c_in, c_out, 1) for _ in range(SUBSETS))
        self.linears = nn.ModuleList(nn.Linear(c_in, c_in) for _ in range(SUBSETS))
        self.down = nn.Sequential(nn.Conv2d(c_in, c_out, 1), nn.BatchNorm2d(c_out)) if c_in != c_out else nn.Identity()
        self.bn = nn.BatchNorm2d(c_out)

    def forward(self, x: Tensor) -> Tensor:
        # The subsets' equal layers run as one: few large products with the channels last, which is how CPUs like them.
        rows = x.permute(0, 2, 3, 1)
        keys = unflatten(_together(rows, [*self.conv_a, *self.conv_b]), -1, (2, SUBSETS, -1))
        a, b = keys.permute(3, 0, 4, 2, 1, 5).flatten(-2)  # (N, 3, V, T * C' / 4)
        attention = torch.softmax(a @ b.mT / a.shape[-1], dim=-2) + self.A + self.PA
        values = unflatten(_together(rows, self.linears), -1, (SUBSETS, -1)).permute(0, 3, 2, 1, 4)  # (N, 3, V, T, C)
        mixed = (attention.mT @ values.flatten(-2)).view_as(values).permute(0, 3, 2, 1, 4).flatten(-2)
        weight = torch.cat([matrix(layer) for layer in self.conv_d], dim=1)
        bias = torch.stack([cast(Tensor, layer.bias) for layer in self.conv_d]).sum(0)
        return F.relu(self.bn(F.linear(mixed, weight, bias).permute(0, 3, 1, 2)) + self.down(x))


def _together(rows: Tensor, layers: Iterable[nn.Module]) -> Tensor:
    """The outputs of linear layers or 1x1 convolutions on the same (..., C), one after the other."""
    layers = list(layers)
    weight = torch.cat([matrix(layer) for layer in layers])
    return F.linear(rows, weight, torch.cat([cast(Tensor, layer.bias) for layer in layers]))


def matrix(layer: nn.Module) -> Tensor:
    """(C', C) weight of a linear layer or a 1x1 convolution."""
    return cast(Tensor, layer.weight).flatten(1)


class CrossAttention(nn.Module):
    """Queries (B, V, C) attend to bone tokens (B, K, C)."""

    def __init__(self, dim: int):
        super().__init__()
        self.to_q, self.to_k, self.to_v = nn.Linear(dim, dim), nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, joints: Tensor, bones: Tensor) -> Tensor:
        q, k, v = (
            layer(tokens).unflatten(-1, (HEADS, -1)).transpose(1, 2)
            for layer, tokens in ((self.to_q, joints), (self.to_k, bones), (self.to_v, bones))
        )
        return self.proj(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))


class MLP(nn.Module):
    def __init__(self, dim: int, hidden: int):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(dim, hidden), nn.Linear(hidden, dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    """First-order attention, then a convolution over time, with a residual around both."""

    def __init__(self, c_in: int, c_out: int, links: Floats, dropout: float, stride: int = 1, first: bool = False):
        super().__init__()
        self.first = first
        self.foa_block = FirstOrderAttention(c_in, c_out, links)
        self.tcn_v = nn.Sequential(
            nn.BatchNorm2d(c_out),
            nn.ReLU(),
            nn.Conv2d(c_out, c_out, (9, 1), (stride, 1), (4, 0)),
            nn.BatchNorm2d(c_out),
            nn.Dropout(dropout),
        )
        if not first and (c_in != c_out or stride != 1):
            self.residual_v = nn.Sequential(nn.Conv2d(c_in, c_out, 1, (stride, 1)), nn.BatchNorm2d(c_out))
        else:
            self.residual_v = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        y = self.tcn_v(self.attend(self.foa_block(x)))
        return F.relu(y if self.first else y + self.residual_v(x))

    def attend(self, x: Tensor) -> Tensor:
        """High-order attention; nothing in a plain block."""
        return x


class MergeBlock(Block):
    """A block in which joints also attend to bones and to chains of bones up to `max_hop` long, per frame."""

    def __init__(self, c_in: int, c_out: int, skeleton: Skeleton, links: Floats, dropout: float, max_hop: int):
        super().__init__(c_in, c_out, links, dropout)
        self.cross_attn = CrossAttention(c_out)
        self.norm_v, self.norm_mlp = nn.LayerNorm(c_out), nn.LayerNorm(c_out)
        self.mlp = MLP(c_out, 2 * c_out)
        self.hops = range(2, max_hop + 1)
        self.linears = nn.ModuleList(nn.ModuleList(nn.Linear(k, 1) for _ in _chains(skeleton, k)) for k in self.hops)
        self.register_buffer("bones", _differences(skeleton, skeleton.edges)[:, 0], persistent=False)
        for k in self.hops:
            self.register_buffer(f"chains_{k}", _differences(skeleton, _chains(skeleton, k)), persistent=False)

    def attend(self, x: Tensor) -> Tensor:
        n, _, t, _ = x.shape
        joints = x.permute(0, 2, 3, 1).flatten(0, 1)
        weight, bias = self.token_map()
        joints = self.norm_v(self.cross_attn(joints, weight @ joints + bias[:, None])) + joints
        joints = self.mlp(self.norm_mlp(joints)) + joints
        return joints.unflatten(0, (n, t)).permute(0, 3, 1, 2)

    def token_map(self) -> tuple[Tensor, Tensor]:
        """(K, V) and (K,): every bone token is a fixed linear combination of the joints, so one product makes all."""
        bones = self.get_buffer("bones")
        weights, biases = [bones], [bones.new_zeros(len(bones))]
        for k, layers in zip(self.hops, self.linears, strict=True):
            chains = [cast(nn.Linear, layer) for layer in cast(nn.ModuleList, layers)]
            weight = torch.cat([chain.weight for chain in chains])  # (paths, k)
            weights.append(torch.einsum("pk,pkv->pv", weight, self.get_buffer(f"chains_{k}")))
            biases.append(torch.cat([chain.bias for chain in chains]))
        return torch.cat(weights), torch.cat(biases)


def _chains(skeleton: Skeleton, hops: int) -> list[tuple[int, ...]]:
    return [path for path in skeleton.paths(hops) if path not in LEFT_OUT]


def _differences(skeleton: Skeleton, paths: Sequence[tuple[int, ...]]) -> Tensor:
    """(paths, hops, V): the rows that take child minus parent along each path."""
    eye = torch.eye(len(skeleton))
    return torch.stack([eye[list(path[1:])] - eye[list(path[:-1])] for path in paths])


class Backbone(nn.Module):
    """A U-shape over time; (N, C, T, V) to (N, 16, T, V)."""

    def __init__(self, in_channels: int, skeleton: Skeleton, dropout: float, max_hop: int):
        super().__init__()
        links = adjacency(skeleton)
        self.data_bn = nn.BatchNorm1d(in_channels * len(skeleton))
        self.downsample = nn.ModuleList([Block(in_channels, CHANNELS[0], links, dropout, first=True)])
        for c_in, c_out in pairwise(CHANNELS):
            self.downsample.append(Block(c_in, c_out, links, dropout, stride=2))
            self.downsample.append(Block(c_out, c_out, links, dropout))
        back = CHANNELS[::-1]
        self.upsample = nn.ModuleList(Block(c_in, c_out, links, dropout) for c_in, c_out in pairwise(back))
        self.merge = nn.ModuleList(
            MergeBlock(c_in, CHANNELS[0], skeleton, links, dropout, max_hop) for c_in in back[:-1]
        )

    def forward(self, x: Tensor) -> Tensor:
        n, c, t, v = x.shape
        x = self.data_bn(x.permute(0, 1, 3, 2).reshape(n, c * v, t)).view(n, c, v, t).transpose(2, 3)
        skips: list[Tensor] = []
        for i, block in enumerate(self.downsample):
            x = block(x)
            if i % 2 == 0:
                skips.append(x)
        levels = [skips.pop()]
        for block in self.upsample:
            levels.append(_stretch(block(levels[-1]), 2) + skips.pop())
        for i, merge in enumerate(self.merge):
            levels[-1] = levels[-1] + _stretch(merge(levels[i]), TIME_FACTOR >> i)
        return levels[-1]


def _stretch(x: Tensor, factor: int) -> Tensor:
    return F.interpolate(x, scale_factor=(factor, 1), mode="bilinear", align_corners=False)


class HDFormerNet(nn.Module):
    """2D to 3D for windows of frames.

    The arguments are the published configuration's; the switches that it leaves at one value accept only that value.
    """

    def __init__(
        self,
        in_channels: int = 2,
        n_joints: int = 17,
        dropout: float = 0.3,
        data_bn: bool = True,
        PJN: bool = True,  # noqa: N803 - published names
        attention_down: bool = False,
        attention_up: bool = False,
        attention_merge: bool = True,
        max_hop: int = 4,
        regressor_type: str = "conv",
        regress_with_edge: bool = False,
    ):
        super().__init__()
        built = (17, True, True, False, False, True, "conv", False)
        asked = (n_joints, data_bn, PJN, attention_down, attention_up, attention_merge, regressor_type)
        if (*asked, regress_with_edge) != built:
            raise ValueError(f"only the published switches {built} are built, got {(*asked, regress_with_edge)}")
        self.mirror = H36M17.mirror
        self.backbone = Backbone(in_channels, H36M17, dropout, max_hop)
        self.joint_regressor = nn.Conv2d(CHANNELS[0], 3 * (n_joints - 1), (3, n_joints), padding=(1, 0))

    def forward(self, x: Tensor, mean_3d: Tensor, std_3d: Tensor) -> Tensor:
        """x (N, 2, T, 17), T a multiple of 16; mean_3d, std_3d (1, 3, 1, 17); returns (N, 3, T, 17), pelvis at 0."""
        if x.shape[2] % TIME_FACTOR:
            raise ValueError(f"T must be a multiple of {TIME_FACTOR}, got {x.shape[2]}")
        joints = self.joint_regressor(self.backbone(x)).squeeze(-1)
        joints = joints.unflatten(1, (3, -1)).transpose(2, 3)
        return F.pad(joints, (1, 0)) * std_3d + mean_3d
