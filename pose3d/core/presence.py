"""When the person is there: one rule for what every view and file shows, hides or leaves blank."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.poses import Pose2D
from pose3d.core.times import frame_ends

LONGEST_GAP = 0.5
"""Seconds; over a shorter time without the person, poses between those before and after are as good as seen."""
ROUNDING = 1e-6
"""Seconds by which sums of frames' lengths may miss their true value."""


def absent(pose2d: Pose2D) -> Bools:
    """(T,) bool: frames that have no pose to show, in which no joint was observed.

    Gaps that last less than LONGEST_GAP between two sightings are not among them: they were interpolated. At the
    clip's ends there is nothing to interpolate from, so that every frame without the person counts.
    """
    nobody = np.asarray(~pose2d.observed.any(axis=1), bool)
    return nobody & ~_short_gaps(nobody, pose2d.times)


def _short_gaps(flags: Bools, times: Floats) -> Bools:
    """(T,) bool: the frames in runs of True in flags (T,) that touch neither end and last less than LONGEST_GAP."""
    runs = np.cumsum(np.r_[0, flags[1:] != flags[:-1]])
    lasting = np.bincount(runs, weights=frame_ends(times) - times)
    short = lasting < LONGEST_GAP - ROUNDING
    short[[0, -1]] = False
    return flags & short[runs]
