import numpy as np
import pytest

from clips import standing
from factory import made_up
from pose3d.core.geometry import degrees_between
from pose3d.core.ground import CAMERA_UP
from pose3d.core.poses import Pose3D
from pose3d.core.skeleton import H36M17
from pose3d.ground import find_ground, find_up

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


@pytest.mark.parametrize("tilt", [-30, 12, 40])
def test_a_tilted_camera_sees_the_same_world(tilt):
    """Walking seen by a camera that looks up or down stands in the world as that of a level one."""
    level, tilted = turned(LEVEL, 0), turned(LEVEL, tilt)
    own, other = find_ground(level, "on"), find_ground(tilted, "on")
    assert other.tilt == pytest.approx(abs(tilt), abs=3), "but for the walker's own lean"
    np.testing.assert_allclose(other.world(tilted.placed), own.world(level.placed), atol=2e-2)
    assert np.linalg.det(other.rotation) == pytest.approx(1)


def test_world_is_y_up_on_the_floor():
    ground = find_ground(LEVEL, "off")
    world = ground.world(LEVEL.placed)
    heights = world[:, ANKLES, 1]
    assert np.percentile(heights.min(1), 5) == pytest.approx(0, abs=1e-5)
    assert world[:, H36M17.index("Head"), 1].min() > 1.5
    np.testing.assert_allclose(world[..., 0], LEVEL.placed[..., 0], atol=1e-6)
    np.testing.assert_allclose(world[..., 2], -LEVEL.placed[..., 2], atol=1e-6)


def test_levels():
    steep, slight = turned(LEVEL, 30), turned(LEVEL, 3)
    assert find_ground(steep, "auto").tilt == find_ground(steep, "on").tilt > 25
    assert find_ground(slight, "auto").tilt == 0 and find_ground(slight, "auto").confidence == 0
    assert find_ground(steep, "off").tilt == 0


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
    assert find_ground(lost, "off").floor == pytest.approx(find_ground(LEVEL, "off").floor, abs=0.01)
