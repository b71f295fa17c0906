"""CSV: one row per frame, readable by anything for as long as there are computers."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from pose3d.core.presence import missing
from pose3d.core.result import Result

FIELDS = ("x", "y", "z", "score", "observed")


def write(result: Result, path: Path) -> None:
    """Columns frame, time, then <joint>_x, _y, _z, _score, _observed for each joint.

    frame: from 0; time: the video's own, seconds from its first picture; x, y, z: metres in camera axes (x right, y
    down, z forward, the camera at 0: the same numbers as Pose3D.placed), empty where the person is not there and for
    joints that are never seen; score: 0 to 1; observed: 1, or 0 where interpolated or missing.
    """
    joints = result.pose3d.skeleton.joints
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["frame", "time", *(f"{joint}_{field}" for joint in joints for field in FIELDS)])
        table.writerows(_rows(result))


def _rows(result: Result) -> Iterator[list[str]]:
    pose = result.pose3d
    frames = zip(result.times, pose.placed, pose.score, pose.observed, missing(result.pose2d), strict=True)
    for number, (time, *joints) in enumerate(frames):
        row = [str(number), f"{time:.6f}"]
        for point, score, observed, gone in zip(*joints, strict=True):
            row += ["", "", ""] if gone else [f"{value:.5f}" for value in point]
            row += [f"{score:.4f}", str(int(observed))]
        yield row
