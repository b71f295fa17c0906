"""The player on a small page, over made-up poses, with a video as its clock or with its own."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from factory import walking
from pose3d.core.colours import COLOURS
from pose3d.core.ground import Planted
from pose3d.core.skeleton import H36M17
from pose3d.view import player_data, skeleton_html
from tests.browser.player_page import PLAYER, PROJECT, STILL, VIDEO, wait, write_page
from tests.browser.timing import script_per_frame

RATE = 25
TIMES = np.arange(60) / RATE
BOX = "display: block; width: 300px; height: 300px; object-fit: contain; background: black"
DRAWN = f"{PLAYER}.ready && !{PLAYER}.drawing && {PLAYER}.drawn === {PLAYER}.due"
CAMERA = f"{PLAYER}.plot._fullLayout.scene._scene.getCamera()"
"""From what is drawn, not from the layout."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("player")


@pytest.fixture(scope="module")
def result(folder: Path):
    return walking(folder / "walk.mp4", TIMES)


@pytest.fixture(scope="module")
def data(result):
    return player_data(result)


@pytest.fixture(scope="module")
def with_video(folder: Path, result) -> Path:
    return write_page(folder / "with.html", result, BOX)


@pytest.fixture(scope="module")
def alone(folder: Path, result) -> Path:
    return write_page(folder / "alone.html", result)


@pytest.fixture
def tab(tab):
    """Nothing plays by itself in it."""
    return lambda path, **settings: tab(path, **(STILL | settings))


def test_in_step_with_the_video_at_ten_moments(tab, with_video, data):
    page = tab(with_video)
    random = np.random.default_rng(5)
    for frame, within in zip(random.integers(0, len(TIMES), 10), random.uniform(0.1, 0.9, 10), strict=True):
        page.evaluate(f"{VIDEO}.currentTime = {TIMES[frame] + within / RATE}")
        wait(page, f"!{VIDEO}.seeking && {PLAYER}.frame === {frame} && {DRAWN}")
        np.testing.assert_allclose(page.evaluate(f"{PLAYER}.joints()"), data["joints"][frame], atol=1e-6)


def test_in_step_while_the_video_plays(tab, with_video):
    """Of every frame that is drawn: where the video is when drawing begins."""
    page = tab(with_video)
    page.evaluate(
        f"() => {{ const player = {PLAYER}, draw = player.draw.bind(player); window.log = [];"
        f" player.draw = (frame) => {{ log.push([frame, {VIDEO}.currentTime]); return draw(frame); }};"
        " player.play(); }"
    )
    wait(page, "log.length >= 10")
    frames, moments = np.array(page.evaluate("log")).T
    assert np.all(np.abs(frames - np.floor(moments * RATE)) <= 1), "more than a frame apart"


@pytest.mark.parametrize("kind", ["with_video", "alone"])
def test_loop_can_be_switched_off(tab, kind, request):
    page = tab(request.getfixturevalue(kind))
    page.evaluate(
        f"() => {{ const player = {PLAYER}, draw = player.draw.bind(player); window.log = [];"
        " player.draw = (frame) => { log.push(frame); return draw(frame); }; }"
    )
    loop = page.get_by_role("button", name="Loop")
    assert loop.get_attribute("aria-pressed") == "true"
    page.evaluate(f"{PLAYER}.seek({TIMES[-8]}), {PLAYER}.play()")
    wait(page, f"log.some((frame) => frame < {len(TIMES) - 8})")
    loop.click()
    assert loop.get_attribute("aria-pressed") == "false"
    page.evaluate(f"{PLAYER}.seek({TIMES[-8]}), {PLAYER}.play()")
    wait(page, f"!{PLAYER}.playing && {PLAYER}.frame === {len(TIMES) - 1} && {DRAWN}")
    page.evaluate("log.length = 0")
    page.get_by_role("button", name="Play").click()
    wait(page, f"log.length && log[0] < {len(TIMES) - 8}")


