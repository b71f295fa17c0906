"""Up as the trodden floor tells it: someone walks under a camera that looks down, lifted as if it looked down less."""

import numpy as np
import pytest

from pose3d.core.geometry import degrees_between
from pose3d.core.poses import Pose3D
from pose3d.ground import find_ground, find_up, level_poses
from pose3d.ground.feet import feet_up
from pose3d.ground.standing import standing_up
from pose3d.lift.root import stature
from test_ground import ANKLES, changed, person


def up(pitch: float) -> np.ndarray:
    """(3,) for a camera that looks down by so many degrees."""
    return np.array([0.0, -np.cos(np.radians(pitch)), -np.sin(np.radians(pitch))])


def walker(pitch: float, lifted: float, far: float = 1.0, seconds: float = 4.0, roll: float = 0.0) -> Pose3D:
    """Upright, as lifted under a camera of one pitch, on a path `far` to and fro over the floor that another one sees.

    far: metres; roll: degrees by which that floor goes down to the right.
    """
    frames = round(30 * seconds)
    pose, times = person(frames, lifted), np.arange(frames) / 30
    ahead = np.array([0.0, -np.sin(np.radians(pitch)), np.cos(np.radians(pitch))])
    right = np.array([1.0, 0.0, 0.0]) - np.tan(np.radians(roll)) * up(pitch)
    root = [0, 0, 5] + np.outer(far * np.sin(2 * times), ahead) + np.outer(np.cos(1.3 * times), right)
    return changed(pose, root=root.astype(np.float32))


def pitch_of(direction: np.ndarray) -> float:
    return float(np.degrees(np.arctan2(-direction[2], -direction[1])))


@pytest.mark.parametrize(("pitch", "lifted"), [(30, 22), (35, 27), (10, 16), (0, 5), (20, 20)])
def test_the_floor_tells_how_steeply_the_camera_looks_down(pitch, lifted):
    told = find_up(walker(pitch, lifted))
    assert pitch_of(told.direction) == pytest.approx(pitch, abs=1.0)
    assert told.confidence == pytest.approx(1), "that of standing, if it is larger"


def test_the_floor_tells_how_the_camera_rolls():
    pose = walker(25, 25, roll=4)
    right = np.array([1.0, 0.0, 0.0]) - np.tan(np.radians(4)) * up(25)
    assert abs(float(degrees_between(find_up(pose).direction, right)) - 90) < 2.0, "half of it, at least"
    assert float(degrees_between(standing_up(pose).direction, right)) == pytest.approx(94, abs=0.1)


FEW = {
    "too near": {"far": 0.2},
    "too short": {"seconds": 0.15},
    "hardly longer than a step": {"far": 0.4, "seconds": 0.8},
}


@pytest.mark.parametrize("fields", FEW.values(), ids=FEW)
def test_who_hardly_walks_tells_no_more_than_their_standing(fields):
    pose = walker(30, 22, **fields)
    told = feet_up(pose, standing_up(pose))
    assert told.confidence == 0 and pitch_of(told.direction) == pytest.approx(standing_pitch(pose))
    assert level_poses(pose) is pose


def standing_pitch(pose: Pose3D) -> float:
    return pitch_of(standing_up(pose).direction)


def test_a_floor_that_heaves_tells_nothing():
    """As under a camera that is moved, or on a trampoline."""
    pose = walker(30, 22)
    rng = np.random.default_rng(1)
    heave = np.repeat(rng.normal(0, 0.4, 24), 5)[:, None] * up(30)
    told = feet_up(changed(pose, root=(pose.root + heave).astype(np.float32)), standing_up(pose))
    assert told.confidence == 0


def test_the_foot_in_the_air_does_not_count():
    pose = walker(30, 22)
    xyz, phase = pose.xyz.copy(), np.arange(len(pose)) / 8
    for ankle, shift in zip(ANKLES, (0, np.pi), strict=True):
        xyz[:, ankle] += 0.2 * np.maximum(np.sin(phase + shift), 0)[:, None] * up(30)
    assert pitch_of(find_up(changed(pose, xyz=xyz.astype(np.float32))).direction) == pytest.approx(30, abs=2)


def test_a_foot_that_was_not_seen_does_not_count():
    pose = walker(30, 22)
    xyz, seen = pose.xyz.copy(), pose.observed.copy()
    seen[:, ANKLES[0]] = False
    xyz[:, ANKLES[0]] += np.outer(np.linspace(0, 1, len(pose)), -up(30))
    hidden = changed(pose, xyz=xyz.astype(np.float32), observed=seen)
    assert pitch_of(feet_up(hidden, standing_up(pose)).direction) == pytest.approx(30, abs=1.0)


def test_poses_are_levelled_along_their_rays():
    pose = walker(30, 22)
    level = level_poses(pose)
    assert standing_pitch(pose) == pytest.approx(22, abs=0.1) and standing_pitch(level) == pytest.approx(30, abs=2)
    np.testing.assert_allclose(pose.camera.project(level.placed), pose.camera.project(pose.placed), atol=0.01)
    assert stature(level.xyz, level.skeleton) == pytest.approx(stature(pose.xyz, pose.skeleton), rel=1e-5)
    np.testing.assert_allclose(level.xyz[:, 0], 0, atol=1e-6)
    assert find_ground(level, "auto").confidence > 0


@pytest.mark.parametrize(
    ("pitch", "lifted", "after"), [(30, 10, 19), (20, 5, 11), (20, 26, 26), (0, 5, 5), (0, -5, -5)]
)
def test_more_than_lifters_err_is_a_body_that_leans(pitch, lifted, after):
    """At most three tenths of the pitch, and never more level than they were lifted."""
    level = level_poses(walker(pitch, lifted))
    assert standing_pitch(level) == pytest.approx(after, abs=2)
