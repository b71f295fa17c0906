"""TRC: the marker file of OpenSim, also read by Vicon and Motion Analysis tools."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pose3d.core.result import Result
from pose3d.export.axes import y_up

MILLIMETRES = 1000.0


def write(result: Result, path: Path) -> None:
    """Millimetres, y up, floor at 0, z towards the camera; frames from 1, times from 0 at a uniform rate of fps.

    The format has no place for a frame's own time: a video of variable frame rate is stretched to its average rate.
    """
    pose = result.pose3d
    lines = [*_header(path.name, pose.skeleton.joints, len(result), pose.fps)]
    lines += _rows(y_up(pose) * MILLIMETRES, pose.fps)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _header(name: str, joints: tuple[str, ...], frames: int, fps: float) -> Iterator[str]:
    """The five lines before the data and the empty line that OpenSim's own writer puts after them."""
    fields = {
        "DataRate": f"{fps:.6f}",
        "CameraRate": f"{fps:.6f}",
        "NumFrames": str(frames),
        "NumMarkers": str(len(joints)),
        "Units": "mm",
        "OrigDataRate": f"{fps:.6f}",
        "OrigDataStartFrame": "1",
        "OrigNumFrames": str(frames),
    }
    yield f"PathFileType\t4\t(X/Y/Z)\t{name}"
    yield "\t".join(fields)
    yield "\t".join(fields.values())
    yield "Frame#\tTime\t" + "\t\t\t".join(joints) + "\t\t"
    yield "\t\t" + "\t".join(f"{axis}{number}" for number in range(1, len(joints) + 1) for axis in "XYZ")
    yield ""


def _rows(xyz: np.ndarray, fps: float) -> Iterator[str]:
    """xyz: (T, J, 3) millimetres."""
    for number, points in enumerate(xyz):
        yield "\t".join([str(number + 1), f"{number / fps:.6f}", *(f"{value:.3f}" for value in points.ravel())])
