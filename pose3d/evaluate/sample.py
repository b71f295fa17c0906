"""What a lifter is judged on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pose3d.core.arrays import Floats, check_shape
from pose3d.core.poses import Pose2D


@dataclass(frozen=True)
class Sample:
    """One person in front of one camera."""

    pose2d: Pose2D
    target: Floats
    """(T, 17, 3) metres in camera axes, pelvis anywhere."""
    action: NDArray[np.str_]
    """(T,) str: what the person does; "" where a frame does not count."""

    def __post_init__(self) -> None:
        check_shape("target", self.target, *self.pose2d.xy.shape[:2], 3)
        check_shape("action", self.action, len(self.pose2d))
