"""Which way a body faces: one rule for all that is told of ahead, behind, left and right."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.geometry import unit
from pose3d.core.ground import HEIGHT
from pose3d.core.skeleton import Skeleton

UP: Floats = np.eye(3)[HEIGHT]
ACROSS = (("RHip", "LHip"), ("RShoulder", "LShoulder"))
"""Lines that point to the body's left."""


def across(world: Floats, skeleton: Skeleton) -> Floats:
    """(T, 3) vectors to the body's left, of hips and shoulders together; world (T, J, 3) float64 metres, y up."""
    rights, lefts = (skeleton.indices(*(line[end] for line in ACROSS)) for end in (0, 1))
    return (world[:, lefts] - world[:, rights]).sum(1)


def leftward(world: Floats, skeleton: Skeleton) -> Floats:
    """(T, 3) unit vectors over the floor to the body's left; where it lies on its side they mean little."""
    return unit(across(world, skeleton) * (1 - UP))
