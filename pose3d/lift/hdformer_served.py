"""HDFormer rearranged for ONNX Runtime on CPUs: the same function of the same parameters in fewer and larger steps.

What is rearranged, and answers the same within rounding:
- Frames, joints, channels (N, T, V, C): matrix products run on rows as they lie; only convolutions turn them.
- The values' linear layers and the projections after the mixing (`conv_d`) are one matrix, as mixing commutes with
  them; the sum over subsets, and the way around (`down`), are part of the mixing's product.
- Batch norms are folded into what stands before them. All that depends on weights alone is computed once, at loading.
- Tokens of bones are made of keys and values instead of the joints, which have three times as many channels.
"""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pose3d.io.models.tensors import unflatten
from pose3d.lift.folders import TIME_FACTOR
from pose3d.lift.hdformer_net import (
    HEADS,
    SUBSETS,
    Block,
    CrossAttention,
    FirstOrderAttention,
    HDFormerNet,
    MergeBlock,
    matrix,
)

LEAST_EXPONENT = -80.0
"""Of a softmax: what lies lower counts as nothing; as denormal numbers it would slow CPUs down tenfold."""


class ServedHDFormer(nn.Module):
    """Windows (N, T, 17, 2) to (N, T, 17, 3), pelvis at 0; T is `frames`, a multiple of 16."""

    def __init__(self, net: HDFormerNet, frames: int):
        super().__init__()
        self.net = net
        coarsest = frames // TIME_FACTOR
        self.doubled = [_stretching(coarsest << i, 2) for i in range(len(net.backbone.upsample))]
        self.to_full = [_stretching(coarsest << i, TIME_FACTOR >> i) for i in range(len(net.backbone.merge))]

    def forward(self, x: Tensor) -> Tensor:
        backbone = self.net.backbone
        scale, shift = (values.view(x.shape[3], -1).T for values in _folded(backbone.data_bn))
        x = x * scale + shift
        skips: list[Tensor] = []
        for i, block in enumerate(backbone.downsample):
            x = _block(cast(Block, block), x)
            if i % 2 == 0:
                skips.append(x)
        levels = [skips.pop()]
        for block, stretching in zip(backbone.upsample, self.doubled, strict=True):
            levels.append(_stretched(stretching, _block(cast(Block, block), levels[-1])) + skips.pop())
        for merge, stretching, level in zip(backbone.merge, self.to_full, list(levels), strict=False):
            levels[-1] = levels[-1] + _stretched(stretching, _block(cast(Block, merge), level))
        return _joints(self.net.joint_regressor, levels[-1])


def _folded(norm: nn.Module) -> tuple[Tensor, Tensor]:
    """Scale and shift (C,) that a batch norm comes to."""
    norm = cast(nn.BatchNorm2d, norm)
    variance, mean = cast(Tensor, norm.running_var), cast(Tensor, norm.running_mean)
    scale = norm.weight * torch.rsqrt(variance + norm.eps)
    return scale, norm.bias - mean * scale


def _stretching(frames: int, factor: int) -> Tensor:
    """(frames * factor, frames): bilinear interpolation over time as a matrix."""
    eye = torch.eye(frames)[None, None]
    return F.interpolate(eye, scale_factor=(factor, 1), mode="bilinear", align_corners=False)[0, 0]


def _stretched(stretching: Tensor, x: Tensor) -> Tensor:
    return unflatten(stretching @ x.flatten(2), -1, (x.shape[2], x.shape[3]))


def _block(block: Block, x: Tensor) -> Tensor:
    y = _attended(block.foa_block, x)
    if isinstance(block, MergeBlock):
        y = _merged(block, y)
    scale, shift = _folded(block.tcn_v[0])
    y = _convolved(block.tcn_v[2], block.tcn_v[3], F.relu(y * scale + shift).permute(0, 3, 1, 2))
    if not block.first:
        around = x.permute(0, 3, 1, 2)
        if isinstance(block.residual_v, nn.Sequential):
            around = _convolved(block.residual_v[0], block.residual_v[1], around)
        y = y + around
    return F.relu(y).permute(0, 2, 3, 1)


def _convolved(layer: nn.Module, norm: nn.Module, x: Tensor) -> Tensor:
    """(N, C, T, V) through a convolution and the batch norm behind it."""
    convolution, (scale, shift) = cast(nn.Conv2d, layer), _folded(norm)
    bias = cast(Tensor, convolution.bias) * scale + shift
    weight = convolution.weight * scale[:, None, None, None]
    return F.conv2d(x, weight, bias, convolution.stride, cast("tuple[int, int]", convolution.padding))


