"""What people do all day, for measuring: postures that are held, waving, running, jumps ahead, falls."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from synthetic.body import Body
from synthetic.exercises import JumpingJacks
from synthetic.kinematics import SIDES, Controls, Foot, Limb
from synthetic.motion import Stance, bump, smooth

SLACK = 0.012
"""Metres that the hips of someone who stands are below those of straight legs."""
SWAY, SWAY_PERIOD = 0.01, 3.1
"""Metres and seconds by which whoever holds a posture sways; the trunk leans by a degree for each centimetre."""
LYING = 0.11
"""Metres of the pelvis above the floor in somebody who lies."""

Arm = tuple[float, float, float, float]
"""Degrees of flexion, abduction, twist and elbow, as in Limb."""
HANGING: Arm = (4, 8, 6, 16)


@dataclass(frozen=True)
class Posture:
    """Held, but for a little sway."""

    stance: Stance = field(default_factory=Stance)
    hips: float = 1.0
    """Height of the hips, of that when standing."""
    back: float = 0.0
    ahead: float = 0.0
    """Metres that the hips are behind where one stood, and that the feet are ahead of it, on a standard body."""
    lean: float = 2.0
    """Degrees of the trunk ahead; -90: on the back."""
    tilt: float = 0.0
    """Degrees of the trunk to the right."""
    pitch: float = 0.0
    """Degrees that the heels are raised."""
    left: Arm = HANGING
    right: Arm = HANGING

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        zero = 0 * times
        sway = np.sin(2 * np.pi * (times - times[0]) / SWAY_PERIOD)
        height = max(self.hips * (body.hip_height - SLACK), LYING)
        pelvis = self.stance.world(SWAY * sway, height + zero, zero - self.back * body.scale)
        turn = np.stack([np.radians(self.lean + 100 * SWAY * sway), np.radians(self.tilt) + zero, zero], -1)
        ahead = self.ahead * body.scale
        feet = {
            s: self.stance.foot(body, s, k * self.stance.width / 2 + zero, zero, zero + np.radians(self.pitch), ahead)
            for s, k in SIDES.items()
        }
        arms = {s: _limb(angles, zero) for s, angles in (("L", self.left), ("R", self.right))}
        # The pelvis goes along with most of what the trunk does, the head looks up.
        return Controls(pelvis, _heading(self.stance, times), turn * [0.9, 1, 1], turn, turn * [0.6, 1, 1], arms, feet)


ON_LAP: Arm = (38, 8, 10, 62)
UP: Arm = (158, 14, 20, 14)
BEFORE: Arm = (82, 6, 10, 12)
POSTURES = {
    "standing": Posture(),
    "arms_up": Posture(left=UP, right=UP),
    "one_arm_up": Posture(left=UP),
    "chair": Posture(hips=0.56, back=0.4, lean=4, left=ON_LAP, right=ON_LAP),
    "chair_forward": Posture(hips=0.56, back=0.4, lean=24, left=ON_LAP, right=ON_LAP),
    "to_chair": Posture(hips=0.72, back=0.27, lean=38, left=(30, 8, 10, 40), right=(30, 8, 10, 40)),
    "squat": Posture(hips=0.5, back=0.2, lean=36, left=BEFORE, right=BEFORE),
    "deep_squat": Posture(hips=0.3, back=0.19, lean=40, pitch=10, left=BEFORE, right=BEFORE),
    "bend": Posture(hips=0.97, back=0.13, lean=82, left=(86, 6, 0, 10), right=(70, 6, 0, 10)),
    "floor": Posture(hips=0.13, back=0.3, ahead=0.2, lean=-10, left=(20, 20, 0, 25), right=(20, 20, 0, 25)),
    "on_back": Posture(hips=0.13, back=0.3, ahead=0.49, lean=-87),
    "knees_up": Posture(hips=0.13, back=0.3, ahead=0.18, lean=-87, left=(8, 24, 0, 20)),
}
"""Name to posture, where the stance is 0."""


def posture(name: str, stance: Stance) -> Posture:
    """One of POSTURES, elsewhere."""
    return replace(POSTURES[name], stance=stance)


@dataclass(frozen=True)
class Waving:
    """A hand beside the head, from side to side, in a posture."""

    posture: Posture
    side: str = "R"
    period: float = 0.6
    swing: float = 26.0
    """Degrees of the forearm to both sides."""
    raised: float = 96.0
    """Degrees of the upper arm, aside."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        held = self.posture.controls(body, times)
        zero = 0 * times
        swung = self.swing * np.sin(2 * np.pi * (times - times[0]) / self.period)
        # The forearm points up where the elbow is bent by a right angle and the upper arm, level, turned outward.
        arm = Limb(np.radians(8) + zero, np.radians(self.raised) + zero, np.radians(-88) + zero, np.radians(88 + swung))
        return replace(held, arms=held.arms | {self.side: arm})