@pytest.mark.parametrize("kind", ["with_video", "alone"])
def test_steps_and_keys(tab, kind, request, data):
    page = tab(request.getfixturevalue(kind))

    def shows(frame):
        wait(page, f"{PLAYER}.frame === {frame} && {DRAWN} && !{PLAYER}.playing", 20)

    for _ in range(3):
        page.get_by_role("button", name="One frame forward").click()
    shows(3)
    page.get_by_role("button", name="One frame back").click()
    shows(2)
    page.keyboard.press("End")
    shows(len(TIMES) - 1)
    page.wait_for_timeout(300)  # Chromium may call a video ended now: no reason to start again
    shows(len(TIMES) - 1)
    page.keyboard.press("ArrowLeft")
    shows(len(TIMES) - 2)
    page.keyboard.press("Home")
    shows(0)
    page.locator(".pose3d-plot").click(position={"x": 20, "y": 60})
    page.keyboard.press("Space")
    wait(page, f"{PLAYER}.playing && {PLAYER}.due > 3")
    page.get_by_role("button", name="One frame forward").click()
    wait(page, f"!{PLAYER}.playing")
    page.keyboard.press("l")
    assert not page.evaluate(f"{PLAYER}.loop")
    for key, name in zip("1234", ("front", "side", "top", "corner"), strict=True):
        page.keyboard.press(key)
        wait(page, f"{aside(data['views'][name]['direction'])} < 0.01", 20)


def test_keys_turn_and_zoom(tab, alone):
    page = tab(alone)
    page.locator("#player").focus()

    def after(key):
        before = offset(page.evaluate(CAMERA))
        page.keyboard.press(key)
        page.wait_for_timeout(300)
        return before, offset(page.evaluate(CAMERA))

    for key, closer in ("+", 1.1), ("=", 1.1), ("-", 1 / 1.1):
        before, now = after(key)
        np.testing.assert_allclose(now, before / closer, rtol=1e-3)
    for key in "Shift+ArrowLeft", "Shift+ArrowUp":
        before, now = after(key)
        assert np.degrees(np.arccos(unit(before) @ unit(now))) > 8


def aside(direction) -> str:
    """JavaScript: how far the viewer's direction is from this one."""
    return (
        f"(({{ eye, center }}, want) => {{ const way = [0, 1, 2].map((k) => Object.values(eye)[k] -"
        f" Object.values(center)[k]); return Math.hypot(...way.map((v, k) => v / Math.hypot(...way) - want[k])); }})"
        f"({CAMERA}, {list(direction.values())})"
    )


def test_everything_is_reached_with_the_keyboard_and_seen_there(tab, with_video):
    page = tab(with_video)
    reached = set()
    for _ in range(page.locator("#player :is(button, select, input)").count() + 1):  # and the player itself
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "(({ activeElement: at }) => [at.ariaLabel || at.labels?.[0]?.firstChild.textContent.trim() ||"
            " (at.labels?.[0] ?? at).textContent, getComputedStyle(at).outlineStyle])(document)"
        )
        assert outline != "none", name
        reached.add(name.strip())
    wanted = {"3D player", "One frame back", "Play", "One frame forward", "Loop", "Speed", "Frame", "Figure"}
    assert reached == wanted | {"Show path of", "Joints on the video", "Front", "Side", "Above", "Diagonal", "Follow"}


