"""What is wrong with a clip as a whole."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pose3d.analysis.finding import Finding, Severity
from pose3d.analysis.plausible import lean
from pose3d.core.arrays import Bools, Floats
from pose3d.core.geometry import degrees_between
from pose3d.core.poses import Pose2D
from pose3d.core.presence import absent, unknown_joints
from pose3d.core.result import Result
from pose3d.core.video import camera_moves
from pose3d.ground import standing_up

FEWEST_FRAMES, SHORTEST = 20, 1.0
"""Frames and seconds: of less nobody can say that it went well."""
LYING, MOSTLY = 60.0, 0.8
"""Degrees between the trunk in the picture and its upright, and the share of the frames, from which the picture is
probably turned: people who lie get up, or curl up."""
STRAIGHT = 35.0
"""Degrees between trunk and legs in the picture up to which a body is as straight as somebody's who stands."""
PROPPED, STAYS = 0.25, 0.15
"""Of the trunk's length: hands that are both so far below the shoulders in the picture, in most frames, and that stray
no further from their places (standard deviation), carry a body that lies (push-ups, planks); arms of somebody who
stands in a turned picture may point there, but not for long, or they box."""
LEGS = ("LKnee", "LAnkle", "RKnee", "RAnkle")
ARMS = ("LElbow", "LWrist", "RElbow", "RWrist")
LEANS = 8.0
"""Degrees, in the median, by which nobody leans over who stands."""


def _ends_early(result: Result) -> Finding | None:
    return _finding(result, "ends_early", "minor") if result.video.ends_early else None


def _too_short(result: Result) -> Finding | None:
    short = len(result) < FEWEST_FRAMES or result.video.duration < SHORTEST
    return _finding(result, "too_short", "serious", frames=len(result)) if short else None


def _up_unknown(result: Result) -> Finding | None:
    """Nor was it seen, where nobody stands for long enough; for want of frames and legs there is a word of its own."""
    told = result.ground.confidence or standing_up(result.pose3d).confidence
    for_want = _too_short(result) or _unknown(result, LEGS)
    return None if told or for_want else _finding(result, "up_unknown", "minor")


def _camera_moves(result: Result) -> Finding | None:
    return _finding(result, "camera_moves", "serious") if camera_moves(result.camera_shift) else None


def _another_person(result: Result) -> Finding | None:
    others = len(result.people) - 1
    return _finding(result, "another_person", "minor", people=len(result.people)) if others > 0 else None


def _legs_unknown(result: Result) -> Finding | None:
    return _finding(result, "legs_unknown", "serious") if _unknown(result, LEGS) else None


def _arms_unknown(result: Result) -> Finding | None:
    return _finding(result, "arms_unknown", "serious") if _unknown(result, ARMS) else None


def _unknown(result: Result, names: tuple[str, ...]) -> bool:
    """Whether any of the joints was never seen."""
    return bool(unknown_joints(result.pose2d)[result.pose2d.skeleton.indices(*names)].any())


def _leans(result: Result) -> Finding | None:
    return _leaning(result, "leans") if result.ground.confidence else None


def _not_levelled(result: Result) -> Finding | None:
    return None if result.ground.confidence else _leaning(result, "not_levelled")


def _leaning(result: Result, code: str) -> Finding | None:
    degrees = lean(result)
    return _finding(result, code, "serious", degrees=round(degrees)) if degrees > LEANS else None


def _turned(result: Result) -> Finding | None:
    """A picture whose person is not upright, yet straight and not on the hands, nearly all the time."""
    pose, there = result.pose2d, ~absent(result.pose2d)
    if not there.any() or _propped(pose)[there].mean() >= MOSTLY:
        return None
    pelvis, thorax, left, right = (pose.xy[:, n] for n in pose.skeleton.indices("Pelvis", "Thorax", "LAnkle", "RAnkle"))
    trunk, legs = _flat(thorax - pelvis), _flat(pelvis - (left + right) / 2)
    straight = degrees_between(trunk, legs) < STRAIGHT
    leaning = np.degrees(np.arctan2(trunk[:, 0], -trunk[:, 1]))  # clockwise, from upright
    stands_after = np.round(leaning / 90).astype(int) * 90 % 360  # degrees counter-clockwise
    lies = (np.abs(leaning) > LYING) & straight
    shares = {degrees: float((lies & (stands_after == degrees))[there].mean()) for degrees in (90, 180, 270)}
    degrees = max(shares, key=lambda each: shares[each])
    return _finding(result, "turned", "serious", degrees=degrees) if shares[degrees] >= MOSTLY else None


def _propped(pose: Pose2D) -> Bools:
    """(T,) bool: whether both hands are well below their shoulders in the picture, and stay where they are."""
    pelvis, thorax = (pose.xy[:, n] for n in pose.skeleton.indices("Pelvis", "Thorax"))
    shoulders = pose.xy[:, pose.skeleton.indices("LShoulder", "RShoulder")]
    wrists = pose.xy[:, pose.skeleton.indices("LWrist", "RWrist")]
    trunk = np.linalg.norm(thorax - pelvis, axis=-1)
    strays = float(np.sqrt(wrists.var(axis=0).sum(-1)).max())
    below = (wrists - shoulders)[..., 1].min(axis=1) > PROPPED * trunk
    return np.asarray(below & (strays < STAYS * np.median(trunk)), bool)


def _flat(vectors: Floats) -> Floats:
    """(T, 2) in the picture to (T, 3)."""
    return np.pad(vectors.astype(np.float64), ((0, 0), (0, 1)))


def _finding(result: Result, code: str, severity: Severity, **fields: object) -> Finding:
    start = float(result.times[0])
    return Finding(code, start, start + result.video.duration, severity, fields)


CHECKS: dict[str, Callable[[Result], Finding | None]] = {
    "too_short": _too_short,
    "turned": _turned,
    "legs_unknown": _legs_unknown,
    "arms_unknown": _arms_unknown,
    "leans": _leans,
    "not_levelled": _not_levelled,
    "up_unknown": _up_unknown,
    "camera_moves": _camera_moves,
    "ends_early": _ends_early,
    "another_person": _another_person,
}
"""Code of a finding to how it is found."""


def whole_clip(result: Result) -> list[Finding]:
    """The findings that concern all of it."""
    found = (check(result) for check in CHECKS.values())
    return [finding for finding in found if finding is not None]
