"""C3D: the binary marker file of motion laboratories (Visual3D, Mokka, Vicon, MATLAB and Python tools)."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# ezc3d has no types

from __future__ import annotations

import errno
import os
from pathlib import Path

import ezc3d
import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.errors import LimitError
from pose3d.core.presence import missing
from pose3d.core.result import Result
from pose3d.export.even import EvenMotion

MILLIMETRES = 1000.0
MOST_FRAMES = 65_535
"""The header counts frames in 16 bits; readers, ezc3d's too, silently stop there."""
MOST_RESIDUAL = 127
"""Residuals are stored as whole millimetres in a byte that some readers take as signed; negative means invalid."""
INTERPOLATED, INVALID = 0, -1
"""Residuals as the format means them."""
BLOCK, POINT = 512, 16
"""Bytes of the format's blocks, and of a point with its residual."""
START = slice(16, 18)
"""Where the head tells, from 1, in which block the points begin."""
OBSERVED_NOTE = (
    "residual above 0: reprojection error in mm; 0: interpolated, the joint was not seen in the picture; "
    "-1: invalid, the person or the joint was not there"
)


def write(result: Result, path: Path) -> None:
    """Millimetres, z up, floor at 0, y away from the camera; labels are joint names; the first frame is the span's.

    C3D has no place for a frame's own time: a video of changing frame rate is resampled to one rate by its frames' real
    times. The residual tells seen from interpolated joints and, by -1, where there is nobody or a joint is never seen;
    the note stands in POINT:DESCRIPTIONS. Readers disagree on the residual's byte in float files (ezc3d issue 386):
    where ezc3d shows it, others may show a camera mask and residual 0; the csv has the same flags beyond doubt.
    """
    motion, joints = EvenMotion.of(result), result.pose3d.skeleton.joints
    if len(motion) > MOST_FRAMES:
        raise LimitError("c3d_frames", most=MOST_FRAMES, frames=len(motion))
    gone = missing(result.pose2d)[motion.source]
    file = ezc3d.c3d()
    point = file["parameters"]["POINT"]
    point["RATE"]["value"] = [motion.rate]
    point["LABELS"]["value"] = list(joints)
    file.add_parameter("POINT", "UNITS", ["mm"])
    file.add_parameter("POINT", "DESCRIPTIONS", [OBSERVED_NOTE] * len(joints))
    # which axes face the viewer and point up on a screen: how lab tools tell z up from y up
    file.add_parameter("POINT", "X_SCREEN", ["+X"])
    file.add_parameter("POINT", "Y_SCREEN", ["+Z"])
    file.add_parameter("MANUFACTURER", "SOFTWARE", ["pose3d"])
    file["data"]["points"] = _points(motion.world, gone)
    file["data"]["meta_points"]["residuals"] = np.where(gone, INVALID, _residuals(result)[motion.source]).T[None]
    file["data"]["meta_points"]["camera_masks"] = np.zeros((7, len(joints), len(motion)), bool)
    file.write(str(path))
    _check_whole(path, points=len(motion) * len(joints))


def _check_whole(path: Path, points: int) -> None:
    """ezc3d does not tell of a full disk. Raises OSError."""
    head = path.read_bytes()[:BLOCK]
    before = (int.from_bytes(head[START], "little") - 1) * BLOCK
    if len(head) < BLOCK or path.stat().st_size < before + points * POINT:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _points(world: Floats, gone: Bools) -> Floats:
    """(4, J, N) homogeneous millimetres, NaN where gone (N, J); world (N, J, 3) metres, y up."""
    x, y, z = np.moveaxis(world * MILLIMETRES, -1, 0)
    points = np.stack([x, -z, y, np.ones_like(x)])
    points[:3, gone] = np.nan
    return points.transpose(0, 2, 1)


def _residuals(result: Result) -> Floats:
    """(T, J) whole millimetres: the frame's reprojection error at the joint's depth, INTERPOLATED if not observed."""
    pose = result.pose3d
    focal = (pose.camera.fx + pose.camera.fy) / 2
    error = pose.reprojection_error[:, None] * pose.placed[..., 2] / focal * MILLIMETRES
    whole = np.clip(np.ceil(error), 1, MOST_RESIDUAL)
    return np.where(pose.observed, whole, INTERPOLATED).astype(np.float64)
