"""Linear blend skinning: a mesh in its rest pose follows a figure's bones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthetic.body import Body
from synthetic.kinematics import SIDES, Bone, Figure, halfway
from synthetic.mesh import Surface

Joint = tuple[str, float, float]
"""Name of the half-way bone, rest height in metres, half-width in metres of the zone that bends."""


@dataclass(frozen=True)
class Posed:
    """points, normals (V, 3) in world metres."""

    points: np.ndarray
    normals: np.ndarray


@dataclass(frozen=True)
class Mannequin:
    """surface: the rest pose, standing on the origin; weights (V, B) and origins (B, 3) of the bones at rest."""

    surface: Surface
    weights: np.ndarray
    origins: np.ndarray
    bones: tuple[str, ...]

    def posed(self, figure: Figure, frame: int) -> Posed:
        """Linear blend skinning; half-way bones at the joints keep bent knees and elbows round."""
        bones = with_halves(figure, frame)
        points, normals = np.zeros_like(self.surface.points), np.zeros_like(self.surface.normals)
        for n, name in enumerate(self.bones):
            near = self.weights[:, n] > 0
            weight, bone = self.weights[near, n, None], bones[name]
            points[near] += weight * ((self.surface.points[near] - self.origins[n]) @ bone.rotation.T + bone.origin)
            normals[near] += weight * (self.surface.normals[near] @ bone.rotation.T)
        return Posed(points, normals / (np.linalg.norm(normals, axis=-1, keepdims=True) + 1e-12))


HALVES = {"waist": ("pelvis", "trunk"), "neck": ("trunk", "head")} | {
    f"{s}{joint}": (upper.format(s), lower.format(s))
    for s in SIDES
    for joint, (upper, lower) in {
        "Hip": ("pelvis", "{}Thigh"),
        "Knee": ("{}Thigh", "{}Shin"),
        "Shoulder": ("trunk", "{}UpperArm"),
        "Elbow": ("{}UpperArm", "{}Forearm"),
    }.items()
}
"""Half-way bone to the two bones that it lies between."""


def with_halves(figure: Figure, frame: int) -> dict[str, Bone]:
    """One frame's bones, (3,) and (3, 3) each, and the half-way bones at their joints."""
    bones = {name: Bone(b.origin[frame], b.rotation[frame]) for name, b in figure.bones.items()}
    for name, (upper, lower) in HALVES.items():
        # Pelvis and trunk meet at the pelvis; the other bones meet at the lower one's origin.
        origin = bones[upper if name == "waist" else lower].origin
        middle = halfway(bones[upper].rotation[None], bones[lower].rotation[None])[0]
        bones[name] = Bone(origin, middle)
    return bones


def rest_origins(body: Body) -> dict[str, np.ndarray]:
    shoulder = body.hip_height + body.trunk
    found = {"pelvis": (0, body.hip_height, 0), "trunk": (0, shoulder, 0), "head": (0, shoulder, 0)}
    for side, sign in SIDES.items():
        hip, arm = sign * body.hip_width / 2, sign * body.shoulder_width / 2
        found |= {
            f"{side}Thigh": (hip, body.hip_height, 0),
            f"{side}Shin": (hip, body.hip_height - body.thigh, 0),
            f"{side}Foot": (hip, body.ankle_height, 0),
            f"{side}Toes": (hip, 0, body.ball),
            f"{side}UpperArm": (arm, shoulder, 0),
            f"{side}Forearm": (arm, shoulder - body.upper_arm, 0),
        }
    found |= {name: found[upper if name == "waist" else lower] for name, (upper, lower) in HALVES.items()}
    return {name: np.array(place, float) for name, place in found.items()}


def chain_weights(
    names: tuple[str, ...], heights: np.ndarray, bones: Sequence[str], joints: Sequence[Joint]
) -> np.ndarray:
    """(V, B) weights along a chain of bones, topmost first; heights (V,) metres at rest."""
    share = np.zeros((len(heights), len(names)))
    left = np.ones(len(heights))
    for bone, (half, height, zone) in zip(bones, joints, strict=False):
        passed = np.clip((height + zone - heights) / (2 * zone), 0, 1)
        above, middle = np.clip(1 - 2 * passed, 0, 1), 1 - np.abs(2 * passed - 1)
        share[:, names.index(bone)] += left * above
        share[:, names.index(half)] += left * middle
        left = left * np.clip(2 * passed - 1, 0, 1)
    share[:, names.index(bones[-1])] += left
    return share


def rigid(names: tuple[str, ...], surface: Surface, bone: str) -> tuple[Surface, np.ndarray]:
    weights = np.zeros((len(surface.points), len(names)))
    weights[:, names.index(bone)] = 1
    return surface, weights
