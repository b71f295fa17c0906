"""How the two bones of an arm or a leg turn: they point at the joints, the hinge between them gives their twist."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.geometry import unit
from pose3d.core.scientific import Rotation
from pose3d.motion.turns import across, angle_about, directions, further, shortest, swing, twist, within

STRAIGHT = np.sin(np.radians(12)) ** 2
"""Squared sine of the bend at which half of the twist that a hinge shows is believed: joints are seen to a degree or
two, and the plane of a limb that is bent by little more is made of their noise."""
SMOOTHING = 3.0
"""Frames: standard deviation of the time over which twists are averaged, each frame counting as far as it is bent."""
REACH = 3
"""Standard deviations at which the average ends."""
FOLDED = np.radians(70)
"""The bend from which the lower bone's other movements count: the middle of what elbows and knees do."""


@dataclass(frozen=True)
class Limb:
    """What a limb can do, in the axes of the trunk."""

    rest: Floats
    """(3,) unit vector along it at rest."""
    usual: Floats
    """(3,) the middle of what its upper bone does: from there the way to any direction has the twist that is natural,
    and the one direction to which there is no shortest way is out of reach."""
    flex: Floats
    """(3,) unit vector, where its end goes when it bends at rest."""
    twist: float
    """Radians that the upper bone can turn about itself to each side."""


def arm(side: int) -> Limb:
    """side: 1 the left, -1 the right. Usual is down, out and a little ahead; at rest the elbow bends ahead."""
    return Limb(np.array([side, 0, 0]), np.array([2 * side, -2, 1]), np.array([0, 0, 1]), np.radians(90))


LEG = Limb(np.array([0, -1, 0]), np.array([0, -3, 2]), np.array([0, 0, -1]), np.radians(45))
"""Usual is down and ahead; the knee bends backwards."""


@dataclass(frozen=True)
class Turns:
    """T rotations in the world."""

    upper: Rotation
    lower: Rotation


def turns(limb: Limb, base: Rotation, upper: Floats, lower: Floats) -> Turns:
    """base: of the trunk; upper, lower: (T, 3) the limb's bones, of any length."""
    upper = directions(upper, base.apply(limb.rest))
    lower = directions(lower, upper)
    usual = unit(limb.usual)
    plain = swing(base * shortest(limb.rest, usual), limb.rest, upper)
    bend = across(lower, upper)
    angle = within(angle_about(upper, plain.apply(limb.flex), bend), limb.twist)
    turned = twist(plain, limb.rest, steady(angle, np.sum(bend**2, axis=-1)))
    folded = further(turned, FOLDED * np.cross(limb.rest, limb.flex))
    return Turns(turned, swing(folded, limb.rest, lower))


def steady(angle: Floats, bent: Floats) -> Floats:
    """Angles (T,) without jumps, near 0 where the limb is straight for long; bent: (T,) squared sine of its bend."""
    reach = int(REACH * SMOOTHING)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / SMOOTHING) ** 2)

    def summed(values: Floats) -> Floats:
        return np.convolve(values, kernel)[reach : reach + len(values)]

    return summed(bent * angle) / (summed(bent) + STRAIGHT * summed(np.ones_like(bent)))
