"""What every lifter does with what its network answered: scale, pelvis path, error."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.smoothing import smooth
from pose3d.lift.body import unstretched
from pose3d.lift.root import reprojection_error, solve_root, stature


def finish(
    pose: Pose2D, xyz: Floats, height: float | None, root: Floats | None = None, steadied: bool = False
) -> Pose3D:
    """Poses xyz (T, J, 3), metres in camera axes, pelvis at 0, of someone `height` metres tall, if that is known.

    root (T, 3): the pelvis path, if the network found one; else it is solved for. steadied: take the jitter out of the
    poses, and give each bone one length, after the path was found: that has a smoothing of its own, and rises and falls
    less with bones that do not give; published networks answer as they were published.
    """
    body = steady(xyz, pose) if steadied else xyz
    scale = height / stature(body, pose.skeleton) if height else 1.0
    rays = pose.camera.rays(pose.xy)
    path = solve_root(xyz * scale, rays, pose.score, pose.times) if root is None else root * scale
    xyz, path = (body * scale).astype(np.float32), path.astype(np.float32)
    return Pose3D(
        xyz=xyz,
        root=path,
        score=pose.score,
        observed=pose.observed,
        reprojection_error=reprojection_error(xyz + path[:, None], pose),
        units="metre" if height else "relative",
        skeleton=pose.skeleton,
        camera=pose.camera,
        times=pose.times,
    )


def steady(xyz: Floats, pose: Pose2D) -> Floats:
    """Poses (T, J, 3) without jitter, each bone of one length."""
    return unstretched(smooth(xyz, pose.times), pose.skeleton)
