from dataclasses import replace

import numpy as np
import pytest

from clips import standing
from factory import made_up
from pose3d.core.config import Level
from pose3d.core.geometry import degrees_between
from pose3d.core.ground import CAMERA_UP, Ground
from pose3d.core.poses import Pose3D
from pose3d.core.skeleton import H36M17
from pose3d.ground import find_ground, find_up, floor_height
from pose3d.ground.floor import clearance
from pose3d.lift.root import stature

TIMES = np.arange(60) / 30
LEVEL = made_up(TIMES).pose3d
ANKLES = H36M17.indices("LAnkle", "RAnkle")


def about_x(degrees):
    sin, cos = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])


def turned(pose, degrees, times=None):
    turn = about_x(degrees).astype(np.float32)
    return changed(pose, xyz=pose.xyz @ turn.T, root=pose.root @ turn.T)


def changed(pose, **fields):
    return Pose3D(**{**vars(pose), **fields})


def of(xyz, fps=30.0):
    """A motion of joints (T, 17, 3) in camera space, all of them observed."""
    frames = len(xyz)
    seen, score = np.ones((frames, 17), bool), np.ones((frames, 17), np.float32)
    error, root = np.zeros(frames, np.float32), xyz[:, 0]
    return Pose3D(
        (xyz - xyz[:, :1]).astype(np.float32), root, score, seen, error, "relative", H36M17, fps, LEVEL.camera
    )


def person(frames: int, lean: float | np.ndarray = 0.0, bend: float = 0.0) -> Pose3D:
    """Someone straight as a pole, beside their pelvis; leaning back and bent at the hips by degrees, one or each."""
    places = {"Ankle": 0.85, "Hip": 0.0, "Shoulder": -0.5, "Thorax": -0.5}
    xyz = np.zeros((frames, 17, 3))
    for index, name in enumerate(H36M17.joints):
        side = {"left": 0.1, "right": -0.1, "middle": 0.0}[H36M17.sides[index]]
        xyz[:, index] = [side, places.get(name.lstrip("LR"), 0.0), 0]
    upper = H36M17.indices("Thorax", "LShoulder", "RShoulder")
    xyz[:, upper] = np.einsum("tij,tkj->tki", turns(bend, frames), xyz[:, upper])
    xyz = np.einsum("tij,tkj->tki", turns(lean, frames), xyz)
    xyz[:, 1:] += [0.3, 0.1, 0.2]
    return of(xyz)


def grounded(pose: Pose3D, level: Level) -> Ground:
    return find_ground(pose, find_up(pose), level)


def turns(degrees, frames):
    return np.stack([about_x(each) for each in np.broadcast_to(degrees, frames)])


def test_up_is_a_vector_of_three():
    with pytest.raises(ValueError, match=r"up must have shape \(3,\), got \(4,\)"):
        Ground(np.array([0, -1, 0, 0]), 0.0, 0.0)


@pytest.mark.parametrize("tilt", [-30, 12, 40])
def test_a_tilted_camera_sees_the_same_world(tilt):
    """Walking seen by a camera that looks up or down stands in the world as that of a level one."""
    level, tilted = turned(LEVEL, 0), turned(LEVEL, tilt)
    own, other = grounded(level, "on"), grounded(tilted, "on")
    assert degrees_between(other.up, CAMERA_UP) == pytest.approx(abs(tilt), abs=1e-5)
    np.testing.assert_allclose(other.world(tilted.placed), own.world(level.placed), atol=1e-6)
    assert np.linalg.det(other.rotation) == pytest.approx(1)


def test_world_is_y_up_on_the_floor():
    ground = grounded(LEVEL, "off")
    world = ground.world(LEVEL.placed)
    heights = world[:, ANKLES, 1]
    assert np.percentile(heights.min(1), 5) == pytest.approx(clearance(LEVEL)[ANKLES[0]], abs=1e-5)
    assert world[:, H36M17.index("Head"), 1].min() > 1.5
    np.testing.assert_allclose(world[..., 0], LEVEL.placed[..., 0], atol=1e-6)
    np.testing.assert_allclose(world[..., 2], -LEVEL.placed[..., 2], atol=1e-6)


@pytest.mark.parametrize(("pitch", "roll"), [(0, 0), (30, 0), (-20, 0), (0, 12), (25, -40), (60, 170)])
def test_the_cameras_pose_is_told_in_degrees(pitch, roll):
    """A camera that is turned clockwise sees up lean to the left."""
    (sp, cp), (sr, cr) = ((np.sin(a), np.cos(a)) for a in np.radians([pitch, roll]))
    ground = Ground(np.array([-cp * sr, -cp * cr, -sp]), -1.4, 0.7)
    assert (ground.pitch, ground.roll) == pytest.approx((pitch, roll), abs=1e-4)
    told = replace(made_up(TIMES), ground=ground).to_dict()["camera_pose"]
    assert (told["pitch"], told["roll"], told["height"], told["confidence"]) == pytest.approx(
        (pitch, roll, 1.4, 0.7), abs=1e-4
    )
    np.testing.assert_allclose(np.array(told["rotation"]) @ ground.up, [0, 1, 0], atol=1e-6)


