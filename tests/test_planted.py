"""Feet: when they stand, and that they stay where they do. Motion: the example clips' truth, made worse."""

from dataclasses import replace

import numpy as np
import pytest

from factory import made_up
from pose3d.core.ground import FEET, Ground
from pose3d.core.poses import Pose3D
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.ground import plant
from pose3d.ground.contacts import ANKLES, find_contacts
from pose3d.lift.body import unstretched
from synthetic.clips import Clip, choose

ANKLE = H36M17.indices(*ANKLES)
LEGS = [H36M17.indices(side + "Hip", side + "Knee", side + "Ankle") for side in "LR"]
CLIPS = ("walk", "squats", "jumping_jacks", "arm_raises")


def clip_named(name: str) -> Clip:
    (clip,) = choose([name])
    return clip


def ground_of(clip: Clip) -> Ground:
    """True up, and the floor at the height of a standing ankle."""
    up = clip.placement.rotation @ [0.0, 1.0, 0.0]
    return Ground(up, float(-clip.placement.position[1] + clip.body.ankle_height), 1.0)


def posed(clip: Clip, frames: slice | np.ndarray = slice(None), rate: float = 1.0) -> Pose3D:
    """The truth as a pose, every frame seen; rate: times as many frames a second."""
    times = np.arange(round(clip.frames * rate)) / (clip.fps * rate)
    moved = replace(clip, frames=len(times), fps=clip.fps * rate)
    xyz = moved.placement.to_camera(moved.figure().joints)[frames].astype(np.float32)
    return pose_of(xyz, times[frames], clip)


def pose_of(placed: np.ndarray, times: np.ndarray, clip: Clip) -> Pose3D:
    seen, zero = np.ones(placed.shape[:2], bool), np.zeros(len(placed), np.float32)
    root = placed[:, :1]
    score = seen.astype(np.float32)
    return Pose3D(placed - root, root[:, 0], score, seen, zero, "metre", H36M17, camera=clip.camera, times=times)


def drifting(pose: Pose3D, metres: float, clip: Clip) -> Pose3D:
    """The whole body's distance from the camera off by a slow wave."""
    wave = metres * np.sin(2 * np.pi * 0.7 * pose.times)
    return pose_of(pose.placed + wave[:, None, None] * np.array([0, 0, 1.0]), pose.times, clip)


def bones(world: np.ndarray) -> np.ndarray:
    """(T, B) lengths in metres."""
    parents, children = np.array(H36M17.edges).T
    return np.linalg.norm(world[:, parents] - world[:, children], axis=-1)


def soles(clip: Clip) -> np.ndarray:
    """(T, 2) bool: whether heel or ball of the left and right foot is on the floor."""
    figure, found = clip.figure(), []
    for side in "LR":
        ball = figure.bones[f"{side}Toes"].origin
        heel = figure.bones[f"{side}Foot"].point(0, -clip.body.ankle_height, -clip.body.heel)
        found.append((ball[:, 1] < 0.012) | (heel[:, 1] < 0.012))
    return np.stack(found, 1)


@pytest.mark.parametrize("name", CLIPS)
def test_standing_is_when_a_sole_is_on_the_floor(name):
    clip = clip_named(name)
    stands = find_contacts(posed(clip), ground_of(clip).up).stands
    assert (stands == soles(clip)).mean() > 0.9


@pytest.mark.parametrize("rate", [1 / 3, 2, 4])
def test_contacts_hang_on_seconds_not_on_frames(rate):
    clip = clip_named("walk")
    usual, other = posed(clip), posed(clip, rate=rate)
    stands, seen = (find_contacts(pose, ground_of(clip).up).stands for pose in (usual, other))
    rows = np.abs(usual.times[:, None] - other.times[None]).argmin(1)
    assert (stands == seen[rows]).mean() > 0.93


def test_in_the_air_nobody_stands():
    clip = clip_named("jumping_jacks")
    pose = posed(clip)
    stands = find_contacts(pose, ground_of(clip).up).stands
    heights = ground_of(clip).world(pose.placed)[:, ANKLE, 1]
    assert not stands[heights.min(1) > 0.05].any() and (heights.min(1) > 0.05).any()


def test_feet_of_a_handstand_stand_on_nothing():
    clip = clip_named("squats")
    pose = posed(clip)
    upside_down = pose_of(pose.placed * [1, -1, 1], pose.times, clip)
    assert not find_contacts(upside_down, ground_of(clip).up).stands.any()


def test_who_is_not_there_and_feet_never_seen_stand_not():
    clip = clip_named("squats")
    pose = posed(clip)
    observed = pose.observed.copy()
    observed[40:100] = False
    observed[:, ANKLE[1]] = False
    stands = find_contacts(replace(pose, observed=observed), ground_of(clip).up).stands
    assert stands[:40, 0].all() and not stands[40:100].any() and not stands[:, 1].any()


@pytest.mark.parametrize("name", CLIPS)
def test_feet_that_rest_stay_and_bones_keep_their_lengths(name):
    clip = clip_named(name)
    pose, ground = drifting(posed(clip), 0.05, clip), ground_of(clip)
    before, after = ground.world(pose.placed), plant(pose, ground).world
    np.testing.assert_allclose(bones(after), np.median(bones(before), 0)[None].repeat(len(after), 0), atol=2e-3)
    rests = find_contacts(pose, ground.up).rests
    speeds = [np.linalg.norm(np.diff(world[:, ANKLE], axis=0), axis=-1) * clip.fps for world in (before, after)]
    inside = rests[1:] & rests[:-1]
    assert inside.mean() > 0.15
    assert np.median(speeds[0][inside]) > 0.03
    assert np.quantile(speeds[1][inside], 0.9) < 0.005, "metres per second"


