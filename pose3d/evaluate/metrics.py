"""How far predicted joints are from true ones. All take (T, J, 3) arrays in metres and return metres per frame."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.geometry import procrustes


def mpjpe(predicted: Floats, target: Floats) -> Floats:
    """(T,) mean distance per joint after both were moved to joint 0 (Ionescu et al. 2014, "protocol 1")."""
    return _distance(predicted - predicted[:, :1], target - target[:, :1])


def p_mpjpe(predicted: Floats, target: Floats) -> Floats:
    """(T,) mean distance per joint after the best rotation, scale and shift of each frame ("protocol 2").

    A mirrored copy is not excused: reflections are not allowed.
    """
    return _distance(procrustes(predicted, target), target)


def n_mpjpe(predicted: Floats, target: Floats) -> Floats:
    """(T,) mean distance per joint, joint 0 at 0, after the best scale of each frame (Rhodin et al. 2018)."""
    p, t = predicted - predicted[:, :1], target - target[:, :1]
    scale = (p * t).sum((1, 2)) / np.maximum((p**2).sum((1, 2)), 1e-12)
    return _distance(scale[:, None, None] * p, t)


def mpjve(predicted: Floats, target: Floats) -> Floats:
    """(T - 1,) mean distance of the joints' steps from frame to frame, joint 0 at 0 (Pavllo et al. 2019, "MPJVE")."""
    steps = (np.diff(joints - joints[:, :1], axis=0) for joints in (predicted, target))
    return _distance(*steps)


def pck(predicted: Floats, target: Floats, radius: float = 0.15) -> Floats:
    """(T,) share of joints no further off than `radius` metres, joint 0 at 0: 3DPCK (Mehta et al. 2017)."""
    return (_joint_distances(predicted, target) <= radius).mean(-1)


def auc(predicted: Floats, target: Floats) -> Floats:
    """(T,) mean 3DPCK over 31 radii from 0 to 150 mm (Mehta et al. 2017)."""
    distances = _joint_distances(predicted, target)
    return np.mean([(distances <= radius).mean(-1) for radius in np.arange(31) * 0.005], axis=0)


def path_length(path: Floats) -> float:
    """Metres travelled along (T, 3)."""
    return float(np.linalg.norm(np.diff(path, axis=0), axis=-1).sum())


def _joint_distances(predicted: Floats, target: Floats) -> Floats:
    """(T, J), joint 0 at 0."""
    return np.linalg.norm(predicted - predicted[:, :1] - target + target[:, :1], axis=-1)


def _distance(predicted: Floats, target: Floats) -> Floats:
    return np.linalg.norm(predicted - target, axis=-1).mean(-1)
