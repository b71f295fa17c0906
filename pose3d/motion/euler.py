"""Rotations as three angles each, for curves that people read."""

from __future__ import annotations

import warnings

import numpy as np

from pose3d.core.arrays import Floats, Ints
from pose3d.core.rotations import Rotation


def euler(turns: Rotation, order: str) -> Floats:
    """(T, 3) radians of T rotations about their own axes in an order of three different ones, such as "ZXY".

    A rotation has two triples of angles, (a, b, c) and (a + pi, pi - b, c + pi). Over time those are taken that lie
    near 0, where joints have their limits, with as few jumps from one to the other as that allows: an arm that hangs is
    at 0 again after it was raised by whatever way. Full turns are counted between such jumps.
    """
    with warnings.catch_warnings():
        # at the pole any split between the first and the last angle is right, and scipy chooses one
        warnings.filterwarnings("ignore", message="Gimbal lock")
        angles = turns.as_euler(order)
    choices: Floats = np.stack([angles, angles * [1, -1, 1] + np.pi], axis=1)
    choices = _wrapped(choices)
    chosen = _cheapest(choices)
    return _unwrapped(choices[np.arange(len(angles)), chosen], chosen)


def _wrapped(angles: Floats) -> Floats:
    """Angles in radians less the full turns: -pi to pi."""
    return angles - 2 * np.pi * np.round(angles / (2 * np.pi))


def _cheapest(choices: Floats) -> Ints:
    """(T,) which of two triples (T, 2, 3) to take, so that the angles and their steps add up to the least (Viterbi)."""
    far = np.abs(choices).sum(axis=-1)
    steps = np.abs(_wrapped(choices[1:, None] - choices[:-1, :, None])).sum(axis=-1)
    total, origins = far[0], np.zeros((len(choices), 2), int)
    for t, step in enumerate(steps, start=1):
        ways = total[:, None] + step
        origins[t] = ways.argmin(axis=0)
        total = ways.min(axis=0) + far[t]
    chosen = np.full(len(choices), total.argmin())
    for t in range(len(choices) - 1, 0, -1):
        chosen[t - 1] = origins[t, chosen[t]]
    return chosen


def _unwrapped(angles: Floats, chosen: Ints) -> Floats:
    """Angles (T, 3) with full turns where they pass half a turn, within each stretch of the same choice (T,)."""
    out = angles.copy()
    for stretch in np.split(np.arange(len(out)), np.flatnonzero(np.diff(chosen)) + 1):
        out[stretch] = np.unwrap(out[stretch], axis=0)
    return out
