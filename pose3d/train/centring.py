"""`pose3d.lift.centring` in tensors, for windows that never leave the device that trains on them."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from pose3d.io.models.tensors import unflatten
from pose3d.lift.centring import LEAST_DEPTH, LEAST_SIZE, PELVIS


class Centred(NamedTuple):
    """What `centre` returns; the first axes are free."""

    rays: Tensor
    """(..., T, J, 2) rays x/z, y/z of a camera that looks at the pelvis; pelvis at 0."""
    rotation: Tensor
    """(..., T, 3, 3) from camera axes to the axes of that turned camera."""


def centre(rays: Tensor) -> Centred:
    """rays (..., T, J, 2): x/z and y/z of every joint, in camera axes."""
    rotation = facing(F.pad(rays[..., PELVIS, :], (0, 1), value=1.0))
    turned = F.pad(rays, (0, 1), value=1.0) @ rotation.transpose(-1, -2)
    return Centred(turned[..., :2] / turned[..., 2:].clamp_min(LEAST_DEPTH), rotation)


def facing(direction: Tensor) -> Tensor:
    """(..., 3, 3) smallest rotations that bring the directions (..., 3), z > 0, onto the z axis (Rodrigues)."""
    x, y, z = F.normalize(direction, dim=-1).unbind(-1)
    k = 1 / (1 + z)
    rows = (1 - k * x * x, -k * x * y, -x, -k * x * y, 1 - k * y * y, -y, x, y, z)
    return unflatten(torch.stack(rows, -1), -1, (3, 3))


def window_scale(centred: Tensor) -> Tensor:
    """(..., T, J, 2) to (..., 1, 1, 1): root mean square distance from the pelvis over a window."""
    return centred.square().sum(-1).mean((-2, -1)).sqrt().clamp_min(LEAST_SIZE)[..., None, None, None]


def moving_scale(centred: Tensor, frames: int) -> Tensor:
    """(..., T, J, 2) to (..., T, 1, 1): as `window_scale`, over `frames` (odd) around each frame."""
    square = centred.square().sum(-1).mean(-1)
    around = F.pad(square.reshape(1, -1, square.shape[-1]), (frames // 2, frames // 2), mode="replicate")
    mean = F.avg_pool1d(around, frames, 1).view(square.shape)
    return mean.sqrt().clamp_min(LEAST_SIZE)[..., None, None]
