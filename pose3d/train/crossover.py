"""Arms of one recording on the body of another (Li et al. 2020, arXiv 2006.07778): poses that neither holds."""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from pose3d.io.models.tensors import cross, norm
from pose3d.train.body import ARMS, J


def exchange_arms(world: Tensor, share: float) -> Tensor:
    """Lets a share of windows (B, T, 17, 3) move the arms, as seen from their trunk, as another window does."""
    giver = world.roll(1, 0)
    turn = trunk_axes(world) @ trunk_axes(giver).mT
    moved = world.clone()
    for limb in ARMS:
        for start, end in pairwise(limb):
            length = norm(world[:, :, end] - world[:, :, start], keepdim=True)
            direction = F.normalize(giver[:, :, end] - giver[:, :, start], dim=-1)
            moved[:, :, end] = moved[:, :, start] + length * (turn @ direction[..., None])[..., 0]
    return torch.where((torch.rand(len(world)) < share)[:, None, None, None], moved, world)


def trunk_axes(world: Tensor) -> Tensor:
    """(B, T, 3, 3): columns to the left, up and ahead of the trunk of (B, T, 17, 3)."""
    up = F.normalize(world[:, :, J("Thorax")] - world[:, :, J("Pelvis")], dim=-1)
    across = world[:, :, J("LShoulder")] - world[:, :, J("RShoulder")]
    left = F.normalize(across - (across * up).sum(-1, keepdim=True) * up, dim=-1)
    return torch.stack([left, up, cross(left, up)], -1)
