"""report.html, opened from disk in Chromium with the network off."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from factory import walking, with_observed
from pose3d.analysis import quality
from pose3d.core.config import RunConfig
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.view import report_html

TIMES = np.arange(50) / 25.0
START, LOST = 0.4, slice(20, 35)
"""The clip is the video from 0.4 s on, and the person is lost in it from 1.2 s to 1.8 s of the video."""
PLAYER = "document.getElementById('player').pose3d"
CHARTS = ("knees", "elbows", "height", "speed")
PLACE = """(name, time) => {
  const { xaxis, _size: inner } = document.getElementById(`chart-movement-${name}`)._fullLayout;
  return inner.l + xaxis.l2p(time);
}"""
"""Pixels from a chart's left edge to a moment in it."""
DRAWN = "document.querySelectorAll('.now').length === document.querySelectorAll('.chart').length"
MARKED = "parseFloat(document.querySelector('#chart-movement-{} .now').style.left)"
CONTRAST = """(selector) => {
  const parts = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (rgb) => rgb.map((v) => v / 255).map((v) => (v <= 0.04 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const weight = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const element = document.querySelector(selector);
  let behind = element;
  while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
  const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor]
    .map((text) => weight(light(parts(text))) + 0.05);
  return Math.max(a, b) / Math.min(a, b);
}"""
"""Ratio of an element's text to what is behind it, after WCAG."""


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory) -> Result:
    """Of a clip in which the person is lost for a while."""
    folder = tmp_path_factory.mktemp("clip")
    result = walking(folder / "walk.mp4", TIMES, start=START)
    observed = result.pose2d.observed.copy()
    observed[LOST] = False
    observed[: LOST.start, H36M17.index("LWrist")] = True
    # as a file whose pictures start a second after its sound: the report has no video and must not care
    video = replace(result.video, offset=1.0)
    return replace(with_observed(result, observed), config=RunConfig(height=1.8), video=video)


