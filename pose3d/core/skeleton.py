"""Skeletons: named joints, their parents, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pose3d.core.arrays import Ints


@dataclass(frozen=True)
class Skeleton:
    """A tree of named joints. `parents[j]` is the index of joint j's parent, -1 for the root.

    Left and right are told by the first letter of the name: "LKnee" mirrors "RKnee".
    """

    name: str
    joints: tuple[str, ...]
    parents: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.joints) != len(self.parents):
            raise ValueError(f"{len(self.joints)} joints need as many parents, got {len(self.parents)}")
        if len(set(self.joints)) != len(self.joints):
            raise ValueError(f"joint names must be unique: {self.joints}")

    def __len__(self) -> int:
        return len(self.joints)

    def index(self, joint: str) -> int:
        """Index of a joint by name; KeyError lists the valid names."""
        if joint not in self.joints:
            raise KeyError(f"no joint {joint!r} in {self.name}; it has {', '.join(self.joints)}")
        return self.joints.index(joint)

    def indices(self, *joints: str) -> list[int]:
        """Indices of several joints by name."""
        return [self.index(joint) for joint in joints]

    @cached_property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """(parent, child) pairs in the order of the child."""
        return tuple((p, c) for c, p in enumerate(self.parents) if p >= 0)

    @cached_property
    def sides(self) -> tuple[str, ...]:
        """Of each joint: "left", "right" or "middle"."""
        return tuple(self._side(joint) for joint in self.joints)

    def _side(self, joint: str) -> str:
        other = {"L": "R", "R": "L"}.get(joint[0])
        if other is None or other + joint[1:] not in self.joints:
            return "middle"
        return "left" if joint[0] == "L" else "right"

    @cached_property
    def mirror(self) -> Ints:
        """(J,) index of each joint's mirror image: the order that exchanges left and right."""
        swap = {"left": "R", "right": "L"}
        names = [swap[s] + j[1:] if s in swap else j for j, s in zip(self.joints, self.sides, strict=True)]
        return np.array(self.indices(*names))

    def children(self, joint: int) -> list[int]:
        """Indices of the joints whose parent is `joint`."""
        return [c for c, p in enumerate(self.parents) if p == joint]

    def paths(self, hops: int) -> list[tuple[int, ...]]:
        """All directed paths of `hops` edges, parent first, in lexicographic order."""
        found: list[tuple[int, ...]] = [(j,) for j in range(len(self))]
        for _ in range(hops):
            found = [(*path, child) for path in found for child in self.children(path[-1])]
        return found


H36M17 = Skeleton(
    "h36m17",
    (
        "Pelvis", "RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle", "Spine", "Thorax", "Neck", "Head",
        "LShoulder", "LElbow", "LWrist", "RShoulder", "RElbow", "RWrist",
    ),
    (-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 9, 8, 11, 12, 8, 14, 15),
)  # fmt: skip
"""The 17 joints of Human3.6M; Spine and Neck are midpoints of Pelvis-Thorax and Thorax-Head."""

LIMB_ENDS = ("LHeel", "LToes", "LWrist", "LKnuckles", "RHeel", "RToes", "RWrist", "RKnuckles")
"""What tells where feet and hands point; some detectors see it."""

UNSURE_JOINTS = ("Spine", "Neck", "Head")
"""Joints that data sets place differently; the 14 others are what systems are compared on."""

COMPARED_JOINTS = tuple(j for j in H36M17.joints if j not in UNSURE_JOINTS)
