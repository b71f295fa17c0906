"""A body whose bones do not stretch: what was lifted, with one length per bone."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.geometry import unit
from pose3d.core.skeleton import Skeleton

HIPS = ("LHip", "RHip")


def unstretched(xyz: Floats, skeleton: Skeleton) -> Floats:
    """Joints (T, J, 3), metres, with bones that point as before and are as long as their median over time.

    Left and right bones are as long as each other, and the pelvis is the middle of the hips, as in every data set that
    lifters learn from. The pelvis stays where it is.
    """
    parents = [max(parent, 0) for parent in skeleton.parents]  # the root's own bone has no length
    bones = xyz - xyz[:, parents]
    left, right = skeleton.indices(*HIPS)
    across = (bones[:, left] - bones[:, right]) / 2
    bones[:, left], bones[:, right] = across, -across
    lengths = np.median(np.linalg.norm(bones, axis=-1), axis=0)
    steady = unit(bones) * ((lengths + lengths[skeleton.mirror]) / 2)[:, None]
    built = xyz.copy()
    for parent, child in skeleton.edges:  # parents come first
        built[:, child] = built[:, parent] + steady[:, child]
    return built
