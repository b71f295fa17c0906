"""What is used of SciPy, with the types that it does not have; each of its rooms is entered when it is needed."""
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats, Ints


def cheapest_pairs(costs: Floats) -> list[tuple[int, int]]:
    """Row and column of the pairs that cost least together (Kuhn 1955), by row; costs (N, M) are finite."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(costs)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def nearest(points: Floats, wanted: Floats) -> Ints:
    """(...) the rows of points (N, D) that lie nearest to those wanted (..., D)."""
    from scipy.spatial import KDTree

    return np.asarray(KDTree(points).query(wanted)[1], np.int64)


def pchip(times: Floats, values: Floats, wanted: Floats) -> Floats:
    """values (T, ...) at times (T,) to float64 at those wanted (N,): piecewise cubic without overshoot."""
    from scipy.interpolate import PchipInterpolator

    return np.asarray(PchipInterpolator(times, values, axis=0)(wanted), np.float64)


def rotation_matrix(turn: Floats) -> Floats:
    """(3, 3) of a turn by as many radians as the vector (3,) is long, about it."""
    from pose3d.core.rotations import Rotation

    return np.asarray(Rotation.from_rotvec(turn).as_matrix(), np.float64)


def solve_banded(lower: Floats, target: Floats) -> Floats:
    """x (N,) of A x = target; A is symmetric, positive definite, its diagonal and those below it in lower (K, N)."""
    from scipy.linalg import solveh_banded

    return np.asarray(solveh_banded(lower, target, lower=True))
