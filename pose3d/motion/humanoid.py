"""Joint positions to the turning bones of a humanoid: what avatars, game engines and labs animate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.ground import HEIGHT
from pose3d.core.rotations import Rotation
from pose3d.core.skeleton import Skeleton
from pose3d.motion.ends import above_floor, end, on_floor
from pose3d.motion.limbs import LEG, Limb, arm, turns
from pose3d.motion.trunk import trunk
from pose3d.motion.turns import directions, near, swing


@dataclass(frozen=True)
class Bone:
    """name: as in VRM 1.0; parent: a name or ""; start: the joint it turns about; end: the one it reaches to, or ""."""

    name: str
    parent: str
    start: str
    end: str
    rest: tuple[float, float, float]
    """Unit vector from start to end in the pose of no rotation: arms out ("T"), y up, facing +z, so left is +x."""


UP, DOWN, LEFT, RIGHT, AHEAD = (0, 1, 0), (0, -1, 0), (1, 0, 0), (-1, 0, 0), (0, 0, 1)

HEAD_LEAN = np.radians(8)
"""Whoever looks straight ahead has the top of the head so far ahead of the neck, in films and motion capture alike."""

BONES = (
    Bone("hips", "", "Pelvis", "", UP),
    Bone("spine", "hips", "Pelvis", "Spine", UP),
    Bone("chest", "spine", "Spine", "Thorax", UP),
    Bone("neck", "chest", "Thorax", "Neck", UP),
    Bone("head", "neck", "Neck", "Head", (0, float(np.cos(HEAD_LEAN)), float(np.sin(HEAD_LEAN)))),
    Bone("leftShoulder", "chest", "Thorax", "LShoulder", LEFT),
    Bone("leftUpperArm", "leftShoulder", "LShoulder", "LElbow", LEFT),
    Bone("leftLowerArm", "leftUpperArm", "LElbow", "LWrist", LEFT),
    Bone("leftHand", "leftLowerArm", "LWrist", "", LEFT),
    Bone("rightShoulder", "chest", "Thorax", "RShoulder", RIGHT),
    Bone("rightUpperArm", "rightShoulder", "RShoulder", "RElbow", RIGHT),
    Bone("rightLowerArm", "rightUpperArm", "RElbow", "RWrist", RIGHT),
    Bone("rightHand", "rightLowerArm", "RWrist", "", RIGHT),
    Bone("leftUpperLeg", "hips", "LHip", "LKnee", DOWN),
    Bone("leftLowerLeg", "leftUpperLeg", "LKnee", "LAnkle", DOWN),
    Bone("leftFoot", "leftLowerLeg", "LAnkle", "", AHEAD),
    Bone("rightUpperLeg", "hips", "RHip", "RKnee", DOWN),
    Bone("rightLowerLeg", "rightUpperLeg", "RKnee", "RAnkle", DOWN),
    Bone("rightFoot", "rightLowerLeg", "RAnkle", "", AHEAD),
)
"""Parents first. The hips turn with the line between the hip joints; the spine starts in the same place and points on
its own, as do both shoulders (collar bones): with bones of constant length every joint is where the motion has it."""

NAMES = tuple(bone.name for bone in BONES)
PARENTS = tuple(NAMES.index(bone.parent) if bone.parent else -1 for bone in BONES)
CHILDREN = tuple([n for n, parent in enumerate(PARENTS) if parent == own] for own in range(len(BONES)))


def capitalised(name: str) -> str:
    """A bone's name as files and game engines write it: "LeftUpperArm"."""
    return name[0].upper() + name[1:]


HIP_OFFSETS = {"spine": (0, 0, 0), "leftUpperLeg": LEFT, "rightUpperLeg": RIGHT}
"""Where the children of the hips start, in parts of half the distance between the hip joints."""


@dataclass(frozen=True)
class _Chain:
    """upper, lower, end: bones of a limb; base: that of the trunk whose facing it has while it is straight."""

    upper: str
    lower: str
    end: str
    base: str
    limb: Limb


LIMBS = (
    _Chain("leftUpperArm", "leftLowerArm", "leftHand", "chest", arm(1)),
    _Chain("rightUpperArm", "rightLowerArm", "rightHand", "chest", arm(-1)),
    _Chain("leftUpperLeg", "leftLowerLeg", "leftFoot", "hips", LEG),
    _Chain("rightUpperLeg", "rightLowerLeg", "rightFoot", "hips", LEG),
)
FEET = {"leftFoot": "leftLowerLeg", "rightFoot": "rightLowerLeg"}
"""Foot: what it hangs on, in the order of core.ground.FEET."""


@dataclass(frozen=True)
class Moved:
    """N bones in the world over T frames."""

    turns: Floats
    """(T, N, 3, 3) rotations, from the pose of no rotation."""
    starts: Floats
    """(T, N, 3) metres: where the bones start."""


