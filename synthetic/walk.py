"""Walking, written by hand: footprints along an arc, feet that roll over heel and ball, swinging arms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from synthetic.body import Body
from synthetic.kinematics import SIDES, Controls, Foot, Limb, rolled
from synthetic.motion import bump, smooth

STANCE = 0.62
"""Part of the stride that a foot is on the floor: more than half, so both are for a while."""


@dataclass(frozen=True)
class Walk:
    """Walking along an arc, starting in mid-stride."""

    x: float = -1.85
    z: float = -0.75
    """World metres of the start."""
    facing: float = 84.0
    """Degrees of the direction at the start."""
    turn: float = -44.0
    """Degrees that the direction changes along `length`."""
    length: float = 3.55
    speed: float = 0.85
    """m/s"""
    stride: float = 1.06
    """Metres from one left heel strike to the next."""
    track: float = 0.13
    """Metres between the feet's lines."""
    swing: float = 24.0
    """Degrees that the arms swing forward and backward."""
    sink: float = 0.046
    """Metres that the hips of somebody of the standard stature are lower than in standing; long strides need more."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        travelled = self.speed * (times - times[0])
        phase = travelled / self.stride
        heading = self._heading(travelled)
        cycle = 2 * np.pi * phase
        # The left foot is in the middle of its stance at half the stance part of its cycle.
        middle = cycle - np.pi * STANCE
        bob = 0.016 * np.cos(2 * middle)
        place = self._path(travelled) + 0.022 * np.cos(middle)[:, None] * _left(heading)
        place[:, 1] = body.hip_height - self.sink * body.scale + bob
        zero = 0 * phase
        # At its heel strike (cycle 0) the left hip is ahead: the pelvis is twisted to the right, the chest to the left.
        twist = np.cos(cycle)
        pelvis = np.stack([zero + 0.03, np.radians(2.5) * np.sin(cycle), np.radians(-6) * twist], -1)
        trunk = np.stack(
            [zero + 0.05 + 0.015 * np.cos(2 * cycle), np.radians(-1.0) * np.sin(cycle), np.radians(6) * twist], -1
        )
        head = np.stack([zero + 0.03, zero, np.radians(1) * twist], -1)
        arms = {"L": self._arm(-twist), "R": self._arm(twist)}
        feet = {"L": self._foot(body, "L", phase), "R": self._foot(body, "R", phase + 0.5)}
        return Controls(place, heading, pelvis, trunk, head, arms, feet)

    def _heading(self, travelled: np.ndarray) -> np.ndarray:
        return np.radians(self.facing + self.turn * travelled / self.length)

    def place(self, seconds: float) -> np.ndarray:
        """(3,) metres: the point of the floor that is reached after so many seconds."""
        return self._path(np.array([self.speed * seconds]))[0]

    def _path(self, travelled: np.ndarray) -> np.ndarray:
        """(T,) metres along the arc to (T, 3) points of the floor."""
        start, rate = np.radians(self.facing), np.radians(self.turn) / self.length
        angle = start + rate * travelled
        x, z = (np.cos(start) - np.cos(angle)) / rate, (np.sin(angle) - np.sin(start)) / rate
        return np.stack([self.x + x, 0 * angle, self.z + z], -1)

    def _arm(self, forward: np.ndarray) -> Limb:
        """forward: (T,) -1 backward .. 1 forward."""
        zero = 0 * forward
        flexion = np.radians(2 + self.swing * forward)
        return Limb(flexion, zero + np.radians(8), zero + np.radians(12), np.radians(24 + 12 * forward))

    def _foot(self, body: Body, side: str, phase: np.ndarray) -> Foot:
        """phase (T,): strides of this foot; whole numbers are its heel strikes."""
        count = np.floor(phase)
        part = phase - count
        stance = np.minimum(part / STANCE, 1)
        swing = np.clip((part - STANCE) / (1 - STANCE), 0, 1)
        pitch = np.where(part < STANCE, _stance_pitch(stance), _swing_pitch(swing))
        # Where it stands, and where it stands next; the offset puts the body over the foot in mid-stance.
        offset = (STANCE / 2 - (0.5 if side == "R" else 0.0)) * self.stride
        now, after = (self._placed(body, side, (count + n) * self.stride + offset, pitch, swing, n) for n in (0, 1))
        blend = smooth(swing)[:, None]
        ankle = (1 - blend) * now[0] + blend * after[0]
        ankle[:, 1] += 0.03 * body.scale * bump(swing)
        yaw = (1 - blend[:, 0]) * now[1] + blend[:, 0] * after[1]
        return Foot(ankle, yaw, pitch)

    def _placed(
        self, body: Body, side: str, travelled: np.ndarray, pitch: np.ndarray, swing: np.ndarray, step: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Ankle (T, 3) and yaw (T,) of the foot at its print; in the swing, as it left or will meet the floor."""
        held = pitch if step == 0 else np.full(len(pitch), _stance_pitch(np.zeros(1))[0])
        held = np.where((step == 0) & (swing > 0), _stance_pitch(np.ones(1))[0], held)
        ahead, up = rolled(held, body).T
        heading = self._heading(travelled)
        yaw = heading + SIDES[side] * np.radians(6)
        ground = self._path(travelled) + SIDES[side] * self.track / 2 * _left(heading)
        ankle = ground + ahead[:, None] * np.stack([np.sin(yaw), 0 * yaw, np.cos(yaw)], -1)
        ankle[:, 1] = up
        return ankle, yaw


_stance_pitch = PchipInterpolator([0, 0.14, 0.5, 0.75, 1], np.radians([-17, 0, 0, 10, 46]))
"""Part of the stance to pitch: heel strike, flat, heel off, push-off."""

_swing_pitch = PchipInterpolator([0, 0.12, 0.5, 0.85, 1], np.radians([46, 48, 8, -16, -17]))


def _left(heading: np.ndarray) -> np.ndarray:
    """(T,) radians to (T, 3) unit vectors to the left."""
    return np.stack([np.cos(heading), 0 * heading, -np.sin(heading)], -1)
