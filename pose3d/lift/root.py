"""The pelvis path: where a pose of known size must stand to be seen where it was seen."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.poses import Pose2D
from pose3d.core.scientific import solve_banded
from pose3d.core.skeleton import Skeleton
from pose3d.core.smoothing import bending

JOINT_NOISE = 0.03
"""Metres by which a joint's predicted and observed place disagree, as a rule."""
ACCELERATION = (16.0, 32.0, 0.5)
"""Metres per second squared that a pelvis reaches as a rule, by camera axis.

More is allowed in height because of jumps. Less is allowed in depth because the joints do not read it independently: a
pose that is lifted too flat puts all of them too far away for as long as it lasts. Twice as much suits the training
clips as well (benchmarks/root.py), but lengthens the paths of people who stand by the jitter of detected joints.
"""
STATURE_PER_CHAIN = 1.04
"""Sole to top of the skull, per metre of shin, thigh, trunk and head.

All but the ankle's height, which is 0.039 of the stature (Drillis and Contini 1966, table in Winter, Biomechanics).
"""
NEAREST = 0.3
"""Metres: nobody stands closer to the camera."""


def solve_root(xyz: Floats, rays: Floats, weight: Floats, times: Floats) -> Floats:
    """(T, 3) float32 metres: the path that puts the joints on their rays and accelerates no more than people do.

    xyz (T, J, 3) metres, pelvis at 0; rays (T, J, 2) x/z, y/z; weight (T, J), 0 to 1; times (T,) seconds.
    Weighted least squares: (x + rx) - u (z + rz) = 0 and likewise for y, for all joints, plus accelerations of r.
    """
    u, v = rays[..., 0].astype(np.float64), rays[..., 1].astype(np.float64)
    w = (weight.astype(np.float64) + 1e-3) / JOINT_NOISE**2
    bx, by = u * xyz[..., 2] - xyz[..., 0], v * xyz[..., 2] - xyz[..., 1]
    normal = np.zeros((len(xyz), 3, 3))  # symmetric: what is above the diagonal is not read
    normal[:, 0, 0] = normal[:, 1, 1] = w.sum(-1)
    normal[:, 2, 0] = -(w * u).sum(-1)
    normal[:, 2, 1] = -(w * v).sum(-1)
    normal[:, 2, 2] = (w * (u * u + v * v)).sum(-1)
    target = np.stack([(w * bx).sum(-1), (w * by).sum(-1), -(w * (u * bx + v * by)).sum(-1)], -1)
    root = _smoothest(normal, target, times)
    return np.concatenate([root[:, :2], np.maximum(root[:, 2:], NEAREST)], -1).astype(np.float32)


def smooth_path(path: Floats, noise: float, times: Floats) -> Floats:
    """(T, 3) metres: near `path`, whose coordinates have a jitter of `noise` metres, as smooth as people move."""
    weight = 1 / noise**2
    return _smoothest(np.broadcast_to(weight * np.eye(3), (len(path), 3, 3)), weight * path, times)


def _smoothest(normal: Floats, target: Floats, times: Floats) -> Floats:
    """(T, 3) path r that minimises the sum of r'Nr - 2 t'r, and the accelerations in units of ACCELERATION squared."""
    return solve_banded(_banded(normal, times), target.ravel()).reshape(-1, 3)


def _banded(normal: Floats, times: Floats) -> Floats:
    """Lower banded form of block-diagonal `normal` (T, 3, 3) plus the squared accelerations at the inner frames."""
    band = np.zeros((7, len(normal), 3))
    for row in range(3):
        for column in range(row + 1):
            band[row - column, :, column] = normal[:, row, column]
    band[::3] += bending(times)[..., None] / np.array(ACCELERATION) ** 2
    return band.reshape(7, -1)


def stature(xyz: Floats, skeleton: Skeleton) -> float:
    """Metres from sole to top of the skull of the person with poses xyz (T, 17, 3)."""
    return STATURE_PER_CHAIN * sum(_length(xyz, skeleton, *names) for names in _CHAIN)


_CHAIN = (("RHip", "RKnee"), ("RKnee", "RAnkle"), ("Pelvis", "Thorax"), ("Thorax", "Head"))


def _length(xyz: Floats, skeleton: Skeleton, start: str, end: str) -> float:
    a, b = skeleton.indices(start, end)
    pairs = [(a, b), (int(skeleton.mirror[a]), int(skeleton.mirror[b]))]
    return float(np.median([np.linalg.norm(xyz[:, i] - xyz[:, j], axis=-1) for i, j in pairs]))


def reprojection_error(placed: Floats, pose: Pose2D) -> Floats:
    """(T,) float32 pixels: mean distance of the projected joints (T, J, 3) to the 2D joints."""
    return np.linalg.norm(pose.camera.project(placed) - pose.xy, axis=-1).mean(-1).astype(np.float32)
