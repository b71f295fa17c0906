"""The avatar's mesh: a figure in a plain suit, fitted to a humanoid's bones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from pose3d.core.arrays import Floats, Ints
from pose3d.core.geometry import unit
from pose3d.core.resources import ASSETS
from pose3d.motion.humanoid import BONES, LEFT, NAMES, PARENTS, Humanoid

FITTED = (0.5, 2.0)
"""How long a bone may be against an avatar of the humanoid's size; a shorter or longer one keeps a body around it."""
FITTED_HEAD = (0.85, 1.2)
"""The same for the head: where it begins, joints tell badly."""

SIZED = ("spine", "chest", "leftUpperLeg", "leftLowerLeg", "rightUpperLeg", "rightLowerLeg")
"""Bones whose lengths tell the humanoid's size: those that are long, and in much the same proportion in everybody."""

HIPS = NAMES.index("hips")

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
    """The mesh of an average adult, and the bones in it."""

    mesh: Mesh
    starts: Floats
    """(N, 3) metres: where the bones start at rest."""
    head: float
    """Metres: length of the head, whose end no other bone starts from."""


def avatar(humanoid: Humanoid) -> Mesh:
    """The avatar with the humanoid's bone lengths.

    Along a bone the corners follow its length; across it all bones grow with the humanoid's size. A humanoid that is
    twice as large has an avatar that is twice as large.
    """
    template = load()
    mesh, rest = template.mesh, humanoid.rest
    factors = _factors(_lengths(template.starts, template.head), _lengths(rest, humanoid.head))
    position, normal = np.zeros(mesh.position.shape), np.zeros(mesh.position.shape)
    for bone, share in zip(mesh.bone.T, mesh.weight.T[..., None], strict=True):
        position += share * (rest[bone] + factors[bone] * (mesh.position - template.starts[bone]))
        # What makes a surface steeper makes its normal less so.
        normal += share * mesh.normal / factors[bone]
    return replace(mesh, position=position.astype(np.float32), normal=unit(normal).astype(np.float32))


@cache
def load() -> Template:
    """What lies in assets/. Its arrays are shared: nobody may change them."""
    with np.load(ASSETS / TEMPLATE, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return Template(starts=arrays.pop("starts"), head=float(arrays.pop("head")), mesh=Mesh(**arrays))


def _lengths(starts: Floats, head: float) -> Floats:
    """(N,) metres from bones' starts (N, 3) to their ends, of the hips to one side; 0 for hands and feet."""
    found = np.zeros(len(BONES))
    for bone, parent, start in zip(BONES, PARENTS, starts, strict=True):
        if parent >= 0 and bone.start == BONES[parent].end:
            found[parent] = np.linalg.norm(start - starts[parent])
    found[NAMES.index("head")] = head
    found[HIPS] = np.linalg.norm(starts[NAMES.index("leftUpperLeg")] - starts[HIPS])
    return found


def _factors(before: Floats, after: Floats) -> Floats:
    """(N, 3) along x, y and z, of bones that were so long (N,) and become so long (N,)."""
    measured = [NAMES.index(name) for name in SIZED]
    size = after[measured].sum() / before[measured].sum()
    if not size > 0:
        size = 1.0
    ratio = np.divide(after, before * size, out=np.ones(len(BONES)), where=before > 0)
    fitted = np.array([FITTED_HEAD if name == "head" else FITTED for name in NAMES])
    along = np.abs([bone.rest for bone in BONES])
    along[HIPS] = LEFT
    return size * (1 + along * (np.clip(ratio, fitted[:, 0], fitted[:, 1]) - 1)[:, None])
