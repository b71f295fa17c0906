"""The visible body of an exported skeleton: one long octahedron per bone."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from pose3d.core.arrays import Floats, Ints
from pose3d.core.colours import COLOURS, linear
from pose3d.core.skeleton import Skeleton
from pose3d.motion.rig import Rig

WAIST = 0.15
"""Where along the bone the octahedron is thickest."""
THICKNESS, THINNEST = 0.1, 0.012
"""Half width over length; metres."""

# corners of an octahedron: 0 the start, 1 to 4 the ring counter-clockwise seen from the tip, 5 the tip
FACES = np.array([face for i in range(4) for face in ((1 + i, 1 + (i + 1) % 4, 5), (1 + (i + 1) % 4, 1 + i, 0))])


@dataclass(frozen=True)
class Mesh:
    """V corners of triangles at rest, three in a row each."""

    position: Floats
    """(V, 3) float32 metres."""
    normal: Floats
    """(V, 3) float32, unit."""
    colour: Floats
    """(V, 3) float32 linear RGB, 0 to 1, by the side of the bone's lower joint."""
    node: Ints
    """(V, 4) uint8; the corner moves with the first of these nodes, the others are unused."""
    weight: Floats
    """(V, 4) float32: 1, 0, 0, 0."""


def bone_mesh(rig: Rig, skeleton: Skeleton) -> Mesh:
    """All bones. The tip moves with the lower joint, the rest with the upper: bones stretch to the true length."""
    rest = rig.rest
    parts = [
        _bone(rest, node.parent, n, linear(COLOURS[skeleton.sides[node.joint]]))
        for n, node in enumerate(rig.nodes)
        if node.parent >= 0 and not node.base
    ]
    return Mesh(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Mesh)))


def _bone(rest: Floats, start: int, tip: int, colour: tuple[float, float, float]) -> Mesh:
    """rest: (N, 3) metres; start, tip: the nodes at the bone's ends."""
    corners = _octahedron(rest[start], rest[tip])[FACES]
    count = FACES.size
    node = np.zeros((count, 4), np.uint8)
    node[:, 0] = np.where(FACES.ravel() == 5, tip, start)
    return Mesh(
        corners.reshape(-1, 3).astype(np.float32),
        np.repeat(_normals(corners), 3, axis=0).astype(np.float32),
        np.tile(np.array(colour, np.float32), (count, 1)),
        node,
        np.tile(np.array([1, 0, 0, 0], np.float32), (count, 1)),
    )


def _octahedron(start: Floats, tip: Floats) -> Floats:
    """(6, 3) corners, see FACES."""
    along = tip - start
    length = float(np.linalg.norm(along))
    axis = along / length if length > 0 else np.array([0.0, 1.0, 0.0])
    across = np.cross(axis, np.eye(3)[np.argmin(np.abs(axis))])
    across /= np.linalg.norm(across)
    sides = np.stack([across, np.cross(axis, across)]) * max(THICKNESS * length, THINNEST)
    return np.stack([start, *(start + WAIST * along + side for side in (*sides, *-sides)), tip])


def _normals(corners: Floats) -> Floats:
    """(F, 3) unit normals of triangles (F, 3, 3), outwards; never 0, the ring of a bone always has a width."""
    a, b, c = np.moveaxis(corners, 1, 0)
    normals = np.cross(b - a, c - a)
    return normals / np.linalg.norm(normals, axis=-1, keepdims=True)
