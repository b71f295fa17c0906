"""The player's avatar in Chromium: as the skeleton moves and from where one looks at it, drawn by three.js."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from factory import walking, with_observed
from pose3d.core.ground import Planted
from pose3d.core.resources import ASSETS
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.motion.humanoid import BONES
from pose3d.view import player_data, skeleton_html
from pose3d.view.body import person
from pose3d.view.scene import scene, to_display
from tests.browser.player_page import PLAYER, PROJECT, STILL, VIDEO, opened, wait, write_page

RATE = 25
TIMES = np.arange(60) / RATE
BOX = "display: block; width: 300px; height: 300px"
AVATAR = f"{PLAYER}.avatar"
DRAWN = f"{PLAYER}.bodies && {PLAYER}.drawn === {PLAYER}.due && {AVATAR}.viewed === {AVATAR}.view()"
NEAR, NEAR_AT_MOST = 0.0006, 0.001
"""Metres from the joints to where the avatar's bones start, at the median and at most: the joints are rounded."""
SOLE = 0.07
"""Metres from the ankles down to the soles, about."""
STARTS = H36M17.indices(*(bone.start for bone in BONES))
"""The joints that the bones turn about."""

SEEN = f"""(points) => {{
  const {{ plot, avatar }} = {PLAYER};
  return points.map((point) => {{
    const seen = new Pose3DThree.Vector3(...point).project(avatar.camera);
    return [((seen.x + 1) / 2) * plot.clientWidth, ((1 - seen.y) / 2) * plot.clientHeight];
  }});
}}"""
"""Where they are in the avatar's picture, as three.js draws it."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("avatar")


@pytest.fixture(scope="module")
def result(folder: Path) -> Result:
    return walking(folder / "walk.mp4", TIMES)


@pytest.fixture(scope="module")
def data(result: Result) -> dict:
    return player_data(result)


@pytest.fixture(scope="module")
def with_video(folder: Path, result: Result) -> Path:
    return write_page(folder / "with.html", result, BOX)


@pytest.fixture(scope="module")
def alone(folder: Path, result: Result) -> Path:
    return write_page(folder / "alone.html", result)


@pytest.fixture
def tab(browser):
    """Opens a new tab; a script's error or complaint on it fails the test."""
    contexts, problems = [], []

    def new(path: Path, script: str = "", **settings):
        settings = {"viewport": {"width": 800, "height": 900}, "locale": "en-US", "offline": True} | STILL | settings
        contexts.append(browser.new_context(**settings))
        page = contexts[-1].new_page()
        page.asked, page.problems = [], problems
        page.add_init_script(script)
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        return opened(page, path)

    yield new
    for context in contexts:
        context.close()
    assert not problems


def embodied(page):
    """The same page, with the avatar chosen and drawn."""
    page.locator(".pose3d-figure").select_option("avatar")
    wait(page, DRAWN)
    return page


def shown(page, frame: int):
    page.evaluate(f"{PLAYER}.seekFrame({frame})")
    wait(page, f"{PLAYER}.drawn === {frame} && {DRAWN} && !{PLAYER}.drawing")


def picture(page) -> np.ndarray:
    """(H, W, 3) the plot's box as it is on the screen."""
    with av.open(io.BytesIO(page.locator(".pose3d-stage").screenshot()), "r") as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)


def at(image: np.ndarray, place: np.ndarray) -> np.ndarray:
    x, y = np.round(place).astype(int)
    return image[y, x]


def colour(page, name: str) -> np.ndarray:
    value = page.evaluate(f"getComputedStyle(document.getElementById('player')).getPropertyValue('--{name}').trim()")
    return np.array(list(bytes.fromhex(value[1:])))


def joints(data: dict, frame: int, *names: str) -> list:
    return [data["joints"][frame][H36M17.index(name)] for name in names]


