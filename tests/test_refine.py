import numpy as np
import pytest

from clips import CAMERA, pose2d
from pose3d.core.errors import NoPersonError
from pose3d.core.skeleton import H36M17
from pose3d.detect import Detection, Keypoints
from pose3d.detect.blazepose import LANDMARKS, to_h36m
from pose3d.track.person import Sighting
from pose3d.track.refine import refine

FRAMES = 60
TRUTH = pose2d(FRAMES).xy


def detections(xy=TRUTH, score=None, missing=()):
    score = np.ones(xy.shape[:2], np.float32) if score is None else score
    return [
        Detection(t / 30, None if t in missing else Keypoints(xy[t].astype(np.float32), score[t]))
        for t in range(len(xy))
    ]


def refined(*args, **kwargs):
    return refine(detections(*args, **kwargs), 30.0, CAMERA)


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


def test_weak_joint_is_filled():
    wrist = H36M17.index("LWrist")
    xy, score = TRUTH.copy(), np.ones((FRAMES, 17), np.float32)
    xy[25:30, wrist] += 200
    score[25:30, wrist] = 0.1
    pose = refined(xy, score)
    assert not pose.observed[25:30, wrist].any() and pose.observed.sum() == FRAMES * 17 - 5
    assert np.abs(pose.xy[:, wrist] - TRUTH[:, wrist]).max() < 8


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


def test_nobody_at_all():
    with pytest.raises(NoPersonError, match="nobody was found"):
        refined(missing=set(range(FRAMES)))


def test_landmarks_are_mapped_by_name():
    landmarks = np.zeros((33, 2))
    for name, index in LANDMARKS.items():
        landmarks[index] = (-1 if name[0] == "L" else 1, index)  # the person's left on the left
    joints = dict(zip(H36M17.joints, to_h36m(landmarks), strict=True))
    assert joints["LWrist"].tolist() == [-1, 15] and joints["RAnkle"].tolist() == [1, 28]
    assert joints["Pelvis"].tolist() == [0, 23.5] and joints["Thorax"].tolist() == [0, 11.5]
    np.testing.assert_allclose(joints["Spine"], (joints["Pelvis"] + joints["Thorax"]) / 2)
    np.testing.assert_allclose(joints["Neck"], (joints["Thorax"] + joints["Head"]) / 2)


def test_another_person_is_not_the_same():
    person = Keypoints(TRUTH[0], np.ones(17, np.float32))
    last = Sighting.of(person, 0.0)
    beside = Sighting.of(Keypoints(TRUTH[0] + np.float32([last.size, 0]), person.score), 0.03)
    assert last.may_be(Sighting.of(person, 0.03))
    assert not last.may_be(beside)
    assert last.may_be(Sighting(beside.middle, beside.size, 1.0)), "a second later they may have walked there"
    assert not last.may_be(Sighting(last.middle, last.size * 3, 0.03))
