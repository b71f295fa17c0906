"""C3D: the binary marker file of motion laboratories (Visual3D, Mokka, Vicon, MATLAB and Python tools)."""

from __future__ import annotations

from pathlib import Path

import ezc3d
import numpy as np

from pose3d.core.errors import LimitError
from pose3d.core.poses import Pose3D
from pose3d.core.result import Result
from pose3d.export.axes import z_up

MILLIMETRES = 1000.0
MOST_FRAMES = 65_535
"""The header counts frames in 16 bits; readers, ezc3d's too, silently stop there."""
MOST_RESIDUAL = 127
"""Residuals are stored as whole millimetres in a byte that some readers take as signed; negative means invalid."""
OBSERVED_NOTE = "residual 0: filled in, the joint was not seen in the picture; above 0: reprojection error in mm"


def write(result: Result, path: Path) -> None:
    """Millimetres, z up, floor at 0, y away from the camera; labels are joint names; uniform rate of fps.

    Every point is valid. The residual tells seen from filled-in joints, as the format means it (0 = interpolated); the
    note stands in POINT:DESCRIPTIONS. Readers disagree on the residual's byte in float files (ezc3d issue 386): where
    ezc3d shows it, others may show a camera mask and residual 0; the csv has the same flags beyond doubt. Like TRC, C3D
    has no place for a frame's own time.
    """
    pose = result.pose3d
    if len(pose) > MOST_FRAMES:
        raise LimitError(f"a c3d file holds at most {MOST_FRAMES} frames, not {len(pose)}; choose a shorter part")
    file = ezc3d.c3d()
    point = file["parameters"]["POINT"]
    point["RATE"]["value"] = [pose.fps]
    point["LABELS"]["value"] = list(pose.skeleton.joints)
    file.add_parameter("POINT", "UNITS", ["mm"])
    file.add_parameter("POINT", "DESCRIPTIONS", [OBSERVED_NOTE] * len(pose.skeleton))
    # which axes face the viewer and point up on a screen: how lab tools tell z up from y up
    file.add_parameter("POINT", "X_SCREEN", ["+X"])
    file.add_parameter("POINT", "Y_SCREEN", ["+Z"])
    file.add_parameter("MANUFACTURER", "SOFTWARE", ["pose3d"])
    file["data"]["points"] = _points(pose)
    file["data"]["meta_points"]["residuals"] = _residuals(pose)
    file["data"]["meta_points"]["camera_masks"] = np.zeros((7, len(pose.skeleton), len(pose)), bool)
    file.write(str(path))


def _points(pose: Pose3D) -> np.ndarray:
    """(4, J, T) homogeneous millimetres."""
    xyz = np.moveaxis(z_up(pose) * MILLIMETRES, -1, 0).transpose(0, 2, 1)
    return np.concatenate([xyz, np.ones_like(xyz[:1])])


def _residuals(pose: Pose3D) -> np.ndarray:
    """(1, J, T) whole millimetres: the frame's reprojection error at the joint's depth, 0 where not observed."""
    focal = (pose.camera.fx + pose.camera.fy) / 2
    error = pose.reprojection_error[:, None] * pose.world[..., 2] / focal * MILLIMETRES
    whole = np.clip(np.ceil(error), 1, MOST_RESIDUAL)
    return np.where(pose.observed, whole, 0).T[None].astype(np.float64)
