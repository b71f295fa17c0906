import numpy as np
import pytest

from clips import CAMERA, pose2d
from people import FIGURE
from pose3d.core.skeleton import H36M17
from pose3d.detect.landmarks import LANDMARKS, to_h36m
from pose3d.detect.people import Person
from pose3d.track import Track, refine
from pose3d.track.refine import bridged, undo_swaps

FRAMES = 60
TRUTH = pose2d(FRAMES).xy
NONE = np.zeros((0, 0), np.float32)


def tracked(xy=TRUTH, score=None, missing=()):
    score = np.ones(xy.shape[:2], np.float32) if score is None else score
    people = (None if t in missing else Person(xy[t].astype(np.float32), score[t], NONE) for t in range(len(xy)))
    return Track(tuple(people))


def refined(*args, times=None, **kwargs):
    track = tracked(*args, **kwargs)
    return refine(track, np.arange(len(track)) / 30 if times is None else times, CAMERA)


def test_good_detections_stay():
    pose = refined()
    assert pose.observed.all()
    assert np.abs(pose.xy - TRUTH).max() < 0.1, "pixels"


def test_frames_without_a_person_are_filled():
    gone = {0, 20, 21, 22, 59}
    pose = refined(missing=gone)
    assert set(np.flatnonzero(~pose.observed.all(1))) == gone
    assert np.abs(pose.xy[20:23] - TRUTH[20:23]).max() < 0.7, "pixels"
    np.testing.assert_allclose(pose.xy[0], TRUTH[1], atol=1)


def test_one_frame_with_a_person_is_enough():
    pose = refined(missing=set(range(FRAMES)) - {30})
    assert len(pose) == FRAMES and np.isfinite(pose.xy).all()


def test_a_doubted_joint_that_jumps_is_interpolated():
    wrist = H36M17.index("LWrist")
    xy, score = TRUTH.copy(), np.ones((FRAMES, 17), np.float32)
    xy[25:30, wrist] += 200
    score[25:30, wrist] = 0.1
    pose = refined(xy, score)
    assert not pose.observed[25:30, wrist].any() and pose.observed.sum() == FRAMES * 17 - 5
    assert np.abs(pose.xy[:, wrist] - TRUTH[:, wrist]).max() < 0.37


def test_a_doubted_joint_that_does_not_jump_keeps_the_guess():
    """A wave of the hand while it is doubted: a straight line would cut it off."""
    wrist = H36M17.index("LWrist")
    xy, score = TRUTH.copy(), np.ones((FRAMES, 17), np.float32)
    xy[22:35, wrist, 1] -= 40 * np.sin(np.linspace(0, np.pi, 13))
    score[22:35, wrist] = 0.1
    pose = refined(xy, score)
    assert not pose.observed[22:35, wrist].any()
    assert np.abs(pose.xy[22:35, wrist] - xy[22:35, wrist]).max() < 3.5


def test_gaps_are_bridged_by_real_times():
    """Ten frames missing, the second half of them much later: the line follows the clock, not the count."""
    times = np.arange(FRAMES) / 30
    times[26:] += 1.0
    xy = TRUTH.copy()
    xy[..., 0] = 300 + 100 * times[:, None]
    pose = refined(xy, times=times, missing=set(range(20, 31)))
    np.testing.assert_allclose(pose.xy[20:31, 0, 0], xy[20:31, 0, 0], atol=1e-3)
    assert not pose.observed[20:31].any() and not pose.score[20:31].any()
    np.testing.assert_array_equal(pose.times, times)


def test_legs_that_are_never_made_out_stay_unknown():
    score = np.ones((FRAMES, 17), np.float32)
    score[:, H36M17.indices("LKnee", "LAnkle", "RKnee", "RAnkle")] = 0.05
    pose = refined(score=score)
    assert not pose.observed[:, H36M17.index("LAnkle")].any() and pose.observed[:, 0].all()
    assert np.isfinite(pose.xy).all()


def test_guess_is_kept_through_a_long_gap():
    wrist = H36M17.index("LWrist")
    score = np.ones((FRAMES, 17), np.float32)
    score[5:50, wrist] = 0.1
    assert np.abs(refined(score=score).xy[:, wrist] - TRUTH[:, wrist]).max() < 0.04


def test_swaps_are_undone():
    xy = TRUTH.copy()
    xy[10:25] = xy[10:25, H36M17.mirror]
    legs = H36M17.indices("LHip", "LKnee", "LAnkle", "RHip", "RKnee", "RAnkle")
    xy[40:43, legs] = xy[40:43, H36M17.mirror[legs]]
    assert np.abs(refined(xy).xy - TRUTH).max() < 0.1


def test_crossing_limbs_are_not_swapped():
    xy = TRUTH.copy()
    left, right = H36M17.index("LAnkle"), H36M17.index("RAnkle")
    sway = 60 * np.sin(np.arange(FRAMES) / 5)
    xy[:, left, 0] += sway
    xy[:, right, 0] -= sway
    assert np.abs(refined(xy).xy - xy).max() < 0.44


