"""Which frames have no pose to show."""

from dataclasses import dataclass

import numpy as np
import pytest

from factory import made_up
from pose3d.core.poses import Pose2D
from pose3d.core.presence import absent, known_edges, missing, stand_ins, unknown_joints
from pose3d.core.skeleton import H36M17


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


def test_joints_in_fewer_than_a_tenth_of_the_frames_with_the_person_are_unknown() -> None:
    """20 frames without the person, then 100 with them: the left ankle in nine, the right one in ten."""
    pose = seen_in(np.arange(120) / 30, np.arange(120) >= 20)
    pose.observed[20:] = True
    pose.observed[29:, 6] = pose.observed[30:, 3] = False
    assert np.flatnonzero(unknown_joints(pose)).tolist() == [6]
    expected = np.zeros((120, 17), bool)
    expected[:20] = expected[:, 6] = True
    np.testing.assert_array_equal(missing(pose), expected)
    assert unknown_joints(seen_in(np.arange(3) / 30, np.zeros(3, bool))).all(), "nobody, so nothing"


def test_bones_with_an_unknown_end_are_not_drawn() -> None:
    """Without the right knee, 2, neither the thigh nor the shin."""
    assert known_edges(H36M17, np.arange(17) == 2) == tuple(
        edge for edge in H36M17.edges if edge not in {(1, 2), (2, 3)}
    )


def test_the_last_frame_with_a_pose_stands_in() -> None:
    gone = np.array([True, True, False, True, False, False, True, True])
    assert stand_ins(gone).tolist() == [2, 2, 2, 2, 4, 5, 5, 5]
    assert stand_ins(gone[4:]).tolist() == [0, 1, 1, 1]
    assert stand_ins(np.ones(3, bool)).tolist() == [0, 1, 2]
