"""More motions on the spot, for measuring: lunges, punches, toe touches, high knees, kicks, bows."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from synthetic.body import Body
from synthetic.kinematics import SIDES, Controls, Limb
from synthetic.motion import Stance, bump, smooth

SLACK = 0.012
"""Metres that the hips of someone who moves are below those of straight legs."""


@dataclass(frozen=True)
class Lunges:
    """A long step ahead and back, left and right in turn."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.2, toe_out=4))
    step: float = 0.62
    """Metres ahead, on a body of standard stature."""
    depth: float = 0.30
    """Metres that the hips go down."""
    period: float = 1.9

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        phase, zero = (times - times[0]) / self.period, 0 * times
        part = phase % 1
        out = np.maximum(smooth(part / 0.4) - smooth((part - 0.6) / 0.4), 0)
        scale = body.scale
        feet = {}
        for side, turn in (("L", 0), ("R", 1)):
            leads = np.floor(phase).astype(int) % 2 == turn
            ahead = np.where(leads, self.step * scale * out, 0)
            lift = np.where(leads, 0.09 * scale * (bump(part / 0.4) + bump((part - 0.6) / 0.4)), 0)
            pitch = np.where(leads, 0, np.radians(58) * out)
            feet[side] = self.stance.foot(body, side, SIDES[side] * self.stance.width / 2 + zero, lift, pitch, ahead)
        pelvis = self.stance.world(
            zero, body.hip_height - SLACK - self.depth * scale * out**1.2, 0.5 * self.step * scale * out
        )
        lean = np.radians(2 + 8 * out)
        turn = np.stack([lean, zero, zero], -1)
        arm = Limb(np.radians(5 + 20 * out), zero + np.radians(28), zero, np.radians(20 + 75 * out))
        return Controls(pelvis, _heading(self.stance, times), turn * 0.4, turn, turn * 0.3, {"L": arm, "R": arm}, feet)


@dataclass(frozen=True)
class Punches:
    """A boxer's guard, and straight punches with either hand."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.32, toe_out=14))
    ahead: float = 0.16
    """Metres that the left foot is ahead of the middle, and the right one behind."""
    period: float = 0.62

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        phase, zero = (times - times[0]) / self.period, 0 * times
        hits = {s: np.where(np.floor(phase) % 2 == n, bump(phase % 1), 0) for n, s in enumerate("LR")}
        twist = np.radians(-12 + 26 * (hits["R"] - hits["L"]))
        bounce = 0.012 * np.sin(4 * np.pi * phase)
        pelvis = self.stance.world(0.015 * np.sin(2 * np.pi * phase / 2), body.hip_height - 0.07 + bounce, zero)
        arms = {
            s: Limb(
                np.radians(38 + 50 * hit),
                np.radians(16 - 6 * hit),
                np.radians(20 - 10 * hit),
                np.radians(128 - 112 * hit),
            )
            for s, hit in hits.items()
        }
        feet = {
            s: self.stance.foot(body, s, k * self.stance.width / 2 + zero, zero, zero, k * self.ahead)
            for s, k in SIDES.items()
        }
        lean = np.stack([zero + np.radians(8), zero, twist], -1)
        return Controls(pelvis, _heading(self.stance, times), lean * 0.4, lean, lean * [1, 1, 0.1], arms, feet)


@dataclass(frozen=True)
class ToeTouches:
    """Arms overhead, then down to the toes."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.26, toe_out=8))
    bend: float = 88.0
    """Degrees of the trunk at the lowest point."""
    period: float = 2.3

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        phase, zero = (times - times[0]) / self.period, 0 * times
        down = (1 - np.cos(2 * np.pi * phase)) / 2
        lean = np.radians(self.bend) * down
        pelvis = self.stance.world(zero, body.hip_height - SLACK - 0.02 * down, -0.14 * body.scale * down)
        flexion = np.radians(165) * (1 - down) + (lean + np.radians(4)) * down
        arm = Limb(flexion, zero + np.radians(7), zero, np.radians(16 - 8 * down))
        feet = {s: self.stance.foot(body, s, k * self.stance.width / 2 + zero, zero, zero) for s, k in SIDES.items()}
        turn = np.stack([lean, zero, zero], -1)
        return Controls(pelvis, _heading(self.stance, times), turn * 0.6, turn, turn * 1.1, {"L": arm, "R": arm}, feet)


