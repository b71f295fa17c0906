"""What was measured, for programs: plain dicts, with the units in the names; None where something is not known."""

from __future__ import annotations

import math
from collections.abc import Mapping

from pose3d.analysis.measuring.jump import Jump
from pose3d.analysis.measuring.ranges import Range
from pose3d.analysis.measuring.summary import Gait, SideOfGait
from pose3d.analysis.measuring.sway import Sway


def known(value: float) -> float | None:
    """JSON has no NaN."""
    return value if math.isfinite(value) else None


def ranges(found: Mapping[str, Mapping[str, Range]]) -> dict[str, object]:
    """By angle and side; degrees and seconds."""
    return {
        name: {
            side: {
                "least": each.least,
                "least_at_seconds": each.least_at,
                "greatest": each.greatest,
                "greatest_at_seconds": each.greatest_at,
                "range": each.size,
            }
            for side, each in sides.items()
        }
        for name, sides in found.items()
    }


def steps(gait: Gait | None) -> dict[str, object] | None:
    """Of both sides, and of each."""
    if gait is None:
        return None
    return {
        "steps": gait.steps,
        "runs": gait.runs,
        "on_the_spot": gait.on_the_spot,
        "cadence_steps_per_minute": gait.cadence,
        "step_length_metres": known(gait.step_length),
        "speed_metres_per_second": known(gait.speed),
        "double_support_percent": known(gait.double_support),
        **{side: _side(each) for side, each in gait.sides.items()},
    }


def _side(each: SideOfGait) -> dict[str, object]:
    return {
        "steps": each.steps,
        "step_time_seconds": known(each.step_time),
        "step_length_metres": known(each.step_length),
        "stride_length_metres": known(each.stride_length),
        "stance_percent": known(each.stance),
        "swing_percent": known(each.swing),
    }


def posture(degrees: Mapping[str, float], feet_apart: float, seconds: float) -> dict[str, object] | None:
    """None where nobody stands still."""
    if not degrees:
        return None
    lines: dict[str, object] = {f"{name}_degrees": value for name, value in degrees.items()}
    return {"seconds": seconds} | lines | {"feet_apart_metres": known(feet_apart)}


def jump(each: Jump) -> dict[str, object]:
    """The rise is the one that is believed."""
    return {
        "start_seconds": each.start,
        "end_seconds": each.end,
        "rise_metres": each.rise,
        "by_time_metres": each.by_time,
        "believed": "rise_metres",
    }


def sway(each: Sway) -> dict[str, object]:
    """seen: whether it is more than this program's own errors."""
    return {
        "start_seconds": each.start,
        "end_seconds": each.end,
        "path_metres": each.path,
        "speed_metres_per_second": each.speed,
        "area_square_metres": each.area,
        "seen": each.seen,
    }
