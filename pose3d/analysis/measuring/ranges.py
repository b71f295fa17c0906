"""How far each angle goes, and how alike left and right are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats


@dataclass(frozen=True)
class Range:
    """Degrees, and the seconds at which an angle is least and greatest."""

    least: float
    least_at: float
    greatest: float
    greatest_at: float

    @property
    def size(self) -> float:
        """Degrees from least to greatest."""
        return self.greatest - self.least


def range_of(values: Floats, times: Floats) -> Range | None:
    """Of values (T,) at times (T,), NaN where unknown; None where all are."""
    if not np.isfinite(values).any():
        return None
    low, high = int(np.nanargmin(values)), int(np.nanargmax(values))
    return Range(float(values[low]), float(times[low]), float(values[high]), float(times[high]))


def symmetry_index(left: float, right: float) -> float:
    """Percent that left is more than right, of their mean; 0 where both are 0 (Robinson, Herzog and Nigg 1987, J.
    Manipulative Physiol. Ther. 10:172). NaN where one is unknown."""
    mean = (abs(left) + abs(right)) / 2
    return 0.0 if mean == 0 else 100 * (left - right) / mean
