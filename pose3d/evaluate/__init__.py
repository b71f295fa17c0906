"""Judges lifters on recorded motion: data sets in, tables out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pose3d.core.errors import ConfigError
from pose3d.evaluate.report import Report, judge
from pose3d.evaluate.sample import Sample
from pose3d.lift import Lifter

KINDS = """a folder with data_3d_h36m.npz and a 2D file (Human3.6M), TS1 to TS6 with annot_data.mat (MPI-INF-3DHP),
or NAME.json files with xyz, camera, fps and joint_names (our own)"""


def samples(data: Path, keypoints: str) -> Iterator[Sample]:
    """The samples of a data set of one of KINDS; keypoints: which 2D file of Human3.6M. Raises ConfigError."""
    from pose3d.evaluate import human36m, mpi_3dhp, own

    for room in (human36m, mpi_3dhp, own):
        if room.is_here(data):
            return room.samples(data, keypoints)
    raise ConfigError(f"{data} is no data set; give {KINDS}")


def evaluate(lifter: Lifter, data: Path, keypoints: str = "gt") -> Report:
    """The lifter's errors on a data set, per action and over all."""
    return judge(lifter, samples(data, keypoints))


__all__ = ["Report", "Sample", "evaluate", "samples"]
