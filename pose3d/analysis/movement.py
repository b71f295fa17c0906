"""How a body moves: angles at the joints, height and speed of the pelvis, over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.analysis.angles import ANGLES, joint_angle
from pose3d.analysis.chart import Chart, Curve
from pose3d.analysis.finding import Finding
from pose3d.core.arrays import Floats
from pose3d.core.presence import absent, unknown_joints
from pose3d.core.result import Result


@dataclass(frozen=True)
class Movement:
    """Curves over the frames of a result."""

    charts: tuple[Chart, ...]
    findings: tuple[Finding, ...] = ()


def movement(result: Result) -> Movement:
    """Seconds and metres, degrees as in `pose3d.analysis.angles`; heights above the ground's floor."""
    pelvis = result.world[:, result.pose3d.skeleton.parents.index(-1)]
    speed = path_speed(pelvis, result.times)
    return Movement(
        (
            _angles(result, "knees", "Knee"),
            _angles(result, "elbows", "Elbow"),
            Chart("height", "metres", 3, (Curve("middle", _known(result, pelvis[:, 1])),)),
            Chart("speed", "metres_per_second", 3, (Curve("middle", _known(result, speed)),)),
        )
    )


def path_speed(path: Floats, times: Floats) -> Floats:
    """(T,) metres per second along a path (T, 3) at `times` (T,) seconds, by central differences."""
    if len(path) < 2:
        return np.zeros(len(path))
    return np.linalg.norm(np.gradient(path.astype(np.float64), times, axis=0), axis=-1)


def _angles(result: Result, name: str, joint: str) -> Chart:
    sides = {"left": "L", "right": "R"}
    lines = (Curve(side, _angle(result, letter + joint)) for side, letter in sides.items())
    return Chart(name, "degrees", 1, tuple(lines))


def _angle(result: Result, name: str) -> Floats:
    """(T,) degrees; NaN throughout where a joint of it was never seen."""
    unknown = unknown_joints(result.pose2d)[result.pose2d.skeleton.indices(*ANGLES[name])].any()
    return np.full(len(result), np.nan) if unknown else _known(result, joint_angle(result.pose3d, name))


def _known(result: Result, values: Floats) -> Floats:
    """Without the frames in which nobody was there: poses are made up there."""
    return np.where(absent(result.pose2d), np.nan, values)
