import numpy as np
import pytest

from clips import CAMERA, pose2d
from pose3d.core.poses import Pose2D
from pose3d.core.skeleton import H36M17
from pose3d.core.times import resampled
from pose3d.lift.even import EvenPose


def test_frames_near_the_trained_rate_are_shown_as_they_are():
    pose = pose2d(40)
    assert EvenPose.of(pose).pose is pose
    film = Pose2D(pose.xy, pose.score, pose.observed, H36M17, 25.0, CAMERA)
    even = EvenPose.of(film)
    assert even.pose.fps == pytest.approx(30) and len(even.pose) == 48
    np.testing.assert_allclose(even.back(even.pose.xy), film.xy, atol=0.44)


def test_a_long_step_is_not_filled_with_made_up_motion():
    times = np.array([0.0, 1 / 30, 60.0, 60 + 1 / 30])
    pose = pose2d(4)
    even = EvenPose.of(Pose2D(pose.xy, pose.score, pose.observed, H36M17, camera=CAMERA, times=times))
    assert len(even.pose) == 18, "half a second and two frames"


def at(times):
    """The stick figure at these times; scores fall, and the pelvis is observed in every second frame."""
    pose, frames = pose2d(len(times)), len(times)
    score = np.linspace(1, 0.5, frames)[:, None].repeat(17, 1)
    pose.observed[::2, 0] = False
    return Pose2D(pose.xy, score, pose.observed, H36M17, camera=CAMERA, times=times)


@pytest.mark.parametrize(("step", "same"), [(1.09, True), (1.11, False), (0.91, True), (0.89, False)])
def test_steps_that_are_a_tenth_off_are_near(step, same):
    assert (EvenPose.of(at(5 + step * np.arange(20) / 30)).own is None) == same
    one = np.cumsum([5, *[1 / 30] * 9, step / 30, *[1 / 30] * 9])
    assert (EvenPose.of(at(one)).own is None) == same, "each of them"


def test_a_single_frame_is_shown_as_it_is():
    assert EvenPose.of(at(np.array([3.0]))).own is None


def test_everything_is_taken_to_30_frames_a_second():
    """From zero, wherever the clip begins; a long step counts as half a second."""
    pose = at(np.array([7.0, 7.02, 7.1, 9.1, 9.2]))
    own = np.array([0, 0.02, 0.1, 0.6, 0.7])
    even = EvenPose.of(pose)
    assert even.own is not None
    np.testing.assert_allclose(even.own, own)
    np.testing.assert_allclose(even.pose.times, np.arange(22) / 30)
    np.testing.assert_allclose(even.pose.xy, resampled(own, pose.xy, even.pose.times), rtol=1e-6)
    np.testing.assert_allclose(even.pose.score, resampled(own, pose.score, even.pose.times), rtol=1e-6)
    nearest = np.abs(own - even.pose.times[:, None]).argmin(1)
    np.testing.assert_array_equal(even.pose.observed, pose.observed[nearest])
    assert even.pose.xy.dtype == even.back(even.pose.xy).dtype == np.float32
    np.testing.assert_allclose(even.back(even.pose.times), own, atol=1e-6)


def test_what_came_evenly_goes_back_as_it_is():
    even = EvenPose.of(at(np.arange(20) / 30))
    values = np.random.default_rng(0).normal(size=(20, 3))
    np.testing.assert_array_equal(even.back(values), values.astype(np.float32), strict=True)