@dataclass(frozen=True)
class Running:
    """Straight on, with both feet off the floor between steps. middle: seconds at which it passes where it is."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.1, toe_out=3))
    speed: float = 2.9
    """Metres per second."""
    step: float = 0.36
    """Seconds from one foot's strike to the other's."""
    on_floor: float = 0.32
    """Of two steps, that each foot stands."""
    heel: float = 0.36
    """Metres that the foot behind is raised, on a standard body."""
    middle: float = 1.5

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        phase, zero = (times - times[0]) / (2 * self.step), 0 * times
        gone = self.speed * (times - times[0] - self.middle)
        cycle = 2 * np.pi * (phase - self.on_floor / 2)
        # Lowest in the middle of each stance.
        height = body.hip_height - (0.075 + 0.035 * np.cos(2 * cycle)) * body.scale
        pelvis = self.stance.world(0.01 * np.cos(cycle), height, gone)
        twist = np.cos(2 * np.pi * phase)
        trunk = np.stack([zero + np.radians(9), zero, np.radians(9) * twist], -1)
        hips = np.stack([zero + np.radians(6), zero, np.radians(-7) * twist], -1)
        arms = {s: self._arm(k * -twist) for s, k in SIDES.items()}
        feet = {"L": self._foot(body, "L", phase), "R": self._foot(body, "R", phase + 0.5)}
        return Controls(pelvis, _heading(self.stance, times), hips, trunk, trunk * 0.3, arms, feet)

    def _arm(self, forward: np.ndarray) -> Limb:
        zero = 0 * forward
        return Limb(np.radians(34 * forward - 8), zero + np.radians(12), zero + 0.2, np.radians(84 + 10 * forward))

    def _foot(self, body: Body, side: str, phase: np.ndarray) -> Foot:
        """phase (T,): pairs of steps of this foot; whole numbers are its strikes, under the body a little ahead."""
        pair = 2 * self.step * self.speed
        count, part = np.floor(phase), phase % 1
        swing = np.clip((part - self.on_floor) / (1 - self.on_floor), 0, 1)
        offset = (self.on_floor / 2 - (0.5 if side == "R" else 0.0)) * pair - self.speed * self.middle
        ahead = (count + smooth(swing)) * pair + offset
        lift = self.heel * body.scale * bump(swing**0.8)
        pitch = np.radians(50) * bump(swing**0.7) + np.radians(30) * bump((part - 0.2) / 0.3)
        return self.stance.foot(body, side, SIDES[side] * self.stance.width / 2 + 0 * phase, lift, pitch, ahead)


@dataclass(frozen=True)
class JumpsAhead(JumpingJacks):
    """Jumps with both feet, each a step further. step: metres, on a standard body."""

    step: float = 0.55

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        on_spot = super().controls(body, times)
        air = (times[:, None] - times[0] - self._takeoffs) / self.flight
        gone = self.step * body.scale * np.clip(air, 0, 1).sum(-1)
        way = self.stance.world(0 * times, 0 * times, gone) - self.stance.world(0 * times, 0 * times, 0 * times)
        feet = {side: replace(foot, ankle=foot.ankle + way) for side, foot in on_spot.feet.items()}
        return replace(on_spot, pelvis=on_spot.pelvis + way, feet=feet)


def jumps(stance: Stance, count: int, step: float = 0.0) -> JumpsAhead:
    """So many (an even number), on the spot or ahead, the arms hardly raised."""
    place = replace(stance, width=0.2, toe_out=6)
    return JumpsAhead(
        place, spread=0.2, contact=0.42, flight=0.42, wait=0.2, repetitions=count // 2, raised=40, step=step
    )


@dataclass(frozen=True)
class Falling:
    """From standing to lying, and staying there; like a pole that tips over the feet, knees giving way."""

    stance: Stance = field(default_factory=Stance)
    direction: str = "ahead"
    """ahead, back, left or right."""
    seconds: float = 0.9
    knees: float = 0.3
    """Of the leg's length, that knees which give way take off it half-way."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        zero = 0 * times
        gone = np.clip((times - times[0]) / self.seconds, 0, 1) ** 2
        tipped = np.radians(88) * gone
        leg = body.thigh + body.shin - SLACK * (1 - gone)
        leg = leg * (1 - self.knees * np.sin(np.pi * gone))
        away = leg * np.sin(tipped)
        ahead, left = DIRECTIONS[self.direction]
        lowest = LYING + abs(left) * body.hip_width / 2
        height = np.maximum(body.ankle_height + leg * np.cos(tipped), lowest)
        pelvis = self.stance.world(left * away, height, ahead * away)
        turn = np.stack([ahead * tipped, -left * tipped, zero], -1)
        feet = {s: self._foot(body, s, k, left, ahead, gone) for s, k in SIDES.items()}
        # The arms come to lie on the floor: on the front beside the head, on a side before the body.
        arm = Limb(
            np.radians(4 + 76 * abs(left) * gone), np.radians(8 + 100 * max(ahead, 0) * gone), zero,
            np.radians(16 - 8 * gone),
        )  # fmt: skip
        return Controls(pelvis, _heading(self.stance, times), turn, turn, turn * 0.9, {"L": arm, "R": arm}, feet)

    def _foot(self, body: Body, side: str, sign: float, left: float, ahead: float, gone: np.ndarray) -> Foot:
        """Where it stood; of somebody who falls aside, the upper foot comes to lie on the lower one."""
        upper = 0.15 * body.scale * gone * (left * sign < 0)
        pitch = np.radians(60) * gone * (ahead > 0)
        aside = sign * self.stance.width / 2 * (1 - abs(left) * gone)
        return self.stance.foot(body, side, aside, upper, pitch)


DIRECTIONS = {"ahead": (1.0, 0.0), "back": (-1.0, 0.0), "left": (0.0, 1.0), "right": (0.0, -1.0)}
"""Where somebody falls to: parts ahead and to the left."""


def _limb(angles: Arm, zero: np.ndarray) -> Limb:
    return Limb(*(np.radians(angle) + zero for angle in angles))


def _heading(stance: Stance, times: np.ndarray) -> np.ndarray:
    return np.full(len(times), np.radians(stance.facing))
