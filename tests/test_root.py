"""The pelvis path, the stature, and what every lifter ends with."""

import numpy as np
import pytest

from clips import CAMERA, pose2d, standing
from pose3d.core.skeleton import H36M17
from pose3d.lift.finish import finish
from pose3d.lift.root import reprojection_error, smooth_path, solve_root, stature

WILD = np.cumsum(np.random.default_rng(5).choice([1 / 120, 1 / 60, 1 / 30, 1 / 15], 24))


def accelerations(times):
    """(3 * (T - 2), 3 * T): of a path, in units of what a pelvis reaches, times the root of what a frame counts."""
    rows = []
    for k in range(1, len(times) - 1):
        before, after = times[k] - times[k - 1], times[k + 1] - times[k]
        around = (before + after) / 2
        second = np.zeros(len(times))
        second[k - 1 : k + 2] = [1 / before / around, -(1 / before + 1 / after) / around, 1 / after / around]
        count = around / np.median(np.diff(times))
        rows += [
            np.sqrt(count) / limit * np.outer(second, axis)
            for limit, axis in zip((16, 32, 0.5), np.eye(3), strict=True)
        ]
    return np.array(rows).reshape(-1, 3 * len(times))


def least_squares(rows, target, times):
    """(T, 3): the path for which rows @ path is the target, and that hardly accelerates."""
    system = np.concatenate([rows, accelerations(times)])
    full = np.concatenate([target, np.zeros(len(system) - len(target))])
    return np.linalg.lstsq(system, full, rcond=None)[0].reshape(-1, 3)


@pytest.mark.parametrize("times", [WILD, np.arange(24) / 30], ids=["wild", "even"])
def test_the_path_is_the_least_squares_fit(times):
    """Of noisy joints of different scores, written out joint by joint."""
    rng = np.random.default_rng(0)
    world = standing(24)
    xyz = (world - world[:, :1] + rng.normal(0, 0.02, world.shape)).astype(np.float32)
    rays, weight = CAMERA.rays(CAMERA.project(world)), rng.random((24, 17))
    rows, target = [], []
    for frame in range(24):
        for joint in range(17):
            (x, y, z), (u, v) = xyz[frame, joint], rays[frame, joint]
            scale = np.sqrt(weight[frame, joint] + 1e-3) / 0.03
            for axis, seen in (((1, 0, -u), u * z - x), ((0, 1, -v), v * z - y)):
                row = np.zeros((24, 3))
                row[frame] = axis
                rows.append(scale * row.ravel())
                target.append(scale * seen)
    expected = least_squares(np.array(rows), np.array(target), times)
    np.testing.assert_allclose(solve_root(xyz, rays, weight, times), expected, atol=2e-5)


def test_a_path_is_smoothed_by_its_jitter():
    path = standing(24)[:, 0] + np.random.default_rng(0).normal(0, 0.05, (24, 3))
    expected = least_squares(np.eye(72) / 0.05, path.ravel() / 0.05, WILD)
    np.testing.assert_allclose(smooth_path(path, 0.05, WILD), expected, atol=1e-9)


def test_root_is_found_from_exact_joints():
    world = standing(60)
    root = solve_root(world - world[:, :1], CAMERA.rays(CAMERA.project(world)), np.ones((60, 17)), np.arange(60) / 30)
    np.testing.assert_allclose(root, world[:, 0], atol=1e-6)


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_root_of_very_short_clips(frames):
    world = standing(frames)
    root = solve_root(
        world - world[:, :1], CAMERA.rays(CAMERA.project(world)), np.ones((frames, 17)), np.arange(frames) / 30
    )
    np.testing.assert_allclose(root, world[:, 0], atol=1e-6)


def test_root_is_found_at_wild_times():
    """The path of even frames and that of the same frames unevenly thinned agree."""
    times = np.arange(120) / 60
    world = np.repeat(standing(1), 120, 0) + np.stack([np.sin(2 * times), 0 * times, 0.3 * times], -1)[:, None]
    noisy = CAMERA.project(world) + np.random.default_rng(0).normal(0, 2, (120, 17, 2))
    rows = np.sort(np.random.default_rng(1).permutation(120)[:70])

    def path(rows):
        xyz = world[rows] - world[rows][:, :1]
        return solve_root(xyz, CAMERA.rays(noisy[rows].astype(np.float32)), np.ones((len(rows), 17)), times[rows])

    assert np.abs(path(rows) - path(np.arange(120))[rows]).max() < 0.0082