def test_follow_keeps_the_orbit_and_the_zoom(tab, alone, data):
    page = tab(alone)
    page.get_by_role("button", name="Follow").click()
    box = page.locator(".pose3d-plot").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.evaluate(f"{PLAYER}.play()")
    page.mouse.down()
    page.mouse.move(x + 90, y - 20, steps=4)
    page.mouse.up()
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(300)
    seen = [page.evaluate(f"[{PLAYER}.drawn, {CAMERA}]")]
    for _ in range(3):
        wait(page, f"Math.abs({PLAYER}.drawn - {seen[-1][0]}) > 3")
        seen.append(page.evaluate(f"[{PLAYER}.drawn, {CAMERA}]"))
    first = offset(seen[0][1])
    assert page.evaluate(aside(data["views"]["corner"]["direction"])) > 0.3, "the mouse turned it"
    for frame, camera in seen:
        np.testing.assert_allclose(offset(camera), first, atol=1e-4)
        np.testing.assert_allclose(point(camera["center"])[:2], pelvis(data, frame), atol=1e-3)
    page.get_by_role("button", name="Follow").click()
    np.testing.assert_allclose(point(page.evaluate(CAMERA)["center"]), point(data["views"]["corner"]["centre"]))
    np.testing.assert_allclose(unit(offset(page.evaluate(CAMERA))), unit(first), atol=1e-4)


def test_who_goes_far_is_followed_at_first(tab, tmp_path):
    """At 10 m/s in 3 s all of the way would show a dwarf."""
    result = walking(tmp_path / "far.mp4", np.arange(75) / 25)
    root = (result.pose3d.root * [10, 1, 1]).astype(np.float32)
    result = replace(result, pose3d=replace(result.pose3d, root=root))
    data, page = player_data(result), tab(write_page(tmp_path / "far.html", result))
    follow = page.get_by_role("button", name="Follow")
    assert follow.get_attribute("aria-pressed") == "true"

    def seen(frame):
        """Of the plot's height, and the pelvis's place across its width."""
        page.evaluate(f"{PLAYER}.seekFrame({frame})")
        wait(page, f"{PLAYER}.drawn === {frame} && {DRAWN}")
        page.wait_for_timeout(200)  # Plotly draws a moment later
        joints = np.array(page.evaluate(PROJECT, data["joints"][frame]))
        wide, tall = page.evaluate(f"[{PLAYER}.plot.clientWidth, {PLAYER}.plot.clientHeight]")
        assert joints.min() > 0 and np.all(joints.max(0) < [wide, tall])
        return np.ptp(joints[:, 1]) / tall, joints[0, 0] / wide

    for frame in 0, 74:
        size, place = seen(frame)
        assert size > 0.4 and abs(place - 0.5) < 0.01
    follow.click()
    assert seen(0)[0] < 0.2


def point(xyz) -> np.ndarray:
    return np.array(list(xyz.values())) if isinstance(xyz, dict) else np.array(xyz)


def offset(camera) -> np.ndarray:
    return point(camera["eye"]) - point(camera["center"])


def unit(way: np.ndarray) -> np.ndarray:
    return way / np.linalg.norm(way)


def pelvis(data, frame) -> np.ndarray:
    """Its x and y in Plotly's units."""
    scene = data["figure"]["layout"]["scene"]
    ranges = np.array([scene[axis]["range"] for axis in ("xaxis", "yaxis")])
    ratio = np.array([scene["aspectratio"][axis] for axis in "xy"])
    return (data["joints"][frame][0][:2] - ranges.mean(axis=1)) / np.ptp(ranges, axis=1) * ratio