@pytest.mark.parametrize("name", ["squats", "jumping_jacks", "arm_raises"])
def test_planted_feet_move_as_the_true_ones(name):
    clip = clip_named(name)
    truth, ground = posed(clip), ground_of(clip)
    worse = drifting(truth, 0.04, clip)
    true, before = (ground.world(pose.placed)[:, ANKLE] for pose in (truth, worse))
    after = plant(worse, ground).world[:, ANKLE]
    rests = find_contacts(worse, ground.up).rests
    glide = [np.diff(feet - true, axis=0)[rests[1:]] for feet in (before, after)]
    assert np.abs(glide[1]).mean() < 0.7 * np.abs(glide[0]).mean()


def test_a_foot_near_the_floor_is_put_on_it():
    clip = clip_named("squats")
    pose, ground = posed(clip), ground_of(clip)
    low = replace(ground, floor=ground.floor + 0.04)
    np.testing.assert_allclose(plant(pose, low).world[:, ANKLE, 1], 0, atol=0.01)
    step = replace(ground, floor=ground.floor - 0.3)
    np.testing.assert_allclose(plant(pose, step).world[:, ANKLE, 1], 0.3, atol=0.01)


def test_nothing_moves_where_no_foot_rests():
    clip = clip_named("walk")
    pose, ground = posed(clip), ground_of(clip)
    gliding = pose_of(pose.placed + pose.times[:, None, None] * np.array([2.0, 0, 0]), pose.times, clip)
    planted = plant(gliding, ground)
    assert not planted.stands[10:-10].all(1).any()
    np.testing.assert_allclose(planted.world[20:-20, 8], ground.world(gliding.placed)[20:-20, 8], atol=0.05)


def test_legs_are_not_drawn_after_a_floor_that_moves():
    """A camera that pans slowly: somebody who stands seems to glide."""
    clip = replace(clip_named("squats"), frames=300)
    pose, ground = posed(clip), ground_of(clip)
    panned = pose_of(pose.placed + pose.times[:, None, None] * np.array([0.1, 0, 0]), pose.times, clip)
    world, before = plant(panned, ground).world, ground.world(panned.placed)
    assert find_contacts(panned, ground.up).rests.mean() > 0.9, "so slow that feet seem to rest"
    assert np.linalg.norm(world - before, axis=-1).max() < 0.3


def test_bones_that_stretch_get_one_length_where_they_point():
    clip = clip_named("squats")
    true = ground_of(clip).world(posed(clip).placed).astype(np.float64)
    stretch = 0.08 * np.random.default_rng(3).uniform(-1, 1, (len(true), 1, 1))
    stretched = true + stretch * (true - true.mean(1, keepdims=True))
    steady = unstretched(stretched, H36M17)
    assert np.ptp(bones(steady), axis=0).max() < 1e-9
    np.testing.assert_allclose(bones(steady)[0], bones(steady)[0, [H36M17.mirror[c] - 1 for _, c in H36M17.edges]])
    left, right, pelvis = steady[:, H36M17.indices("LHip", "RHip", "Pelvis")].transpose(1, 0, 2)
    np.testing.assert_allclose((left + right) / 2, pelvis)
    np.testing.assert_array_equal(pelvis, stretched[:, 0])
    off = [np.linalg.norm((xyz - xyz[:, :1]) - (true - true[:, :1]), axis=-1).mean() for xyz in (stretched, steady)]
    assert off[1] < 0.3 * off[0]
    np.testing.assert_allclose(unstretched(true, H36M17), true, atol=4e-3)


@pytest.mark.parametrize("frames", [1, 2, 3, 5])
def test_few_frames(frames):
    clip = clip_named("squats")
    planted = plant(posed(clip, slice(0, frames)), ground_of(clip))
    assert planted.world.shape == (frames, 17, 3) and planted.stands.shape == (frames, len(FEET))
    assert np.isfinite(planted.world).all()


def test_times_that_vary():
    clip = clip_named("walk")
    rows = np.sort(np.random.default_rng(2).choice(clip.frames, 90, replace=False))
    pose, ground = drifting(posed(clip, rows), 0.04, clip), ground_of(clip)
    rests, world = find_contacts(pose, ground.up).rests, plant(pose, ground).world
    speed = np.linalg.norm(np.diff(world[:, ANKLE], axis=0), axis=-1) / np.diff(pose.times)[:, None]
    assert np.quantile(speed[rests[1:] & rests[:-1]], 0.9) < 0.005


def test_a_result_keeps_both_motions(tmp_path):
    plain = made_up(np.arange(40) / 20)
    result = replace(plain, planted=plant(plain.pose3d, plain.ground))
    result.save(tmp_path)
    loaded = Result.load(tmp_path)
    assert loaded == result
    np.testing.assert_array_equal(loaded.as_lifted, plain.world)
    assert loaded.to_dict()["contacts"].keys() == set(FEET)
    plain.save(tmp_path)
    assert Result.load(tmp_path).planted is None and plain.to_dict()["contacts"] is None