@dataclass(frozen=True)
class Humanoid:
    """N bones, see BONES, and their motion over T frames; world axes: y up, metres."""

    offsets: Floats
    """(N, 3) metres from the parent's start to the bone's, at rest; the hips' is 0."""
    rotations: Floats
    """(T, N, 4) float64 quaternions x, y, z, w relative to the parent; each frame's sign lies near the one before."""
    places: Floats
    """(T, 3) metres: where the hips are."""
    head: float = 0.1
    """Metres from the start of the head to its end, the joint Head."""

    @property
    def rest(self) -> Floats:
        """(N, 3) metres: where the bones start at rest, hips at 0."""
        starts = self.offsets.copy()
        for n, parent in enumerate(PARENTS[1:], start=1):
            starts[n] += starts[parent]
        return starts

    def moved(self) -> Moved:
        """Where the bones are in each frame, by forward kinematics."""
        turned: list[Rotation] = []
        starts: list[Floats] = []
        for n, parent in enumerate(PARENTS):
            turn = Rotation.from_quat(self.rotations[:, n])
            if parent < 0:
                turned.append(turn)
                starts.append(self.places)
            else:
                turned.append(turned[parent] * turn)
                starts.append(starts[parent] + turned[parent].apply(self.offsets[n]))
        return Moved(np.stack([turn.as_matrix() for turn in turned], axis=1), np.stack(starts, axis=1))

    def starts(self) -> Floats:
        """(T, N, 3) metres: where the bones start, by forward kinematics."""
        return self.moved().starts

    def joints(self, skeleton: Skeleton) -> Floats:
        """(T, J, 3) metres: the skeleton's joints, by forward kinematics."""
        moved, head = self.moved(), NAMES.index("head")
        places = {bone.start: moved.starts[:, n] for n, bone in enumerate(BONES)}
        places[BONES[head].end] = moved.starts[:, head] + moved.turns[:, head] @ np.multiply(
            self.head, BONES[head].rest
        )
        return np.stack([places[joint] for joint in skeleton.joints], axis=1)


def solve(
    xyz: Floats,
    skeleton: Skeleton,
    stands: Bools | None = None,
    feet: Floats | None = None,
    hands: Floats | None = None,
    fps: float = 30.0,
) -> Humanoid:
    """The humanoid that moves as joints (T, J, 3) do: metres, y up. Bone lengths are the medians over time.

    stands: (T, 2) whether the left and the right foot stand; feet: (T, 2, 3) unit vectors from heel to toes where they
    were seen, 0 elsewhere; hands: likewise from wrist to knuckles. fps: frames per second.
    """
    joints = _Joints(xyz.astype(np.float64), skeleton)
    unseen = np.zeros((len(xyz), 2, 3))
    ends = [unseen if seen is None else seen.astype(np.float64) for seen in (hands, feet)]
    stands = np.zeros((len(xyz), 2), bool) if stands is None else stands
    turned = _turn(joints, stands, np.concatenate(ends, axis=1), fps)
    against = [turned[bone.parent].inv() * turned[bone.name] if bone.parent else turned[bone.name] for bone in BONES]
    return Humanoid(
        np.array([_offset(joints, bone) for bone in BONES]),
        near(np.stack([turn.as_quat() for turn in against], axis=1)),
        joints.at("Pelvis"),
        joints.length("Neck", "Head"),
    )


@dataclass(frozen=True)
class _Joints:
    """xyz: (T, J, 3) float64 metres."""

    xyz: Floats
    skeleton: Skeleton

    def at(self, joint: str) -> Floats:
        """(T, 3) metres."""
        return self.xyz[:, self.skeleton.index(joint)]

    def between(self, start: str, end: str) -> Floats:
        """(T, 3) metres from one joint to another."""
        return self.at(end) - self.at(start)

    def along(self, name: str) -> Floats:
        """(T, 3) metres from the start of a bone to its end."""
        bone = BONES[NAMES.index(name)]
        return self.between(bone.start, bone.end)

    def length(self, start: str, end: str) -> float:
        """Metres, the median over time."""
        return float(np.median(np.linalg.norm(self.between(start, end), axis=-1)))


def _offset(joints: _Joints, bone: Bone) -> Floats:
    """(3,) metres from the parent's start to the bone's, at rest."""
    if not bone.parent:
        return np.zeros(3)
    parent = BONES[NAMES.index(bone.parent)]
    if bone.parent == "hips":
        towards = HIP_OFFSETS[bone.name]
        return np.multiply(joints.length("RHip", "LHip") / 2, towards)
    return np.multiply(joints.length(parent.start, bone.start), parent.rest)


def _turn(joints: _Joints, stands: Bools, ends: Floats, fps: float) -> dict[str, Rotation]:
    """Each bone's T rotations in the world. stands: (T, 2); ends: (T, 4, 3) where the ends of LIMBS point, or 0."""
    body = trunk(
        joints.between("RHip", "LHip"),
        joints.between("RShoulder", "LShoulder"),
        joints.between("Pelvis", "Spine"),
        joints.between("Spine", "Thorax"),
    )
    turned = {"hips": body.hips, "spine": body.spine, "chest": body.chest}
    for name in ("neck", "head", "leftShoulder", "rightShoulder"):
        bone = BONES[NAMES.index(name)]
        base, rest = turned[bone.parent], np.array(bone.rest)
        turned[name] = swing(base, rest, directions(joints.along(name), base.apply(rest)))
    for n, chain in enumerate(LIMBS):
        upper, lower = joints.along(chain.upper), joints.along(chain.lower)
        pair = turns(chain.limb, turned[chain.base], upper, lower, ends[:, n], fps)
        turned |= {chain.upper: pair.upper, chain.lower: pair.lower}
        turned[chain.end] = end(pair.lower, np.array(BONES[NAMES.index(chain.end)].rest), ends[:, n], fps)
    for n, (foot, shin) in enumerate(FEET.items()):
        flat = on_floor(turned[foot], turned[shin], stands[:, n], fps)
        knee, ankle = BONES[NAMES.index(shin)].start, BONES[NAMES.index(foot)].start
        turned[foot] = above_floor(flat, joints.at(ankle)[:, HEIGHT], joints.length(knee, ankle))
    return turned
