"""Motions on the spot, written by hand from everyday observation: squats, jumping jacks, arm raises."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.interpolate import CubicHermiteSpline

from synthetic.body import Body
from synthetic.kinematics import SIDES, Controls, Foot, Limb
from synthetic.motion import Stance, bump, smooth

GRAVITY = 9.81
"""m/s²"""

UPRIGHT_DROP = 0.003
"""Metres that the hips of someone who stands relaxed are below those of straight legs."""


@dataclass(frozen=True)
class Squats:
    """Feet planted, hips down and back, trunk leaning, arms swinging forward."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.36, toe_out=16))
    depth: float = 0.42
    """Metres that the hips go down."""
    back: float = 0.16
    """Metres that the hips go backward."""
    period: float = 1.1
    repetitions: int = 4
    lean: float = 36.0
    """Degrees of the trunk at the lowest point."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        down = self._down(times)
        zero = 0 * times
        rest = body.hip_height - UPRIGHT_DROP + _spread_drop(body, self.stance.width / 2)
        lean = np.radians(self.lean) * down**0.9
        pelvis = self.stance.world(
            0.008 * np.sin(times * 1.7), rest - self.depth * body.scale * down, -self.back * down
        )
        arm = Limb(
            np.radians(4 + 84 * down) + lean,
            np.radians(9 - 4 * down),
            np.radians(5 + 20 * down),
            np.radians(14 + 0 * down),
        )
        feet = {s: self.stance.foot(body, s, k * self.stance.width / 2 + zero, zero, zero) for s, k in SIDES.items()}
        return Controls(
            pelvis,
            zero + np.radians(self.stance.facing),
            np.stack([lean * 0.9, zero, zero], -1),
            np.stack([lean, zero, zero], -1),
            np.stack([lean * 0.35, zero, zero], -1),
            {"L": arm, "R": arm},
            feet,
        )

    def _down(self, times: np.ndarray) -> np.ndarray:
        """0 upright .. 1 at the lowest point; a short rest comes before and after."""
        rest = max(0.0, (times[-1] - times[0] - self.repetitions * self.period) / 2)
        phase = np.clip((times - times[0] - rest) / self.period, 0, self.repetitions)
        # A sine of a sine lingers a little at both ends, as people do.
        return (1 - np.cos(2 * np.pi * phase + 0.25 * np.sin(4 * np.pi * phase))) / 2


@dataclass(frozen=True)
class JumpingJacks:
    """Two hops per repetition: feet apart with the arms going up, feet together with the arms going down."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.2, toe_out=8))
    spread: float = 0.66
    """Metres between the ankles when apart."""
    contact: float = 0.24
    """Seconds on the floor between two hops."""
    flight: float = 0.28
    """Seconds in the air; with gravity this gives the height of the hop."""
    wait: float = 0.35
    """Seconds before the first hop's crouch."""
    repetitions: int = 4
    raised: float = 158.0
    """Degrees of the arms at the top."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        times = times - times[0]
        zero = 0 * times
        out = self._out(times, 0.0)
        lift = self._lift(times)
        width = self.stance.width + (self.spread * body.scale - self.stance.width) * out
        crouch = self._crouch(times)
        pelvis = self.stance.world(zero, body.hip_height + self._hips(body, times, width) + lift, 0.02 - 0.1 * crouch)
        feet = {s: self._foot(body, s, k, width, lift, crouch) for s, k in SIDES.items()}
        raised = self._out(times, 0.07)
        arm = Limb(
            np.radians(3 + 8 * np.sin(np.pi * raised)),
            np.radians(12 + (self.raised - 12) * raised),
            np.radians(10 + 50 * raised),
            np.radians(14 + 16 * np.sin(np.pi * raised) + 8 * raised),
        )
        lean = np.radians(3 + 60 * crouch)
        turn = np.stack([lean, zero, zero], -1)
        heading = zero + np.radians(self.stance.facing)
        return Controls(pelvis, heading, turn, turn, turn * 0.2, {"L": arm, "R": arm}, feet)

    @property
    def _takeoffs(self) -> np.ndarray:
        return self.wait + self.contact + np.arange(2 * self.repetitions) * (self.contact + self.flight)

    def _out(self, times: np.ndarray, early: float) -> np.ndarray:
        """0 together .. 1 apart; changes begin `early` seconds before take-off, end as late after landing."""
        steps = [smooth((times - start + early) / (self.flight + 2 * early)) for start in self._takeoffs]
        return sum(step if n % 2 == 0 else -step for n, step in enumerate(steps)) + 0 * times

    def _lift(self, times: np.ndarray) -> np.ndarray:
        """(T,) metres above the floor: a parabola per hop."""
        air = times[:, None] - self._takeoffs
        return np.max(np.where((air > 0) & (air < self.flight), GRAVITY / 2 * air * (self.flight - air), 0), -1)

    def _crouch(self, times: np.ndarray) -> np.ndarray:
        """(T,) metres that the hips are below those of stretched legs, meeting the flight's speed at both ends."""
        speed = GRAVITY * self.flight / 2
        depth = speed * self.contact / 4
        ends = self._takeoffs + self.flight
        knots = [(0.0, 0.0, 0.0), (self.wait - 0.1, 0.0, 0.0)]
        for n, start in enumerate(self._takeoffs):
            knots += [(start - self.contact / 2, depth, 0.0), (start, 0.0, -speed), (start + 1e-3, 0.0, 0.0)]
            knots += [(ends[n] - 1e-3, 0.0, 0.0), (ends[n], 0.0, speed)]
        knots += [(ends[-1] + self.contact / 2, depth, 0.0), (ends[-1] + 2 * self.contact, 0.0, 0.0)]
        when, value, slope = np.array([*knots, (ends[-1] + 60, 0.0, 0.0)]).T
        return np.maximum(CubicHermiteSpline(when, value, slope)(times), 0)

    def _hips(self, body: Body, times: np.ndarray, width: np.ndarray) -> np.ndarray:
        """(T,) metres of the hips against straight vertical legs: lower with the feet apart and in the crouch."""
        return _spread_drop(body, width / 2) - UPRIGHT_DROP - self._crouch(times)

    def _foot(
        self, body: Body, side: str, sign: float, width: np.ndarray, lift: np.ndarray, crouch: np.ndarray
    ) -> Foot:
        top = GRAVITY / 8 * self.flight**2
        # In the air the toes hang down, so the ankle is pulled up a little to keep the leg within its length.
        hang = np.radians(22) * (lift / top)
        return self.stance.foot(body, side, sign * width / 2, lift * 0.85, hang)