def test_left_is_orange_and_right_is_blue_where_the_skeleton_has_them(tab, alone, data):
    page = embodied(tab(alone))
    page.get_by_role("button", name="Front").click()
    for frame in 13, 25, 38:  # the feet are side by side
        shown(page, frame)
        image = picture(page)
        feet = np.add(joints(data, frame, "LAnkle", "RAnkle"), [0, 0, -SOLE / 2]).tolist()
        left, right = page.evaluate(SEEN, feet)
        (red, _, blue), (other_red, _, other_blue) = at(image, left), at(image, right)
        assert red > blue + 50 and other_blue > other_red + 50
        assert left[0] > right[0], "who faces the camera has the left hand at the picture's right"
        (chest,) = page.evaluate(SEEN, joints(data, frame, "Thorax"))
        assert np.abs(at(image, chest) - colour(page, "paper")).max() > 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme(tab, alone, scheme):
    page = embodied(tab(alone, color_scheme=scheme))
    page.get_by_role("button", name="Above").click()
    wait(page, DRAWN)
    image = picture(page)
    np.testing.assert_allclose(image[-20, 5], colour(page, "paper"), atol=2)
    tiles = np.abs(image - colour(page, "tile")).max(-1) <= 2
    assert tiles.mean() > 0.1
    page.evaluate("document.body.classList.add('dark')")
    wait(page, "document.querySelector('.pose3d-dark')")
    np.testing.assert_allclose(picture(page)[-20, 5], [0x17, 0x1A, 0x21], atol=2)


def test_a_shadow_lies_on_the_floor(tab, alone):
    """It darkens tiles, and nothing but tiles, where no body is."""
    page = embodied(tab(alone))
    page.get_by_role("button", name="Diagonal").click()
    shown(page, 20)
    tile, shadows = colour(page, "tile"), "{}.ground.shadow.visible = {}, {}.render()"
    with_shadow = picture(page)
    page.evaluate(shadows.format(AVATAR, "false", AVATAR))
    without = picture(page)
    changed = np.abs(with_shadow - without).max(-1) > 8
    assert changed.sum() > 500
    was_tile = np.abs(without - tile).max(-1) <= 26  # grid lines and their edges, too
    assert was_tile[changed].mean() > 0.9  # the others: the path, edges of the body
    assert np.all(with_shadow[changed].sum(-1) < without[changed].sum(-1))


def test_feet_that_stand_are_marked(tab, folder, result, data):
    stands = np.zeros((len(TIMES), 2), bool)
    stands[20:, 0] = True
    path = write_page(folder / "stands.html", replace(result, planted=Planted(result.world, stands)))
    page = embodied(tab(path))
    page.get_by_role("button", name="Above").click()
    rings = f"{AVATAR}.ground.rings.map(({{ visible }}) => visible)"
    ring = [[0.13, 0, 0], [0.092, 0.092, 0], [0.092, -0.092, 0]]  # metres, on its outer side
    for frame, left in (12, False), (25, True):  # the feet are side by side
        shown(page, frame)
        assert page.evaluate(rings) == [left, False]
        around = np.array(joints(data, frame, "LAnkle")) * [1, 1, 0] + ring
        image = picture(page)
        red, _, blue = np.transpose([at(image, place) for place in page.evaluate(SEEN, around.tolist())])
        assert np.any(red > blue + 100) == left, (red, blue)  # an arm may hide the others


def test_bones_start_where_the_humanoid_has_them(tab, alone, result):
    page = embodied(tab(alone))
    wanted = to_display(person(scene(result), result).starts())
    for frame in 0, 13, 31, 59:
        shown(page, frame)
        np.testing.assert_allclose(page.evaluate(f"{PLAYER}.bones()"), wanted[frame], atol=3e-4)


def test_bones_start_at_the_joints_of_a_real_result(tab, folder):
    """Of the example that the page shows at once."""
    kept = Result.load(ASSETS / "ahead")
    page = embodied(tab(write_page(folder / "kept.html", kept)))
    wanted, off = np.array(player_data(kept)["joints"]), []
    for frame in range(0, len(kept), 12):
        shown(page, frame)
        bones = np.array(page.evaluate(f"{PLAYER}.bones()"))
        off.append(np.linalg.norm(bones - wanted[frame, STARTS], axis=-1))
        np.testing.assert_allclose(page.evaluate(f"{PLAYER}.joints()"), wanted[frame], atol=1e-6)
    print(f"bones off by {1000 * np.median(off):.1f} mm at the median, {1000 * np.max(off):.1f} mm at most")
    assert np.median(off) < NEAR and np.max(off) < NEAR_AT_MOST


