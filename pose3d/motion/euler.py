"""Rotations as three angles that do not jump, for curves that people and programs edit and resample."""

from __future__ import annotations

import warnings
from itertools import pairwise

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.scientific import Rotation


def euler(turns: Rotation, order: str) -> Floats:
    """(T, 3) radians of T rotations about their own axes in an order of three different ones, such as "ZXY"."""
    with warnings.catch_warnings():
        # at the pole any split between the first and the last angle is right, and scipy chooses one
        warnings.filterwarnings("ignore", message="Gimbal lock")
        angles = turns.as_euler(order)
    # starts near 0, where joints have their limits, and not half a turn away on two axes
    return continuous(np.concatenate([np.zeros((1, 3)), angles]))[1:]


def continuous(angles: Floats) -> Floats:
    """(T, ..., 3) radians to the same rotations with no jumps between frames.

    A rotation has two triples of angles, (a, b, c) and (a + pi, pi - b, c + pi), and full turns on top: takes what lies
    closest to the frame before.
    """
    out = angles.copy()
    for before, now in pairwise(out):
        choices: Floats = np.stack([now, now * [1, -1, 1] + np.pi])
        choices -= 2 * np.pi * ((choices - before) / (2 * np.pi)).round()
        nearest = np.abs(choices - before).sum(axis=-1).argmin(axis=0)
        now[:] = np.take_along_axis(choices, nearest[None, ..., None], axis=0)[0]
    return out
