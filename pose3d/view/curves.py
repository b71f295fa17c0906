"""What a report plots over time: angles at the joints, height and speed of the pelvis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.analysis.angles import joint_angle
from pose3d.core.result import Result
from pose3d.view.scene import scene


@dataclass(frozen=True)
class Curve:
    """One line. side: a key of scene.COLOURS; values: (T,), NaN in frames without the person."""

    side: str
    values: np.ndarray


@dataclass(frozen=True)
class Chart:
    """Lines over one time axis. name: what is plotted; unit: of the values; both keys of REPORT_WORDS."""

    name: str
    unit: str
    digits: int
    """Decimals that are worth writing down."""
    curves: tuple[Curve, ...]


def charts(result: Result) -> list[Chart]:
    """The report's charts; seconds and metres, angles in degrees as `pose3d.analysis.angles` defines them."""
    pelvis = scene(result).joints[:, result.pose3d.skeleton.parents.index(-1)]
    speed = path_speed(pelvis, result.video.timestamps)
    return [
        _angles(result, "knees", "Knee"),
        _angles(result, "elbows", "Elbow"),
        Chart("height", "metres", 3, (Curve("middle", _known(result, pelvis[:, 2])),)),
        Chart("speed", "metres_per_second", 3, (Curve("middle", _known(result, speed)),)),
    ]


def path_speed(path: np.ndarray, times: np.ndarray) -> np.ndarray:
    """(T,) metres per second along a path (T, 3) at `times` (T,) seconds, by central differences."""
    if len(path) < 2:
        return np.zeros(len(path))
    return np.linalg.norm(np.gradient(path.astype(np.float64), times, axis=0), axis=-1)


def _angles(result: Result, name: str, joint: str) -> Chart:
    sides = {"left": "L", "right": "R"}
    lines = (Curve(side, _known(result, joint_angle(result.pose3d, letter + joint))) for side, letter in sides.items())
    return Chart(name, "degrees", 1, tuple(lines))


def _known(result: Result, values: np.ndarray) -> np.ndarray:
    """Without the frames in which the person was not seen: poses are made up there."""
    return np.where(result.pose2d.observed.any(1), values, np.nan)
