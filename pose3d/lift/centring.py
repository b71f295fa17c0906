"""Person-centred input: turn every frame's rays so that the pelvis lies on the optical axis, then take out the size.

A person near the picture's edge is seen along a slanted ray and looks turned; with the pelvis on the axis the same
pose looks the same wherever it stands (Yu et al. 2021, "PCLs", arXiv 2011.13607). Training does the
same with tensors (`pose3d.train.centring`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.geometry import unit

PELVIS = 0
LEAST_DEPTH = 1e-3
"""Of a joint in the turned camera, per unit of its ray: what lies behind the camera is kept in front."""
LEAST_SIZE = 1e-6
"""Of somebody all of whose joints are at one place."""


class Centred(NamedTuple):
    """What `centre` returns; the first axes are free."""

    rays: Floats
    """(..., T, J, 2) rays x/z, y/z of a camera that looks at the pelvis; pelvis at 0."""
    rotation: Floats
    """(..., T, 3, 3) from camera axes to the axes of that turned camera."""


def centre(rays: Floats) -> Centred:
    """rays (..., T, J, 2): x/z and y/z of every joint, in camera axes."""
    whole = np.concatenate([rays, np.ones_like(rays[..., :1])], -1)
    rotation = facing(whole[..., PELVIS, :])
    turned = whole @ rotation.swapaxes(-1, -2)
    return Centred(turned[..., :2] / np.maximum(turned[..., 2:], LEAST_DEPTH), rotation)


def facing(direction: Floats) -> Floats:
    """(..., 3, 3) smallest rotations that bring the directions (..., 3), z > 0, onto the z axis (Rodrigues)."""
    x, y, z = np.moveaxis(unit(direction), -1, 0)
    k = 1 / (1 + z)
    rows = (1 - k * x * x, -k * x * y, -x, -k * x * y, 1 - k * y * y, -y, x, y, z)
    return np.stack(rows, -1).reshape(*x.shape, 3, 3)


def window_scale(centred: Floats) -> Floats:
    """(..., T, J, 2) to (..., 1, 1, 1): root mean square distance from the pelvis over a window."""
    square = np.square(centred).sum(-1).mean((-2, -1))
    return np.maximum(np.sqrt(square), LEAST_SIZE)[..., None, None, None]


def moving_scale(centred: Floats, frames: int) -> Floats:
    """(..., T, J, 2) to (..., T, 1, 1): as `window_scale`, over `frames` (odd) around each frame, the ends held."""
    square = np.square(centred).sum(-1).mean(-1)
    margin = [(0, 0)] * (square.ndim - 1) + [(frames // 2, frames // 2)]
    around = np.lib.stride_tricks.sliding_window_view(np.pad(square, margin, mode="edge"), frames, axis=-1)
    return np.maximum(np.sqrt(around.mean(-1)), LEAST_SIZE)[..., None, None]
