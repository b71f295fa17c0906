"""A pose as the directions of its bones in the body's own frame: alike from every camera, for every size of body."""

from __future__ import annotations

import numpy as np

from pose3d.analysis.frames import UP, leftward
from pose3d.core.arrays import Bools, Floats
from pose3d.core.geometry import unit
from pose3d.core.presence import absent, unknown_joints
from pose3d.core.result import Result
from pose3d.core.skeleton import Skeleton

BONES = {
    "trunk": ("Pelvis", "Thorax"),
    "left_upper_arm": ("LShoulder", "LElbow"),
    "left_forearm": ("LElbow", "LWrist"),
    "right_upper_arm": ("RShoulder", "RElbow"),
    "right_forearm": ("RElbow", "RWrist"),
    "left_thigh": ("LHip", "LKnee"),
    "left_shin": ("LKnee", "LAnkle"),
    "right_thigh": ("RHip", "RKnee"),
    "right_shin": ("RKnee", "RAnkle"),
}
"""Name of a bone to its ends, from the trunk outwards."""
LIMBS = {
    "trunk": ("trunk",),
    "left_arm": ("left_upper_arm", "left_forearm"),
    "right_arm": ("right_upper_arm", "right_forearm"),
    "left_leg": ("left_thigh", "left_shin"),
    "right_leg": ("right_thigh", "right_shin"),
}
"""Name of a limb to its bones."""


def directions(world: Floats, skeleton: Skeleton) -> Floats:
    """(T, B, 3) float64 unit vectors, the bones of BONES: x to the body's left, y up, z ahead.

    world: (T, J, 3) metres, y up. The body's left is that of hips and shoulders, level; where they are upright (someone
    lies on their side) it means little.
    """
    joints = world.astype(np.float64)
    starts, ends = (skeleton.indices(*(bone[end] for bone in BONES.values())) for end in (0, 1))
    bones = unit(joints[:, ends] - joints[:, starts])
    return np.einsum("tij,tbj->tbi", _frame(joints, skeleton), bones)


def known_bones(result: Result) -> Bools:
    """(T, B) bool: the bones of BONES that were seen: the person is there, and both ends are known."""
    unknown = unknown_joints(result.pose2d)
    seen = [not unknown[result.pose2d.skeleton.indices(*ends)].any() for ends in BONES.values()]
    return ~absent(result.pose2d)[:, None] & np.array(seen)


def mirrored(bones: Floats) -> Floats:
    """(T, B, 3): the directions as a mirror shows them."""
    swap = {"left": "right", "right": "left"}
    names = list(BONES)
    order = [names.index(_other(name, swap)) for name in names]
    return bones[:, order] * [-1.0, 1.0, 1.0]


def _other(name: str, swap: dict[str, str]) -> str:
    side, _, rest = name.partition("_")
    return f"{swap[side]}_{rest}" if side in swap else name


def _frame(joints: Floats, skeleton: Skeleton) -> Floats:
    """(T, 3, 3) rotations from the world's axes to the body's."""
    left = leftward(joints, skeleton)
    up = np.broadcast_to(UP, left.shape)
    return np.stack([left, up, np.cross(left, up)], 1)
