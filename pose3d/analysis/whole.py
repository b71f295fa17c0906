"""What is wrong with a clip as a whole."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pose3d.analysis.finding import Finding, Severity
from pose3d.core.arrays import Bools, Floats
from pose3d.core.geometry import degrees_between
from pose3d.core.poses import Pose2D
from pose3d.core.presence import absent, unknown_joints
from pose3d.core.result import Result
from pose3d.core.video import camera_moves

FEWEST_FRAMES, SHORTEST = 20, 1.0
"""Frames and seconds: of less nobody can say that it went well."""
LYING, MOSTLY = 60.0, 0.8
"""Degrees between the trunk in the picture and its upright, and the share of the frames, from which the picture is
probably turned: people who lie get up, or curl up."""
STRAIGHT = 35.0
"""Degrees between trunk and legs in the picture up to which a body is as straight as somebody's who stands."""
PROPPED = 0.25
"""Of the trunk's length: hands that are both so far below the shoulders in the picture, in most frames, carry a body
that lies (push-ups, planks); arms of somebody who stands in a turned picture may point there, but not for long."""
LEGS = ("LKnee", "LAnkle", "RKnee", "RAnkle")


def _ends_early(result: Result) -> Finding | None:
    return _finding(result, "ends_early", "minor") if result.video.ends_early else None


def _too_short(result: Result) -> Finding | None:
    short = len(result) < FEWEST_FRAMES or result.video.duration < SHORTEST
    return _finding(result, "too_short", "serious", frames=len(result)) if short else None


def _camera_moves(result: Result) -> Finding | None:
    return _finding(result, "camera_moves", "serious") if camera_moves(result.camera_shift) else None


def _another_person(result: Result) -> Finding | None:
    others = len(result.people) - 1
    return _finding(result, "another_person", "minor", people=len(result.people)) if others > 0 else None


def _legs_unknown(result: Result) -> Finding | None:
    unknown = unknown_joints(result.pose2d)[result.pose2d.skeleton.indices(*LEGS)]
    return _finding(result, "legs_unknown", "serious") if unknown.any() else None


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
    """(T,) bool: whether both hands are well below their shoulders in the picture."""
    pelvis, thorax = (pose.xy[:, n] for n in pose.skeleton.indices("Pelvis", "Thorax"))
    shoulders = pose.xy[:, pose.skeleton.indices("LShoulder", "RShoulder"), 1]
    wrists = pose.xy[:, pose.skeleton.indices("LWrist", "RWrist"), 1]
    trunk = np.linalg.norm(thorax - pelvis, axis=-1)
    return np.asarray((wrists - shoulders).min(axis=1) > PROPPED * trunk, bool)


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
    "camera_moves": _camera_moves,
    "ends_early": _ends_early,
    "another_person": _another_person,
}
"""Code of a finding to how it is found."""
MOST = {"too_short": 0.84, "turned": 0.49, "legs_unknown": 0.84, "camera_moves": 0.84}
"""What a clip with such a finding is worth at most: below "good", and where the picture is turned, below "fair"."""


def whole_clip(result: Result) -> list[Finding]:
    """The findings that concern all of it."""
    found = (check(result) for check in CHECKS.values())
    return [finding for finding in found if finding is not None]
