"""The player counts along: what its badge says at known moments."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from factory import squatting, walking
from pose3d.view import player_data, skeleton_html
from tests.browser.player_page import PLAYER, STILL, VIDEO, wait, write_page

BOX = "display: block; width: 200px; height: 200px"
BADGE = "document.querySelector('.pose3d-count')"
SAYS = f"{BADGE}.innerText.replace(/\\s+/g, ' ').trim()"
MARKS = f"[...{BADGE}.querySelectorAll('i')].map((mark) => mark.className.replace('pose3d-', ''))"
OTHER = {"name": {"en": "bow", "zh": "鞠躬"}, "ends": [0.5, 1.0], "counts": [True, True]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("count")


@pytest.fixture(scope="module")
def result(folder: Path):
    return squatting(folder / "squats.mp4", (110, 65, 110))


@pytest.fixture(scope="module")
def told(result):
    return player_data(result)["count"]


@pytest.fixture(scope="module")
def with_video(folder: Path, result) -> Path:
    return write_page(folder / "with.html", result, BOX)


@pytest.fixture(scope="module")
def alone(folder: Path, result) -> Path:
    path = folder / "skeleton.html"
    path.write_text(skeleton_html(result), encoding="utf-8")
    return path


@pytest.fixture
def tab(tab):
    """Nothing plays by itself in it."""
    return lambda path, **settings: tab(path, **(STILL | settings))


@pytest.mark.parametrize("kind", ["with_video", "alone"])
def test_it_counts_what_is_complete(tab, kind, request, told):
    page = tab(request.getfixturevalue(kind))
    first, second, third = told["ends"]
    moments = {
        0.0: (0, []), first - 0.1: (0, []), first + 0.1: (1, ["counted"]),
        second + 0.1: (1, ["counted", "fault"]), third + 0.1: (2, ["counted", "fault", "counted"]),
        first - 0.05: (0, []),
    }  # fmt: skip
    for time, (number, marks) in moments.items():
        page.evaluate(f"{PLAYER}.seek({time})")
        wait(page, f"{SAYS} === 'Squat {number}'")
        assert page.evaluate(MARKS) == marks
    assert page.get_by_text("does not count").is_visible()


def test_it_follows_the_video_s_own_controls(tab, with_video, told):
    page = tab(with_video)
    page.evaluate(f"{VIDEO}.currentTime = {told['ends'][0] + 0.1}")
    wait(page, f"{SAYS} === 'Squat 1'")


def test_in_chinese(tab, alone, told):
    page = tab(alone, locale="zh-CN")
    page.evaluate(f"{PLAYER}.seek({told['ends'][-1] + 0.1})")
    wait(page, f"{SAYS} === '深蹲 2'")
    assert page.get_by_text("不计数").is_visible()


def test_screen_readers_are_left_alone_in_motion(tab, alone):
    page = tab(alone)
    live = f"{BADGE}.getAttribute('aria-live')"
    assert page.evaluate(live) == "polite"
    page.evaluate(f"{PLAYER}.play()")
    wait(page, f"{PLAYER}.playing && {live} === 'off'")
    page.evaluate(f"{PLAYER}.pause()")
    wait(page, f"!{PLAYER}.playing && {live} === 'polite'")


def test_something_else_can_be_counted_without_another_player(tab, alone, told):
    page = tab(alone)
    page.evaluate(f"{PLAYER}.seek(0.7)")
    wait(page, f"{SAYS} === 'Squat 0'")
    page.evaluate(f"window.same = {PLAYER}, {PLAYER}.count({OTHER!r})".replace("True", "true"))
    assert page.evaluate(SAYS) == "Bow 1"
    assert page.get_by_text("does not count").count() == 0
    page.evaluate(f"{PLAYER}.seek(1.2)")
    wait(page, f"{SAYS} === 'Bow 2'")
    page.evaluate(f"{PLAYER}.count(null)")
    assert page.evaluate(f"{BADGE}.hidden")
    page.evaluate("told => window.same.count(told)", told)
    assert page.evaluate(SAYS) == "Squat 0"


def test_nothing_is_said_of_who_walks(tab, folder):
    walker = walking(folder / "walk.mp4", np.arange(50) / 25)
    page = tab(write_page(folder / "walk.html", walker))
    assert page.evaluate(f"{BADGE}.hidden") and page.get_by_text("does not count").count() == 0


def test_on_a_phone_the_badge_is_inside_the_plot_and_lets_touches_through(tab, alone, told):
    page = tab(alone, viewport={"width": 390, "height": 800})
    page.evaluate(f"{PLAYER}.seek({told['ends'][-1] + 0.1})")
    wait(page, f"{SAYS} === 'Squat 2'")
    badge, plot = (page.locator(f".pose3d-{name}").bounding_box() for name in ("count", "plot"))
    assert badge["x"] > plot["x"] + plot["width"] / 2 and badge["x"] + badge["width"] <= plot["x"] + plot["width"]
    assert badge["y"] >= plot["y"] and badge["y"] + badge["height"] < plot["y"] + plot["height"] / 2
    note, around = (page.locator(f".pose3d-{name}").bounding_box() for name in ("mark-fault", "legend"))
    assert around["x"] <= note["x"] and note["x"] + note["width"] <= around["x"] + around["width"]
    x, y = badge["x"] + badge["width"] / 2, badge["y"] + badge["height"] / 2
    assert page.evaluate(f"!document.elementFromPoint({x}, {y}).closest('.pose3d-count')")
