import numpy as np
import pytest

from clips import standing
from factory import walking
from pose3d.core.skeleton import H36M17
from pose3d.ground.up import LEVEL, up_direction, upright


def about_x(degrees):
    sin, cos = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])


@pytest.mark.parametrize("tilt", [-30, 12, 40])
def test_undoes_a_tilted_camera(tilt, tmp_path):
    """Walking seen by a camera that looks up or down comes out as by a level one, but for the walker's own lean."""
    pose = walking(tmp_path / "walk.mp4", np.arange(40) / 30).pose3d
    turn = about_x(tilt).astype(np.float32)
    seen = type(pose)(**{**vars(pose), "xyz": pose.xyz @ turn.T, "root": pose.root @ turn.T})
    level, again = upright(pose), upright(seen)
    np.testing.assert_allclose(again.xyz, level.xyz, atol=2e-3)
    np.testing.assert_allclose(again.root, level.root, atol=2e-2)
    np.testing.assert_allclose(again.xyz @ again.levelling, seen.xyz, atol=1e-5)
    assert np.linalg.det(again.levelling) == pytest.approx(1, abs=1e-5)


def test_someone_who_lies_says_nothing_about_the_camera():
    lying = standing(30) @ about_x(90).T
    assert np.array_equal(up_direction(lying, H36M17, 30.0), LEVEL)


def test_a_moment_of_standing_is_not_enough():
    moment = np.concatenate([standing(30) @ about_x(90).T, standing(3) @ about_x(20).T])
    assert np.array_equal(up_direction(moment, H36M17, 30.0), LEVEL)
    assert not np.array_equal(up_direction(np.concatenate([moment, moment, moment]), H36M17, 30.0), LEVEL)
