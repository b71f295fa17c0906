"""The avatar's mesh: a figure in a plain suit, fitted to a humanoid's bones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from pose3d.core.arrays import Floats, Ints
from pose3d.core.geometry import unit
from pose3d.core.resources import ASSETS
from pose3d.motion.humanoid import BONES, LEFT, NAMES, PARENTS, Humanoid

SHORTEST, LONGEST = 0.5, 2.0
"""Of a bone against its size in an avatar of the humanoid's size; what is beyond has corners that overlap or are few."""

SIZED = ("spine", "chest", "leftUpperLeg", "leftLowerLeg", "rightUpperLeg", "rightLowerLeg")
"""Bones whose lengths tell the humanoid's size: those that are long, and hardly differ between people."""

TEMPLATE = "avatar.npz"
"""In assets/, made by `python -m synthetic avatar`."""


@dataclass(frozen=True)
class Mesh:
    """V corners and F triangles of the avatar at rest ("T", hips at 0, y up, facing +z)."""

    position: Floats
    """(V, 3) float32 metres."""
    normal: Floats
    """(V, 3) float32, unit."""
    colour: Floats
    """(V, 3) float32 linear RGB, 0 to 1."""
    triangles: Ints
    """(F, 3) uint16, counter-clockwise from outside."""
    bone: Ints
    """(V, 4) uint8, indices into humanoid.BONES."""
    weight: Floats
    """(V, 4) float32, sums to 1."""


@dataclass(frozen=True)
class Template:
    """The mesh of an average adult, and where its N bones start at rest: (N, 3) metres."""

    mesh: Mesh
    starts: Floats


def avatar(humanoid: Humanoid) -> Mesh:
    """The avatar with the humanoid's bone lengths.

    Along a bone the corners follow its length; across it all bones grow with the humanoid's size. A humanoid that is
    twice as large has an avatar that is twice as large.
    """
    template = load()
    mesh, rest = template.mesh, humanoid.rest
    factors = stretches(template.starts.astype(np.float64), rest)
    position, normal = np.zeros(mesh.position.shape), np.zeros(mesh.position.shape)
    for bone, weight in zip(mesh.bone.T, mesh.weight.T.astype(np.float64), strict=True):
        moved = rest[bone] + factors[bone] * (mesh.position - template.starts[bone])
        position += weight[:, None] * moved
        # Normals of a stretched surface lean the other way.
        normal += weight[:, None] * mesh.normal / factors[bone]
    return Mesh(
        position.astype(np.float32),
        unit(normal).astype(np.float32),
        mesh.colour,
        mesh.triangles,
        mesh.bone,
        mesh.weight,
    )


def stretches(starts: Floats, rest: Floats) -> Floats:
    """(N, 3) factors along x, y and z that take bones starting at `starts` to those that start at `rest`, both (N, 3)."""
    before, after = _lengths(starts), _lengths(rest)
    measured = [n for n, bone in enumerate(BONES) if bone.name in SIZED]
    size = after[measured].sum() / before[measured].sum()
    if not (np.isfinite(size) and size > 0):
        size = 1.0
    ratio = np.divide(after, before, out=np.full(len(BONES), size), where=before > 0)
    ratio = np.clip(np.where(np.isfinite(ratio), ratio, size), SHORTEST * size, LONGEST * size)
    along = np.abs([bone.rest for bone in BONES])
    along[NAMES.index("hips")] = LEFT
    return along * ratio[:, None] + (1 - along) * size


def _lengths(starts: Floats) -> Floats:
    """(N,) metres from where a bone starts to where the next one does; of the hips, to the side. 0 for hands and feet."""
    found = np.zeros(len(BONES))
    for n, parent in enumerate(PARENTS[1:], start=1):
        if BONES[n].start == BONES[parent].end:
            found[parent] = np.linalg.norm(starts[n] - starts[parent])
    found[NAMES.index("hips")] = np.linalg.norm(starts[NAMES.index("leftUpperLeg")] - starts[NAMES.index("hips")])
    # The head's top is no bone's start: it is as long as the neck (see H36M17).
    found[NAMES.index("head")] = found[NAMES.index("neck")]
    return found


@cache
def load() -> Template:
    """The template in assets/; do not change its arrays."""
    with np.load(ASSETS / TEMPLATE, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    starts = arrays.pop("starts")
    return Template(Mesh(**arrays), starts)
