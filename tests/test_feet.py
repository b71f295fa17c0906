"""Up as the trodden floor tells it: someone walks under a camera that looks down, lifted as if it looked down less."""

import numpy as np
import pytest

from pose3d.core.geometry import degrees_between
from pose3d.core.poses import Pose3D
from pose3d.ground import find_ground, find_up, level_poses
from pose3d.ground.feet import _fitted, feet_up
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
    assert level_poses(pose, find_up(pose)) is pose


def standing_pitch(pose: Pose3D) -> float:
    return pitch_of(standing_up(pose).direction)


@pytest.mark.parametrize(("far", "believed"), [(0.27, False), (0.33, True)])
def test_a_long_walk_to_and_fro_must_be_longer_than_distances_err(far, believed):
    """4 % of 5 m are 0.2 m, as the standard deviation of a wave whose height is far."""
    pose = walker(30, 22, far=far, seconds=60)
    assert (feet_up(pose, standing_up(pose)).confidence > 0) == believed


def test_the_longer_the_surer():
    short, long = (feet_up(pose, standing_up(pose)).confidence for pose in (walker(30, 22), walker(30, 22, seconds=40)))
    assert 0.5 <= short < 0.75 < long < 1


@pytest.mark.parametrize(("step", "each"), [(1 / 30, 1 / 15), (0.5, 1.0), (2.0, 1.0)])
def test_slopes_are_weighed_against_usual_ones(step, each):
    """By hand: frames that are nearer than half a second count for their share of it, feet are off by 5 cm."""
    along = np.linspace(-1, 1, 41)
    precision = 41 * each / 0.05**2 * along.var()
    slopes, error = _fitted(np.stack([0 * along, along], 1), 0.3 - 0.1 * along, np.array([0, -0.1]), step)
    assert error == pytest.approx((precision + 1 / 0.15**2) ** -0.5)
    assert slopes == pytest.approx([0, -0.1 * precision / (precision + 1 / 0.15**2)])


def test_feet_that_are_far_off_count_less():
    """One of 41 by 60 cm, eight times as far as counts in full."""
    along, off = np.linspace(-1, 1, 41), np.zeros(41)
    off[-1] = 0.6
    weight = np.where(off > 0, 1 / 8, 1.0) / 0.05**2
    middle = np.average(along, weights=weight)
    normal = (weight * (along - middle) ** 2).sum() + 1 / 0.15**2
    expected = (weight * (along - middle) * (off - np.average(off, weights=weight))).sum() / normal
    slopes, error = _fitted(np.stack([0 * along, along], 1), off, np.zeros(2), 1.0)
    assert slopes[1] == pytest.approx(expected) and error == pytest.approx(normal**-0.5)


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


def test_the_lower_foot_is_the_one_on_the_floor_that_is_found():
    """The other one is lifted towards the camera: as standing tells it, it is the lower one far away."""
    pose = walker(35, 20)
    xyz = pose.xyz.copy()
    xyz[:, ANKLES[1]] += 0.15 * up(35) + [0, 0, -0.4]
    assert pitch_of(find_up(changed(pose, xyz=xyz.astype(np.float32))).direction) == pytest.approx(35, abs=2)


def test_poses_are_levelled_along_their_rays():
    pose = walker(30, 22)
    level = level_poses(pose, find_up(pose))
    assert standing_pitch(pose) == pytest.approx(22, abs=0.1) and standing_pitch(level) == pytest.approx(30, abs=2)
    np.testing.assert_allclose(pose.camera.project(level.placed), pose.camera.project(pose.placed), atol=0.01)
    assert stature(level.xyz, level.skeleton) == pytest.approx(stature(pose.xyz, pose.skeleton), rel=1e-5)
    np.testing.assert_allclose(level.xyz[:, 0], 0, atol=1e-6)
    assert find_ground(level, find_up(pose), "auto").confidence > 0


@pytest.mark.parametrize(
    ("pitch", "lifted", "after"), [(30, 10, 19), (20, 5, 11), (20, 26, 26), (0, 5, 5), (0, -5, -5)]
)
def test_more_than_lifters_err_is_a_body_that_leans(pitch, lifted, after):
    """At most three tenths of the pitch, and never more level than they were lifted."""
    pose = walker(pitch, lifted)
    level = level_poses(pose, find_up(pose))
    assert standing_pitch(level) == pytest.approx(after, abs=2)