# --- to the pixel: somebody of 100 pixels who goes 3 right and 1 down from frame to frame ---

TIMES = 2 + np.arange(40) / 30
WALK = FIGURE * 100 + np.arange(40)[:, None, None] * [3.0, 1.0]
ALL = np.ones((40, 17), bool)
WRIST = H36M17.index("LWrist")


def doubted(frames, off):
    """The walk with a wrist off its place in some frames, in which it was not observed, bridged."""
    xy, observed = WALK.copy(), ALL.copy()
    xy[frames, WRIST] += off
    observed[frames, WRIST] = False
    return bridged(xy, observed, ALL[:, 0], TIMES), xy


@pytest.mark.parametrize("frames", [slice(10, 13), slice(10, 24), slice(38, 39), slice(1, 2)])
def test_a_joint_that_jumps_by_a_third_of_the_body_is_put_on_the_line(frames):
    """Between observed neighbours that are half a second apart at most."""
    for off in ([22, 29], [-29, 22]):
        np.testing.assert_allclose(doubted(frames, off)[0], WALK, atol=1e-9)
    for off in ([20, 28], [-28, 20]):
        np.testing.assert_array_equal(*doubted(frames, off))


@pytest.mark.parametrize("frames", [slice(10, 25), slice(0, 3), slice(37, 40), slice(0, 40)])
def test_where_no_line_tells_the_guess_is_kept(frames):
    np.testing.assert_array_equal(*doubted(frames, [60, 0]))


def test_where_nobody_was_seen_all_joints_are_on_the_line():
    xy, seen = WALK.copy(), np.ones(40, bool)
    seen[[0, 1, 20, 21, 22, 39]] = False
    xy[~seen] = 0
    expected = WALK.copy()
    expected[:2], expected[39] = WALK[2], WALK[38]
    np.testing.assert_allclose(bridged(xy, seen[:, None] & ALL, seen, TIMES), expected, atol=1e-9)


def test_what_scores_three_tenths_is_observed():
    score = np.full((FRAMES, 17), 0.3, np.float32)
    score[:, 5] = 0.29
    np.testing.assert_array_equal(refined(score=score).observed, np.arange(17)[None].repeat(FRAMES, 0) != 5)


def pair(apart):
    """Arms and legs in parallel, 50 pixels high, left and right so far apart; the left side scores 1, the right 2."""
    heights = {"Shoulder": 0, "Elbow": 25, "Wrist": 50, "Hip": 0, "Knee": 25, "Ankle": 50}
    xy, score = np.zeros((40, 17, 2)), np.zeros((40, 17))
    for joint, (name, side) in enumerate(zip(H36M17.joints, H36M17.sides, strict=True)):
        number = ("middle", "left", "right").index(side)
        xy[:, joint] = [300 + number * apart, heights.get(name[1:], 0)]
        score[:, joint] = number
    return xy, score


def swapped(apart, frames):
    """What becomes of swaps in these frames."""
    truth = pair(apart)
    seen = np.ones(40, bool)
    seen[30] = False
    xy, score = (values.copy() for values in truth)
    for values in (xy, score):
        values[frames] = values[frames][:, H36M17.mirror]
    return undo_swaps(xy, score, seen), truth, (xy, score)


@pytest.mark.parametrize("frames", [[0], [39], [10], [5, 6, 7, 20], [29], [31], [0, 1, 38, 39]])
def test_swaps_are_undone_with_their_scores(frames):
    found, truth, given = swapped(20, frames)
    for values, true, wrong in zip(found, truth, given, strict=True):
        np.testing.assert_array_equal(values, true)
        assert not np.array_equal(values, wrong), "what is given stays as it was"


def test_a_swap_must_pay_for_itself():
    """Twice six joints by 0.02 of 50 pixels are more than 0.15 for a frame, and less than for two."""
    found, truth, _ = swapped(1, [10])
    np.testing.assert_array_equal(found[0], truth[0])
    found, _, given = swapped(1, [10, 11])
    np.testing.assert_array_equal(found[0], given[0])
    found, _, given = swapped(0.6, [10])
    np.testing.assert_array_equal(found[0], given[0])


def test_landmarks_are_mapped_by_name():
    landmarks = np.zeros((33, 2))
    for name, index in LANDMARKS.items():
        landmarks[index] = (-1 if name[0] == "L" else 1, index)  # the person's left on the left
    joints = dict(zip(H36M17.joints, to_h36m(landmarks), strict=True))
    assert joints["LWrist"].tolist() == [-1, 15] and joints["RAnkle"].tolist() == [1, 28]
    assert joints["Pelvis"].tolist() == [0, 23.5] and joints["Thorax"].tolist() == [0, 11.5]
    np.testing.assert_allclose(joints["Spine"], (joints["Pelvis"] + joints["Thorax"]) / 2)
    np.testing.assert_allclose(joints["Neck"], (joints["Thorax"] + joints["Head"]) / 2)
