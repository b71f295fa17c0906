"""How high the floor lies."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.poses import Pose3D
from pose3d.lift.root import stature

PERCENTILE = 5.0
"""The floor is where the lowest joint is in so many percent of the frames or more: one bad frame moves nothing."""

CLEARANCE = {
    "Ankle": 0.0466, "Knee": 0.035, "Hip": 0.06, "Wrist": 0.015, "Elbow": 0.02, "Shoulder": 0.04,
    "Pelvis": 0.06, "Spine": 0.06, "Thorax": 0.05, "Neck": 0.04, "Head": 0.0,
}  # fmt: skip
"""Of the stature: how far from the floor a joint is where the body lies or stands on it there.

The ankle's: 0.039 to the bare sole (Drillis and Contini 1966) and an adult's 13 mm of a shoe. The others are about half
of how thick the body is.
"""


def clearance(pose: Pose3D) -> Floats:
    """(J,) metres from each joint down to the floor that the body touches there."""
    sizes = [CLEARANCE[name.removeprefix("L").removeprefix("R")] for name in pose.skeleton.joints]
    return np.array(sizes) * stature(pose.xyz, pose.skeleton)


def floor_height(pose: Pose3D, up: Floats) -> float:
    """Metres along `up` (3,) from the camera to the lowest part of the body, as a rule, while anything was seen."""
    seen = pose.observed.any(1)
    heights = pose.placed[seen if seen.any() else ~seen].astype(np.float64) @ up
    return float(np.percentile((heights - clearance(pose)).min(1), PERCENTILE))
