"""Forward kinematics: what a body does (controls) to where its joints and bones are (a figure).

World axes: y up, the floor at y = 0, metres. A person with heading 0 faces +z and has the left hand at +x.
A bone's frame is the world's when the person stands upright, arms hanging, facing +z.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from pose3d.core.skeleton import H36M17
from synthetic.body import Body

SIDES = {"L": 1.0, "R": -1.0}
"""Side to the sign of its x axis."""

MAX_STRETCH = 0.998
"""A leg never reaches further than this part of its length: a locked knee has no direction to bend."""


@dataclass(frozen=True)
class Limb:
    """One arm's angles, each (T,) radians; all zero hangs straight down, thumb forward."""

    flexion: np.ndarray
    """Upper arm forward and up."""
    abduction: np.ndarray
    """Then away from the body and up."""
    twist: np.ndarray
    """About the upper arm's axis; positive turns the elbow's crease inward."""
    elbow: np.ndarray
    """Bend of the elbow."""


@dataclass(frozen=True)
class Foot:
    """Where one foot is."""

    ankle: np.ndarray
    """(T, 3) world metres."""
    yaw: np.ndarray
    """(T,) radians, direction of the toes."""
    pitch: np.ndarray
    """(T,) radians, heel raised; below 0 the toes are raised."""


@dataclass(frozen=True)
class Controls:
    """All that a motion decides, for T frames. Turns are (T, 3) radians: forward, to the right, twisted to the left."""

    pelvis: np.ndarray
    """(T, 3) middle of the hips, world metres."""
    heading: np.ndarray
    """(T,) radians, 0 faces +z, growing to the person's left."""
    pelvis_turn: np.ndarray
    trunk_turn: np.ndarray
    head_turn: np.ndarray
    arms: dict[str, Limb]
    feet: dict[str, Foot]

    def __post_init__(self) -> None:
        length = len(self.heading)
        for name in ("pelvis", "pelvis_turn", "trunk_turn", "head_turn"):
            shape = getattr(self, name).shape
            if shape != (length, 3):
                raise ValueError(f"{name} must be ({length}, 3), got {shape}")


@dataclass(frozen=True)
class Bone:
    """origin (T, 3) world metres of its upper joint; rotation (T, 3, 3) from the rest pose."""

    origin: np.ndarray
    rotation: np.ndarray

    def point(self, *local: float) -> np.ndarray:
        """A point fixed to the bone, metres from its origin, as (T, 3) world metres."""
        return self.origin + self.rotation @ np.array(local)


@dataclass(frozen=True)
class Figure:
    """joints (T, 17, 3) world metres in H36M17 order; bones by name ("trunk", "LThigh", ...)."""

    joints: np.ndarray
    bones: dict[str, Bone]


def solve(body: Body, controls: Controls) -> Figure:
    """Joints and bones of every frame."""
    bones = _trunk(body, controls)
    for side in SIDES:
        bones |= _arm(body, side, bones["trunk"], controls.arms[side])
        bones |= _leg(body, side, bones["pelvis"], controls.feet[side])
    return Figure(_joints(body, bones), bones)


