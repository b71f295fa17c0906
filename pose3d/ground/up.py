"""Finds which way is up and turns the motion so that it stands on a level floor, whatever way the camera was held."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pose3d.core.poses import Pose3D
from pose3d.core.skeleton import Skeleton

LEVEL = np.array([0.0, -1.0, 0.0])
"""Up for a camera that is held level."""
STEEPEST = 50.0
"""Degrees: a body further from the camera's own up lies or bends, rather than the camera being tilted so much."""
STRAIGHT = 25.0
"""Degrees between trunk and legs up to which a body counts as standing."""
ENOUGH = 0.2
"""Seconds of standing that are needed."""


def upright(pose: Pose3D) -> Pose3D:
    """The motion in the axes of a level camera at the same place; unchanged where nobody stands for long enough."""
    turn = _shortest_turn(up_direction(pose.xyz, pose.skeleton, pose.fps), LEVEL).astype(np.float32)
    return replace(pose, xyz=pose.xyz @ turn.T, root=pose.root @ turn.T, levelling=turn @ pose.levelling)


def up_direction(xyz: np.ndarray, skeleton: Skeleton, fps: float) -> np.ndarray:
    """(3,) unit vector in the axes of xyz (T, J, 3): the median direction from ankles to thorax while the body stands.

    LEVEL where it does not stand for long enough.
    """
    names = ("LAnkle", "RAnkle", "LHip", "RHip", "Thorax")
    left_ankle, right_ankle, left_hip, right_hip, thorax = (
        xyz[:, n].astype(np.float64) for n in skeleton.indices(*names)
    )
    feet, hips = (left_ankle + right_ankle) / 2, (left_hip + right_hip) / 2
    body = _unit(thorax - feet)
    stands = (degrees_between(_unit(thorax - hips), _unit(hips - feet)) < STRAIGHT) & (
        degrees_between(body, LEVEL) < STEEPEST
    )
    if stands.sum() < max(ENOUGH * fps, 1):
        return LEVEL
    return _unit(np.median(body[stands], axis=0))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def degrees_between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Angles (...) between unit vectors (..., 3)."""
    return np.degrees(np.arccos(np.clip((a * b).sum(-1), -1, 1)))


def _shortest_turn(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(3, 3) rotation that takes one unit vector to another, not opposite, one (Rodrigues)."""
    x, y, z = np.cross(start, end)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + cross + cross @ cross / (1 + start @ end)
