"""What is used of SciPy, with the types that it does not have."""
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.linalg import solveh_banded
from scipy.optimize import linear_sum_assignment
from scipy.spatial import KDTree
from scipy.spatial.transform import Rotation

from pose3d.core.arrays import Floats, Ints

__all__ = ["Rotation", "cheapest_pairs", "nearest", "pchip", "solve_banded"]


def cheapest_pairs(costs: Floats) -> list[tuple[int, int]]:
    """Row and column of the pairs that cost least together (Kuhn 1955), by row; costs (N, M) are finite."""
    rows, columns = linear_sum_assignment(costs)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def nearest(points: Floats, wanted: Floats) -> Ints:
    """(...) the rows of points (N, D) that lie nearest to those wanted (..., D)."""
    return np.asarray(KDTree(points).query(wanted)[1], np.int64)


def pchip(times: Floats, values: Floats, wanted: Floats) -> Floats:
    """values (T, ...) at times (T,) to float64 at those wanted (N,): piecewise cubic without overshoot."""
    return np.asarray(PchipInterpolator(times, values, axis=0)(wanted), np.float64)


def solve_banded(lower: Floats, target: Floats) -> Floats:
    """x (N,) of A x = target; A is symmetric, positive definite, its diagonal and those below it in lower (K, N)."""
    return np.asarray(solveh_banded(lower, target, lower=True))
