"""The first looks at what strangers send: quick, and done in a process that a file may kill."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pose3d.core.arrays import Floats
from pose3d.core.result import Result
from pose3d.core.video import Orientation, Span
from pose3d.io.video import moments, probe
from pose3d.jobs.reins import Reins


@dataclass(frozen=True)
class Look:
    """At a video. width, height: pixels as displayed; times: (N,) seconds of all its frames, and the end of the last.

    offset: seconds that a player shows at the first picture.
    """

    width: int
    height: int
    times: Floats
    offset: float


def look(_: Reins, path: str) -> Look:
    """Raises Pose3DError for what is no video."""
    info = probe(path, Span(max_frames=1))
    return Look(info.width, info.height, moments(path), info.offset)


def size(_: Reins, path: str, orientation: Orientation) -> tuple[int, int]:
    """Width and height in pixels as displayed. Raises Pose3DError for what is no video."""
    info = probe(path, Span(max_frames=1), orientation)
    return info.width, info.height


def saved(_: Reins, path: str | Path) -> Result:
    """A saved result. Raises ConfigError for what is none."""
    return Result.load(path)