def test_in_step_with_the_video(tab, with_video, data):
    page = embodied(tab(with_video))
    random = np.random.default_rng(5)
    for frame, within in zip(random.integers(0, len(TIMES), 6), random.uniform(0.1, 0.9, 6), strict=True):
        page.evaluate(f"{VIDEO}.currentTime = {TIMES[frame] + within / RATE}")
        wait(page, f"!{VIDEO}.seeking && {PLAYER}.frame === {frame} && {DRAWN}")
        np.testing.assert_allclose(page.evaluate(f"{PLAYER}.bones()[0]"), data["joints"][frame][0], atol=1e-3)


def test_in_step_while_the_video_plays(tab, with_video):
    """Of every frame that is drawn: where the video is, and where the hips are, once it is."""
    page = embodied(tab(with_video))
    page.evaluate(
        f"() => {{ const player = {PLAYER}, draw = player.draw.bind(player); window.log = [];"
        f" player.draw = (frame) => {{ const at = {VIDEO}.currentTime; draw(frame);"
        " log.push([frame, at, player.bones()[0][0] - player.data.joints[frame][0][0]]); }; player.play(); }"
    )
    wait(page, "log.length >= 15")
    frames, moments, off = np.array(page.evaluate("log")).T
    assert np.all(np.abs(frames - np.floor(moments * RATE)) <= 1), "more than a frame apart"
    assert np.abs(off).max() < 1e-3


def test_the_camera_is_the_plot_s(tab, alone, data):
    """To half a pixel: from a view, turned and zoomed by the mouse, following while it plays, in another size."""
    page = embodied(tab(alone))

    def same():
        page.wait_for_timeout(200)  # Plotly draws a moment later
        frame = page.evaluate(f"{PLAYER}.frame")
        points = data["joints"][frame] + [[0, 0, 0], [-0.5, 0.7, 0.1]]
        seen = np.array(page.evaluate(SEEN, points))
        np.testing.assert_allclose(seen, page.evaluate(PROJECT, points), atol=0.5)
        return seen

    last = same()

    def other():
        nonlocal last
        before, last = last, same()
        assert np.abs(last - before).max() > 5, "nothing moved"

    page.get_by_role("button", name="Side").click()
    other()
    box = page.locator(".pose3d-plot").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 90, box["y"] + box["height"] / 2 - 20, steps=4)
    page.mouse.up()
    other()
    page.mouse.wheel(0, 300)
    other()
    page.get_by_role("button", name="Follow").click()
    other()
    pelvis = []
    for frame in 10, 50:
        shown(page, frame)
        pelvis.append(same()[0, 0])
    assert abs(pelvis[1] - pelvis[0]) < 1, "who is followed stays in the middle"
    page.set_viewport_size({"width": 500, "height": 900})
    other()


@pytest.mark.parametrize("ratio, drawn", [(1, 1), (1.5, 1.5), (3, 2)])
def test_canvas_lies_on_the_plot(tab, alone, ratio, drawn):
    page = embodied(tab(alone, viewport={"width": 390, "height": 800}, device_scale_factor=ratio))
    page.set_viewport_size({"width": 480, "height": 800})
    size = f"{PLAYER}.plot.clientWidth * {drawn}"
    wait(page, f"Math.abs({AVATAR}.canvas.width - {size}) <= 1")
    assert page.locator(".pose3d-avatar").bounding_box() == page.locator(".pose3d-plot").bounding_box()
    assert page.evaluate("document.documentElement.scrollWidth") <= 480


def test_trail_is_drawn_and_joints_are_on_the_video(tab, with_video, data):
    page = embodied(tab(with_video))
    page.get_by_role("button", name="Front").click()
    shown(page, 40)
    before = picture(page)
    page.get_by_label("Show path of").select_option("LWrist")
    page.get_by_label("Joints on the video").check()
    wait(page, DRAWN)
    places = page.evaluate(SEEN, [joints(data, frame, "LWrist")[0] for frame in range(41 - RATE, 41, 4)])
    after = picture(page)
    marked = [np.abs(at(after, place) - colour(page, "ink")).max() <= 40 for place in places]
    assert sum(marked) >= 3, "the body hides the others"
    assert np.abs(after - before).max() > 50
    assert page.locator(".pose3d-overlay").is_visible()
    page.get_by_label("Show path of").select_option("")
    wait(page, DRAWN)
    np.testing.assert_allclose(picture(page), before, atol=2)


