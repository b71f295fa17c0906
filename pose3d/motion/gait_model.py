"""The angles of a gait model's joints, by which OpenSim and biomechanics name a body's pose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.rotations import Rotation
from pose3d.motion.euler import euler
from pose3d.motion.humanoid import NAMES, PARENTS, Humanoid

ORDER = "ZXY"
"""A child turns about the parent's axis to the right, then about its own ahead and up."""
TO_MODEL = Rotation.from_matrix([[0, 0, 1], [0, 1, 0], [-1, 0, 0]])
"""The world's axes to the model's: x ahead, y up, z right. Who faces the camera looks along the model's x."""
HANGING = {
    f"{side}{part}": Rotation.from_euler("Z", degrees, degrees=True)
    for side, degrees in (("left", 90), ("right", -90))
    for part in ("UpperArm", "LowerArm")
}
"""From arms that hang, as the model's do at 0, to those of the humanoid at rest; in the world's axes."""
SUPINATED = 90.0
"""Degrees of pronation of the humanoid's forearms at rest: at 0 the model's thumbs point away from the body."""
PELVIS = (0.0563, 0.0785, 0.0)
"""Metres, in the pelvis' axes, from the middle of the hip joints to the origin of the generic model's pelvis."""


@dataclass(frozen=True)
class Angle:
    """A coordinate of the model: sign * the rotation's angle about an axis of ORDER + zero, in degrees."""

    name: str
    axis: str
    sign: int = 1
    zero: float = 0.0


@dataclass(frozen=True)
class Joint:
    """How one bone turns against another, or against the ground (""); needs: the joints that tell."""

    bone: str
    against: str
    needs: tuple[str, ...]
    angles: tuple[Angle, ...]


@dataclass(frozen=True)
class Coordinate:
    """values: (T,) degrees or metres; needs: the joints that tell them."""

    name: str
    values: Floats
    needs: tuple[str, ...]


def _ball(names: tuple[str, str, str], mirror: int = 1) -> tuple[Angle, ...]:
    """Flexion, and what mirrors from side to side: the move to the middle, and the turn to it."""
    flexion, adduction, rotation = names
    return Angle(flexion, "Z"), Angle(adduction, "X", mirror), Angle(rotation, "Y", mirror)


def _limbs(side: str, mirror: int) -> tuple[Joint, ...]:
    """The joints of a leg and an arm; side: "left" or "right"."""
    s, capital = side[0], side[0].upper()
    hip, knee, ankle = (f"{capital}{joint}" for joint in ("Hip", "Knee", "Ankle"))
    shoulder, elbow, wrist = (f"{capital}{joint}" for joint in ("Shoulder", "Elbow", "Wrist"))
    thigh, shin, upper_arm = f"{side}UpperLeg", f"{side}LowerLeg", f"{side}UpperArm"
    hips = _ball((f"hip_flexion_{s}", f"hip_adduction_{s}", f"hip_rotation_{s}"), mirror)
    arms = _ball((f"arm_flex_{s}", f"arm_add_{s}", f"arm_rot_{s}"), mirror)
    forearm = (Angle(f"elbow_flex_{s}", "Z"), Angle(f"pro_sup_{s}", "Y", mirror, SUPINATED))
    return (
        Joint(thigh, "hips", (hip, knee), hips),
        Joint(shin, thigh, (hip, knee, ankle), (Angle(f"knee_angle_{s}", "Z", -1),)),
        Joint(f"{side}Foot", shin, (knee, ankle), (Angle(f"ankle_angle_{s}", "Z"),)),
        Joint(upper_arm, "chest", (shoulder, elbow), arms),
        Joint(f"{side}LowerArm", upper_arm, (shoulder, elbow, wrist), forearm),
    )


JOINTS = (
    Joint("hips", "", (), _ball(("pelvis_tilt", "pelvis_list", "pelvis_rotation"))),
    Joint("chest", "hips", ("Thorax",), _ball(("lumbar_extension", "lumbar_bending", "lumbar_rotation"))),
    *_limbs("right", 1),
    *_limbs("left", -1),
)
"""As in Rajagopal2016.osim and its descendants in opensim-models (Rajagopal et al. 2016), where knees are positive when
they bend. Its knees glide, and its ankles, elbows and forearms turn about axes up to 13 degrees askew: not so here."""
PATH = ("pelvis_tx", "pelvis_ty", "pelvis_tz")


def coordinates(humanoid: Humanoid) -> list[Coordinate]:
    """The pelvis' rotation and place, then every joint's angles."""
    turned = _turned(humanoid)
    pelvis, *others = (_angles(joint, turned) for joint in JOINTS)
    return [*pelvis, *_place(humanoid, turned["hips"]), *(angle for joint in others for angle in joint)]


def _turned(humanoid: Humanoid) -> dict[str, Rotation]:
    """By bone, T rotations of the model's body in its ground: none for who stands upright with hanging arms."""
    turns: list[Rotation] = []
    for n, parent in enumerate(PARENTS):
        turn = Rotation.from_quat(humanoid.rotations[:, n])
        turns.append(turn if parent < 0 else turns[parent] * turn)
    return {
        name: TO_MODEL * turn * HANGING.get(name, Rotation.identity()) * TO_MODEL.inv()
        for name, turn in zip(NAMES, turns, strict=True)
    }


def _angles(joint: Joint, turned: dict[str, Rotation]) -> list[Coordinate]:
    bone = turned[joint.bone]
    turns = turned[joint.against].inv() * bone if joint.against else bone
    degrees = np.degrees(euler(turns, ORDER))
    return [
        Coordinate(angle.name, angle.sign * degrees[:, ORDER.index(angle.axis)] + angle.zero, joint.needs)
        for angle in joint.angles
    ]


def _place(humanoid: Humanoid, pelvis: Rotation) -> list[Coordinate]:
    origin = TO_MODEL.apply(humanoid.places) + pelvis.apply(PELVIS)
    return [Coordinate(name, values, ()) for name, values in zip(PATH, origin.T, strict=True)]
