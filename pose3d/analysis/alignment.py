"""Which moment of one motion is which of another: dynamic time warping."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# dtaidistance comes without types

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import ArrayEquality, Floats, Ints

STEP = 0.1
"""What it costs that time stands still in one of the motions, in units of their rows: without it, a moment of one
that is like all of the other would take it all."""


@dataclass(frozen=True, eq=False)
class Alignment(ArrayEquality):
    """Rows that belong together, in the order of time."""

    first: Ints
    """(N,) rows of the one that is wholly used."""
    second: Ints
    """(N,) rows of the other, of which a part may be."""


def aligned(first: Floats, second: Floats) -> Alignment:
    """The best way of all of `first` (N, D) through a part of `second` (M, D), whose distance is Euclid's.

    Multi-dimensional dynamic time warping with free ends in `second` (Müller 2015, Fundamentals of Music Processing,
    7.2), by dtaidistance; takes N times M steps and numbers.
    """
    from dtaidistance.subsequence.dtw import SubsequenceAlignment

    rows = [np.ascontiguousarray(values, np.float64) for values in (first, second)]
    match = SubsequenceAlignment(*rows, penalty=STEP, use_c=True).best_match(minlength=1)
    path: Ints = np.array(match.path, int)
    return Alignment(path[:, 0], path[:, 1])
