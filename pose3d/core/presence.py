"""When the person is there: one rule for what every view and file shows, hides or leaves blank."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Bools, Floats, Ints
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.skeleton import Skeleton
from pose3d.core.times import frame_ends

LONGEST_GAP = 0.5
"""Seconds; over a shorter time without the person, poses between those before and after are as good as seen."""
SELDOM = 0.1
"""Share of the frames with the person; a joint that was observed in fewer was out of the picture, or always hidden."""
ROUNDING = 1e-6
"""Seconds by which sums of frames' lengths may miss their true value."""


def absent(pose: Pose2D | Pose3D) -> Bools:
    """(T,) bool: frames that have no pose to show, in which no joint was observed.

    Gaps that last less than LONGEST_GAP between two sightings are not among them: they were interpolated. At the
    clip's ends there is nothing to interpolate from, so that every frame without the person counts.
    """
    nobody = np.asarray(~pose.observed.any(axis=1), bool)
    return nobody & ~_short_gaps(nobody, pose.times)


def unknown_joints(pose2d: Pose2D) -> Bools:
    """(J,) bool: joints that were hardly ever observed while the person was there: legs below the picture's edge."""
    there = ~absent(pose2d)
    return pose2d.observed.sum(axis=0) < SELDOM * max(int(there.sum()), 1)


def hidden(pose: Pose2D | Pose3D) -> Bools:
    """(T, J) bool: joints in stretches of LONGEST_GAP or more in which they were not observed, or at the clip's ends.

    Where they are then is the detector's guess, or a line between two places: views show it, nothing is counted on it.
    """
    unseen = np.asarray(~pose.observed, bool)
    return np.stack([joint & ~_short_gaps(joint, pose.times) for joint in unseen.T], axis=1)


def known_edges(skeleton: Skeleton, unknown: Bools) -> tuple[tuple[int, int], ...]:
    """(parent, child) of the bones to draw: those with two ends that are not among the unknown joints (J,)."""
    return tuple(edge for edge in skeleton.edges if not unknown[list(edge)].any())


def missing(pose2d: Pose2D) -> Bools:
    """(T, J) bool: values that formats which can leave something out leave out: absent frames and unknown joints."""
    return absent(pose2d)[:, None] | unknown_joints(pose2d)


def stand_ins(gone: Bools) -> Ints:
    """(T,) indices: of each frame itself, or where gone (T,) says so, the last one before it that is not gone.

    Before the first that is not gone it stands in; where all are gone, each frame stands for itself.
    """
    if gone.all():
        return np.arange(len(gone))
    last = np.maximum.accumulate(np.where(gone, -1, np.arange(len(gone))))
    return np.where(last < 0, int(np.argmin(gone)), last)


def _short_gaps(flags: Bools, times: Floats) -> Bools:
    """(T,) bool: the frames in runs of True in flags (T,) that touch neither end and last less than LONGEST_GAP."""
    runs = np.cumsum(np.r_[0, flags[1:] != flags[:-1]])
    lasting = np.bincount(runs, weights=frame_ends(times) - times)
    short = lasting < LONGEST_GAP - ROUNDING
    short[[0, -1]] = False
    return flags & short[runs]