def test_feet_that_stand_are_marked_and_a_shadow_lies_below(tab, folder, result, alone):
    stands = np.stack([np.arange(len(TIMES)) % 20 < 10, np.arange(len(TIMES)) % 20 >= 15], axis=1)
    planted = replace(result, planted=Planted(result.world, stands))
    data, page = player_data(planted), tab(write_page(folder / "stands.html", planted))
    rings, shadows = (f"{PLAYER}.plot.data.filter(({{ name }}) => name === '{name}')" for name in ("stands", "shadow"))
    points = "({ x, y, z }) => x.map((_, n) => [x[n], y[n], z[n]])"
    sunk = data["figure"]["data"][0]["z"][0]
    for frame in 5, 12, 17:
        page.evaluate(f"{PLAYER}.seekFrame({frame})")
        wait(page, f"{PLAYER}.frame === {frame} && {DRAWN}")
        assert page.evaluate(f"{rings}.map(({{ opacity }}) => opacity)") == stands[frame].astype(int).tolist()
        joints = np.array(data["joints"][frame])
        for ring, foot in zip(page.evaluate(f"{rings}.map({points})"), data["feet"], strict=True):
            around = np.array(ring) - joints[foot]
            np.testing.assert_allclose(np.linalg.norm(around[:, :2], axis=1), 0.13, atol=1e-6)
            assert np.all(around[:, 2] < 0) and np.all(np.array(ring)[:, 2] > sunk)
        (shadow,) = page.evaluate(f"{shadows}.map({points})")
        visited = [j for limb in data["limbs"] for j in limb]
        for point, j in zip(shadow, visited, strict=True):
            assert point == [None] * 3 if j is None else point[:2] == data["joints"][frame][j][:2]
    assert page.evaluate(f"{shadows}[0].line.color") == "#c0c6d0"
    assert page.get_by_text("foot stands").is_visible()
    assert tab(alone).get_by_text("foot stands").count() == 0, "of it, nothing is known"


@pytest.mark.parametrize("following", [False, True])
def test_lengths_on_the_floor_are_whole_and_apart(tab, tmp_path, following):
    """From every side, with a floor of 8 m: as Plotly puts them."""
    result = walking(tmp_path / "far.mp4", np.arange(75) / 25)
    root = (result.pose3d.root * [2, 1, 1] + [[0, 0, 2.5 * time] for time in result.times]).astype(np.float32)
    result = replace(result, pose3d=replace(result.pose3d, root=root))
    data, page = player_data(result), tab(write_page(tmp_path / "far.html", result))
    page.evaluate(f"{PLAYER}.setFollow({str(following).lower()})")
    scale = data["figure"]["data"][3]
    places = list(zip(scale["x"], scale["y"], scale["z"], strict=True))
    wide, tall = page.evaluate(f"[{PLAYER}.plot.clientWidth, {PLAYER}.plot.clientHeight]")
    most = 0
    for view in "corner", "front", "side", "top":
        page.evaluate(f"{PLAYER}.view('{view}')")
        page.wait_for_timeout(300)  # Plotly draws a moment later
        texts = page.evaluate(f"{PLAYER}.plot._fullData[3].text")
        shown = [place for place, text in zip(page.evaluate(PROJECT, places), texts, strict=True) if text]
        assert all(10 < x < wide - 10 and 0 < y < tall - 20 for x, y in shown), view
        for n, (x, y) in enumerate(shown):
            assert all(abs(x - a) > 20 or abs(y - b) > 12 for a, b in shown[:n]), view
        most = max(most, len(shown))
    assert following or most >= 5


def test_a_small_floor_has_a_length_too(tab, tmp_path):
    """Of 2 x 2 m, from the first look: inside the plot, with its unit."""
    result = walking(tmp_path / "spot.mp4", np.arange(25) / 25)
    still = replace(result.pose3d, root=np.full_like(result.pose3d.root, 4) * np.array([0, 0, 1], np.float32))
    result = replace(result, pose3d=still)
    page, scale = tab(write_page(tmp_path / "spot.html", result)), player_data(result)["figure"]["data"][3]
    assert np.ptp(player_data(result)["figure"]["data"][0]["x"]) <= 2
    for view in "corner", "front", "side":
        page.evaluate(f"{PLAYER}.view('{view}')")
        wait(page, f"{PLAYER}.plot._fullData[3].text.some((text) => text)")
        texts, sides = page.evaluate(f"[{PLAYER}.plot._fullData[3].text, {PLAYER}.plot._fullData[3].textposition]")
        wide, tall = page.evaluate(f"[{PLAYER}.plot.clientWidth, {PLAYER}.plot.clientHeight]")
        places = page.evaluate(PROJECT, list(zip(scale["x"], scale["y"], scale["z"], strict=True)))
        for (x, y), text, side in zip(places, texts, sides, strict=True):
            assert not text or (10 < x < wide - 10 and (20 < y < tall if side == "top center" else 0 < y < tall - 20))
        assert all(text in ("", "1 m", "2 m") for text in texts)