def test_levels():
    steep, slight = turned(LEVEL, 30), turned(LEVEL, 2.5)
    assert grounded(steep, "auto") == grounded(steep, "on") != grounded(steep, "off")
    assert grounded(slight, "auto") == grounded(slight, "off") != grounded(slight, "on")
    assert np.array_equal(grounded(steep, "off").up, CAMERA_UP) and grounded(steep, "off").confidence == 0


@pytest.mark.parametrize(("lean", "frames", "believed"), [(3.1, 15, True), (2.9, 15, False), (20.0, 14, False)])
def test_auto_believes_half_a_second_of_standing_and_three_degrees(lean, frames, believed):
    assert (grounded(person(frames, lean), "auto").confidence > 0) == believed


@pytest.mark.parametrize("lean", [0.0, -20.0, 49.0])
def test_up_is_from_the_ankles_to_the_thorax(lean):
    told = find_up(person(60, lean))
    np.testing.assert_allclose(told.direction, about_x(lean) @ CAMERA_UP, atol=1e-6)
    assert told.confidence == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(("lean", "bend", "stands"), [(51, 0, False), (0, 24, True), (0, 26, False), (20, -26, False)])
def test_who_bends_or_leans_far_does_not_stand(lean, bend, stands):
    assert (find_up(person(60, lean, bend)).confidence > 0) == stands


@pytest.mark.parametrize(("frames", "confidence"), [(5, 0.0), (6, 0.2), (15, 0.5), (30, 1.0), (90, 1.0)])
def test_confidence_grows_for_a_second(frames, confidence):
    assert find_up(person(frames, 10.0)).confidence == pytest.approx(confidence, abs=1e-6)


@pytest.mark.parametrize(("sway", "confidence"), [(5, 0.75), (10, 0.5), (25, 0.0)])
def test_confidence_falls_with_sway(sway, confidence):
    told = find_up(person(60, np.tile([-sway, 0, sway], 20)))
    assert told.confidence == pytest.approx(confidence, abs=1e-6)
    np.testing.assert_allclose(told.direction, CAMERA_UP, atol=1e-6)


def test_one_foot_in_the_picture_is_enough():
    pose = person(60, 10.0)
    pose.observed[:, ANKLES[1]] = False
    assert find_up(pose).confidence == pytest.approx(1, abs=1e-6)


def test_the_floor_is_where_the_lowest_joint_is_in_a_twentieth_of_the_frames():
    """Someone who goes down a metre in 101 frames, the camera's up leaning to the side."""
    pose = person(101)
    pose.root[:] = np.linspace([0, 2, 4], [0, 3, 4], 101)
    up = np.array([0.6, -0.8, 0])
    lowest = (pose.placed[100] @ up - clearance(pose)).min()
    assert floor_height(pose, up) == pytest.approx(lowest + 0.05 * 0.8, abs=1e-5)
    pose.observed[51:] = False
    assert floor_height(pose, up) == pytest.approx(lowest + (0.5 + 0.05 * 0.5) * 0.8, abs=1e-5)
    pose.observed[:] = False
    assert floor_height(pose, up) == pytest.approx(lowest + 0.05 * 0.8, abs=1e-5), "nobody seen: all frames"


def test_the_sole_is_below_the_ankle_and_who_is_upside_down_touches_the_floor_with_the_head():
    foot, hand, head = H36M17.indices("LAnkle", "LWrist", "Head")
    free = clearance(LEVEL)
    assert free[foot] == pytest.approx(0.0466 * stature(LEVEL.xyz, H36M17))
    assert free[head] == 0 < free[hand] < free[foot] / 2
    headstand = changed(LEVEL, xyz=LEVEL.xyz * [1, -1, 1])
    heights = headstand.placed[:, head] @ CAMERA_UP
    assert floor_height(headstand, CAMERA_UP) == pytest.approx(np.percentile(heights, 5))


def test_someone_who_lies_says_nothing_about_the_camera():
    told = find_up(of(standing(30) @ about_x(90).T))
    assert np.array_equal(told.direction, CAMERA_UP) and told.confidence == 0


def test_a_moment_of_standing_is_not_enough():
    moment = np.concatenate([standing(30) @ about_x(90).T, standing(3) @ about_x(20).T])
    assert find_up(of(moment)).confidence == 0
    longer = find_up(of(np.concatenate([moment, moment, moment])))
    assert degrees_between(longer.direction, CAMERA_UP) > 10 and 0 < longer.confidence < 0.5


def test_a_moment_is_counted_in_seconds():
    upright = standing(12) @ about_x(20).T
    assert find_up(of(upright, fps=30.0)).confidence > 0
    assert find_up(of(upright, fps=120.0)).confidence == 0


def test_legs_that_were_not_seen_tell_nothing():
    tilted = turned(LEVEL, 30)
    unseen = tilted.observed.copy()
    unseen[:, ANKLES] = False
    assert find_up(changed(tilted, observed=unseen)).confidence == 0


def test_frames_without_anybody_do_not_move_the_floor():
    root, seen = LEVEL.root.copy(), LEVEL.observed.copy()
    root[:30, 1] += 5
    seen[:30] = False
    lost = changed(LEVEL, root=root, observed=seen)
    assert grounded(lost, "off").floor == pytest.approx(grounded(LEVEL, "off").floor)
