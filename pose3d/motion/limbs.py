"""How the two bones of an arm or a leg turn: they point at the joints, the hinge between them gives their twist."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.geometry import unit
from pose3d.core.rotations import Rotation
from pose3d.motion.turns import across, angle_about, directions, further, shortest, swing, twist, within

STRAIGHT = np.sin(np.radians(12)) ** 2
"""Squared sine of the bend at which half of the twist that a hinge shows is believed: joints are seen to a degree or
two, and the plane of a limb that is bent by little more is made of their noise."""
SMOOTHING = 0.1
"""Seconds: standard deviation of the time over which twists are averaged, each frame counting as far as it is bent."""
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
    follows: float
    """While it is straight: how much of the turn of its end about it is its own."""


def arm(side: int) -> Limb:
    """side: 1 the left, -1 the right. Usual is down, out and a little ahead; at rest the elbow bends ahead."""
    return Limb(np.array([side, 0, 0]), np.array([2 * side, -2, 1]), np.array([0, 0, 1]), np.radians(90), 0.0)


LEG = Limb(np.array([0, -1, 0]), np.array([0, -3, 2]), np.array([0, 0, -1]), np.radians(45), 0.5)
"""Usual is down and ahead; the knee bends backwards, where the toes do not point."""


@dataclass(frozen=True)
class Turns:
    """T rotations in the world."""

    upper: Rotation
    lower: Rotation


def turns(limb: Limb, base: Rotation, upper: Floats, lower: Floats, end: Floats, fps: float) -> Turns:
    """base: of the trunk; upper, lower: (T, 3) the limb's bones, of any length; end: (T, 3) where the next one points.

    The end may be 0; that of a leg, the toes, points against where the leg bends. fps: frames per second.
    """
    upper = directions(upper, base.apply(limb.rest))
    lower = directions(lower, upper)
    plain = swing(base * shortest(limb.rest, unit(limb.usual)), limb.rest, upper)
    flex, bend, ahead = plain.apply(limb.flex), across(lower, upper), across(end, upper)
    hinge = within(angle_about(upper, flex, bend), limb.twist)
    straight = within(angle_about(upper, -flex, ahead), limb.twist) * limb.follows * _squared(ahead)
    turned = twist(plain, limb.rest, steady(hinge, _squared(bend), straight, fps))
    folded = further(turned, FOLDED * np.cross(limb.rest, limb.flex))
    return Turns(turned, swing(folded, limb.rest, lower))


def steady(hinge: Floats, bent: Floats, straight: Floats, fps: float) -> Floats:
    """(T,) angles without jumps, by the hinge where the limb is bent, else as it is when straight, both angles (T,).

    bent: (T,) squared sine of the bend.
    """
    spread = SMOOTHING * fps
    reach = int(REACH * spread)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread) ** 2)

    def summed(values: Floats) -> Floats:
        return np.convolve(values, kernel)[reach : reach + len(values)]

    return summed(bent * hinge + STRAIGHT * straight) / summed(bent + STRAIGHT)


def _squared(vectors: Floats) -> Floats:
    """(T,) squared lengths of vectors (T, 3)."""
    return np.sum(vectors**2, axis=-1)
