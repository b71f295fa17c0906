"""Up as straight lines around a camera tell it: of a made-up room, seen by a camera that is held any way."""

import cv2
import numpy as np
import pytest

from pose3d.core.camera import Camera
from pose3d.core.geometry import degrees_between, unit
from pose3d.core.ground import CAMERA_UP
from pose3d.core.lines import NO_LINES, Lines
from pose3d.core.video import Frame
from pose3d.detect.lines import LINES, PICTURES, PictureLines, straight_lines
from pose3d.ground.room import room_up
from pose3d.ground.standing import Up

CAMERA = Camera.from_fov(1280, 720, 60)


def held(pitch: float, roll: float = 0.0, yaw: float = 25.0) -> np.ndarray:
    """(3, 3): from a room (y down) to the axes of a camera that looks down, is turned clockwise and to the side."""
    (sp, cp), (sr, cr), (sy, cy) = ((np.sin(a), np.cos(a)) for a in np.radians([pitch, roll, yaw]))
    about_y = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return about_z @ about_x @ about_y


def seen(rotation: np.ndarray, axes: np.ndarray, each: int, noise: float = 0.5, seed: int = 1) -> np.ndarray:
    """(N, 2, 2) pixels: lines of 0.8 m along each of some axes (A, 3) of the room, 3 to 6 m ahead, off by pixels."""
    rng = np.random.default_rng(seed)
    middle = np.stack([rng.uniform(-1.4, 1.4, 400), rng.uniform(-0.8, 0.8, 400), rng.uniform(3, 6, 400)], -1)
    found = []
    for axis in axes:
        ends = middle[:each, None] + 0.4 * np.array([-1, 1])[:, None] * (rotation @ axis)
        found.append(CAMERA.project(ends) + rng.normal(0, noise, (each, 2, 2)))
        middle = middle[each:]
    return np.concatenate(found).astype(np.float32)


def astray(count: int, seed: int = 3) -> np.ndarray:
    """(N, 2, 2) pixels: lines of any direction."""
    rng = np.random.default_rng(seed)
    middle, turn = rng.uniform([0, 0], [1280, 720], (count, 2)), rng.uniform(0, np.pi, count)
    half = rng.uniform(20, 90, count)[:, None] * np.stack([np.cos(turn), np.sin(turn)], -1)
    return np.stack([middle - half, middle + half], 1).astype(np.float32)


ROOM, UPRIGHT, LEVEL = np.eye(3), np.eye(3)[[1]], np.eye(3)[[0, 2]]
HELD = [(0, 0), (12, 0), (35, 0), (-20, 0), (20, 15), (30, -25)]


@pytest.mark.parametrize(("pitch", "roll"), HELD)
def test_a_rooms_lines_tell_up_within_a_degree(pitch, roll):
    """The person is 8 degrees off, and half of the lines are of other things."""
    rotation = held(pitch, roll)
    up = rotation @ CAMERA_UP
    told = Up(unit(up + [0.1, 0, 0.1]), 0.9)
    found = room_up(Lines(np.concatenate([seen(rotation, ROOM, 20), astray(60)]), 1), CAMERA, told)
    assert float(degrees_between(found.direction, up)) < 1.0
    assert 0.5 <= found.confidence <= 1 and found.error < told.error


@pytest.mark.parametrize("axes", [LEVEL, ROOM[:2], ROOM[1:]], ids=["floor", "wall", "corridor"])
def test_two_of_the_three_axes_are_enough(axes):
    rotation = held(18, 4)
    up = rotation @ CAMERA_UP
    found = room_up(Lines(np.concatenate([seen(rotation, axes, 30), astray(20)]), 1), CAMERA, Up(up, 0.9))
    assert found.confidence > 0 and float(degrees_between(found.direction, up)) < 1.0


@pytest.mark.parametrize("pitch", [0, 20, 34])
def test_a_room_tells_by_itself_where_nobody_stands(pitch):
    rotation = held(pitch)
    found = room_up(Lines(seen(rotation, ROOM, 30), 1), CAMERA, Up(CAMERA_UP, 0.0))
    assert float(degrees_between(found.direction, rotation @ CAMERA_UP)) < 1.0


