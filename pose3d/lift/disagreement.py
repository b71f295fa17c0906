"""How far two lifters are apart on the same 2D joints, which tells how far either may be off."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.geometry import procrustes
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.skeleton import COMPARED_JOINTS
from pose3d.lift.finish import steady
from pose3d.lift.lifter import OwnLifter


def disagreement(ours: Pose3D, second: OwnLifter, pose: Pose2D) -> Floats:
    """(T,) float32 metres of ours: mean distance of the compared joints, each frame turned, scaled and moved onto ours.

    Networks that learnt from the same motion in different ways agree where the picture tells the pose, and each guesses
    for itself where it does not (as in deep ensembles: Lakshminarayanan et al. 2017).
    """
    joints = ours.skeleton.indices(*COMPARED_JOINTS)
    target = ours.xyz[:, joints].astype(np.float64)
    other = steady(second.shapes(pose), pose)[:, joints].astype(np.float64)
    return np.linalg.norm(procrustes(other, target) - target, axis=-1).mean(axis=1).astype(np.float32)
