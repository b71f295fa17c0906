"""What is known of somebody who is followed: where they should be by now, how large, how they are dressed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.skeleton import H36M17
from pose3d.detect.people import Person
from pose3d.track.clothes import colour_distance, learnt

TRUNK = H36M17.indices("LHip", "RHip", "LShoulder", "RShoulder", "Pelvis", "Thorax")
"""Joints that tell where a body is: they move less than limbs, and detectors doubt them least."""
REACH = 0.12
"""Body sizes by which the trunk may be off the place where it should be, beside what follows."""
SPEED = 0.9
"""Body sizes per second by which a body may have left its course."""
FARTHEST = 1.2
"""Body sizes: nobody is looked for farther off."""
TOUCHING = 0.5
"""Body sizes between the trunks of people of whom one may be taken for the other."""
SAME_PLACE = 0.15
"""The same, of people who cannot be told apart."""
COASTING = 0.4
"""Seconds: how long a body that is not seen is thought to keep its velocity."""
MEMORY = 0.2
"""Seconds over which the velocity is learnt."""
RESIZED, RESIZED_PER_SECOND = 0.35, 0.5
"""Natural logarithm of how much larger or smaller a body may look, at once and for each second unseen."""
OTHER_CLOTHES = 0.45
"""Hellinger distance of the colours from which they are another person's: below 0.35 in one person's clips."""
VAGUE = 0.3
"""What a reach e times as wide costs."""
HABIT = 1.5
"""Seconds over which the usual size and colours are learnt: longer than people hide each other in passing."""


@dataclass(frozen=True, eq=False)
class State:
    """Somebody as last seen."""

    trunk: Floats
    """(K, 2) pixels, the joints TRUNK."""
    velocity: Floats
    """(2,) pixels per second."""
    size: float
    """Pixels: usual length of the diagonal of the joints' box."""
    appearance: Floats
    """(P, D) usual colours."""
    time: float
    """Seconds."""

    @classmethod
    def of(cls, person: Person, time: float) -> State:
        """At first sight."""
        return cls(person.xy[TRUNK].astype(np.float64), np.zeros(2), body_size(person), person.appearance, time)

    def then(self, person: Person, time: float) -> State:
        """The same person seen again, later."""
        trunk, step = person.xy[TRUNK].astype(np.float64), time - self.time
        share = 1 - np.exp(-step / MEMORY)
        kept = np.exp(-step / HABIT)
        velocity = self.velocity + share * ((trunk - self.trunk).mean(0) / step - self.velocity)
        return replace(
            self,
            trunk=trunk,
            velocity=velocity,
            size=kept * self.size + (1 - kept) * body_size(person),
            appearance=learnt(self.appearance, person.appearance, kept),
            time=time,
        )

    def predicted(self, time: float) -> Floats:
        """(K, 2) where the trunk should be at `time`: on its course, which it gives up when it is not seen."""
        travelled = COASTING * (1 - np.exp(-(time - self.time) / COASTING))
        return self.trunk + self.velocity * travelled

    def reach(self, time: float) -> float:
        """Body sizes from there within which the trunk must be."""
        return min(REACH + SPEED * (time - self.time), FARTHEST)

    def mismatch(self, person: Person, time: float) -> float:
        """0 for the same person just where they should be, 1 at the limit of what can be; infinite beyond it.

        More for somebody who was not seen for long, and so fits anywhere: who was seen just now has the better claim.
        """
        place = np.linalg.norm(person.xy[TRUNK] - self.predicted(time), axis=-1).mean() / self.size / self.reach(time)
        limit = RESIZED + RESIZED_PER_SECOND * (time - self.time)
        size = abs(np.log(body_size(person) / self.size)) / limit
        clothes = self.clothes(person) / OTHER_CLOTHES
        terms = np.array([place, size, clothes])
        if (terms > 1).any():
            return np.inf
        return float(np.sqrt((terms**2).mean()) + VAGUE * np.log(self.reach(time) / REACH))

    def touched_by(self, person: Person) -> bool:
        """Whether a person is so near, and dressed so alike, that the one might be taken for the other."""
        near = np.linalg.norm(middle(person) - self.trunk.mean(0)) < TOUCHING * self.size
        return bool(near) and self.clothes(person) < OTHER_CLOTHES

    def clothes(self, person: Person) -> float:
        """Hellinger distance, 0 to 1, of the person's colours to the usual ones; 0 where either has none."""
        return colour_distance(self.appearance, person.appearance)


def body_size(person: Person) -> float:
    """Pixels: the diagonal of the joints' box, at least what the trunk tells of somebody who bends or curls up."""
    left, top, right, bottom = person.box.tolist()
    trunk = np.linalg.norm(person.xy[H36M17.index("Thorax")] - person.xy[H36M17.index("Pelvis")])
    return max(float(np.hypot(right - left, bottom - top)), TRUNKS * float(trunk), 1.0)


def middle(person: Person) -> Floats:
    """(2,) pixels: of the trunk."""
    return person.xy[TRUNK].mean(0)


def same_place(a: Person, b: Person) -> bool:
    """Whether the trunk of the one lies on the other's."""
    return bool(np.linalg.norm(middle(a) - middle(b)) < SAME_PLACE * max(body_size(a), body_size(b)))


TRUNKS = 2.0
"""Of the trunk's length: the least that a body's box measures across."""
