"""Joint positions to the turning bones of a humanoid: what avatars, game engines and labs animate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.geometry import unit
from pose3d.core.scientific import Rotation
from pose3d.core.skeleton import Skeleton


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

BONES = (
    Bone("hips", "", "Pelvis", "", UP),
    Bone("spine", "hips", "Pelvis", "Spine", UP),
    Bone("chest", "spine", "Spine", "Thorax", UP),
    Bone("neck", "chest", "Thorax", "Neck", UP),
    Bone("head", "neck", "Neck", "Head", UP),
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


@dataclass(frozen=True)
class Humanoid:
    """N bones, see BONES, and their motion over T frames; world axes: y up, metres."""

    offsets: Floats
    """(N, 3) metres from the parent's start to the bone's, at rest; the hips' is 0."""
    rotations: Floats
    """(T, N, 4) float64 quaternions x, y, z, w relative to the parent; each frame's sign lies near the one before."""
    places: Floats
    """(T, 3) metres: where the hips are."""

    @property
    def rest(self) -> Floats:
        """(N, 3) metres: where the bones start at rest, hips at 0."""
        starts = self.offsets.copy()
        for n, parent in enumerate(PARENTS[1:], start=1):
            starts[n] += starts[parent]
        return starts

    def starts(self) -> Floats:
        """(T, N, 3) metres: where the bones start, by forward kinematics."""
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
        return np.stack(starts, axis=1)


def solve(xyz: Floats, skeleton: Skeleton, stands: Bools | None = None, feet: Floats | None = None) -> Humanoid:
    """The humanoid that moves as joints (T, J, 3) do: float64 metres, y up. Bone lengths are the medians over time.

    stands: (T, 2) whether the left and the right foot stand; feet: (T, 2, 3) unit vectors from heel to toes where they
    were seen, 0 elsewhere.
    """
    raise NotImplementedError