def test_nobody_stands_in_the_camera():
    world = standing(30) * 0.05
    root = solve_root(world - world[:, :1], CAMERA.rays(CAMERA.project(world)), np.ones((30, 17)), np.arange(30) / 30)
    assert (root[:, 2] == np.float32(0.3)).all() and root.dtype == np.float32


def test_joints_of_no_score_tell_a_little():
    world = standing(30)
    root = solve_root(world - world[:, :1], CAMERA.rays(CAMERA.project(world)), np.zeros((30, 17)), np.arange(30) / 30)
    np.testing.assert_allclose(root, world[:, 0], atol=1e-6)


def test_stature_is_told_by_shin_thigh_trunk_and_head():
    """Of both legs in all frames the median: 0.4 or 0.5, 0.3 or 0.6 metres; and 0.55 and 0.25."""
    xyz = np.zeros((4, 17, 3))
    places = {"Thorax": -0.55, "Head": -0.8}
    for joint, y in places.items():
        xyz[:, H36M17.index(joint), 1] = y
    for side, thigh, shin in (("L", 0.4, 0.3), ("R", [0.4, 0.4, 0.5, 0.5], [0.3, 0.6, 0.6, 0.3])):
        xyz[:, H36M17.index(f"{side}Knee"), 1] = thigh
        xyz[:, H36M17.index(f"{side}Ankle"), 1] = np.add(thigh, shin)
    assert stature(xyz, H36M17) == pytest.approx(1.04 * (0.4 + 0.3 + 0.55 + 0.25))


def test_reprojection_error_is_the_mean_over_joints():
    pose = pose2d(3)
    placed = standing(3)
    pose.xy[1, 4] += [30, -16]
    np.testing.assert_allclose(reprojection_error(placed, pose), [0, 2, 0], atol=1e-4)


def test_without_a_height_and_a_path_the_pose_keeps_its_size():
    pose, xyz = pose2d(40), standing(40) - standing(40)[:, :1]
    found = finish(pose, xyz, None)
    np.testing.assert_array_equal(found.xyz, xyz)
    np.testing.assert_allclose(found.root, standing(40)[:, 0], atol=1e-6)
    assert found.units == "relative" and found.camera == CAMERA
    np.testing.assert_array_equal(found.times, pose.times)


def test_a_height_scales_the_pose_and_the_networks_path():
    pose, xyz, path = pose2d(40), standing(40) - standing(40)[:, :1], standing(40)[:, 0]
    half = stature(xyz, H36M17) / 2
    found = finish(pose, xyz, half, path)
    np.testing.assert_allclose(found.xyz, xyz / 2, rtol=1e-6)
    np.testing.assert_allclose(found.root, path / 2, rtol=1e-6)
    assert found.units == "metre" and found.root.dtype == np.float32
    np.testing.assert_allclose(found.reprojection_error, 0, atol=1e-3)


def test_steadied_poses_have_less_jitter_and_bones_of_one_length_and_the_path_comes_before():
    rng = np.random.default_rng(0)
    pose, xyz = pose2d(40), standing(40) - standing(40)[:, :1]
    noisy = (xyz + rng.normal(0, 0.01, xyz.shape)).astype(np.float32)
    rough, steady = finish(pose, noisy, None), finish(pose, noisy, None, steadied=True)
    np.testing.assert_array_equal(rough.root, steady.root)
    assert np.diff(steady.xyz - xyz, 2, axis=0).std() < 0.3 * np.diff(rough.xyz - xyz, 2, axis=0).std()
    parents, children = np.array(H36M17.edges).T
    assert np.ptp(np.linalg.norm(steady.xyz[:, parents] - steady.xyz[:, children], axis=-1), axis=0).max() < 1e-6
    assert stature(finish(pose, noisy, 1.5, steadied=True).xyz, H36M17) == pytest.approx(1.5)