@dataclass(frozen=True)
class ArmRaises:
    """A step to the side with each raise of both arms, left and right in turn."""

    stance: Stance = field(default_factory=lambda: Stance(width=0.2, toe_out=9))
    step: float = 0.36
    """Metres to the side."""
    period: float = 1.5
    repetitions: int = 3
    raised: float = 160.0
    """Degrees of the arms at the top."""
    plane: float = 22.0
    """Degrees that the arms' plane lies in front of the body's."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        phase, zero = (times - times[0]) / self.period, 0 * times
        place = {s: self._foot_path(phase, s) for s in SIDES}
        sway = (
            0 * phase
            + sum(self._direction(n) * smooth((phase - n - 0.06) / 0.66) for n in range(self.repetitions)) * self.step
        )
        middle = sway - self.step / 2
        widest = np.maximum(*(np.abs(place[s][0] - middle) for s in SIDES))
        height = body.hip_height + _spread_drop(body, widest) - 2 * UPRIGHT_DROP
        up = np.clip(phase, 0, self.repetitions)
        raised = (1 - np.cos(2 * np.pi * up)) / 2
        arm = Limb(
            np.radians(2 + self.plane * np.sin(np.pi * raised)),
            np.radians(8 + (self.raised - 8) * raised),
            np.radians(8 + 30 * raised),
            np.radians(12 + 6 * raised),
        )
        lean = np.radians(3) * np.gradient(sway, times) / 0.4
        turn = np.stack([zero + 0.02, lean, zero], -1)
        feet = {s: self.stance.foot(body, s, *place[s]) for s in SIDES}
        heading = zero + np.radians(self.stance.facing)
        return Controls(
            self.stance.world(middle, height, 0.01 + zero),
            heading,
            turn * 0.4,
            turn,
            turn * 0.2,
            {"L": arm, "R": arm},
            feet,
        )

    @staticmethod
    def _direction(repetition: int) -> int:
        return 1 if repetition % 2 == 0 else -1

    def _foot_path(self, phase: np.ndarray, side: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Metres to the left, lift and pitch, each (T,): the foot on the step's side leads, the other follows."""
        left = SIDES[side] * self.stance.width / 2 - self.step / 2 + 0 * phase
        lift, pitch = 0 * phase, 0 * phase
        for n in range(self.repetitions):
            leads = SIDES[side] == self._direction(n)
            moved = (phase - n - (0.04 if leads else 0.42)) / 0.34
            left = left + self._direction(n) * self.step * smooth(moved)
            lift = lift + 0.05 * bump(moved)
            pitch = pitch + np.radians(14) * bump(moved)
        return left, lift, pitch


def _spread_drop(body: Body, aside: np.ndarray | float) -> np.ndarray:
    """Metres (not above 0) that the hips sink when straight legs stand with the ankles `aside` of the middle."""
    leg = body.thigh + body.shin
    return np.sqrt(leg**2 - np.maximum(aside - body.hip_width / 2, 0) ** 2) - leg
