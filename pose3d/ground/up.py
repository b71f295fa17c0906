"""Which way is up, from all that tells it, and what that says of the poses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.geometry import unit
from pose3d.core.lines import NO_LINES, Lines
from pose3d.core.poses import Pose3D
from pose3d.ground.feet import feet_up
from pose3d.ground.room import room_up
from pose3d.ground.standing import Up, standing_up
from pose3d.lift.root import stature

TOO_LEVEL = 0.3
"""Of a camera's pitch: by how much less than it is a lifter may take it to be. Real people under cameras of 30 to 35
degrees were lifted as if these were 8 degrees more level (benchmarks/real.py). More is a body that leans."""


def find_up(pose: Pose3D, lines: Lines = NO_LINES) -> Up:
    """As the person's standing tells, better the floor that they have trodden, best the straight lines of the picture.

    For a camera that stands.
    """
    standing = standing_up(pose)
    trodden = feet_up(pose, standing)
    person = Up(trodden.direction, max(trodden.confidence, standing.confidence))
    room = room_up(lines, pose.camera, person)
    return room if room.confidence else person


def level_poses(pose: Pose3D, up: Up) -> Pose3D:
    """The poses as under a camera that is steeper than they were lifted for, where `up` tells of one.

    Lifted as if the camera looked down less, a body leans: what is above the pelvis is too far off and what is below
    too near, and from the camera both look the same. So joints move along their rays; the stature stays. Where the
    camera is not steeper than the person's standing tells by itself, the poses are returned as they are.
    """
    standing = standing_up(pose)
    ray = unit(np.median(pose.root.astype(np.float64), axis=0))
    before, true = _pitch(standing.direction, ray), _pitch(up.direction, ray)
    more = min(true - before, TOO_LEVEL * true)
    if more <= 0:
        return pose
    placed = pose.placed.astype(np.float64)
    moved = placed + _shear(before, more) * (pose.xyz @ standing.direction)[..., None] * unit(placed)
    moved *= stature(pose.xyz, pose.skeleton) / stature(moved - moved[:, :1], pose.skeleton)
    root = moved[:, :1]
    return replace(pose, xyz=(moved - root).astype(np.float32), root=root[:, 0].astype(np.float32))


def _pitch(up: Floats, ray: Floats) -> float:
    """Radians by which a ray (3,) looks down."""
    return float(np.arcsin(np.clip(-up @ ray, -1.0, 1.0)))


def _shear(before: float, more: float) -> float:
    """Metres along a ray per metre of a body's height that make it look down by `more` radians more than `before`.

    In the upright plane through the ray, up is (0, 1) and the ray (cos before, -sin before); up + shear * ray has to
    point `more` radians towards the camera.
    """
    return -float(np.tan(more) / (np.cos(before) - np.sin(before) * np.tan(more)))
