"""The rate that our lifters were trained at: the 2D poses are taken to it, and the answers back to their own times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.poses import Pose2D
from pose3d.core.times import even_times, held, resampled

RATE = 30.0
"""Frames per second of the training motion."""
NEAR = 0.1
"""Of a step: frames that are so near to RATE are shown as they are."""
LONGEST = 0.5
"""Seconds: a longer step counts as this long. What happened meanwhile is not known, and would only be made up."""


@dataclass(frozen=True)
class EvenPose:
    """A pose at RATE, and the way back to the times that it came with."""

    pose: Pose2D
    own: Floats | None
    """(T,) where the frames that came lie on the clock of `pose`; None where `pose` is what came."""

    @classmethod
    def of(cls, pose: Pose2D) -> EvenPose:
        """2D joints at RATE, interpolated by their real times."""
        steps = np.diff(pose.times)
        if (np.abs(steps * RATE - 1) < NEAR).all():
            return cls(pose, None)
        own = np.concatenate([[0.0], np.cumsum(np.minimum(steps, LONGEST))])
        wanted = even_times(own, RATE)
        even = Pose2D(
            resampled(own, pose.xy, wanted).astype(np.float32),
            resampled(own, pose.score, wanted).astype(np.float32),
            held(own, pose.observed, wanted),
            pose.skeleton,
            camera=pose.camera,
            times=wanted,
        )
        return cls(even, own)

    def back(self, values: Floats) -> Floats:
        """values (N, ...) of the frames of `pose` at the times that came: (T, ...) float32."""
        if self.own is None:
            return values.astype(np.float32)
        return resampled(self.pose.times, values, self.own).astype(np.float32)
