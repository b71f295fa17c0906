"""HRNetV2-W48 for 2D joints (Sun et al. 2019, arXiv 1902.09212 and 1908.07919), with the published parameter names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDTHS = (48, 96, 192, 384)
"""Channels of the branches, at a quarter, an eighth, ... of the picture's resolution."""
JOINTS = 15


def _conv(c_in: int, c_out: int, size: int = 3, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(c_in, c_out, size, stride, size // 2, bias=False)


class BasicBlock(nn.Module):
    """Two 3x3 convolutions with a residual."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv1, self.bn1 = _conv(channels, channels), nn.BatchNorm2d(channels)
        self.conv2, self.bn2 = _conv(channels, channels), nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + x)


class Bottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolutions with a residual; four times as many channels out as in the middle."""

    def __init__(self, c_in: int, c_mid: int):
        super().__init__()
        c_out = 4 * c_mid
        self.conv1, self.bn1 = _conv(c_in, c_mid, 1), nn.BatchNorm2d(c_mid)
        self.conv2, self.bn2 = _conv(c_mid, c_mid), nn.BatchNorm2d(c_mid)
        self.conv3, self.bn3 = _conv(c_mid, c_out, 1), nn.BatchNorm2d(c_out)
        self.downsample = nn.Sequential(_conv(c_in, c_out, 1), nn.BatchNorm2d(c_out)) if c_in != c_out else None

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
        return F.relu(self.bn3(self.conv3(y)) + (self.downsample(x) if self.downsample else x))


class Exchange(nn.Module):
    """Four basic blocks in every branch, then every branch gets the sum of all, resampled to its resolution."""

    def __init__(self, widths: tuple[int, ...]):
        super().__init__()
        self.branches = nn.ModuleList(nn.Sequential(*(BasicBlock(width) for _ in range(4))) for width in widths)
        self.fuse_layers = nn.ModuleList(
            nn.ModuleList(_bring(widths, source, target) for source in range(len(widths)))
            for target in range(len(widths))
        )

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        branches = [layer(x) for layer, x in zip(self.branches, branches, strict=True)]
        fused: list[Tensor] = []
        for target, layers in zip(branches, self.fuse_layers, strict=True):
            brought = [layer(x) for layer, x in zip(cast(nn.ModuleList, layers), branches, strict=True)]
            fused.append(F.relu(reduce(torch.add, (F.interpolate(x, target.shape[-2:]) for x in brought))))
        return fused


def _bring(widths: tuple[int, ...], source: int, target: int) -> nn.Module:
    """From one branch's width to another's, and down to its resolution; upsampling follows outside."""
    if source == target:
        return nn.Identity()
    if source > target:
        return nn.Sequential(_conv(widths[source], widths[target], 1), nn.BatchNorm2d(widths[target]))
    halvings: list[nn.Module] = []
    for step in range(source, target):
        width = widths[target] if step == target - 1 else widths[source]
        last = [] if step == target - 1 else [nn.ReLU()]
        halvings.append(nn.Sequential(_conv(widths[source], width, stride=2), nn.BatchNorm2d(width), *last))
    return nn.Sequential(*halvings)


class HRNet(nn.Module):
    """Pictures (N, 3, 128, 128), RGB with ImageNet's mean and deviation taken out, to heat maps (N, 15, 32, 32)."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = _conv(3, 64, stride=2), nn.BatchNorm2d(64)
        self.conv2, self.bn2 = _conv(64, 64, stride=2), nn.BatchNorm2d(64)
        self.layer1 = nn.Sequential(Bottleneck(64, 64), *(Bottleneck(256, 64) for _ in range(3)))
        self.transition1 = nn.ModuleList([_widen(256, WIDTHS[0]), nn.Sequential(_widen(256, WIDTHS[1], 2))])
        self.stage2 = _stage(2, modules=1)
        self.transition2 = _add_branch(2)
        self.stage3 = _stage(3, modules=4)
        self.transition3 = _add_branch(3)
        self.stage4 = _stage(4, modules=3)
        total = sum(WIDTHS)
        self.final_layer = nn.Sequential(
            nn.Conv2d(total, total, 1), nn.BatchNorm2d(total), nn.ReLU(), nn.Conv2d(total, JOINTS, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer1(F.relu(self.bn2(self.conv2(x))))
        branches = _run(self.stage2, [layer(x) for layer in self.transition1])
        branches = _run(self.stage3, [*branches, self.transition2[-1](branches[-1])])
        branches = _run(self.stage4, [*branches, self.transition3[-1](branches[-1])])
        size = branches[0].shape[-2:]
        return self.final_layer(torch.cat([F.interpolate(y, size, mode="bilinear") for y in branches], 1))


def _widen(c_in: int, c_out: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(_conv(c_in, c_out, stride=stride), nn.BatchNorm2d(c_out), nn.ReLU())


def _add_branch(branches: int) -> nn.ModuleList:
    """Branches so far go on as they are; the last one, halved, begins a new one."""
    kept = [nn.Identity() for _ in range(branches)]
    return nn.ModuleList([*kept, nn.Sequential(_widen(WIDTHS[branches - 1], WIDTHS[branches], 2))])


def _stage(branches: int, modules: int) -> nn.Sequential:
    return nn.Sequential(*(Exchange(WIDTHS[:branches]) for _ in range(modules)))


def _run(modules: Iterable[nn.Module], branches: list[Tensor]) -> list[Tensor]:
    for module in modules:
        branches = module(branches)
    return branches
