"""What is wrong with a clip as a whole."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pose3d.analysis.finding import Finding, Severity
from pose3d.core.geometry import degrees_between
from pose3d.core.presence import absent, unknown_joints
from pose3d.core.result import Result

FEWEST_FRAMES, SHORTEST = 20, 1.0
"""Frames and seconds: of less nobody can say that it went well."""
LYING, MOSTLY = 60.0, 0.8
"""Degrees between the trunk in the picture and its upright, and the share of the frames, from which the picture is
probably turned: people who lie get up, or curl up."""
STRAIGHT = 35.0
"""Degrees between trunk and legs in the picture up to which a body is as straight as somebody's who stands."""
LEGS = ("LKnee", "LAnkle", "RKnee", "RAnkle")


def _ends_early(result: Result) -> Finding | None:
    return _finding(result, "ends_early", "minor") if result.video.ends_early else None


def _too_short(result: Result) -> Finding | None:
    short = len(result) < FEWEST_FRAMES or result.video.duration < SHORTEST
    return _finding(result, "too_short", "serious", frames=len(result)) if short else None


def _another_person(result: Result) -> Finding | None:
    others = len(result.people) - 1
    return _finding(result, "another_person", "minor", people=len(result.people)) if others > 0 else None


def _legs_unknown(result: Result) -> Finding | None:
    unknown = unknown_joints(result.pose2d)[result.pose2d.skeleton.indices(*LEGS)]
    return _finding(result, "legs_unknown", "serious") if unknown.any() else None


def _turned(result: Result) -> Finding | None:
    """A picture whose people lie on their side, straight, nearly all the time: it was filmed with a turned camera."""
    pose, there = result.pose2d, ~absent(result.pose2d)
    pelvis, thorax, left, right = (pose.xy[:, n] for n in pose.skeleton.indices("Pelvis", "Thorax", "LAnkle", "RAnkle"))
    trunk, legs = _flat(thorax - pelvis), _flat(pelvis - (left + right) / 2)
    side = np.where(trunk[:, 0] > 0, 90, 270)  # the head to the right: turned counter-clockwise it stands
    lies = degrees_between(trunk, np.array([0.0, -1.0, 0.0])) > LYING
    straight = degrees_between(trunk, legs) < STRAIGHT
    share = (lies & straight)[there].mean() if there.any() else 0.0
    degrees = int(np.median(side[there])) if there.any() else 0
    agreed = there.any() and (side[there] == degrees).mean() >= MOSTLY
    return _finding(result, "turned", "serious", degrees=degrees) if share >= MOSTLY and agreed else None


def _flat(vectors: np.ndarray) -> np.ndarray:
    """(T, 2) in the picture to (T, 3)."""
    return np.pad(vectors.astype(np.float64), ((0, 0), (0, 1)))


def _finding(result: Result, code: str, severity: Severity, **fields: object) -> Finding:
    start = float(result.times[0])
    return Finding(code, start, start + result.video.duration, severity, fields)


CHECKS: dict[str, Callable[[Result], Finding | None]] = {
    "too_short": _too_short,
    "turned": _turned,
    "legs_unknown": _legs_unknown,
    "ends_early": _ends_early,
    "another_person": _another_person,
}
"""Code of a finding to how it is found."""
MOST = {"too_short": 0.84, "turned": 0.49, "legs_unknown": 0.84}
"""What a clip with such a finding is worth at most: below "good", and where the picture is turned, below "fair"."""


def whole_clip(result: Result) -> list[Finding]:
    """The findings that concern all of it."""
    found = (check(result) for check in CHECKS.values())
    return [finding for finding in found if finding is not None]
