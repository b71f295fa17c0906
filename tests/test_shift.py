"""Whether the camera moves: textures that are panned, zoomed, turned and shaken, with people and marks before them."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from factory import made_up
from pose3d.analysis.quality import quality
from pose3d.core.result import Result
from pose3d.core.video import CAMERA_MOVES, Frame, camera_moves
from pose3d.detect.shift import PictureShift
from pose3d.io.video import frames

SIZE = (640, 360)
SECONDS, RATE = 4.0, 15
Move = Callable[[float], np.ndarray]
"""Seconds to the (2, 3) map from the wall to the picture."""


def wall(seed: int = 3) -> np.ndarray:
    """(720, 1280, 3): a room's worth of edges and corners."""
    random = np.random.default_rng(seed)
    picture = np.full((720, 1280, 3), 128, np.uint8)
    for _ in range(260):
        x, y = random.integers(0, (1280, 720))
        width, height = random.integers(8, 90, 2)
        picture[y : y + height, x : x + width] = random.integers(0, 255, 3)
    return cv2.GaussianBlur(picture, (0, 0), 1.2)


def standing(time: float) -> np.ndarray:
    return np.array([[1.0, 0, -320], [0, 1, -180]])


def panning(speed: float, across: float = 1.0, down: float = 0.0) -> Move:
    """speed: picture widths a second."""
    step = speed * SIZE[0]
    return lambda time: np.array([[1.0, 0, -320 - across * step * time], [0, 1, -180 - down * step * time]])


def zooming(time: float) -> np.ndarray:
    return cv2.getRotationMatrix2D((640, 360), 0, 1 + 0.06 * time) + [[0, 0, -320], [0, 0, -180]]


def rolling(time: float) -> np.ndarray:
    return cv2.getRotationMatrix2D((640, 360), 5 * time, 1) + [[0, 0, -320], [0, 0, -180]]


def held(time: float) -> np.ndarray:
    """A hand that trembles by one percent of the width."""
    return standing(time) + 6 * np.array([[0, 0, np.sin(3 * time)], [0, 0, np.cos(2 * time)]])


def film(move: Move, *, person: float = 0.0, mark: bool = False, noise: float = 4.0, light: float = 0.0) -> list[Frame]:
    """person: height of somebody textured who jumps about, in pictures; light: by how much it grows a second."""
    random, backdrop, body = np.random.default_rng(1), wall(), wall(9)[:360, :200]
    out: list[Frame] = []
    for number in range(round(SECONDS * RATE)):
        time = number / RATE
        picture = cv2.warpAffine(backdrop, move(time), SIZE, borderMode=cv2.BORDER_REFLECT).astype(np.float32)
        if person:
            height = round(person * SIZE[1])
            left, top = round(200 + 90 * np.sin(2.5 * time)), round((SIZE[1] - height) * abs(np.sin(4 * time)))
            picture[top : top + height, left : left + height // 3] = cv2.resize(body, (height // 3, height))
        if mark:
            picture[10:40, 500:630] = wall(5)[100:130, 100:230]
        picture = picture * (1 + light * time) + noise * random.standard_normal(picture.shape)
        out.append(Frame(time, picture.clip(0, 255).astype(np.uint8)))
    return out


def shift_of(pictures) -> np.ndarray:
    """Of each frame."""
    follower, times = PictureShift(), []
    for frame in pictures:
        follower.see(frame)
        times.append(frame.time)
    return follower.at(np.array(times))


@pytest.mark.parametrize(
    ("move", "settings"),
    [
        (standing, {}),
        (standing, {"person": 0.9}),
        (standing, {"mark": True}),
        (standing, {"light": 0.1}),
        (standing, {"noise": 12.0, "person": 0.6}),
        (held, {"person": 0.6}),
    ],
)
def test_a_camera_that_stands_or_is_held_still(move, settings):
    shift = shift_of(film(move, **settings))
    assert not camera_moves(shift), shift.max()


@pytest.mark.parametrize(
    ("move", "settings"),
    [
        (panning(0.03), {}),
        (panning(0.1, -1.0), {"person": 0.6}),
        (panning(0.05, 0.0, 1.0), {"person": 0.6, "mark": True}),
        (zooming, {"person": 0.6}),
        (rolling, {}),
        (panning(0.1), {"light": 0.05, "noise": 8.0}),
    ],
)
def test_a_camera_that_moves(move, settings):
    shift = shift_of(film(move, **settings))
    assert camera_moves(shift), shift.max()
    assert shift[0] == 0


def test_how_far_it_went():
    """A picture's width a tenth per second for 4 seconds, seen up to the last comparison."""
    shift = shift_of(film(panning(0.1)))
    assert shift[-1] == pytest.approx(0.1 * SECONDS, abs=0.04)
    assert (np.diff(shift) >= -1e-3).all()


def test_there_and_back_is_where_it_was():
    pictures = film(panning(0.1))[:30]
    back = [Frame(2 + n / RATE, frame.image) for n, frame in enumerate(reversed(pictures))]
    shift = shift_of([*pictures, *back])
    assert shift.max() > CAMERA_MOVES > shift[-1]


@pytest.mark.parametrize("name", ["walk", "squats", "jumping_jacks", "arm_raises"])
def test_the_examples_stand(name, examples):
    assert shift_of(frames(examples / f"{name}.mp4")).max() == 0


def test_plain_and_tiny_pictures_and_none_tell_nothing():
    plain = [Frame(n / 2, np.full((90, 160, 3), 10 * n, np.uint8)) for n in range(4)]
    tiny = [Frame(n / 2, np.zeros((2, 3, 3), np.uint8)) for n in range(4)]
    for pictures in (plain, tiny):
        assert (shift_of(pictures) == 0).all()
    assert len(PictureShift().at(np.array([]))) == 0
    assert not camera_moves(None) and not camera_moves(np.array([]))


def test_a_moving_camera_is_a_finding_and_keeps(tmp_path):
    result = made_up(np.arange(40) / 20)
    moved = replace(result, camera_shift=np.linspace(0, 0.3, 40, dtype=np.float32))
    still = replace(result, camera_shift=np.zeros(40, np.float32))
    codes = [{finding.code for finding in quality(each).findings} for each in (moved, still, result)]
    assert ["camera_moves" in found for found in codes] == [True, False, False]
    assert quality(moved).grade != "good"
    moved.save(tmp_path)
    assert Result.load(tmp_path) == moved
