"""What a body does, as lines over time that hold from whichever side it is filmed: angles, heights, distances.

Angles are those of the body or against the upright; lengths are parts of the body's own legs or arms, so that they hold
for tall and short people, and where nobody said how tall they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from pose3d.analysis.angles import angle_between
from pose3d.analysis.frames import UP, leftward
from pose3d.core.arrays import Bools, Floats
from pose3d.core.geometry import degrees_between
from pose3d.core.ground import HEIGHT
from pose3d.core.presence import hidden
from pose3d.core.result import Result
from pose3d.core.skeleton import Skeleton
from pose3d.core.smoothing import smooth

Side = Literal["left", "right", "both"]
Unit = Literal["degrees", "legs", "arms"]


@dataclass(frozen=True)
class Signal:
    """How one line is told. joints: those that it hangs on, without their side where they have one."""

    unit: Unit
    joints: tuple[str, ...]
    of: Callable[[Body, str], Floats]
    """(T,) of one side, "L" or "R"."""


@dataclass(frozen=True)
class Body:
    """A motion in the world, and what is measured against."""

    lifted: Floats
    """(T, J, 3) float64 metres, y up: for all that joints are to each other. Legs that are held to the floor bend less
    than they were seen to."""
    world: Floats
    """Likewise, with feet that stay where they stand, floor at 0: for places and heights."""
    skeleton: Skeleton

    def at(self, joint: str) -> Floats:
        """(T, 3) metres, as lifted."""
        return self.lifted[:, self.skeleton.index(joint)]

    def place(self, joint: str) -> Floats:
        """(T, 3) metres in the world."""
        return self.world[:, self.skeleton.index(joint)]

    def angle(self, start: str, vertex: str, end: str) -> Floats:
        """(T,) degrees at a joint, 180 where the three lie on a line."""
        return angle_between(self.lifted, self.skeleton, start, vertex, end)

    @cached_property
    def leg(self) -> float:
        """Metres from hip to ankle along the leg."""
        return self._limb("Hip", "Knee", "Ankle")

    @cached_property
    def arm(self) -> float:
        """Metres from shoulder to wrist along the arm."""
        return self._limb("Shoulder", "Elbow", "Wrist")

    @cached_property
    def trunk(self) -> Floats:
        """(T, 3) metres from the pelvis to the middle of the shoulders."""
        return self.at("Thorax") - self.at("Pelvis")

    @cached_property
    def left(self) -> Floats:
        """(T, 3) unit vectors over the floor to the person's left, told by hips and shoulders."""
        return leftward(self.lifted, self.skeleton)

    @cached_property
    def ahead(self) -> Floats:
        """(T, 3) unit vectors over the floor to where the person faces."""
        return np.cross(self.left, UP)

    @cached_property
    def weight(self) -> Floats:
        """(T, 3) metres of the centre of mass."""
        shares = np.array([SHARES.get(name, SHARES.get(name[1:], 0.0)) for name in self.skeleton.joints])
        return np.einsum("j,tjc->tc", shares, self.lifted)

    def _limb(self, *joints: str) -> float:
        ends = [self.skeleton.indices(*(side + joint for joint in joints)) for side in "LR"]
        bones = np.diff(self.lifted[:, ends], axis=2)
        return float(np.median(np.linalg.norm(bones, axis=-1).sum(-1)))


def _flexion(start: str, vertex: str, end: str) -> Callable[[Body, str], Floats]:
    """180 minus the angle of three joints of one side, so that 0 is straight."""
    return lambda body, side: 180 - body.angle(side + start, side + vertex, side + end)


def _arm_raise(body: Body, side: str) -> Floats:
    return degrees_between(body.at(f"{side}Elbow") - body.at(f"{side}Shoulder"), -body.trunk)


def _thigh_raise(body: Body, side: str) -> Floats:
    return degrees_between(body.at(f"{side}Knee") - body.at(f"{side}Hip"), -UP)


def _trunk_lean(body: Body, _: str) -> Floats:
    return degrees_between(body.trunk, UP)


def _trunk_rise(body: Body, side: str) -> Floats:
    return 90 - _trunk_lean(body, side)


def _body_bend(body: Body, side: str) -> Floats:
    return 180 - body.angle(f"{side}Shoulder", f"{side}Hip", f"{side}Ankle")


def _pelvis_height(body: Body, _: str) -> Floats:
    return body.place("Pelvis")[:, HEIGHT] / body.leg


def _foot_height(body: Body, side: str) -> Floats:
    return body.place(f"{side}Ankle")[:, HEIGHT] / body.leg


def _hand_height(body: Body, side: str) -> Floats:
    return (body.at(f"{side}Wrist") - body.at(f"{side}Shoulder"))[:, HEIGHT] / body.arm


def _forearm_rise(body: Body, side: str) -> Floats:
    return (body.at(f"{side}Wrist") - body.at(f"{side}Elbow"))[:, HEIGHT] / body.arm


def _shoulder_height(body: Body, side: str) -> Floats:
    return -_hand_height(body, side)


def _weight_behind(body: Body, side: str) -> Floats:
    return ((body.at(f"{side}Ankle") - body.weight) * body.ahead).sum(-1) / body.leg


def _hips_high(body: Body, side: str) -> Floats:
    return (body.at("Pelvis") - body.at(f"{side}Ankle"))[:, HEIGHT] / body.leg


def _ankles(body: Body) -> Floats:
    """(T, 3) metres from the right ankle to the left one."""
    return body.at("LAnkle") - body.at("RAnkle")


def _feet_aside(body: Body, _: str) -> Floats:
    return np.abs((_ankles(body) * body.left).sum(-1)) / body.leg