@pytest.mark.parametrize("pitch", [5, 20, 30])
def test_where_nobody_stands_more_lines_have_to_agree(pitch):
    """Four fifths of the lines are of other things: enough to make a person's word exact, too few to do without."""
    rotation = held(pitch)
    up = rotation @ CAMERA_UP
    lines = Lines(np.concatenate([seen(rotation, ROOM, 8), astray(90)]), 1)
    assert float(degrees_between(room_up(lines, CAMERA, Up(unit(up + [0.1, 0, 0.1]), 0.9)).direction, up)) < 1.5
    assert room_up(lines, CAMERA, Up(CAMERA_UP, 0.0)).confidence == 0


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("count", [10, 40, 100])
def test_lines_of_any_direction_tell_nothing(count, seed):
    told = Up(unit(np.array([0.1, -1.0, 0.2])), 0.8)
    found = room_up(Lines(astray(count, seed), 1), CAMERA, told)
    assert found.confidence == 0 and np.array_equal(found.direction, told.direction)


def test_lines_that_are_found_in_every_picture_count_once():
    """Whatever fits a few of a picture's lines by chance fits them in the next picture as well."""
    few = astray(40, seed=1)
    many = np.concatenate([few + np.float32(0.2 * n) for n in range(PICTURES)])
    assert room_up(Lines(many, PICTURES), CAMERA, Up(CAMERA_UP, 0.0)).confidence == 0


def test_lines_of_one_direction_leave_up_open():
    """A floor of boards alone turns about them."""
    found = room_up(Lines(seen(held(20), np.eye(3)[[2]], 60), 1), CAMERA, Up(held(20) @ CAMERA_UP, 0.9))
    assert found.confidence == 0


def test_too_few_lines_tell_nothing():
    told = Up(CAMERA_UP, 0.5)
    for lines in (NO_LINES, Lines(seen(held(10), ROOM, 2), 1)):
        assert room_up(lines, CAMERA, told).confidence == 0


def picture(rotation: np.ndarray, size: int = 1280) -> np.ndarray:
    """(H, W, 3) uint8: a dark room of bright edges."""
    image = np.full((size * 9 // 16, size, 3), 40, np.uint8)
    for start, end in seen(rotation, ROOM, 12, noise=0.0) * (size / 1280):
        cv2.line(
            image, tuple(start.astype(int).tolist()), tuple(end.astype(int).tolist()), (210, 200, 190), 3, cv2.LINE_AA
        )
    return image


@pytest.mark.parametrize("size", [640, 1280, 2560])
def test_up_from_pixels(size):
    rotation = held(25, -6)
    ends = straight_lines(picture(rotation, size)) * (1280 / size)
    found = room_up(Lines(ends, 1), CAMERA, Up(CAMERA_UP, 0.0))
    assert float(degrees_between(found.direction, rotation @ CAMERA_UP)) < 1.0


def test_a_plain_picture_has_no_lines():
    assert straight_lines(np.full((200, 300, 3), 90, np.uint8)).shape == (0, 2, 2)


def test_three_pictures_a_second_from_each_other_are_looked_at():
    watched = PictureLines()
    assert len(watched.found.ends) == 0
    counts = []
    for index in range(50):
        watched.see(Frame(index / 10, picture(held(10))))
        counts.append(watched.found.pictures)
    assert counts[:10] == [1] * 10 and counts[10:20] == [2] * 10 and counts[20:] == [3] * 30
    assert len(watched.found.ends) <= PICTURES * LINES


@pytest.mark.parametrize("size", [480, 1280, 2560])
def test_ends_of_lines_are_in_pixels_of_the_picture(size):
    """The edge of a bright half, from top to bottom; what is shorter than 3 % of the longer side is left out."""
    image = np.full((size // 2, size, 3), 30, np.uint8)
    image[:, size // 4 :] = 200
    length = round(0.025 * size)
    image[size // 8 : size // 8 + length, size // 2 : size // 2 + length] = 30
    found = straight_lines(image)
    assert len(found) == 1
    np.testing.assert_allclose(np.sort(found[0, :, 1]), [0, size // 2], atol=0.01 * size)
    np.testing.assert_allclose(found[0, :, 0], size // 4, atol=max(1.0, size / 960))


def test_the_longest_lines_of_a_picture_are_kept():
    image = np.full((900, 1200, 3), 30, np.uint8)
    for row in range(12):
        for column in range(15):  # 60 squares of 60 pixels, 120 of 40, four edges each
            side = 60 if column < 5 else 40
            image[20 + 73 * row : 20 + 73 * row + side, 10 + 78 * column : 10 + 78 * column + side] = 220
    found = straight_lines(image)
    assert len(found) == LINES and np.linalg.norm(found[:, 1] - found[:, 0], axis=-1).min() > 0.9 * 40 * 1.2
