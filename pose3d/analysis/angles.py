"""Angles at a person's joints."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.poses import Pose3D
from pose3d.core.skeleton import Skeleton

ANGLES = {
    side + joint: (side + before, side + joint, side + after)
    for side in "LR"
    for before, joint, after in (
        ("Hip", "Knee", "Ankle"),
        ("Shoulder", "Elbow", "Wrist"),
    )
}
"""Name of an angle to the joints that span it: start, vertex, end."""


def joint_angle(pose: Pose3D, name: str) -> Floats:
    """(T,) degrees, 0 to 180: one of ANGLES. 180 is a straight limb; flexion as clinicians count it is 180 minus it."""
    if name not in ANGLES:
        raise KeyError(f"no angle {name!r}; there are {', '.join(ANGLES)}")
    return angle_between(pose.xyz, pose.skeleton, *ANGLES[name])


def angle_between(xyz: Floats, skeleton: Skeleton, start: str, vertex: str, end: str) -> Floats:
    """(T,) degrees, 0 to 180: the included angle at joint `vertex` between the lines to `start` and to `end`.

    xyz (T, J, 3), any unit and any axes: the angle does not depend on them. 0 where two of the joints coincide.
    """
    a, b, c = skeleton.indices(start, vertex, end)
    u, v = xyz[:, a].astype(np.float64) - xyz[:, b], xyz[:, c].astype(np.float64) - xyz[:, b]
    # Exact for all angles, which the arc cosine of the dot product is not near 0 and 180.
    return np.degrees(np.arctan2(np.linalg.norm(np.cross(u, v), axis=-1), (u * v).sum(-1)))
