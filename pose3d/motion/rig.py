"""Joint positions to a hierarchy of turning nodes: what BVH and glTF animate.

A joint with one child turns so that its bone points at the child. A joint with several (pelvis, thorax) turns to
fit all of them at best; each of its bones then starts at a "Base" node of its own, in the same place, that makes up
the rest. So every bone points exactly where it should: only the change of bone lengths can be lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.geometry import kabsch
from pose3d.core.scientific import Rotation
from pose3d.core.skeleton import Skeleton

REST_DIRECTIONS: dict[str, tuple[float, float, float]] = {
    "Pelvis": (0, 0, 0),
    "RHip": (-1, 0, 0), "RKnee": (0, -1, 0), "RAnkle": (0, -1, 0),
    "LHip": (1, 0, 0), "LKnee": (0, -1, 0), "LAnkle": (0, -1, 0),
    "Spine": (0, 1, 0), "Thorax": (0, 1, 0), "Neck": (0, 1, 0), "Head": (0, 1, 0),
    "LShoulder": (1, 0, 0), "LElbow": (1, 0, 0), "LWrist": (1, 0, 0),
    "RShoulder": (-1, 0, 0), "RElbow": (-1, 0, 0), "RWrist": (-1, 0, 0),
}  # fmt: skip
"""Unit vector from the parent in the pose of no rotation: arms out ("T"), y up, facing +z, so left is +x."""

SHORTEST = 1e-6
"""Metres; a shorter bone has no direction and keeps its parent's."""


@dataclass(frozen=True)
class Node:
    """parent: index or -1; joint: where it sits; targets: joints that it turns towards; base: is at its parent."""

    name: str
    parent: int
    joint: int
    targets: tuple[int, ...]
    base: bool = False


@dataclass(frozen=True)
class Rig:
    """A skeleton's nodes, parents first (depth first), and their motion over T frames."""

    nodes: tuple[Node, ...]
    offsets: Floats
    """(N, 3) metres from the parent node at rest: rest direction times median bone length; the root's is 0."""
    rotations: Floats
    """(T, N, 4) quaternions x, y, z, w relative to the parent."""
    translations: Floats
    """(T, N, 3) metres relative to the parent, with each frame's own bone lengths; the root's is its position."""

    @property
    def rest(self) -> Floats:
        """(N, 3) metres: the nodes at rest, with the root where it is in frame 0."""
        places = self.offsets.copy()
        places[0] = self.translations[0, 0]
        for n, node in enumerate(self.nodes[1:], start=1):
            places[n] += places[node.parent]
        return places


def solve(xyz: Floats, skeleton: Skeleton) -> Rig:
    """The rig that moves as joints (T, J, 3) do: float64 metres, y up."""
    nodes = _grow(skeleton)
    bones = xyz - xyz[:, list(skeleton.parents)]
    lengths = np.linalg.norm(bones, axis=-1, keepdims=True)
    towards = np.divide(bones, lengths, out=np.zeros_like(bones), where=lengths > SHORTEST)
    rest = np.array([REST_DIRECTIONS[joint] for joint in skeleton.joints], np.float64)
    turned = _turn(nodes, rest, towards)
    median = np.median(lengths, axis=0)
    return Rig(
        nodes,
        np.array([rest[node.joint] * median[node.joint] * (not node.base) for node in nodes]),
        np.stack([_relative(turned, node, turn).as_quat() for node, turn in zip(nodes, turned, strict=True)], axis=1),
        np.stack([_step(turned, nodes, node, xyz) for node in nodes], axis=1),
    )


def _grow(skeleton: Skeleton) -> tuple[Node, ...]:
    """The nodes, depth first."""
    nodes: list[Node] = []

    def visit(joint: int, parent: int) -> None:
        children = skeleton.children(joint)
        here = len(nodes)
        nodes.append(Node(skeleton.joints[joint], parent, joint, tuple(children)))
        for child in children:
            start = here
            if len(children) > 1:
                start = len(nodes)
                nodes.append(Node(f"{skeleton.joints[child]}Base", here, joint, (child,), base=True))
            visit(child, start)

    visit(skeleton.parents.index(-1), -1)
    return tuple(nodes)


def _turn(nodes: tuple[Node, ...], rest: Floats, towards: Floats) -> list[Rotation]:
    """Each node's T rotations in the world. rest: (J, 3); towards: (T, J, 3); unit vectors from the parent joint."""
    turned: list[Rotation] = []
    for node in nodes:
        parent = turned[node.parent] if node.parent >= 0 else Rotation.identity(len(towards))
        targets = list(node.targets)
        if len(targets) > 1:
            turned.append(_best_fit(rest[targets], towards[:, targets]))
        elif targets:
            turned.append(_shortest(parent.apply(rest[targets[0]]), towards[:, targets[0]]) * parent)
        else:
            turned.append(parent)
    return turned


def _shortest(start: Floats, end: Floats) -> Rotation:
    """The shortest rotations of unit vectors (T, 3) onto others; none where a vector is 0 (a bone of no length)."""
    scalar = 1 + np.sum(start * end, axis=-1, keepdims=True)
    quaternion = np.concatenate([np.cross(start, end), scalar], axis=-1)
    # opposite vectors: half a turn about any axis across
    across = np.cross(start, np.eye(3)[np.argmin(np.abs(start), axis=-1)])
    half_turn = np.concatenate([across, np.zeros_like(scalar)], axis=-1)
    return Rotation.from_quat(np.where(scalar < 1e-12, half_turn, quaternion))


def _best_fit(rest: Floats, towards: Floats) -> Rotation:
    """The rotations that bring vectors (K, 3) closest to (T, K, 3)."""
    rotations, _ = kabsch(rest, towards)
    return Rotation.from_matrix(np.swapaxes(rotations, -1, -2))


def _relative(turned: list[Rotation], node: Node, rotation: Rotation) -> Rotation:
    return rotation if node.parent < 0 else turned[node.parent].inv() * rotation


def _step(turned: list[Rotation], nodes: tuple[Node, ...], node: Node, xyz: Floats) -> Floats:
    """(T, 3) metres from the parent node, in the parent's axes."""
    here = xyz[:, node.joint]
    if node.parent < 0:
        return here
    return turned[node.parent].inv().apply(here - xyz[:, nodes[node.parent].joint])