def _foot_ahead(body: Body, side: str) -> Floats:
    own = _ankles(body) if side == "L" else -_ankles(body)
    return (own * body.ahead).sum(-1) / body.leg


def _feet_ahead(body: Body, side: str) -> Floats:
    return np.abs(_foot_ahead(body, side))


def _knees_apart(body: Body, _: str) -> Floats:
    """Of the ankles' distance, both to the person's left; feet together count as a fifth of a leg apart."""
    knees = ((body.at("LKnee") - body.at("RKnee")) * body.left).sum(-1)
    return knees / np.maximum((_ankles(body) * body.left).sum(-1), 0.2 * body.leg)


SHARES = {
    "Head": 0.081, "Thorax": 0.25, "Pelvis": 0.247,
    "Shoulder": 0.014, "Elbow": 0.025, "Wrist": 0.011, "Hip": 0.05, "Knee": 0.073, "Ankle": 0.038,
}  # fmt: skip
"""Joint, without its side, to its share of the body's weight: that of each segment (Winter 2009, table 4.1), put to its
ends."""

LEG, ARM, TRUNK = ("Hip", "Knee", "Ankle"), ("Shoulder", "Elbow", "Wrist"), ("Pelvis", "Thorax")

SIGNALS: dict[str, Signal] = {
    "knee_flexion": Signal("degrees", LEG, _flexion(*LEG)),
    "hip_flexion": Signal("degrees", ("Shoulder", "Hip", "Knee"), _flexion("Shoulder", "Hip", "Knee")),
    "elbow_flexion": Signal("degrees", ARM, _flexion(*ARM)),
    "arm_raise": Signal("degrees", ("Shoulder", "Elbow"), _arm_raise),
    "thigh_raise": Signal("degrees", ("Hip", "Knee"), _thigh_raise),
    "trunk_lean": Signal("degrees", TRUNK, _trunk_lean),
    "trunk_rise": Signal("degrees", TRUNK, _trunk_rise),
    "body_bend": Signal("degrees", ("Shoulder", "Hip", "Ankle"), _body_bend),
    "pelvis_height": Signal("legs", ("Pelvis",), _pelvis_height),
    "hips_high": Signal("legs", ("Pelvis", "Ankle"), _hips_high),
    "weight_behind": Signal("legs", ("Pelvis", "Ankle"), _weight_behind),
    "foot_height": Signal("legs", ("Ankle",), _foot_height),
    "hand_height": Signal("arms", ("Shoulder", "Wrist"), _hand_height),
    "forearm_rise": Signal("arms", ("Elbow", "Wrist"), _forearm_rise),
    "shoulder_height": Signal("arms", ("Shoulder", "Wrist"), _shoulder_height),
    "feet_aside": Signal("legs", ("LAnkle", "RAnkle"), _feet_aside),
    "feet_ahead": Signal("legs", ("LAnkle", "RAnkle"), _feet_ahead),
    "foot_ahead": Signal("legs", ("LAnkle", "RAnkle"), _foot_ahead),
    "knees_apart": Signal("legs", ("LKnee", "RKnee"), _knees_apart),
}
"""Name, as in configs/exercises.yaml, where each is described, to signal."""


@dataclass(frozen=True)
class Measured:
    """unit: degrees or metres; size: so many of them are one of the signal's own."""

    unit: str
    size: float


class Signals:
    """The signals of a result, each made once."""

    def __init__(self, result: Result, known: Mapping[str, Signal] = SIGNALS, scale: float = 1.0):
        """known: name to signal; scale: what the result's metres are multiplied by."""
        self.times = result.times
        skeleton = result.pose3d.skeleton
        paths = (scale * smooth(path, result.times).astype(np.float64) for path in (result.as_lifted, result.world))
        self.body = Body(*paths, skeleton=skeleton)
        self._known = known
        self._hidden = hidden(result.pose2d)
        self._made: dict[str, Floats] = {}

    def sides(self, name: str) -> Floats:
        """(T, 2) left and right; NaN where a joint of it was not seen. Raises KeyError for an unknown name."""
        if name not in self._made:
            self._made[name] = np.stack([self._side(self._known[name], side) for side in "LR"], axis=1)
        return self._made[name]

    def of(self, name: str, side: Side) -> Floats:
        """(T,) of one side, or the mean of the two; that of one alone where the other was not seen."""
        values = self.sides(name)
        if side != "both":
            return values[:, ("left", "right").index(side)]
        known = np.isfinite(values)
        total = np.where(known, values, 0).sum(1)
        return np.where(known.any(1), total / np.maximum(known.sum(1), 1), np.nan)

    @property
    def pelvis(self) -> Floats:
        """(T, 3) metres in the world."""
        return self.body.place("Pelvis")

    @property
    def leg(self) -> float:
        """Metres of the person's leg, hip to ankle."""
        return self.body.leg

    def seen(self, *joints: str) -> Bools:
        """(T,) bool: whether all of the joints were seen."""
        rows = self.body.skeleton.indices(*joints)
        return ~np.asarray(self._hidden[:, rows].any(axis=1), bool)

    def measured(self, name: str) -> Measured:
        """What a signal is told to people in: degrees as they are, lengths in metres."""
        sizes = {"degrees": 1.0, "legs": self.body.leg, "arms": self.body.arm}
        unit = self._known[name].unit
        return Measured("degrees" if unit == "degrees" else "metres", sizes[unit])

    def _side(self, signal: Signal, side: str) -> Floats:
        joints = self.body.skeleton.joints
        names = (name if name in joints else side + name for name in signal.joints)
        return np.where(self.seen(*names), signal.of(self.body, side), np.nan)
