"""Rotations over time: the building blocks of a solved pose. T frames each, world axes."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.geometry import unit
from pose3d.core.presence import stand_ins
from pose3d.core.rotations import Rotation

SHORTEST = 1e-6
"""Metres, or parts of a unit vector; what is shorter has no direction."""
OPPOSITE = 1e-12
"""1 + cosine of an angle that counts as half a turn."""


def shortest(start: Floats, end: Floats) -> Rotation:
    """The shortest rotations of unit vectors (T, 3) onto others; none where a vector is 0."""
    scalar = 1 + np.sum(start * end, axis=-1, keepdims=True)
    quaternion = np.concatenate([np.cross(start, end), scalar], axis=-1)
    # opposite vectors: half a turn about any axis across
    across = np.cross(start, np.eye(3)[np.argmin(np.abs(start), axis=-1)])
    half_turn = np.concatenate([across, np.zeros_like(scalar)], axis=-1)
    return Rotation.from_quat(np.where(scalar < OPPOSITE, half_turn, quaternion))


def swing(turn: Rotation, axis: Floats, end: Floats) -> Rotation:
    """What `turn` becomes once its own axis (3,) is brought by the shortest way to the unit vectors end (T, 3)."""
    return shortest(turn.apply(axis), end) * turn


def twist(turn: Rotation, axis: Floats, angle: Floats) -> Rotation:
    """What `turn` becomes once it is turned about its own axis (3,) by angles (T,) in radians."""
    return further(turn, angle[:, None] * axis)


def further(turn: Rotation, vectors: Floats) -> Rotation:
    """What `turn` becomes once it is turned about its own axes by rotation vectors (T, 3) or (3,) in radians."""
    return turn * Rotation.from_rotvec(vectors)


def relative(base: Rotation, turn: Rotation) -> Floats:
    """(T, 3) rotation vectors in radians of `turn` against `base`, about base's axes."""
    return (base.inv() * turn).as_rotvec()


def across(vectors: Floats, axis: Floats) -> Floats:
    """The part of vectors (T, 3) that is square to the unit vectors axis (T, 3)."""
    return vectors - np.sum(vectors * axis, axis=-1, keepdims=True) * axis


def angle_about(axis: Floats, start: Floats, end: Floats) -> Floats:
    """(T,) radians, -pi to pi: the turn about unit vectors axis from start to end, all (T, 3)."""
    sine = np.sum(np.cross(start, end) * axis, axis=-1)
    return np.arctan2(sine, np.sum(across(start, axis) * end, axis=-1))


def within(angle: Floats, limit: float) -> Floats:
    """Angles (T,), -pi to pi, kept within -limit and limit, without a jump at the half turn: there it is 0 again."""
    return np.sign(angle) * np.minimum(np.minimum(np.abs(angle), limit), np.pi - np.abs(angle))


def directions(vectors: Floats, otherwise: Floats) -> Floats:
    """Vectors (T, 3) to unit vectors; to those of `otherwise` where they have no length."""
    known = np.linalg.norm(vectors, axis=-1, keepdims=True) > SHORTEST
    return np.where(known, unit(vectors), otherwise)


def held(vectors: Floats, otherwise: Floats) -> Floats:
    """Vectors (T, 3) to unit vectors; where they have no length, the one before counts, and if there is none, (3,)."""
    gone: Bools = np.linalg.norm(vectors, axis=-1) <= SHORTEST
    return directions(vectors[stand_ins(gone)], otherwise)


def near(rotations: Floats) -> Floats:
    """(T, N, 4) quaternions to the same rotations with signs by which each frame lies near the one before."""
    turned = np.sum(rotations[1:] * rotations[:-1], axis=-1, keepdims=True) < 0
    signs = np.cumprod(np.where(turned, -1, 1), axis=0)
    return np.concatenate([rotations[:1], rotations[1:] * signs])