def _attended(foa: FirstOrderAttention, x: Tensor) -> Tensor:
    links = (foa.A + foa.PA).mT
    attention, (maps, constant) = torch.softmax(_logits(foa, x), -1) + links, _maps(foa, links)
    if isinstance(foa.down, nn.Sequential):  # one more subset, in which every joint attends to itself
        itself = torch.eye(x.shape[2])[None, None].expand(attention.shape[0], -1, -1, -1)
        attention = torch.cat([attention, itself], 1)
    if maps[0].shape[0] < maps[0].shape[1]:  # mix where there are fewer channels
        mixing = attention.permute(0, 2, 1, 3).flatten(1, 2)[:, None]  # (N, 1, V to * subsets, V from)
        y = unflatten(mixing @ x, 2, (-1, len(maps))).flatten(3) @ torch.cat(maps)
    else:
        mixing = attention.permute(0, 2, 3, 1).flatten(2)[:, None]  # (N, 1, V to, V from * subsets)
        y = mixing @ unflatten(x @ torch.cat(maps, 1), -1, (len(maps), -1)).flatten(2, 3)
    return F.relu((y if isinstance(foa.down, nn.Sequential) else y + x) + constant)


def _maps(foa: FirstOrderAttention, links: Tensor) -> tuple[list[Tensor], Tensor]:
    """What each subset makes of the channels, (C, C') each, and (V, C') that is added in the end."""
    scale, shift = _folded(foa.bn)
    maps: list[Tensor] = []
    constant = shift.expand(links.shape[1], -1)
    for subset, (project, linear) in enumerate(zip(foa.conv_d, foa.linears, strict=True)):
        linear, out = cast(nn.Linear, linear), matrix(project) * scale[:, None]
        maps.append((out @ linear.weight).T)
        # a softmax sums to 1, so what the bias becomes in the mixing is known
        mixed = (1 + links[subset].sum(-1))[:, None] * (out @ linear.bias)
        constant = constant + mixed + cast(Tensor, project.bias) * scale
    if isinstance(foa.down, nn.Sequential):
        scale, shift = _folded(foa.down[1])
        maps.append((matrix(foa.down[0]) * scale[:, None]).T)
        constant = constant + cast(Tensor, foa.down[0].bias) * scale + shift
    return maps, constant


def _logits(foa: FirstOrderAttention, x: Tensor) -> Tensor:
    """(N, 3, V, V): row the joint that attends, column the one that is attended to."""
    seen = x.permute(0, 3, 1, 2)
    a, b = (_keys(layers, seen) for layers in (foa.conv_a, foa.conv_b))
    return (b / b.shape[2]).mT @ a


def _keys(layers: nn.ModuleList, x: Tensor) -> Tensor:
    """(N, 3, C * T, V): by convolutions, whose answers have the joints last, where the product wants them."""
    weight = torch.cat([cast(Tensor, layer.weight) for layer in layers])
    bias = torch.cat([cast(Tensor, layer.bias) for layer in layers])
    return unflatten(F.conv2d(x, weight, bias), 1, (SUBSETS, -1)).flatten(2, 3)


def _merged(block: MergeBlock, x: Tensor) -> Tensor:
    joints = x.flatten(0, 1)
    joints = block.norm_v(_to_tokens(block.cross_attn, joints, *block.token_map())) + joints
    joints = block.mlp(block.norm_mlp(joints)) + joints
    return unflatten(joints, 0, (-1, x.shape[1]))


def _to_tokens(attention: CrossAttention, joints: Tensor, tokens: Tensor, bias: Tensor) -> Tensor:
    """Joints (B, V, C) attend to tokens, each a combination (K, V) of the joints, plus a bias (K,)."""
    query, key, value = (
        unflatten(rows, -1, (HEADS, -1)).transpose(1, 2)
        for rows in (
            attention.to_q(joints),
            _of_tokens(attention.to_k, joints, tokens, bias),
            _of_tokens(attention.to_v, joints, tokens, bias),
        )
    )
    logits = (query * query.shape[-1] ** -0.5) @ key.mT
    powers = torch.exp((logits - logits.amax(-1, keepdim=True)).clamp_min(LEAST_EXPONENT))
    found = (powers @ value) / powers.sum(-1, keepdim=True)
    return attention.proj(found.transpose(1, 2).flatten(2))


def _of_tokens(layer: nn.Linear, joints: Tensor, tokens: Tensor, bias: Tensor) -> Tensor:
    """layer(tokens @ joints + bias), with the smaller product first."""
    return tokens @ (joints @ layer.weight.T) + (bias[:, None] * layer.weight.sum(1) + layer.bias)


def _joints(regressor: nn.Conv2d, x: Tensor) -> Tensor:
    """(N, T, V, C) to (N, T, V, 3): one product for all three frames that the convolution sees, then their sum."""
    frames, joints = x.shape[1:3]
    weight = F.pad(unflatten(regressor.weight, 0, (3, -1)), (0, 0, 0, 0, 0, 0, 1, 0))  # (3, V, C, 3 frames, V)
    bias = F.pad(unflatten(cast(Tensor, regressor.bias), 0, (3, -1)), (1, 0)).T.flatten()
    parts = x.flatten(2) @ weight.permute(4, 2, 3, 1, 0).flatten(2).flatten(0, 1)  # (N, T, 3 * V * 3)
    before, now, after = F.pad(parts, (0, 0, 1, 1)).chunk(3, -1)
    total = before[:, :frames] + now[:, 1 : frames + 1] + after[:, 2:]
    return unflatten(total + bias, -1, (joints, 3))
