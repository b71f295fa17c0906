"""How hips, spine and chest turn: they point along the trunk, hip joints and shoulders give their facing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.geometry import unit
from pose3d.core.rotations import Rotation
from pose3d.motion.turns import SHORTEST, across, angle_about, directions, held, swing, twist, within

LEFT, UP, AHEAD = np.eye(3)

TWIST = np.radians(80)
"""How far the shoulders may be turned against the hips."""
UNSURE = 0.05
"""Squared sine of the angle between shoulder line and trunk at which half of the twist that they show is believed."""


@dataclass(frozen=True)
class Trunk:
    """T rotations in the world."""

    hips: Rotation
    spine: Rotation
    chest: Rotation


def trunk(hip_line: Floats, shoulder_line: Floats, lower: Floats, upper: Floats) -> Trunk:
    """Lines from right to left, lower and upper trunk from below: (T, 3), of any length."""
    hips = _hips(hip_line, lower)
    lower = directions(lower, hips.apply(UP))
    upper = directions(upper, lower)
    chest = swing(hips, UP, upper)
    shoulders = across(unit(shoulder_line), upper)
    square = np.sum(shoulders**2, axis=-1)
    believed = (1 + UNSURE) * square / (square + UNSURE)  # all of a line that is square to the trunk
    angle = believed * within(angle_about(upper, chest.apply(LEFT), shoulders), TWIST)
    return Trunk(hips, twist(swing(hips, UP, lower), UP, angle / 2), twist(chest, UP, angle))


def _hips(line: Floats, up: Floats) -> Rotation:
    """Left exactly along the line, up as near to `up` as that allows."""
    left = held(line, LEFT)
    ahead = np.cross(left, unit(up))
    for other in (UP, AHEAD):  # where the trunk has no length or lies along the line
        weak = np.linalg.norm(ahead, axis=-1, keepdims=True) <= SHORTEST
        ahead = np.where(weak, np.cross(left, other), ahead)
    ahead = unit(ahead)
    return Rotation.from_matrix(np.stack([left, np.cross(ahead, left), ahead], axis=-1))
