"""The avatar's data for the player say what the humanoid and its mesh are, in few bytes."""

import base64
import json

import numpy as np
import pytest

from factory import made_up
from pose3d.core.resources import ASSETS
from pose3d.core.result import Result
from pose3d.core.rotations import Rotation
from pose3d.motion.animated import animated
from pose3d.motion.avatar import avatar
from pose3d.motion.humanoid import BONES, Humanoid
from pose3d.view import player_data
from pose3d.view.avatar import DIRECTION, SHARE, TURN, avatar_data
from pose3d.view.body import person
from pose3d.view.scene import scene, to_display, to_world


@pytest.fixture(scope="module")
def result() -> Result:
    return Result.load(ASSETS / "ahead")


@pytest.fixture(scope="module")
def data(result) -> dict:
    return avatar_data(scene(result), result)


def read(data: dict, name: str, kind: str, *shape: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(data[name]), kind).reshape(-1, *shape)


def test_moves_as_the_exports_do(result, data):
    """In the scene, which has its middle at 0 and z up; to a tenth of a millimetre."""
    turns = read(data, "rotations", "<i2", len(BONES), 4) / TURN
    turns /= np.linalg.norm(turns, axis=-1, keepdims=True)
    places = read(data, "places", "<f4", 3).astype(np.float64)
    offsets = read(data, "offsets", "<f4", 3).astype(np.float64)
    starts = Humanoid(offsets, turns, places).starts()
    exported = animated(result).starts()
    moved = starts - exported
    np.testing.assert_allclose(moved, np.broadcast_to(moved[0, 0], moved.shape), atol=1e-4)
    np.testing.assert_allclose(to_display(places), scene(result).joints[:, 0], atol=1e-5)


def test_skin_is_the_mesh(result, data):
    mesh = avatar(person(scene(result), result))
    np.testing.assert_array_equal(read(data, "position", "<f4", 3), mesh.position)
    np.testing.assert_array_equal(read(data, "bone", "u1", 4), mesh.bone)
    np.testing.assert_array_equal(read(data, "triangles", "<u2", 3), mesh.triangles)
    np.testing.assert_allclose(read(data, "normal", "i1", 3) / DIRECTION, mesh.normal, atol=0.5 / DIRECTION + 1e-6)
    np.testing.assert_allclose(read(data, "colour", "u1", 3) / SHARE, mesh.colour, atol=0.5 / SHARE + 1e-6)
    weights = read(data, "weight", "u1", 4)
    np.testing.assert_allclose(weights / SHARE, mesh.weight, atol=2 / SHARE)
    assert np.all(weights.sum(axis=1, dtype=int) == SHARE), "else corners move away"


def test_long_clips_stay_small():
    """Text of 3000 frames, mesh included."""
    result = made_up(np.arange(3000) / 30)
    size = len(json.dumps(player_data(result)["avatar"]))
    print(f"{size / 1e6:.2f} MB")
    assert size < 1.2e6


def test_world_axes_are_the_display_axes_back():
    points = np.random.default_rng(0).normal(size=(5, 3))
    np.testing.assert_array_equal(to_world(to_display(points)), points)
    up, away = to_display(np.array([[0, 1, 0], [0, 0, -1]]))
    assert up.tolist() == [0, 0, 1] and away.tolist() == [0, 1, 0]
    assert np.allclose(Rotation.from_euler("x", 90, degrees=True).apply(points), to_display(points))
