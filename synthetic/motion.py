"""What a motion is (frozen parameters in, controls over time out), and what the motions have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from synthetic.body import Body
from synthetic.kinematics import SIDES, Controls, Foot, rolled


class Motion(Protocol):
    """Frozen parameters of a motion."""

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        """The motion of `body` at `times` (T,) in seconds."""
        ...


@dataclass(frozen=True)
class Stance:
    """Where someone stands who stays on the spot."""

    x: float = 0.0
    z: float = 0.0
    """World metres."""
    facing: float = 0.0
    """Degrees; 0 faces +z, growing to the person's left."""
    width: float = 0.24
    """Metres between the ankles."""
    toe_out: float = 10.0
    """Degrees."""

    def world(self, left: np.ndarray, up: np.ndarray, ahead: np.ndarray) -> np.ndarray:
        """Metres to the person's left, up and ahead, each (T,), to (T, 3) world metres."""
        sin, cos = np.sin(np.radians(self.facing)), np.cos(np.radians(self.facing))
        return np.stack([self.x + cos * left + sin * ahead, up, self.z - sin * left + cos * ahead], -1)

    def foot(
        self,
        body: Body,
        side: str,
        left: np.ndarray,
        lift: np.ndarray,
        pitch: np.ndarray,
        ahead: np.ndarray | float = 0.0,
    ) -> Foot:
        """A foot whose sole is `lift` above the floor and whose heel is raised by `pitch`, all (T,).

        left, ahead: metres from the middle of the stance.
        """
        roll, up = rolled(pitch, body).T
        yaw = np.radians(self.facing + SIDES[side] * self.toe_out)
        out = yaw - np.radians(self.facing)
        ankle = self.world(left + np.sin(out) * roll, lift + up, ahead + np.cos(out) * roll)
        return Foot(ankle, np.full(len(pitch), yaw), pitch)


def smooth(x: np.ndarray) -> np.ndarray:
    """0 below 0, 1 above 1, without a jump in speed or acceleration."""
    x = np.clip(x, 0, 1)
    return x**3 * (10 - 15 * x + 6 * x**2)


def bump(x: np.ndarray) -> np.ndarray:
    """0 outside 0..1, 1 in the middle."""
    return np.sin(np.pi * np.clip(x, 0, 1)) ** 2
