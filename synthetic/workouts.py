"""Exercises on the floor, at a bar and with weights, written by hand, for measuring."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from synthetic.body import Body
from synthetic.kinematics import SIDES, Controls, Foot, Limb
from synthetic.motion import Stance
from synthetic.reach import reaching

WRIST = 0.06
"""Metres of the wrist above the floor that the hand rests on."""
LYING = 0.11
"""Metres of the pelvis above the floor in somebody who lies on the back."""
SLACK = 0.012
"""Metres that the hips of someone who moves are below those of straight legs."""


@dataclass(frozen=True)
class PushUps:
    """On hands and toes, the body a straight line."""

    stance: Stance = field(default_factory=Stance)
    period: float = 2.0
    low: float = 0.32
    """Metres of the shoulders above the floor at the lowest point, on a body of standard stature."""
    hands: float = 0.3
    """Metres of each hand to the side of the middle."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        down = _down(times, self.period)
        zero = 0 * times
        high = WRIST + 0.975 * (body.upper_arm + body.forearm)
        shoulders = high + (self.low * body.scale - high) * down
        leg = 0.998 * (body.thigh + body.shin)
        ankle, length = 0.14, leg + body.trunk
        reach = np.sqrt(length**2 - (shoulders - ankle) ** 2)
        back = np.sqrt(length**2 - (high - ankle) ** 2)
        share = leg / length
        pelvis = self.stance.world(zero, ankle + share * (shoulders - ankle), share * reach - back)
        lean = np.arccos((shoulders - ankle) / length)
        turn = np.stack([lean, zero, zero], -1)
        heading = _heading(self.stance, times)
        arms = {
            s: reaching(
                body, s, pelvis, heading, turn,
                self.stance.world(k * self.hands + zero, WRIST + zero, 0.02 + zero),
                self.stance.world(k + zero, 0.3 + zero, -0.8 + zero) - self.stance.world(zero, zero, zero),
            )
            for s, k in SIDES.items()
        }  # fmt: skip
        feet = {
            s: Foot(self.stance.world(k * 0.09 + zero, ankle + zero, zero - back), heading, zero + np.radians(78))
            for s, k in SIDES.items()
        }
        return Controls(pelvis, heading, turn, turn, turn - [np.radians(22), 0, 0], arms, feet)


@dataclass(frozen=True)
class SitUps:
    """On the back, knees up, arms crossed on the chest."""

    stance: Stance = field(default_factory=Stance)
    period: float = 2.6
    up: float = -4.0
    """Degrees that the trunk leans ahead at the top."""
    flat: float = -86.0
    """Degrees that it leans ahead on the floor."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        up, zero = _down(times, self.period), 0 * times
        lean = np.radians(self.flat + (self.up - self.flat) * up)
        turn = np.stack([lean, zero, zero], -1)
        pelvis = self.stance.world(zero, LYING + zero, zero)
        tilt = np.stack([np.radians(self.flat) + 0.8 * (lean - np.radians(self.flat)), zero, zero], -1)
        arm = Limb(np.radians(38 + 0 * up), np.radians(10 + 0 * up), np.radians(50 + 0 * up), np.radians(118 + 0 * up))
        feet = {s: self.stance.foot(body, s, k * 0.12 + zero, zero, zero, 0.47 * body.scale) for s, k in SIDES.items()}
        head = turn + [np.radians(18), 0, 0]
        return Controls(pelvis, _heading(self.stance, times), tilt, turn, head, {"L": arm, "R": arm}, feet)


@dataclass(frozen=True)
class PullUps:
    """At a bar, from straight arms to the chin above it, feet off the floor."""

    stance: Stance = field(default_factory=Stance)
    period: float = 2.5
    clear: float = 0.12
    """Metres that the feet hang above the floor."""
    hands: float = 0.32
    """Metres of each hand to the side of the middle."""
    top: float = 0.2
    """Metres of the bar above the shoulders at the top, on a body of standard stature."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        up, zero = _down(times, self.period), 0 * times
        low = body.hip_height + self.clear
        arm = 0.985 * (body.upper_arm + body.forearm)
        hang = np.sqrt(arm**2 - (self.hands - body.shoulder_width / 2) ** 2)
        bar = low + body.trunk + hang
        height = low + (hang - self.top * body.scale) * up
        pelvis = self.stance.world(zero, height, -0.06 * up)
        lean = np.radians(-2 - 10 * up)
        turn = np.stack([lean, zero, zero], -1)
        heading = _heading(self.stance, times)
        arms = {
            s: reaching(
                body, s, pelvis, heading, turn,
                self.stance.world(k * self.hands + zero, bar + zero, 0.04 + zero),
                self.stance.world(0.8 * k + zero, -0.4 + zero, 0.3 + zero) - self.stance.world(zero, zero, zero),
            )
            for s, k in SIDES.items()
        }  # fmt: skip
        feet = {
            s: self.stance.foot(body, s, k * 0.09 + zero, height - body.hip_height + 0.03, zero + np.radians(40), -0.08)
            for s, k in SIDES.items()
        }
        return Controls(pelvis, heading, turn * 0.4, turn, turn * 0.2, arms, feet)


@dataclass(frozen=True)
class Curls:
    """Standing, the forearms up and down: both at once, or left and right in turn."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.24, toe_out=10))
    period: float = 2.0
    """Seconds of both arms' repetition, or of one arm's."""
    in_turn: bool = False
    bend: float = 128.0
    """Degrees of the elbow at the top."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        phase, zero = (times - times[0]) / self.period, 0 * times
        up = _down(times, self.period)
        turns = {"L": np.floor(phase) % 2 == 0, "R": np.floor(phase) % 2 == 1}
        bent = {s: np.where(turns[s], up, 0) if self.in_turn else up for s in SIDES}
        arms = {
            s: Limb(
                np.radians(3 + 9 * part), zero + np.radians(9), zero - np.radians(8),
                np.radians(9 + (self.bend - 9) * part),
            )
            for s, part in bent.items()
        }  # fmt: skip
        sway = 0.01 * np.sin(times)
        turn = np.stack([np.radians(2 - 4 * np.maximum(bent["L"], bent["R"])), zero, zero], -1)
        feet = {s: self.stance.foot(body, s, k * self.stance.width / 2 + zero, zero, zero) for s, k in SIDES.items()}
        pelvis = self.stance.world(sway, body.hip_height - SLACK + zero, zero)
        return Controls(pelvis, _heading(self.stance, times), turn * 0.3, turn, turn * 0.2, arms, feet)


def _down(times: np.ndarray, period: float) -> np.ndarray:
    """0 at the start of each repetition .. 1 in its middle."""
    return (1 - np.cos(2 * np.pi * (times - times[0]) / period)) / 2


def _heading(stance: Stance, times: np.ndarray) -> np.ndarray:
    return np.full(len(times), np.radians(stance.facing))
