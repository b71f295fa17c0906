"""How high the floor lies."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.poses import Pose3D

PERCENTILE = 5.0
"""The floor is where the lowest joint is in so many percent of the frames or more: one bad frame moves nothing."""


def floor_height(pose: Pose3D, up: Floats) -> float:
    """Metres along `up` (3,) from the camera to the lowest joint, as a rule, of the frames in which anything was seen.

    Joints have no soles: a standing person's ankles are on this floor.
    """
    seen = pose.observed.any(1)
    heights = pose.placed[seen if seen.any() else ~seen].astype(np.float64) @ up
    return float(np.percentile(heights.min(1), PERCENTILE))