def turned(heading: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """Heading (T,) and turn (T, 3) to rotations (T, 3, 3)."""
    forward, right, twist = np.asarray(turn).T
    return Rotation.from_euler("YXZ", np.stack([heading + twist, forward, right], -1)).as_matrix()


def halfway(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The rotations midway between two (T, 3, 3)."""
    start = Rotation.from_matrix(first)
    between = (start.inv() * Rotation.from_matrix(second)).as_rotvec()
    return (start * Rotation.from_rotvec(between / 2)).as_matrix()


def rolled(pitch: np.ndarray, body: Body) -> np.ndarray:
    """(T, 2) forward and upward position in metres of the ankle of a foot that rolls over its heel or ball.

    Measured from the point of the floor that lies under the ankle of the flat foot; pitch (T,) radians.
    """
    pivot = np.where(pitch < 0, -body.heel, body.ball)
    cos, sin = np.cos(pitch), np.sin(pitch)
    return np.stack([pivot + sin * body.ankle_height - cos * pivot, cos * body.ankle_height + sin * pivot], -1)


def _trunk(body: Body, controls: Controls) -> dict[str, Bone]:
    pelvis = Bone(controls.pelvis, turned(controls.heading, controls.pelvis_turn))
    upright = turned(controls.heading, controls.trunk_turn)
    trunk = Bone(controls.pelvis + upright @ [0, body.trunk, 0], upright)
    head = Bone(trunk.origin, turned(controls.heading, controls.head_turn))
    return {"pelvis": pelvis, "trunk": trunk, "head": head}


def _arm(body: Body, side: str, trunk: Bone, limb: Limb) -> dict[str, Bone]:
    sign = SIDES[side]
    angles = np.stack([sign * limb.abduction, -limb.flexion, -sign * limb.twist], -1)
    rotation = trunk.rotation @ Rotation.from_euler("ZXY", angles).as_matrix()
    upper = Bone(trunk.point(sign * body.shoulder_width / 2, 0, 0), rotation)
    bend = Rotation.from_rotvec(-limb.elbow[:, None] * [1, 0, 0]).as_matrix()
    fore = Bone(upper.point(0, -body.upper_arm, 0), rotation @ bend)
    return {f"{side}UpperArm": upper, f"{side}Forearm": fore}


def _leg(body: Body, side: str, pelvis: Bone, foot: Foot) -> dict[str, Bone]:
    """Two-link inverse kinematics: the knee lies in the plane of hip, ankle and the toes' direction."""
    hip = pelvis.point(SIDES[side] * body.hip_width / 2, 0, 0)
    up, distance = _unit(hip - foot.ankle)
    reach = np.minimum(distance, MAX_STRETCH * (body.thigh + body.shin))
    toes = np.stack([np.sin(foot.yaw), 0 * foot.yaw, np.cos(foot.yaw)], -1)
    ahead = (toes + pelvis.rotation[..., 2]) / 2
    left, _ = _unit(np.cross(up, ahead))
    forward = np.cross(left, up)
    cos = (reach**2 + body.thigh**2 - body.shin**2) / (2 * reach * body.thigh)
    sin = np.sqrt(1 - cos**2)
    knee = hip + body.thigh * (sin[:, None] * forward - cos[:, None] * up)
    ankle = hip - reach[:, None] * up
    sole = turned(foot.yaw, np.stack([foot.pitch, 0 * foot.yaw, 0 * foot.yaw], -1))
    flat = turned(foot.yaw, np.stack([np.minimum(foot.pitch, 0), 0 * foot.yaw, 0 * foot.yaw], -1))
    shoe = Bone(ankle, sole)
    return {
        f"{side}Thigh": Bone(hip, _hinged(left, hip - knee)),
        f"{side}Shin": Bone(knee, _hinged(left, knee - ankle)),
        f"{side}Foot": shoe,
        # The toes stay on the floor while the heel rises over the ball.
        f"{side}Toes": Bone(shoe.point(0, -body.ankle_height, body.ball), flat),
    }


def _hinged(left: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Rotations with the x axis `left` and the y axis `along`, both (T, 3)."""
    up, _ = _unit(along)
    return np.stack([left, up, np.cross(left, up)], -1)


def _unit(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    length = np.linalg.norm(vectors, axis=-1)
    return vectors / length[..., None], length


def _joints(body: Body, bones: dict[str, Bone]) -> np.ndarray:
    pelvis, thorax, head = bones["pelvis"].origin, bones["trunk"].origin, bones["head"].point(0, body.head, 0)
    found = {"Pelvis": pelvis, "Thorax": thorax, "Head": head}
    found |= {"Spine": (pelvis + thorax) / 2, "Neck": (thorax + head) / 2}
    for side in SIDES:
        found |= {
            f"{side}Hip": bones[f"{side}Thigh"].origin,
            f"{side}Knee": bones[f"{side}Shin"].origin,
            f"{side}Ankle": bones[f"{side}Foot"].origin,
            f"{side}Shoulder": bones[f"{side}UpperArm"].origin,
            f"{side}Elbow": bones[f"{side}Forearm"].origin,
            f"{side}Wrist": bones[f"{side}Forearm"].point(0, -body.forearm, 0),
        }
    return np.stack([found[joint] for joint in H36M17.joints], axis=1)
