"""CSV: one row per frame, readable by anything for as long as there are computers."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from pose3d.core.result import Result

FIELDS = ("x", "y", "z", "score", "observed")


def write(result: Result, path: Path) -> None:
    """Columns frame, time, then <joint>_x, _y, _z, _score, _observed for each joint.

    frame: from 0; time: seconds from the start of the video; x, y, z: metres in camera axes (x right, y down,
    z forward, the camera at 0: the same numbers as Pose3D.world); score: 0 to 1; observed: 1, or 0 where filled in.
    """
    joints = result.pose3d.skeleton.joints
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["frame", "time", *(f"{joint}_{field}" for joint in joints for field in FIELDS)])
        table.writerows(_rows(result))


def _rows(result: Result) -> Iterator[list[str]]:
    pose = result.pose3d
    frames = zip(result.video.timestamps, pose.world, pose.score, pose.observed, strict=True)
    for number, (time, xyz, score, observed) in enumerate(frames):
        row = [str(number), f"{time:.6f}"]
        for point, s, o in zip(xyz, score, observed, strict=True):
            row += [*(f"{value:.5f}" for value in point), f"{s:.4f}", str(int(o))]
        yield row