def test_trail_is_the_last_second_of_a_joint(tab, alone, data):
    page = tab(alone)
    trail = f"{PLAYER}.plot.data.at(-1)"
    page.evaluate(f"{PLAYER}.seek({TIMES[40]} + 0.01)")
    page.get_by_label("Show path of").select_option("RWrist")
    wait(page, f"{DRAWN} && {trail}.x.length > 0")
    drawn = np.array(page.evaluate(f"[{trail}.x, {trail}.y, {trail}.z]")).T
    expected = np.array(data["joints"])[40 - RATE : 41, H36M17.index("RWrist")]
    np.testing.assert_allclose(drawn, expected, atol=1e-6)
    assert page.evaluate(f"{PLAYER}.plot._fullData.at(-1).visible") is True
    np.testing.assert_allclose(page.evaluate(f"{PLAYER}.joints()"), data["joints"][40])
    page.get_by_label("Show path of").select_option("")
    wait(page, f"{DRAWN} && {trail}.x.length === 0")


@pytest.mark.parametrize("fit", ["contain", "cover", "fill"])
def test_overlay_lands_on_the_joint(tab, folder, result, fit):
    style = f"display: block; width: 300px; height: 340px; margin: 11px; object-fit: {fit}"
    page = tab(write_page(folder / f"{fit}.html", result, style))
    page.evaluate(f"{PLAYER}.seek({TIMES[31]} + 0.01)")
    page.get_by_label("Joints on the video").check()
    wait(page, f"!{VIDEO}.seeking && {VIDEO}.readyState > 1 && {DRAWN}")
    picture = pixels(page.screenshot())
    box = page.locator("video").bounding_box()
    size, room = np.array([160, 120]), np.array([300, 340])
    scale = {"contain": min(room / size), "cover": max(room / size), "fill": room / size}[fit]
    for side, name in ("right", "RShoulder"), ("left", "LKnee"), ("middle", "Head"):
        in_box = result.pose2d.xy[31, H36M17.index(name)] * scale + (room - size * scale) / 2
        x, y = np.round(in_box + [box["x"], box["y"]]).astype(int)
        np.testing.assert_allclose(picture[y, x], list(bytes.fromhex(COLOURS[side][1:])), atol=12, err_msg=name)
    page.get_by_label("Joints on the video").uncheck()
    assert page.locator(".pose3d-overlay").is_hidden()


def pixels(png: bytes) -> np.ndarray:
    with av.open(io.BytesIO(png), "r") as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)


def test_nothing_is_left_over_the_video(tab, with_video):
    page = tab(with_video)
    page.evaluate(f"{PLAYER}.setOverlay(true), {PLAYER}.destroy()")
    assert page.locator("canvas").count() == 0
    assert page.evaluate(f"getComputedStyle({VIDEO}.parentElement).position") == "static"


def test_without_a_video_no_joints_are_offered_on_it(tab, alone, result):
    page = tab(alone)
    assert page.get_by_label("Joints on the video").is_hidden()
    assert '"pose2d":null' in skeleton_html(result)


