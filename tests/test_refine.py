import numpy as np

from clips import CAMERA, pose2d
from pose3d.core.skeleton import H36M17
from pose3d.detect.landmarks import LANDMARKS, to_h36m
from pose3d.detect.people import Person
from pose3d.track import Track, refine

FRAMES = 60
TRUTH = pose2d(FRAMES).xy
NONE = np.zeros(0, np.float32)


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
    assert np.abs(pose.xy - TRUTH).max() < 1.5, "pixels"


def test_frames_without_a_person_are_filled():
    gone = {0, 20, 21, 22, 59}
    pose = refined(missing=gone)
    assert set(np.flatnonzero(~pose.observed.all(1))) == gone
    assert np.abs(pose.xy[20:23] - TRUTH[20:23]).max() < 8, "pixels"
    np.testing.assert_allclose(pose.xy[0], TRUTH[1], atol=4)


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
    assert np.abs(pose.xy[:, wrist] - TRUTH[:, wrist]).max() < 8


def test_a_doubted_joint_that_does_not_jump_keeps_the_guess():
    """A wave of the hand while it is doubted: a straight line would cut it off."""
    wrist = H36M17.index("LWrist")
    xy, score = TRUTH.copy(), np.ones((FRAMES, 17), np.float32)
    xy[22:35, wrist, 1] -= 40 * np.sin(np.linspace(0, np.pi, 13))
    score[22:35, wrist] = 0.1
    pose = refined(xy, score)
    assert not pose.observed[22:35, wrist].any()
    assert np.abs(pose.xy[22:35, wrist] - xy[22:35, wrist]).max() < 4


def test_gaps_are_bridged_by_real_times():
    """Ten frames missing, the second half of them much later: the line follows the clock, not the count."""
    times = np.arange(FRAMES) / 30
    times[26:] += 1.0
    xy = TRUTH.copy()
    xy[..., 0] = 300 + 100 * times[:, None]
    pose = refined(xy, times=times, missing=set(range(20, 31)))
    np.testing.assert_allclose(pose.xy[20:31, 0, 0], xy[20:31, 0, 0], atol=0.5)
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
    assert np.abs(refined(score=score).xy[:, wrist] - TRUTH[:, wrist]).max() < 3


def test_swaps_are_undone():
    xy = TRUTH.copy()
    xy[10:25] = xy[10:25, H36M17.mirror]
    legs = H36M17.indices("LHip", "LKnee", "LAnkle", "RHip", "RKnee", "RAnkle")
    xy[40:43, legs] = xy[40:43, H36M17.mirror[legs]]
    assert np.abs(refined(xy).xy - TRUTH).max() < 1.5


def test_crossing_limbs_are_not_swapped():
    xy = TRUTH.copy()
    left, right = H36M17.index("LAnkle"), H36M17.index("RAnkle")
    sway = 60 * np.sin(np.arange(FRAMES) / 5)
    xy[:, left, 0] += sway
    xy[:, right, 0] -= sway
    assert np.abs(refined(xy).xy - xy).max() < 5


def test_landmarks_are_mapped_by_name():
    landmarks = np.zeros((33, 2))
    for name, index in LANDMARKS.items():
        landmarks[index] = (-1 if name[0] == "L" else 1, index)  # the person's left on the left
    joints = dict(zip(H36M17.joints, to_h36m(landmarks), strict=True))
    assert joints["LWrist"].tolist() == [-1, 15] and joints["RAnkle"].tolist() == [1, 28]
    assert joints["Pelvis"].tolist() == [0, 23.5] and joints["Thorax"].tolist() == [0, 11.5]
    np.testing.assert_allclose(joints["Spine"], (joints["Pelvis"] + joints["Thorax"]) / 2)
    np.testing.assert_allclose(joints["Neck"], (joints["Thorax"] + joints["Head"]) / 2)
