"""The avatar's data for the player: a skin on bones for each person, and how the bones turn."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.result import Result
from pose3d.motion.avatar import Mesh
from pose3d.motion.humanoid import PARENTS
from pose3d.view.body import look, person
from pose3d.view.scene import Scene

TURN = 32767
"""What 1 is in the rotations, whole numbers of 16 bits: a foot is off by a tenth of a millimetre at most."""

DIRECTION = 127
"""What 1 is in the normals, whole numbers of 8 bits."""

SHARE = 255
"""What 1 is in colours and weights, whole numbers of 8 bits."""


def avatar_data(shown: Scene, result: Result) -> dict[str, Any]:
    """What assets/player/avatar.js needs of a person, N bones and V corners; arrays in base64, little-endian.

    parents: N numbers, -1 for the first; offsets (N, 3) float32 metres from the parent's start at rest; rotations
    (T, N, 4) int16 in parts of TURN: quaternions x, y, z, w relative to the parent; places (T, 3) float32 metres of the
    hips, in the scene's axes turned to y up. position (V, 3) float32, normal (V, 3) int8, colour (V, 3) uint8 linear,
    bone (V, 4) uint8, weight (V, 4) uint8 that sum to SHARE; triangles (F, 3) uint16.
    """
    humanoid = person(shown, result)
    mesh = look(shown, humanoid)
    return {
        "parents": list(PARENTS),
        "offsets": _base64(humanoid.offsets, "<f4"),
        "rotations": _base64(_whole(humanoid.rotations, TURN), "<i2"),
        "places": _base64(humanoid.places, "<f4"),
        "position": _base64(mesh.position, "<f4"),
        "normal": _base64(_whole(mesh.normal, DIRECTION), "i1"),
        **worn_data(mesh),
    }


def worn_data(mesh: Mesh) -> dict[str, str]:
    """What of `avatar_data` does not depend on how large somebody is."""
    return {
        "colour": _base64(_whole(mesh.colour, SHARE), "u1"),
        "bone": _base64(mesh.bone, "u1"),
        "weight": _base64(_shares(mesh.weight), "u1"),
        "triangles": _base64(mesh.triangles, "<u2"),
    }


def _whole(values: Floats, unit: int) -> Floats:
    return np.round(values.astype(np.float64) * unit)


def _shares(weights: Floats) -> Floats:
    """Whole parts of SHARE that sum to it: the heaviest takes what rounding left."""
    shares = _whole(weights, SHARE)
    shares[np.arange(len(shares)), weights.argmax(1)] += SHARE - shares.sum(1)
    return shares


def _base64(values: Any, kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode("ascii")
