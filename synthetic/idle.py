"""What people do between exercises, and what is none: standing, swinging arms, scratching the head, crouching."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from synthetic.body import Body
from synthetic.kinematics import SIDES, Controls, Limb
from synthetic.motion import Stance, bump

SLACK = 0.012
"""Metres that the hips of someone who stands are below those of straight legs."""


@dataclass(frozen=True)
class Standing:
    """Both feet on the floor. swing: degrees that the arms swing; scratch: a hand goes to the head once in a while."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.24, toe_out=10))
    swing: float = 0.0
    scratch: bool = False
    period: float = 1.2
    """Seconds of a swing of the arms, or of twice up to the head and back."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        phase, zero = (times - times[0]) / self.period, 0 * times
        swung = np.radians(self.swing) * np.sin(2 * np.pi * phase)
        raised = bump(phase / 2) if self.scratch else zero
        arms = {
            "L": Limb(
                np.radians(4) + swung, zero + np.radians(8), zero + np.radians(6), np.radians(16) + 0.3 * np.abs(swung)
            ),
            "R": Limb(
                np.radians(4 + 70 * raised) + (-swung if not self.scratch else 0),
                np.radians(8 + 40 * raised),
                np.radians(6 + 20 * raised),
                np.radians(16 + 112 * raised + 8 * raised * np.sin(8 * np.pi * phase)),
            ),
        }  # fmt: skip
        pelvis = self.stance.world(0.012 * np.sin(2 * times), body.hip_height - SLACK + zero, zero)
        turn = np.stack([zero + 0.02, zero, 0.1 * swung], -1)
        feet = {s: self.stance.foot(body, s, k * self.stance.width / 2 + zero, zero, zero) for s, k in SIDES.items()}
        heading = np.full(len(times), np.radians(self.stance.facing))
        return Controls(pelvis, heading, turn * 0.4, turn, turn * 0.2, arms, feet)


@dataclass(frozen=True)
class Crouching:
    """On the way to the floor: hips low, hands on the floor."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.3, toe_out=12))

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        zero = 0 * times
        lean = np.stack([zero + np.radians(70), zero, zero], -1)
        pelvis = self.stance.world(zero, 0.42 * body.scale + zero, zero - 0.12)
        arm = Limb(zero + np.radians(75), zero + np.radians(8), zero, zero + np.radians(12))
        feet = {s: self.stance.foot(body, s, k * self.stance.width / 2 + zero, zero, zero) for s, k in SIDES.items()}
        heading = np.full(len(times), np.radians(self.stance.facing))
        return Controls(pelvis, heading, lean * 0.7, lean, lean * 0.4, {"L": arm, "R": arm}, feet)


@dataclass(frozen=True)
class Sitting:
    """On the floor, knees up, on the way to lie down. lean: degrees of the trunk."""

    stance: Stance = field(default_factory=Stance)
    lean: float = -15.0

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        zero = 0 * times
        lean = np.stack([zero + np.radians(self.lean), zero, zero], -1)
        pelvis = self.stance.world(zero, 0.11 + zero, zero)
        arm = Limb(zero + np.radians(10), zero + np.radians(20), zero, zero + np.radians(25))
        feet = {s: self.stance.foot(body, s, k * 0.12 + zero, zero, zero, 0.47 * body.scale) for s, k in SIDES.items()}
        heading = np.full(len(times), np.radians(self.stance.facing))
        return Controls(pelvis, heading, lean, lean, lean * 0.3, {"L": arm, "R": arm}, feet)
