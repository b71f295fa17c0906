"""The player plays by itself: where it is seen, from where somebody is there, until the visitor wants otherwise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from factory import walking, with_observed
from pose3d.view import skeleton_html
from tests.browser.player_page import PLAYER, STILL, VIDEO, wait, write_page

TIMES = np.arange(75) / 25
LATE = 30
"""The first frame with somebody."""
GONE = 60
"""The first without anybody again."""
BOX = "display: block; width: 300px; height: 300px"
PLAYS = f"{PLAYER}.playing && {PLAYER}.frame !== {PLAYER}.data.first"
LONG = 1000
"""Milliseconds within which it would have started."""
HIDDEN = "window.away = true; Object.defineProperty(document, 'hidden', { get: () => window.away });"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("autoplay")


@pytest.fixture(scope="module")
def result(folder: Path):
    observed = np.ones((len(TIMES), 17), bool)
    observed[:LATE] = observed[GONE:] = False
    return with_observed(walking(folder / "walk.mp4", TIMES), observed)


@pytest.fixture(scope="module")
def with_video(folder: Path, result) -> Path:
    return write_page(folder / "with.html", result, BOX)


@pytest.fixture(scope="module")
def alone(folder: Path, result) -> Path:
    path = folder / "skeleton.html"
    path.write_text(skeleton_html(result), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def far_down(folder: Path, with_video: Path) -> Path:
    path = folder / "far.html"
    path.write_text(with_video.read_text("utf-8").replace("<body>", "<body style='padding: 2000px 0'>"), "utf-8")
    return path


def stays_still(page):
    page.wait_for_timeout(LONG)
    assert not page.evaluate(f"{PLAYER}.playing")


@pytest.mark.parametrize("kind", ["with_video", "alone"])
def test_plays_by_itself_from_the_first_frame_with_somebody(tab, kind, request):
    seen = "window.frames = [];" + (
        "setInterval(() => { const player = document.getElementById('player')?.pose3d;"
        " if (player?.ready) frames.push(player.frame); }, 10);"
    )
    page = tab(request.getfixturevalue(kind), seen)
    wait(page, PLAYS)
    assert LATE <= page.evaluate("frames[0]") <= LATE + 2
    assert page.evaluate(f"!{VIDEO} || {VIDEO}.muted")
    assert page.get_by_role("button", name="Pause").is_visible()


@pytest.mark.parametrize("kind", ["with_video", "alone"])
def test_a_loop_repeats_the_part_with_somebody(tab, kind, request):
    """Twice around; before and beyond it a visitor may look, and play."""
    seen = (
        "window.frames = []; window.rounds = 0; setInterval(() => { const player = "
        + PLAYER.replace(".pose3d", "?.pose3d")
        + """; if (!player?.ready || player.due === frames.at(-1)) return;
      if (player.due < frames.at(-1)) rounds += 1;
      frames.push(player.due); }, 5);"""
    )
    page = tab(request.getfixturevalue(kind), seen)
    wait(page, "rounds >= 2")
    frames = page.evaluate("frames")
    end = GONE if kind == "alone" else len(TIMES) - 1  # a video is sent back when the page gets to it
    assert min(frames) >= LATE and max(frames) < end
    for frame in (0, len(TIMES) - 1):
        page.evaluate(f"{PLAYER}.pause(), {PLAYER}.seekFrame({frame})")
        wait(page, f"{PLAYER}.frame === {frame} && !{PLAYER}.playing")
    page.evaluate(f"{PLAYER}.seekFrame({GONE + 5}), frames.length = rounds = 0")
    page.evaluate(f"{PLAYER}.clock.setRate(0.25), {PLAYER}.play()")
    wait(page, "rounds >= 1")
    frames = page.evaluate("frames")
    assert max(frames) > GONE + 5 and LATE <= min(frames) < GONE, "to the very end, once"


@pytest.mark.parametrize("kind", ["with_video", "alone"])
def test_waits_for_whoever_wants_less_motion(tab, kind, request):
    page = tab(request.getfixturevalue(kind), **STILL)
    stays_still(page)
    assert page.evaluate(f"{PLAYER}.frame") == LATE


def test_stops_for_whoever_wants_less_motion_from_now_on(tab, alone):
    page = tab(alone)
    wait(page, PLAYS)
    page.emulate_media(reduced_motion="reduce")
    wait(page, f"!{PLAYER}.playing")


def test_only_where_it_is_in_sight_and_never_again_once_it_was_paused(tab, far_down):
    page = tab(far_down)
    stays_still(page)
    for _ in range(2):
        page.locator("#player").scroll_into_view_if_needed()
        wait(page, PLAYS)
        page.evaluate("scrollTo(0, 0)")
        wait(page, f"!{PLAYER}.playing")
    page.locator("#player").scroll_into_view_if_needed()
    wait(page, PLAYS)
    page.get_by_role("button", name="Pause").click()
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(100)
    page.locator("#player").scroll_into_view_if_needed()
    stays_still(page)


def test_what_the_visitor_plays_goes_on_out_of_sight(tab, far_down):
    page = tab(far_down)
    page.locator("#player").scroll_into_view_if_needed()
    wait(page, PLAYS)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play", exact=True).click()
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(LONG)
    assert page.evaluate(f"{PLAYER}.playing")


def test_not_in_a_tab_that_is_hidden(tab, alone):
    page = tab(alone, HIDDEN)
    stays_still(page)
    page.evaluate("away = false, document.dispatchEvent(new Event('visibilitychange'))")
    wait(page, PLAYS)
    page.evaluate("away = true, document.dispatchEvent(new Event('visibilitychange'))")
    wait(page, f"!{PLAYER}.playing")


@pytest.mark.parametrize("way", ["video", "seek", "step", "scrub"])
def test_the_visitor_stops_it(tab, with_video, way):
    page = tab(with_video)
    wait(page, PLAYS)
    {
        "video": lambda: page.evaluate(f"{VIDEO}.pause()"),
        "seek": lambda: page.evaluate(f"{PLAYER}.seek(0.5)"),
        "step": lambda: page.get_by_role("button", name="One frame forward").click(),
        "scrub": lambda: page.locator(".pose3d-scrub").press("End"),
    }[way]()
    wait(page, f"!{PLAYER}.playing")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    stays_still(page)


def test_a_press_where_it_begins_again_stops_it(tab, with_video):
    """A browser pauses a video that has ended, and tells so a moment later; to the visitor it plays."""
    page = tab(with_video, **STILL)
    page.evaluate(f"{PLAYER}.play()")
    wait(page, PLAYS)
    page.evaluate(
        f"() => {{ const video = {VIDEO}, end = {{ get: () => true, configurable: true }};"
        " for (const name of ['ended', 'paused']) Object.defineProperty(video, name, end);"
        f" {PLAYER}.toggle(); video.dispatchEvent(new Event('pause')); delete video.ended; delete video.paused; }}"
    )
    stays_still(page)
