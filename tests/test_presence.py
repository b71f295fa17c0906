"""Which frames have no pose to show."""

from dataclasses import dataclass

import numpy as np
import pytest

from factory import made_up
from pose3d.core.poses import Pose2D
from pose3d.core.presence import absent


def seen_in(times: np.ndarray, seen: np.ndarray) -> Pose2D:
    """The walker, observed (one joint at least) only where seen (T,)."""
    pose = made_up(times).pose2d
    observed = np.zeros_like(pose.observed)
    observed[seen, 3] = True
    return Pose2D(pose.xy, pose.score, observed, pose.skeleton, camera=pose.camera, times=times)


@dataclass(frozen=True)
class Case:
    """missing: slices without the person; absent: those of them that stay without a pose."""

    missing: tuple[slice, ...]
    absent: tuple[slice, ...]


CASES = {
    "always there": Case((), ()),
    "enters late": Case((slice(0, 90),), (slice(0, 90),)),
    "one frame at each end": Case((slice(0, 1), slice(119, 120)), (slice(0, 1), slice(119, 120))),
    "14 frames inside, 0.47 s": Case((slice(40, 54),), ()),
    "15 frames inside, 0.5 s": Case((slice(40, 55),), (slice(40, 55),)),
    "short and long": Case((slice(10, 12), slice(40, 70)), (slice(40, 70),)),
    "never there": Case((slice(0, 120),), (slice(0, 120),)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_only_long_stretches_and_the_ends_have_no_pose(case: Case) -> None:
    seen, expected = np.ones(120, bool), np.zeros(120, bool)
    for part in case.missing:
        seen[part] = False
    for part in case.absent:
        expected[part] = True
    np.testing.assert_array_equal(absent(seen_in(np.arange(120) / 30, seen)), expected)


def test_gaps_are_measured_in_seconds() -> None:
    """Six frames are 0.2 s in the fast half and 0.6 s in the slow one."""
    times = np.r_[np.arange(30) / 30, 1 + np.arange(30) / 10]
    seen = np.ones(60, bool)
    seen[10:16] = seen[40:46] = False
    assert np.flatnonzero(absent(seen_in(times, seen))).tolist() == list(range(40, 46))


@pytest.mark.parametrize("seen", [True, False])
def test_a_single_frame(seen: bool) -> None:
    assert absent(seen_in(np.zeros(1), np.array([seen]))).tolist() == [not seen]
