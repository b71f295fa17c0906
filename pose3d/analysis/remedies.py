"""What can be done about a finding without filming anew: other settings for the same video."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pose3d.analysis.finding import Finding
from pose3d.analysis.plausible import jumps
from pose3d.analysis.whole import FEWEST_FRAMES, LEANS, SHORTEST
from pose3d.core.arrays import Bools, runs
from pose3d.core.geometry import degrees_between
from pose3d.core.ground import CAMERA_UP
from pose3d.core.presence import ROUNDING, absent
from pose3d.core.result import Result
from pose3d.core.times import frame_ends
from pose3d.core.video import Orientation
from pose3d.ground import standing_up

AROUND = 0.2
"""Seconds before and after a jump that are as doubtful: smoothing has spread it so far."""


@dataclass(frozen=True)
class Remedy:
    """What may help. name: what it is called in words."""

    name: str
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    """Of RunConfig, for another run; none where something is to be chosen by hand."""
    fields: dict[str, float] = field(default_factory=dict[str, float])
    """What its words name, seconds."""


def remedy(result: Result, finding: Finding) -> Remedy | None:
    """What may help against a finding of the result; None where nothing does but another video."""
    known = REMEDIES.get(finding.code)
    return known(result, finding) if known else None


def _turn(result: Result, finding: Finding) -> Remedy:
    found = Orientation(int(str(finding.fields["degrees"])))
    return Remedy("turn", {"rotate": result.config.orientation.then(found).rotate})


def _level(result: Result, finding: Finding) -> Remedy | None:
    """Up as it was told, however unsure; no use where that was so."""
    return None if result.config.level == "on" else Remedy("level", {"level": "on"})


def _keep_tilt(result: Result, finding: Finding) -> Remedy | None:
    """Up as the camera was held, where the person stands upright to that."""
    standing = standing_up(result.pose3d)
    upright = standing.confidence and float(degrees_between(standing.direction, CAMERA_UP)) <= LEANS
    return Remedy("keep_tilt", {"level": "off"}) if upright else None


def _person(result: Result, finding: Finding) -> Remedy:
    return Remedy("person")


def _while_there(result: Result, finding: Finding) -> Remedy | None:
    return _trim(result, ~absent(result.pose2d))


def _without_jumps(result: Result, finding: Finding) -> Remedy | None:
    times, jumped = result.times, result.times[jumps(result)]
    near = np.abs(times[:, None] - jumped).min(axis=1, initial=np.inf) <= AROUND + ROUNDING
    return _trim(result, ~near & ~absent(result.pose2d))


def _trim(result: Result, good: Bools) -> Remedy | None:
    """The longest stretch of good frames (T,); None where it is too short to be worth a run.

    What comes after the last frame was never looked at: a stretch up to there goes on as far as was asked for. Who is
    who in another part of the video is told anew.
    """
    ends = frame_ends(result.times)
    stretches = [(float(result.times[run.start]), float(ends[run.stop - 1]), run) for run in runs(good)]
    start, end, run = max(stretches, key=lambda each: each[1] - each[0], default=(0.0, 0.0, slice(0, 0)))
    if run.stop - run.start < FEWEST_FRAMES or end - start < SHORTEST:
        return None
    until = end if run.stop < len(result) else result.config.end
    settings = {"start": start, "end": until, "person": None}
    return Remedy("trim", settings, {"start": start, "end": end})


REMEDIES: dict[str, Callable[[Result, Finding], Remedy | None]] = {
    "turned": _turn,
    "not_levelled": _level,
    "up_unknown": _level,
    "leans": _keep_tilt,
    "another_person": _person,
    "lost": _while_there,
    "jumps": _without_jumps,
}
"""Code of a finding to what may help."""
