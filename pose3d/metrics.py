"""How far predicted joints are from true ones. All take (T, J, 3) arrays in metres and return metres per frame."""

from __future__ import annotations

import numpy as np


def mpjpe(predicted: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(T,) mean distance per joint after both were moved to joint 0 (Ionescu et al. 2014, "protocol 1")."""
    return _distance(predicted - predicted[:, :1], target - target[:, :1])


def p_mpjpe(predicted: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(T,) mean distance per joint after the best rotation, scale and shift of each frame ("protocol 2").

    A mirrored copy is not excused: reflections are not allowed.
    """
    return _distance(procrustes(predicted, target), target)


def procrustes(predicted: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(T, J, 3): `predicted` moved, turned and scaled onto `target` frame by frame (Kabsch 1976, Umeyama 1991)."""
    middle_p, middle_t = predicted.mean(1, keepdims=True), target.mean(1, keepdims=True)
    p, t = predicted - middle_p, target - middle_t
    u, s, vt = np.linalg.svd(p.transpose(0, 2, 1) @ t)
    sign = np.sign(np.linalg.det(u @ vt))
    u[:, :, -1] *= sign[:, None]
    s[:, -1] *= sign
    scale = s.sum(-1) / np.maximum((p**2).sum((1, 2)), 1e-12)
    return scale[:, None, None] * p @ (u @ vt) + middle_t


def path_length(path: np.ndarray) -> float:
    """Metres travelled along (T, 3)."""
    return float(np.linalg.norm(np.diff(path, axis=0), axis=-1).sum())


def _distance(predicted: np.ndarray, target: np.ndarray) -> np.ndarray:
    return np.linalg.norm(predicted - target, axis=-1).mean(-1)
