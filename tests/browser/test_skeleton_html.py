"""skeleton.html, opened from disk in Chromium without a network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from factory import walking, with_observed
from pose3d import map_videos
from pose3d.view import libraries, player_data, skeleton_html
from tests.browser.player_page import PLAYER, STILL, wait

TIMES = np.arange(50) / 25.0
EYE = f"Object.values({PLAYER}.plot._fullLayout.scene._scene.getCamera().eye)"
"""Where the viewer stands, from what is drawn, not from the layout."""


@pytest.fixture
def page(browser):
    context = browser.new_context(offline=True, viewport={"width": 800, "height": 700}, **STILL)
    page = context.new_page()
    page.asked, page.errors = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    context.close()
    assert not page.errors


def opened(page, path: Path):
    page.goto(path.as_uri())
    wait(page, f"{PLAYER} && {PLAYER}.ready")
    return page


@pytest.fixture
def alone(page, tmp_path: Path):
    result = walking(tmp_path / "walk.mp4", TIMES)
    path = tmp_path / "skeleton.html"
    path.write_text(skeleton_html(result, title="</script><b>walk"), encoding="utf-8")
    yield opened(page, path)
    assert page.asked == [path.as_uri()], "nothing but the file itself is loaded"


def test_play_moves_the_joints_and_keeps_the_angle(alone):
    camera = {"eye": {"x": 1, "y": 1.5, "z": 0.7}, "center": {"x": 0, "y": 0, "z": 0}, "up": {"x": 0, "y": 0, "z": 1}}
    alone.evaluate(f"camera => Plotly.relayout({PLAYER}.plot, {{'scene.camera': camera}})", camera)
    before = alone.evaluate(f"{PLAYER}.joints()")
    np.testing.assert_allclose(alone.evaluate(EYE), [1, 1.5, 0.7])
    alone.get_by_role("button", name="Play").click()
    wait(alone, f"{PLAYER}.playing && {PLAYER}.frame > 5")
    alone.get_by_role("button", name="Pause").click()
    wait(alone, f"!{PLAYER}.playing && !{PLAYER}.drawing")
    after, frame = alone.evaluate(f"{PLAYER}.joints()"), alone.evaluate(f"{PLAYER}.frame")
    np.testing.assert_allclose(after, alone.evaluate(f"{PLAYER}.data.joints[{frame}]"))
    assert np.abs(np.array(after) - before).max() > 0.01
    np.testing.assert_allclose(alone.evaluate(EYE), [1, 1.5, 0.7])


def test_turning_with_the_mouse_while_playing(alone):
    before = alone.evaluate(EYE)
    alone.evaluate(f"{PLAYER}.play()")
    box = alone.locator(".pose3d-plot").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    alone.mouse.move(x, y)
    alone.mouse.down()
    for step in range(1, 9):
        alone.mouse.move(x + 15 * step, y)
        alone.wait_for_timeout(60)
    held, frame = alone.evaluate(EYE), alone.evaluate(f"{PLAYER}.frame")
    assert np.linalg.norm(np.subtract(held, before)) > 0.5
    wait(alone, f"{PLAYER}.frame != {frame}")
    np.testing.assert_allclose(alone.evaluate(EYE), held, err_msg="a frame drawn during the drag put the angle back")
    alone.mouse.up()
    alone.wait_for_timeout(300)
    np.testing.assert_allclose(alone.evaluate(EYE), held)


def test_keys_views_and_seek(alone):
    alone.locator(".pose3d-plot").click(position={"x": 20, "y": 20})
    for _ in range(3):
        alone.keyboard.press("ArrowRight")
    alone.keyboard.press("ArrowLeft")
    wait(alone, f"{PLAYER}.frame === 2")
    alone.keyboard.press("Space")
    wait(alone, f"{PLAYER}.playing")
    alone.keyboard.press("Space")
    wait(alone, f"!{PLAYER}.playing")
    alone.evaluate(f"{PLAYER}.seek(1.0)")
    wait(alone, f"{PLAYER}.frame === 25")
    eye = alone.evaluate(EYE)
    alone.get_by_role("button", name="Side").click()
    wait(alone, f"Math.hypot(...{EYE}.map((v, k) => v - {eye!r}[k])) > 0.5")


def test_wheel_and_the_page_s_dark_class(alone):
    box = alone.locator(".pose3d-plot").bounding_box()
    alone.mouse.move(box["x"] + 50, box["y"] + 50)
    eye = np.linalg.norm(alone.evaluate(EYE))
    alone.mouse.wheel(0, 400)
    wait(alone, f"Math.hypot(...{EYE}) > {eye * 1.05}")
    look = f"{PLAYER}.plot.data[0].color"
    light = alone.evaluate(look)
    alone.evaluate("document.body.classList.add('dark')")
    wait(alone, f"{look} !== {light!r}")
    alone.evaluate("document.body.classList.remove('dark')")
    wait(alone, f"{look} === {light!r}")


def test_slow_drawing_skips_frames_not_time(alone):
    alone.evaluate(
        "() => { const real = Plotly.restyle;"
        " Plotly.restyle = (...all) => new Promise((done) => setTimeout(() => done(real(...all)), 300)); }"
    )
    frame = alone.evaluate(
        f"async () => {{ {PLAYER}.play(); await new Promise((done) => setTimeout(done, 1500));"
        f" {PLAYER}.pause(); return {PLAYER}.clock.time }}"
    )
    assert 1.4 < frame < 1.95


def test_mounting_again_destroys_the_first(alone):
    assert alone.evaluate(
        f"() => {{ const first = {PLAYER}; const second = Pose3DPlayer.mount(first.element, first.data, null);"
        " return first.dead && !second.dead && second.element.pose3d === second }"
    )
    wait(alone, f"{PLAYER}.ready")
    assert alone.locator(".pose3d-plot").count() == 1
    alone.evaluate(f"{PLAYER}.destroy()")
    assert alone.locator("#player *").count() == 0


def test_the_video_is_the_clock(page, tmp_path: Path):
    """Uneven frame times; only a part of the video was chosen."""
    times = np.cumsum(np.tile([0.02, 0.04, 0.06, 0.08], 12)) - 0.02
    result = walking(tmp_path / "walk.mp4", times, start=0.5)
    text = (
        skeleton_html(result)
        .replace("img-src", "media-src file:; img-src")
        .replace('<div id="player">', '<video id="v" src="walk.mp4" muted width="160"></video><div id="player">')
        .replace(".textContent), null)", '.textContent), document.getElementById("v"))')
    )
    (tmp_path / "with.html").write_text(text, encoding="utf-8")
    opened(page, tmp_path / "with.html")
    offset, starts = player_data(result)["offset"], result.times
    wait(page, f"document.getElementById('v').currentTime >= {offset - 0.001}")
    for moment in (starts[3] + 0.01, starts[20] + 0.015):
        page.evaluate(f"document.getElementById('v').currentTime = {moment}")
        expected = int(np.searchsorted(starts, moment, side="right")) - 1
        wait(page, f"{PLAYER}.frame === {expected}")
    page.evaluate(f"{PLAYER}.seek({starts[5] - offset + 0.005})")
    wait(page, f"Math.abs(document.getElementById('v').currentTime - {starts[5] + 0.005}) < 0.002")
    page.evaluate("document.getElementById('v').play()")
    wait(page, f"{PLAYER}.playing && {PLAYER}.frame > 8")
    page.select_option(".pose3d-player select", "0.5")
    assert page.evaluate("document.getElementById('v').playbackRate") == 0.5
    page.get_by_role("button", name="Pause").click()
    wait(page, "document.getElementById('v').paused")


def test_nobody_is_hidden_and_said(page, tmp_path: Path):
    """It starts with the first frame that has somebody; before, the figure is gone and a note says why."""
    result = walking(tmp_path / "walk.mp4", TIMES)
    observed = result.pose2d.observed.copy()
    observed[:10] = False
    path = tmp_path / "late.html"
    path.write_text(skeleton_html(with_observed(result, observed)), encoding="utf-8")
    opened(page, path)
    traces = f"{PLAYER}.plot._fullData.slice({PLAYER}.data.moving).filter(({{ name }}) => name !== 'stands')"
    shown = f"{traces}.map((trace) => trace.opacity)"
    wait(page, f"{PLAYER}.frame === 10 && !{PLAYER}.drawing")
    assert set(page.evaluate(shown)) == {1} and "nobody seen" not in page.locator(".pose3d-label").inner_text()
    page.evaluate(f"{PLAYER}.seek({TIMES[4]} + 0.01)")
    wait(page, f"{PLAYER}.frame === 4 && !{PLAYER}.drawing")
    assert set(page.evaluate(shown)) == {0} and "nobody seen" in page.locator(".pose3d-label").inner_text()
    page.evaluate(f"{PLAYER}.seek({TIMES[12]} + 0.01)")
    wait(page, f"{PLAYER}.frame === 12 && !{PLAYER}.drawing")
    assert set(page.evaluate(shown)) == {1}


def test_everybody_moves_in_one_scene(page, tmp_path: Path):
    result = walking(tmp_path / "walk.mp4", TIMES)
    root = (result.pose3d.root + [0.0, 0.0, 1.5]).astype(np.float32)
    other = replace(result, pose3d=replace(result.pose3d, root=root), person=2)
    gone = np.ones((len(TIMES), 17), bool)
    gone[:20] = False  # 0.8 s
    other = with_observed(other, gone)
    (tmp_path / "scene.html").write_text(skeleton_html(result, others=[other]), encoding="utf-8")
    opened(page, tmp_path / "scene.html")
    data = player_data(result, [other])
    for frame, seen in (10, [1, 0]), (40, [1, 1]):
        page.evaluate(f"{PLAYER}.seekFrame({frame})")
        wait(page, f"{PLAYER}.drawn === {frame} && !{PLAYER}.drawing")
        traces = page.evaluate(f"{PLAYER}.plot.data.map(({{x, y, z, opacity}}) => ({{x, y, z, opacity}}))")
        for person, trace, opacity in zip((data, data["others"][0]), (traces[7], traces[11]), seen, strict=True):
            assert trace["opacity"] == opacity
            drawn = np.array([trace[axis] for axis in "xyz"]).T
            np.testing.assert_allclose(drawn, person["joints"][frame], atol=1e-6)
    assert "nobody" not in page.locator(".pose3d-label").inner_text()


def test_a_batch_s_page_plays_with_the_libraries_beside_its_folder(page, examples, tmp_path):
    """As `map_videos` leaves it, opened from disk: it asks for these two files and nothing else."""
    [row] = map_videos([examples / "walk.mp4"], tmp_path, workers=1, render=False, max_frames=5)
    path = Path(row.folder) / "skeleton.html"
    opened(page, path)
    assert page.evaluate(f"{PLAYER}.joints()") == page.evaluate(f"{PLAYER}.data.joints[{PLAYER}.frame]")
    assert {*page.asked} == {path.as_uri(), *((tmp_path / name).as_uri() for name in libraries())}