def test_back_to_the_skeleton(tab, alone, data):
    page = tab(alone)
    page.evaluate(f"{PLAYER}.seekFrame(5)")
    page.locator("#player").focus()
    page.keyboard.press("a")
    wait(page, DRAWN)
    assert page.locator(".pose3d-figure").input_value() == "avatar"
    assert page.get_by_text("hollow ring: not seen").is_hidden()
    shown(page, 33)
    page.keyboard.press("a")
    wait(page, f"!{PLAYER}.bodies && {PLAYER}.drawn === 33 && !{PLAYER}.drawing")
    assert page.locator(".pose3d-avatar").is_hidden() and page.evaluate(f"{PLAYER}.bones()") is None
    np.testing.assert_allclose(page.evaluate(f"{PLAYER}.joints()"), data["joints"][33], atol=1e-6)


def test_nobody_is_hidden_and_everybody_has_a_body(tab, folder, result):
    root = (result.pose3d.root + [0.0, 0.0, 1.5]).astype(np.float32)
    other = replace(result, pose3d=replace(result.pose3d, root=root), person=2)
    seen = np.ones((len(TIMES), 17), bool)
    seen[:20] = False  # 0.8 s
    other = with_observed(other, seen)
    path = folder / "scene.html"
    path.write_text(skeleton_html(result, others=[other]), encoding="utf-8")
    page = embodied(tab(path))
    data = player_data(result, [other])
    for frame, visible in (10, [True, False]), (40, [True, True]):
        shown(page, frame)
        assert page.evaluate(f"{AVATAR}.bodies.map(({{ mesh }}) => mesh.visible)") == visible
        for number, one in enumerate((data, *data["others"])):
            hips = page.evaluate(f"{PLAYER}.bones({number})[0]")
            np.testing.assert_allclose(hips, one["joints"][frame][0], atol=1e-3)


def test_skeleton_html_needs_nothing_else(tab, folder, result):
    path = folder / "skeleton.html"
    path.write_text(skeleton_html(result), encoding="utf-8")
    page = embodied(tab(path))
    page.evaluate(f"{PLAYER}.play()")
    wait(page, f"{PLAYER}.frame > 5")
    assert page.asked == [path.as_uri()]


def test_three_comes_when_it_is_wanted(tab, alone):
    page = tab(alone)
    assert not any("three" in address for address in page.asked)
    embodied(page)
    (script,) = (address for address in page.asked if "three" in address)
    pinned = json.loads((ASSETS.parent / "tools" / "three" / "package.json").read_text())["dependencies"]["three"]
    assert script.endswith("three.min.js") and page.evaluate("Pose3DThree.REVISION") == pinned.split(".")[1]


def test_without_three_the_skeleton_stays(tab, alone, data):
    page = tab(alone)
    page.evaluate("Pose3DPlayer.three = 'missing.js'")
    page.evaluate(f"{PLAYER}.setFigure('avatar')")
    wait(page, f"{PLAYER}.figure === 'skeleton' && !{PLAYER}.drawing")
    assert page.locator(".pose3d-figure").is_hidden()
    (problem,) = page.problems
    assert "ERR_FILE_NOT_FOUND" in problem
    page.problems.clear()
    np.testing.assert_allclose(page.evaluate(f"{PLAYER}.joints()"), data["joints"][0], atol=1e-6)


NO_WEBGL = """const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind === "webgl2" ? null : real.call(this, kind, ...rest);
};"""


def test_without_webgl_it_is_not_offered(tab, alone, data):
    page = tab(alone, NO_WEBGL)
    assert page.locator(".pose3d-figure").is_hidden()
    page.keyboard.press("a")
    page.evaluate(f"{PLAYER}.seekFrame(9)")
    wait(page, f"{PLAYER}.frame === 9 && !{PLAYER}.drawing")
    np.testing.assert_allclose(page.evaluate(f"{PLAYER}.joints()"), data["joints"][9], atol=1e-6)
    assert page.locator(".pose3d-avatar").count() == 0


def test_destroy_frees_the_context(tab, alone):
    page = embodied(tab(alone))
    page.evaluate(f"() => {{ window.gl = {AVATAR}.renderer.getContext(); {PLAYER}.destroy(); }}")
    wait(page, "gl.isContextLost()")
    assert page.locator("canvas").count() == 0
