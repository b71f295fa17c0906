"""A person's avatar where the scene has them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pose3d.core.arrays import Bools
from pose3d.core.result import Result
from pose3d.motion.animated import animated_at
from pose3d.motion.avatar import Mesh, avatar
from pose3d.motion.humanoid import BONES, Humanoid
from pose3d.motion.skin import Skin
from pose3d.view.scene import Scene, to_world


def person(shown: Scene, result: Result) -> Humanoid:
    """The humanoid of a person where the scene has them: its axes, turned to y up."""
    return animated_at(result, to_world(shown.joints), np.arange(len(result)), result.pose3d.fps)


def look(shown: Scene, humanoid: Humanoid) -> Mesh:
    """What that person looks like: of limbs that were never in the picture, nothing."""
    return known_part(avatar(humanoid), _unknown_bones(shown))


def skin(shown: Scene, result: Result) -> Skin:
    """What that person looks like in every frame."""
    humanoid = person(shown, result)
    return Skin.of(humanoid, look(shown, humanoid))


def known_part(mesh: Mesh, unknown: Bools) -> Mesh:
    """The mesh without the triangles that follow one of the unknown bones (N,) more than any other."""
    corners = unknown[mesh.bone[:, 0]]  # the strongest comes first
    return replace(mesh, triangles=mesh.triangles[~corners[mesh.triangles].any(1)])


def _unknown_bones(shown: Scene) -> Bools:
    """(N,) whether one of a bone's ends was never in the picture."""
    ends = [shown.skeleton.indices(bone.start, bone.end or bone.start) for bone in BONES]
    return np.array([shown.unknown[joints].any() for joints in ends])