def test_both_languages_have_the_same_words(tab, folder, result):
    page = tab(write_page(folder / "zh.html", result, BOX, language="zh-CN"))
    words = page.evaluate("Pose3DPlayer.WORDS")
    assert words["en"].keys() == words["zh"].keys()
    assert all(words["en"].values()) and not set(words["en"].values()) & set(words["zh"].values())
    joints = page.evaluate("Pose3DPlayer.JOINTS")
    assert all(set(called) == set(H36M17.joints) and len(set(called.values())) == 17 for called in joints.values())
    for name, side in zip(H36M17.joints, H36M17.sides, strict=True):
        marks = {"left": ("left ", "左"), "right": ("right ", "右"), "middle": ("", "")}[side]
        assert all(joints[language][name].startswith(mark) for language, mark in zip(("en", "zh"), marks, strict=True))
    labels = page.eval_on_selector_all("#player, #player [aria-label]", "all => all.map(at => at.ariaLabel)")
    assert set(labels) <= set(words["zh"].values())
    text = page.locator("#player").inner_text()
    names = {"s", "m"}
    left = {word for word in "".join(c if c.isalpha() and c.isascii() else " " for c in text).split()}
    assert left <= names, left - names


@pytest.mark.parametrize("locale, follow, note", [("zh-TW", "跟随", "60 帧"), ("de-DE", "Follow", "60 frames")])
def test_language_of_the_browser(tab, folder, result, locale, follow, note):
    (folder / "skeleton.html").write_text(skeleton_html(result), encoding="utf-8")
    page = tab(folder / "skeleton.html", locale=locale)
    assert page.locator("[data-view=follow]").inner_text() == follow
    (shown,) = (p for p in page.locator("p").all() if p.is_visible())
    assert shown.inner_text().startswith(note)


def test_hollow_is_explained_where_there_are_any(tab, folder, result, alone):
    assert tab(alone).get_by_text("hollow ring: not seen").is_visible()
    page = tab(write_page(folder / "seen.html", result, interpolated=[[] for _ in TIMES]))
    assert page.get_by_text("hollow ring: not seen").count() == 0


@pytest.mark.parametrize("width", [1280, 320])
def test_the_legend_is_never_over_the_head(tab, alone, width):
    page = tab(alone, viewport={"width": width, "height": 900})
    legend, plot = (page.locator(f".pose3d-{part}").bounding_box() for part in ("legend", "plot"))
    assert legend["y"] + legend["height"] <= plot["y"]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_and_texts_are_legible(tab, with_video, tmp_path, width, scheme):
    page = tab(with_video, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.screenshot(path=tmp_path / f"player-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in page.locator("#player :is(button, select, input, label, output, .pose3d-legend span)").all():
        box, around = part.bounding_box(), page.locator("#player").bounding_box()
        assert around["x"] <= box["x"] and box["x"] + box["width"] <= around["x"] + around["width"]
    for text, ground in ("ink", "paper"), ("faint", "paper"), ("faint", "tile"), ("sign", "accent"):
        assert contrast(*(colour(page, name) for name in (text, ground))) >= 4.5, (text, ground)


def colour(page, name) -> np.ndarray:
    value = page.evaluate(f"getComputedStyle(document.getElementById('player')).getPropertyValue('--{name}').trim()")
    return np.array(list(bytes.fromhex(value[1:]))) / 255


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """By WCAG 2."""
    linear = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in (one, other)]
    dark, light = sorted(float(c @ [0.2126, 0.7152, 0.0722]) for c in linear)
    return (light + 0.05) / (dark + 0.05)


def test_a_long_clip_is_drawn(tab, tmp_path):
    """900 frames at 1280 x 800; -s prints the CPU time that the page's main thread spends in script for each drawn.

    Chrome's own count (ScriptDuration in thread ticks): the player, Plotly.update, the issue of WebGL calls by Plotly's
    picture loop. Not counted is waiting: for the software WebGL of the test machine, which paints in other threads
    (its readPixels holds the wall clock up for about 90 ms a frame), and for other processes on the same cores.
    """
    result = walking(tmp_path / "long.mp4", np.arange(900) / 30)
    page = tab(write_page(tmp_path / "long.html", result, BOX), viewport={"width": 1280, "height": 800})
    spent, frames = script_per_frame(page)
    print(f"{spent:.1f} ms of script a frame, {frames} frames")
    assert frames > 10