@dataclass(frozen=True)
class HighKnees:
    """Marching on the spot with the knees up to the hips."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.18, toe_out=5))
    lift: float = 0.42
    """Metres that a foot is raised, on a body of standard stature."""
    period: float = 1.2
    """Seconds of two steps."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        phase, zero = (times - times[0]) / self.period, 0 * times
        up = {"L": bump(2 * (phase % 1)), "R": bump(2 * ((phase + 0.5) % 1))}
        sway = 0.035 * (up["R"] - up["L"])
        pelvis = self.stance.world(sway, body.hip_height - SLACK - 0.008 + zero, zero)
        feet = {
            s: self.stance.foot(
                body, s, k * self.stance.width / 2 + zero, self.lift * body.scale * up[s], np.radians(24) * up[s],
                0.18 * body.scale * up[s],
            )
            for s, k in SIDES.items()
        }  # fmt: skip
        swing = up["R"] - up["L"]
        arms = {
            s: Limb(np.radians(12 + 42 * k * swing), zero + np.radians(9), zero + np.radians(10), zero + np.radians(82))
            for s, k in SIDES.items()
        }
        twist = np.stack([zero + 0.03, zero, np.radians(-7) * swing], -1)
        return Controls(pelvis, _heading(self.stance, times), -twist * 0.5, twist, twist * 0.2, arms, feet)


@dataclass(frozen=True)
class Kicks:
    """Straight kicks ahead, left and right in turn, hands up."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.22, toe_out=12))
    lift: float = 0.5
    """Metres that the foot is raised, on a body of standard stature."""
    period: float = 1.3

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        phase, zero = (times - times[0]) / self.period, 0 * times
        kicks = {s: np.where(np.floor(phase) % 2 == n, bump(phase % 1) ** 1.3, 0) for n, s in enumerate("LR")}
        either = kicks["L"] + kicks["R"]
        pelvis = self.stance.world(
            0.05 * (kicks["R"] - kicks["L"]), body.hip_height - SLACK - 0.012 + zero, 0.03 * either
        )
        feet = {
            s: self.stance.foot(
                body, s, k * self.stance.width / 2 + zero, self.lift * body.scale * kicks[s],
                np.radians(-18) * kicks[s], 0.7 * body.scale * kicks[s],
            )
            for s, k in SIDES.items()
        }  # fmt: skip
        arm = Limb(np.radians(35 - 10 * either), zero + np.radians(22), zero + np.radians(12), zero + np.radians(105))
        lean = np.stack([np.radians(4 - 16 * either), zero, zero], -1)
        return Controls(pelvis, _heading(self.stance, times), lean * 0.8, lean, lean * -0.2, {"L": arm, "R": arm}, feet)


@dataclass(frozen=True)
class Bows:
    """Legs apart, arms out: bows over the left and the right foot in turn."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.6, toe_out=14))
    period: float = 1.9

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        phase, zero = (times - times[0]) / self.period, 0 * times
        down = bump(phase % 1)
        side = np.where(np.floor(phase) % 2 == 0, 1.0, -1.0)
        leg = body.thigh + body.shin
        spread = np.sqrt(leg**2 - (self.stance.width / 2 - body.hip_width / 2) ** 2) - leg
        pelvis = self.stance.world(
            -0.03 * side * down, body.hip_height + spread - SLACK - 0.02 * down, -0.12 * body.scale * down
        )
        trunk = np.stack([np.radians(66) * down, zero, np.radians(52) * side * down], -1)
        arm = Limb(zero, zero + np.radians(86), zero, zero + np.radians(8))
        feet = {s: self.stance.foot(body, s, k * self.stance.width / 2 + zero, zero, zero) for s, k in SIDES.items()}
        return Controls(
            pelvis, _heading(self.stance, times), trunk * [0.5, 1, 0.25], trunk, trunk * [1, 1, 0.8],
            {"L": arm, "R": arm}, feet,
        )  # fmt: skip


def _heading(stance: Stance, times: np.ndarray) -> np.ndarray:
    return np.full(len(times), np.radians(stance.facing))
