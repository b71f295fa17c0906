"""A teacher in the player: beside the learner or over them, and the teacher's video in step with the learner's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from factory import made_up, squatting, walk, walking
from pose3d.analysis import compare
from pose3d.core.skeleton import H36M17
from pose3d.view import pair_data, pair_html
from tests.browser.player_page import PLAYER, STILL, VIDEO, wait, write_page

TIMES = np.arange(90) / 30
BOX = "display: block; width: 200px; height: 200px"
DRAWN = f"{PLAYER}.ready && !{PLAYER}.drawing && {PLAYER}.drawn === {PLAYER}.due"
SECOND = "document.getElementById('second')"
CLOSE = 0.06
"""Seconds: a frame and a half of the teacher's video."""

WITH_SECOND = """([source, data]) => {
  const video = document.createElement("video");
  Object.assign(video, { id: "second", src: source, muted: true, width: 200, height: 200 });
  document.body.prepend(video);
  const place = document.getElementById("player");
  Pose3DPlayer.mount(place, place.pose3d.data, document.getElementById("video"), { second: video });
}"""

TEACHER = f"""(() => {{
  const {{ plot, data }} = {PLAYER}, {{ x, y, z }} = plot.data[data.moving + 2 * data.limbs.length + 1];
  return data.names.map((_, j) => [x[j], y[j], z[j]]);
}})()"""
"""The teacher's joints as they are drawn."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("pair")


@pytest.fixture(scope="module")
def teacher(folder: Path):
    return walking(folder / "teacher.mp4", TIMES)


@pytest.fixture(scope="module")
def learner(folder: Path):
    """The same steps in twice the time."""
    times = np.arange(180) / 30
    result = walking(folder / "learner.mp4", times)
    return replace(result, pose3d=replace(result.pose3d, xyz=walk(times / 2)[0]))


@pytest.fixture(scope="module")
def data(teacher, learner):
    return pair_data(teacher, learner, compare(teacher, learner))


@pytest.fixture(scope="module")
def with_video(folder: Path, learner, data) -> Path:
    return write_page(folder / "with.html", learner, BOX, **data)


@pytest.fixture(scope="module")
def alone(folder: Path, teacher, learner) -> Path:
    path = folder / "compare.html"
    path.write_text(pair_html(teacher, learner, compare(teacher, learner)), encoding="utf-8")
    return path


@pytest.fixture
def tab(tab):
    """Nothing plays by itself in it."""
    return lambda path, **settings: tab(path, **(STILL | settings))


@pytest.fixture
def both(tab, with_video, folder, data):
    page = tab(with_video)
    page.evaluate(WITH_SECOND, [(folder / "teacher.mp4").as_uri(), None])
    wait(page, f"{DRAWN} && {SECOND}.readyState >= 2 && !{SECOND}.seeking")
    return page


def shows(page, frame: int):
    page.evaluate(f"{PLAYER}.seekFrame({frame})")
    wait(page, f"{PLAYER}.drawn === {frame} && {DRAWN}")


def test_both_are_drawn_and_can_be_laid_over_each_other(tab, alone, data):
    page = tab(alone)
    beside, way = np.array(data["others"][0]["joints"]), np.array(data["pair"]["over"])
    choice = page.get_by_label("Teacher")
    assert choice.input_value() == "beside"
    for place, moved in (("beside", 0 * way), ("over", way), ("beside", 0 * way)):
        choice.select_option(place)
        for frame in (20, 100):
            shows(page, frame)
            np.testing.assert_allclose(page.evaluate(TEACHER), beside[frame] + moved, atol=1e-6)
            np.testing.assert_allclose(page.evaluate(f"{PLAYER}.joints()"), data["joints"][frame], atol=1e-6)
    for said in ("learner", "teacher"):
        assert page.locator(f".pose3d-mark-{said}").inner_text() == said
    page.locator("#player").focus()
    page.keyboard.press("o")
    wait(page, f"{PLAYER}.place === 'over' && {DRAWN}")
    assert choice.input_value() == "over"


def test_the_teacher_is_another_colour_and_thinner(tab, alone, data):
    page = tab(alone)
    shows(page, 10)
    limb = f"(({{ line }}) => [line.color, line.width])({PLAYER}.plot._fullData[{data['moving']} + %d])"
    (_, thick), (colour, thin) = (page.evaluate(limb % n) for n in (0, 4))
    assert colour == data["others"][0]["ghost"] and thin < thick


def test_in_chinese(tab, alone):
    page = tab(alone, locale="zh-CN")
    assert page.get_by_label("老师").locator("option").all_inner_texts() == ["并排", "重叠"]
    assert page.locator(".pose3d-mark-learner").inner_text() == "学员"


def test_nobody_else_is_offered_a_teacher(tab, folder):
    walker = walking(folder / "walk.mp4", TIMES[:30])
    page = tab(write_page(folder / "walk.html", walker))
    assert page.locator(".pose3d-place").count() == 0 and page.get_by_text("teacher", exact=True).count() == 0
    page.locator("#player").focus()
    page.keyboard.press("o")
    assert page.evaluate(f"{PLAYER}.place") == "beside"


def test_avatars_too(tab, alone, data):
    page = tab(alone)
    page.evaluate(f"{PLAYER}.setFigure('avatar')")
    wait(page, f"{PLAYER}.bodies && {DRAWN}")
    shows(page, 30)
    pelvis = H36M17.index("Pelvis")
    hips = np.array(page.evaluate(f"{PLAYER}.bones(1)[0]"))
    np.testing.assert_allclose(hips[:2], data["others"][0]["joints"][30][pelvis][:2], atol=0.03)
    page.evaluate(f"{PLAYER}.setPlace('over')")
    wait(page, DRAWN)
    moved = np.array(page.evaluate(f"{PLAYER}.bones(1)[0]")) - hips
    np.testing.assert_allclose(moved, data["pair"]["over"], atol=1e-3)
    mesh = (
        f"{PLAYER}.avatar.bodies.map(({{ mesh: {{ material }} }}) => [material.opacity, material.color.getHexString()])"
    )
    assert page.evaluate(mesh) == [[1, "ffffff"], [0.55, data["others"][0]["ghost"][1:]]]


def test_only_the_learner_is_drawn_over_the_learner_s_video(tab, with_video):
    page = tab(with_video)
    page.evaluate(
        f"window.bodies = 0; const {{ overlay }} = {PLAYER}, body = overlay.body.bind(overlay);"
        " overlay.body = (...all) => { window.bodies++; body(...all); };"
        f" {PLAYER}.setOverlay(true)"
    )
    wait(page, "window.bodies > 0")
    assert page.evaluate("window.bodies") == 1


def test_the_teacher_s_video_follows_seeks(both, data):
    for frame in (150, 20, 90, 0, 179):
        shows(both, frame)
        due = data["teacher_times"][frame]
        wait(both, f"!{SECOND}.seeking && Math.abs({SECOND}.currentTime - {due}) < {CLOSE}")
        assert both.evaluate(f"{SECOND}.paused")


def test_it_follows_the_learner_s_own_controls_and_steps(both, data):
    both.evaluate(f"{VIDEO}.currentTime = 3.01")
    wait(both, f"!{SECOND}.seeking && Math.abs({SECOND}.currentTime - {data['teacher_times'][90]}) < {CLOSE}")
    for _ in range(30):
        both.evaluate(f"{PLAYER}.step(1)")
    wait(both, f"{DRAWN} && {PLAYER}.frame === 120")
    wait(both, f"!{SECOND}.seeking && Math.abs({SECOND}.currentTime - {data['teacher_times'][120]}) < {CLOSE}")


def test_it_plays_at_its_own_pace_and_stops_with_the_player(both):
    """Half as fast as the learner; told at every picture, so that no clock is waited for."""
    both.evaluate(
        f"() => {{ const {{ second, clock }} = {PLAYER}, follow = second.follow.bind(second); window.log = [];"
        " second.follow = (...all) => { follow(...all); const { currentTime, playbackRate, paused } = second.video;"
        " log.push([second.at(clock.time), currentTime, playbackRate, !paused]); };"
        f" {PLAYER}.setLoop(false); {PLAYER}.seek(0.5); {PLAYER}.play(); }}"
    )
    wait(both, "log.filter(([, , , plays]) => plays).length >= 10 && log.at(-1)[0] > 1.5")
    due, there, pace, _ = np.array([row for row in both.evaluate("log") if row[3]], float).T
    assert np.median(np.abs(due - there)) < 0.15
    assert np.median(pace) == pytest.approx(0.5, abs=0.15)
    both.evaluate(f"{PLAYER}.pause()")
    wait(both, f"{SECOND}.paused && {VIDEO}.paused && !{SECOND}.seeking")
    wait(both, f"Math.abs({SECOND}.currentTime - {PLAYER}.second.at({PLAYER}.clock.time)) < {CLOSE}")


def test_it_stands_while_the_teacher_waits(tab, folder, teacher):
    """The learner begins after a second; until then the teacher's first picture is shown."""
    times = np.arange(120) / 30
    late = np.repeat(walk(np.zeros(1))[0], 120, axis=0)
    late[30:] = walk(TIMES)[0]
    learner = walking(folder / "late.mp4", times)
    learner = replace(learner, pose3d=replace(learner.pose3d, xyz=late))
    data = pair_data(teacher, learner, compare(teacher, learner))
    page = tab(write_page(folder / "late.html", learner, BOX, **data))
    page.evaluate(WITH_SECOND, [(folder / "teacher.mp4").as_uri(), None])
    wait(page, f"{DRAWN} && {SECOND}.readyState >= 2")
    page.evaluate(
        f"() => {{ const {{ second, clock }} = {PLAYER}, follow = second.follow.bind(second); window.log = [];"
        " second.follow = (...all) => { follow(...all); log.push([clock.time, second.video.paused]); };"
        f" {PLAYER}.setLoop(false); {PLAYER}.seek(0); {PLAYER}.play(); }}"
    )
    wait(page, "log.at(-1)?.[0] > 1.6")
    log = page.evaluate("log")
    assert all(paused for time, paused in log if time < 0.5) and any(not paused for time, paused in log if time > 1.2)


def test_it_is_let_go_with_the_player(both):
    both.evaluate(f"{PLAYER}.play()")
    wait(both, f"!{SECOND}.paused")
    both.evaluate(f"window.gone = {PLAYER}, {PLAYER}.destroy()")
    assert both.evaluate(f"{SECOND}.paused")


def test_the_learner_is_counted(tab, folder):
    learner = squatting(folder / "squats.mp4", (110, 110))
    path = folder / "counted.html"
    path.write_text(pair_html(learner, learner, compare(learner, learner)), encoding="utf-8")
    page = tab(path)
    page.evaluate(f"{PLAYER}.seekFrame(Infinity)")
    wait(page, "document.querySelector('.pose3d-count-number').textContent === '2'")


def test_on_a_phone_nothing_is_cut_off(tab, alone):
    page = tab(alone, viewport={"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    around = page.locator("#player").bounding_box()
    for part in page.locator("#player :is(button, select, input, label, output, .pose3d-legend span)").all():
        box = part.bounding_box()
        assert box is None or (around["x"] <= box["x"] and box["x"] + box["width"] <= around["x"] + around["width"])


def test_made_up_people_without_a_video_are_enough():
    one = made_up(TIMES)
    assert "teacher" in pair_html(one, one, compare(one, one))
