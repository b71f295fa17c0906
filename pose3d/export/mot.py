"""MOT: the motion file of OpenSim, the angles of a gait model's joints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pose3d.core.presence import unknown_joints
from pose3d.core.result import Result
from pose3d.export.even import EvenMotion
from pose3d.motion.animated import animated_at
from pose3d.motion.gait_model import Coordinate, coordinates


def write(result: Result, path: Path) -> None:
    """Degrees and metres for OpenSim's Rajagopal models (see gait_model.py); x ahead of who faces the camera, y up.

    OpenSim wants even steps: a video of changing frame rate is resampled to one rate by its frames' real times. It
    reads no gaps: while nobody is there, the last pose holds, and the first before it comes. Angles that hang on
    joints which are never seen are left out, and the model keeps its own, as it does for toes, heels and wrists.
    """
    motion = EvenMotion.of(result)
    humanoid = animated_at(result, motion.world, motion.source, motion.rate)
    skeleton = result.pose3d.skeleton
    unknown = {skeleton.joints[joint] for joint in np.flatnonzero(unknown_joints(result.pose2d))}
    columns = [column for column in coordinates(humanoid) if unknown.isdisjoint(column.needs)]
    lines = [*_header(columns, len(motion)), *_rows(columns, motion)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _header(columns: list[Coordinate], rows: int) -> Iterator[str]:
    yield "Coordinates"
    yield "version=1"
    yield f"nRows={rows}"
    yield f"nColumns={1 + len(columns)}"
    yield "inDegrees=yes"
    yield "endheader"
    yield "\t".join(["time", *(column.name for column in columns)])


def _rows(columns: list[Coordinate], motion: EvenMotion) -> Iterator[str]:
    for row in np.column_stack([motion.times, *(column.values for column in columns)]):
        yield "\t".join(f"{value:.6f}" for value in row)
