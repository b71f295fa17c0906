"""TRC: the marker file of OpenSim, also read by Vicon and Motion Analysis tools."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pose3d.core.arrays import Bools, Floats
from pose3d.core.presence import missing
from pose3d.core.result import Result
from pose3d.export.even import EvenMotion

NAME = "motion.trc"
"""What the file says that it is called."""
MILLIMETRES = 1000.0


def write(result: Result, path: Path) -> None:
    """Millimetres, y up, floor at 0, z towards the camera; frames from 1, times from 0 = the span's first frame.

    OpenSim wants even steps: a video of changing frame rate is resampled to one rate by its frames' real times. Where
    the person is not there, and for joints that are never seen, cells are blank: OpenSim's sign of a missing marker.
    """
    motion = EvenMotion.of(result)
    lines = [*_header(result.pose3d.skeleton.joints, motion)]
    lines += _rows(motion.world * MILLIMETRES, motion.times, missing(result.pose2d)[motion.source])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _header(joints: tuple[str, ...], motion: EvenMotion) -> Iterator[str]:
    """The five lines before the data and the empty line that OpenSim's own writer puts after them."""
    rate, frames = f"{motion.rate:.6g}", str(len(motion))
    fields = {
        "DataRate": rate,
        "CameraRate": rate,
        "NumFrames": frames,
        "NumMarkers": str(len(joints)),
        "Units": "mm",
        "OrigDataRate": rate,
        "OrigDataStartFrame": "1",
        "OrigNumFrames": frames,
    }
    yield f"PathFileType\t4\t(X/Y/Z)\t{NAME}"
    yield "\t".join(fields)
    yield "\t".join(fields.values())
    yield "Frame#\tTime\t" + "\t\t\t".join(joints) + "\t\t"
    yield "\t\t" + "\t".join(f"{axis}{number}" for number in range(1, len(joints) + 1) for axis in "XYZ")
    yield ""


def _rows(xyz: Floats, times: Floats, blank: Bools) -> Iterator[str]:
    """xyz: (N, J, 3) millimetres; times: (N,) seconds; blank: (N, J)."""
    for number, (points, time, gone) in enumerate(zip(xyz, times, blank, strict=True), start=1):
        cells = (_cells(point, bool(left_out)) for point, left_out in zip(points, gone, strict=True))
        yield "\t".join([str(number), f"{time:.6f}", *cells])


def _cells(point: Floats, blank: bool) -> str:
    return "\t\t" if blank else "\t".join(f"{value:.3f}" for value in point)
