"""Judges lifters on recorded motion: data sets in, tables out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pose3d.core.errors import ConfigError
from pose3d.evaluate.report import Report, judge
from pose3d.evaluate.sample import Sample
from pose3d.lift.lifter import Lifter


def samples(data: Path, keypoints: str) -> Iterator[Sample]:
    """The samples of Human3.6M, MPI-INF-3DHP or a folder of our own; keypoints: which 2D file of Human3.6M.

    Raises ConfigError for anything else.
    """
    from pose3d.evaluate import human36m, mpi_3dhp, own

    for room in (human36m, mpi_3dhp, own):
        if room.is_here(data):
            return room.samples(data, keypoints)
    raise ConfigError("no_data_set", path=data)


def evaluate(lifter: Lifter, data: Path, keypoints: str = "gt") -> Report:
    """The lifter's errors on a data set, per action and over all."""
    return judge(lifter, samples(data, keypoints))


__all__ = ["Report", "Sample", "evaluate", "samples"]
