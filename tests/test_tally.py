"""The running count: what the player is told of it, and what of it is drawn into the clip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from factory import SQUAT, squatting, walking
from pose3d.analysis import CountOptions, check_counted, count, running
from pose3d.analysis.exercises import exercises
from pose3d.core.errors import ConfigError
from pose3d.core.result import Result
from pose3d.view import player_data, tally
from pose3d.view.draw import INK, PAPER
from pose3d.view.render import clip_frames
from pose3d.view.tally import FAULT, MARKS, Tally, tally_data

DEEP, SHALLOW = 110.0, 65.0
"""Degrees that the knees are bent in squats that count, and that do not."""
NEAR = 0.2
"""Seconds before the next squat at which one is complete, at most: its last tenth is slow."""
TALL = 450
"""Pixels of the picture that is drawn into."""


@pytest.fixture
def result(tmp_path: Path) -> Result:
    return squatting(tmp_path / "squats.mp4", (DEEP, SHALLOW, DEEP))


def asked(result: Result, exercise: str) -> Result:
    return replace(result, config=result.config.but(count=exercise))


def test_the_player_is_told_when_each_is_complete(result):
    told = player_data(result)["count"]
    assert told["name"] == {"en": "squat", "zh": "深蹲"} and told["counts"] == [True, False, True]
    late = np.array([1, 2, 3]) * SQUAT - told["ends"]
    assert np.all((late > 0) & (late < NEAR))


def test_times_are_from_the_clip_s_first_frame(result):
    times = result.times + 7
    flat, solid = (replace(pose, times=times) for pose in (result.pose2d, result.pose3d))
    later = replace(result, video=replace(result.video, times=times), pose2d=flat, pose3d=solid)
    np.testing.assert_allclose(player_data(later)["count"]["ends"], player_data(result)["count"]["ends"], atol=1e-3)


@pytest.mark.parametrize("wanted", ["off", "push_up", "sit_up"])
def test_what_is_not_done_or_not_wanted_is_not_shown(result, wanted):
    assert player_data(asked(result, wanted))["count"] is None


def test_the_exercise_that_was_asked_for_is_counted(result):
    found = running(asked(result, "squat"))
    assert found.exercise == "squat" and found.repetitions == count(result, CountOptions(exercise="squat")).repetitions
    assert running(asked(result, "any")).exercise == "any"
    assert running(asked(result, "off")).exercise is None


def test_who_walks_is_not_counted(tmp_path: Path):
    assert player_data(walking(tmp_path / "walk.mp4", np.arange(75) / 25))["count"] is None


def test_of_several_people_the_first_is_counted(result):
    still = replace(result, pose3d=replace(result.pose3d, xyz=np.repeat(result.pose3d.xyz[:1], len(result), 0)))
    assert player_data(result, [still])["count"] == player_data(result)["count"]
    assert player_data(still, [result])["count"] is None


def test_ends_grow_though_turns_may_be_in_another_order(result):
    """A long repetition of one arm ends after a short one of the other that turned later."""
    found = count(result)
    first, second, _ = found.repetitions
    crossed = replace(found, repetitions=(replace(first, end=second.end + 0.1), second))
    told = tally_data(crossed, 0.0)
    assert told is not None
    assert told["ends"] == [round(second.end, 3), round(second.end + 0.1, 3)] and told["counts"] == [False, True]


def test_a_setting_is_an_exercise_or_how_to_count():
    for name in ("auto", "any", "off", *exercises()):
        assert check_counted(name) == name
    with pytest.raises(ConfigError, match=r"no exercise headstand; there are auto, any, off, jumping_jack"):
        check_counted("headstand")


def ink(picture: np.ndarray, colour: tuple[int, ...]) -> int:
    """Pixels that have about a colour."""
    return int((np.abs(picture.astype(int) - colour).sum(axis=-1) < 60).sum())


def drawn(found, time: float, language: str = "en") -> np.ndarray:
    """What is drawn onto paper at a time, seconds."""
    image = np.full((TALL, TALL, 3), PAPER, np.uint8)
    Tally(found, np.array([time]), language).draw(0, image)
    return image


def test_a_mark_for_each_and_a_cross_for_what_does_not_count(result):
    found = count(result)
    ends = [each.end for each in found.repetitions]
    pictures = [drawn(found, time) for time in (0, ends[0], ends[1], ends[2])]
    crosses = [ink(picture, FAULT) for picture in pictures]
    assert crosses[:2] == [0, 0] and 0 < crosses[2] == crosses[3]
    number = [picture[: round((tally.NUMBER_LINE + 12) / tally.TALL * TALL)] for picture in pictures]
    assert np.array_equal(number[1], number[2]), "a fault never adds"
    assert not np.array_equal(number[0], number[1]) and not np.array_equal(number[2], number[3])
    assert np.array_equal(drawn(found, ends[0] - 0.01), pictures[0]), "only what is complete"


def test_only_the_last_have_marks(result):
    found = count(result)
    first = found.repetitions[0]
    many = replace(found, repetitions=tuple(replace(first, end=first.end + n) for n in range(3 * MARKS)))
    marks = [
        ink(drawn(many, n + 2)[round((tally.NUMBER_LINE + 17) / tally.TALL * TALL) :], INK)
        for n in (1, MARKS - 1, 3 * MARKS - 1)
    ]
    assert marks[0] < marks[1] == marks[2]


def test_a_name_is_written_where_there_are_letters_for_it(result, monkeypatch):
    found, above = count(result), round((tally.NAME_LINE + 6) / tally.TALL * TALL)
    assert ink(drawn(found, 0)[:above], INK) > 0
    for letters in (True, False):
        monkeypatch.setattr(tally, "ALL_LETTERS", letters)
        chinese = drawn(found, 0, "zh")
        assert ink(chinese[above:], INK) > 0
        assert letters or ink(chinese[:above], INK) == 0
    if hasattr(tally.cv2, "FontFace"):
        monkeypatch.setattr(tally, "ALL_LETTERS", True)
        assert ink(drawn(found, 0, "zh")[:above], INK) > 0


def corner(result: Result) -> list[np.ndarray]:
    """The 3D view's upper right corner in the clip, frame by frame."""
    pictures = [frame.image for frame in clip_frames(result)]
    return [image[: len(image) // 4, -len(image) // 4 :].astype(int) for image in pictures]


def changed(one: np.ndarray, other: np.ndarray) -> int:
    return int((np.abs(one - other).sum(axis=-1) > 150).sum())


def test_the_clip_counts_at_the_end_of_each(result):
    counted, plain = corner(result), corner(asked(result, "off"))
    ends = [each.end for each in running(result).repetitions]
    before, after = (np.searchsorted(result.times, end) + step for end in ends[:1] for step in (-1, 0))
    assert changed(counted[0], plain[0]) > 100, "0, and the name"
    assert changed(counted[0], counted[before]) < 20 < changed(counted[before], counted[after])
    assert changed(counted[after], counted[-1]) > 20


def test_nothing_is_drawn_for_who_walks(tmp_path: Path):
    result = walking(tmp_path / "walk.mp4", np.arange(50) / 25)
    on, off = corner(result), corner(asked(result, "off"))
    assert all(np.array_equal(one, other) for one, other in zip(on, off, strict=True))