@pytest.fixture(scope="module")
def report(tmp_path_factory, spoilt) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report_html(spoilt), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser, report):
    """Opens the report in a window of some width and theme; nothing but the file is asked for, nothing complains."""
    contexts, asked, errors = [], [], []

    def open_page(width=1280, theme="light", touch=False):
        context = browser.new_context(
            offline=True, viewport={"width": width, "height": 900}, color_scheme=theme, has_touch=touch
        )
        contexts.append(context)
        context.route("http*://**", lambda route: route.abort())
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(report.as_uri())
        wait(page, f"{PLAYER} && {PLAYER}.ready && {DRAWN}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert set(asked) == {report.as_uri()}, "nothing but the file itself is loaded"
    assert not errors


def wait(page, condition: str, seconds: float = 60.0) -> None:
    """Until the JavaScript expression is true; the page's security policy forbids Playwright's wait_for_function."""
    end = time.monotonic() + seconds
    while not page.evaluate(f"Boolean({condition})"):
        assert time.monotonic() < end, f"not true after {seconds:g} s: {condition}"
        page.wait_for_timeout(30)


def test_plays_with_the_network_off(opened):
    page = opened()
    before = page.evaluate(f"{PLAYER}.joints()")
    page.click("#player .pose3d-play")
    wait(page, f"{PLAYER}.playing && {PLAYER}.frame > 5")
    page.evaluate(f"{PLAYER}.pause()")
    wait(page, f"!{PLAYER}.playing && !{PLAYER}.drawing")
    assert np.abs(np.array(page.evaluate(f"{PLAYER}.joints()")) - before).max() > 0.01


def test_says_how_it_went_and_takes_the_player_there(opened, spoilt):
    page = opened()
    bar = page.get_by_role("meter")
    share = quality(spoilt).overall
    assert 0.3 < share < 0.6
    assert bar.get_attribute("aria-valuenow") == str(round(100 * share))
    share = round(share, 2)
    inner, outer = bar.locator("div").bounding_box(), bar.bounding_box()
    assert inner["width"] == pytest.approx(share * outer["width"], rel=0.02)
    page.get_by_role("button", name="from 1.2 s to 1.8 s").click()
    wait(page, f"{PLAYER}.frame === {LOST.start}")
    least = page.locator("table .moment").first
    least.click()
    wait(page, f"{PLAYER}.frame === {round((float(least.get_attribute('data-seconds')) - START) * 25)}")


def test_curves_follow_the_player_and_lead_it(opened):
    page = opened()
    page.evaluate(f"{PLAYER}.seek(1.0)")
    wait(page, f"{PLAYER}.frame === 25")
    wait(page, f"Math.abs({MARKED.format('knees')} - ({PLACE})('knees', {1.0 + START})) < 1")
    chart = page.locator("#chart-movement-speed")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    x = page.evaluate(f"({PLACE})('speed', {TIMES[-1]})")
    page.mouse.move(box["x"] + x - 4, box["y"] + box["height"] / 2)
    page.wait_for_timeout(300)
    page.mouse.click(box["x"] + x - 4, box["y"] + box["height"] / 2)
    wait(page, f"{PLAYER}.frame >= 37")


def test_curves_are_broken_where_nobody_was_seen(opened):
    values = opened().evaluate("document.getElementById('chart-movement-height').data[0].y")
    assert [row for row, value in enumerate(values) if value is None] == list(range(LOST.start, LOST.stop))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_fits_and_is_readable(opened, width, theme):
    page = opened(width, theme, touch=width == 390)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for name in CHARTS:
        box = page.locator(f"#chart-movement-{name}").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["width"] > 300
        assert (
            page.evaluate(f"document.querySelector('#chart-movement-{name} .main-svg').clientWidth") <= box["width"] + 1
        )
    for selector in ("h1", "header p", "section > p", ".verdict", ".verdict span", ".moment", "dt", "dd", "figcaption"):
        assert page.evaluate(CONTRAST, selector) >= 4.5, selector


def test_curves_change_with_the_theme(opened):
    page = opened()
    ink = "document.getElementById('chart-movement-knees').layout.font.color"
    light = page.evaluate(ink)
    page.emulate_media(color_scheme="dark")
    wait(page, f"{ink} !== {light!r}")


PAPERS = {"A4": (688, 1017), "Letter": (710, 950)}
"""Pixels (1/96 inch) of what can be printed between margins of 14 mm."""
SPLIT = """([height]) => [...document.querySelectorAll("figure, tr, li, dl, section:not(.seen, .asked)")]
  .filter((one) => getComputedStyle(one).breakInside !== "avoid" || one.offsetHeight > height)
  .map((one) => one.outerHTML.slice(0, 80))"""
WIDE = """([width]) => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > width + 1)
  .map((one) => one.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_fits_on_paper(opened, spoilt, paper, theme):
    """The page was drawn for a wide screen; printed, nothing is cut off or torn, and nothing is left to press."""
    page = opened(1280, theme)
    width, height = PAPERS[paper]
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) <= 5, "with what was asked: three before"
    page.evaluate("dispatchEvent = () => false")  # the drawings stay those of the screen, as they do for a printer
    page.emulate_media(media="print", color_scheme=theme)
    page.set_viewport_size({"width": width, "height": height})
    assert page.evaluate(WIDE, [width]) == []
    assert page.evaluate(SPLIT, [height]) == []
    assert page.locator("#player :is(button, select, input):visible").count() == 0
    stills = page.locator(".stills figure")
    box = stills.first.bounding_box()
    assert stills.count() > 2 and box["y"] + box["height"] < height, "the first pictures are on the first page"
    digest = page.get_by_text(spoilt.lifter.sha256)
    assert digest.bounding_box()["y"] > height, "nobody reads it first"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for selector in ("h1", "header p", ".verdict", ".moment", ".stills figcaption", "#player .pose3d-label", "dd"):
        assert page.evaluate(CONTRAST, selector) >= 4.5, selector
    for name in CHARTS:
        place = page.locator(f"#chart-movement-{name}").bounding_box()
        drawn = page.locator(f"#chart-movement-{name} .xaxislayer-above").first.bounding_box()
        assert place["x"] <= drawn["x"] and drawn["x"] + drawn["width"] <= place["x"] + place["width"] + 1


def test_a_picture_leads_to_its_moment(opened, spoilt):
    page = opened()
    picture = page.locator(".stills .moment").nth(1)
    assert page.evaluate("[...document.querySelectorAll('.stills img')].every((one) => one.naturalWidth === 160)")
    picture.click()
    wait(page, f"{PLAYER}.frame === {round((float(picture.get_attribute('data-seconds')) - START) * 25)}")
