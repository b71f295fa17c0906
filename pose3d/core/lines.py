"""Straight lines in the pictures of a video."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import ArrayEquality, Floats, check_shape


@dataclass(frozen=True, eq=False)
class Lines(ArrayEquality):
    """The longest lines of some pictures of one video."""

    ends: Floats
    """(N, 2, 2) pixels."""
    pictures: int
    """From how many pictures: what stands still is in each of them."""

    def __post_init__(self) -> None:
        check_shape("ends", self.ends, len(self.ends), 2, 2)


NO_LINES = Lines(np.empty((0, 2, 2), np.float32), 1)
