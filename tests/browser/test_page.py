"""The page in Chromium, from an example to a moving skeleton; one estimate serves most tests."""

import re
from pathlib import Path
from urllib.parse import urlparse

import av
import axe_playwright_python
import cv2
import numpy as np
import pytest

from clips import two_people, write_sound, write_video
from pose3d.core.errors import NoPersonError, VideoError
from pose3d.io.writer import VideoWriter
from tests.browser.player_page import STILL
from tests.browser.timing import PARTS, first_paint

FRAMES = 60
SLOW = 180_000
"""Milliseconds that an estimate may take on a busy machine."""

HOST = "document.querySelector('#player .p3d-skeleton')"
PLAYER = f"{HOST}.pose3d"
SOURCE = "document.querySelector('#player video')"
CLIP = "document.querySelector('#clip video')"
PHONE = {"width": 390, "height": 844}
PIXELS = f"""(side) => {{
  const clip = {CLIP}, half = clip.videoWidth >> 1, height = clip.videoHeight;
  const canvas = Object.assign(document.createElement("canvas"), {{ width: half, height }});
  const pen = canvas.getContext("2d");
  pen.drawImage(clip, side === "left" ? 0 : -half, 0);
  const values = pen.getImageData(0, 0, half, height).data.filter((_, i) => i % 4 < 3);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
}}"""
"""Mean and standard deviation of one half of the clip's present picture, 0 to 255."""


@pytest.fixture(scope="module")
def page(browser, site):
    """The page with the result of an example; tests leave the result in place."""
    page = opened(browser, site)
    page.get_by_role("button", name="Walk", exact=True).click()
    page.wait_for_function("document.querySelector('#about').innerText.includes('frames')")
    most_frames(page, FRAMES)
    page.locator("#azimuth input[type=range]").press("ArrowRight")  # before there is a result: no complaint
    run(page)
    drawn(page)
    yield page
    page.context.close()
    assert not page.problems


def opened(browser, site, **context):
    settings = STILL | {"viewport": {"width": 1280, "height": 900}} | context
    page = browser.new_context(**settings).new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(site)
    page.wait_for_selector("#go")
    return page


def unfold(page, group, field):
    """Shows the settings of a group by its id, of which field is one."""
    page.click(f"#{group} > button")
    page.wait_for_selector(field, state="visible")
    page.wait_for_timeout(500)  # Gradio fills what it unfolds a moment later


def most_frames(page, number):
    field = page.locator("#max_frames input[type=number]")
    unfold(page, "more", "#max_frames input[type=number]")
    field.fill(str(number))
    field.press("Tab")


KEYPOINTS = "document.querySelector(`#takeaway a[href$='keypoints.json']`)?.href"


def run(page, press=None):
    """Presses (the button, unless told otherwise), and waits for another player and other files than there are."""
    page.evaluate(f"window.before = [{PLAYER}, {KEYPOINTS}]")
    press.click() if press else page.click("#go")
    page.wait_for_function(f"{PLAYER} && {PLAYER} !== before[0] && {PLAYER}.ready", timeout=SLOW)
    page.wait_for_function(f"{KEYPOINTS} !== before[1]", timeout=SLOW)


def drawn(page):
    """Waits for the clip and for all in one file, which come after the player."""
    page.wait_for_function(f"{CLIP}?.readyState > 1", timeout=SLOW)
    page.wait_for_selector("#takeaway a[href$='pose3d.zip']", timeout=SLOW)


def upload(page, path):
    page.locator("#video input[type=file]").first.set_input_files(path)


def links(page):
    """Addresses of the downloads by file name."""
    hrefs = page.eval_on_selector_all("#takeaway li a", "all => all.map(a => a.href)")
    return {Path(href).name: href for href in hrefs}


def test_says_how_it_went_and_offers_the_files(page):
    assert page.locator(".toast-message-text").all_inner_texts() == []
    status = page.inner_text("#status")
    assert f"The first {FRAMES} of" in status and "Working out the depth" in status
    assert "of 100" in page.inner_text("#verdict")
    assert set(links(page)) == {
        "keypoints.json", "skeleton.html", "report.html", "render.mp4",
        "motion.csv", "motion.bvh", "motion.glb", "motion.vrma", "motion.trc", "motion.mot", "motion.c3d",
    }  # fmt: skip
    content = page.request.get(links(page)["keypoints.json"]).json()
    assert len(content["keypoints"]) == len(content["timestamps"]) == FRAMES


def test_play_moves_video_and_joints(page):
    page.evaluate(f"{PLAYER}.seek(0)")
    page.wait_for_function(f"{PLAYER}.frame === 0 && !{SOURCE}.seeking")
    before = np.array(page.evaluate(f"{PLAYER}.joints()"))
    page.click("#player .pose3d-play")
    page.wait_for_function(f"{PLAYER}.frame >= 10 && {SOURCE}.currentTime > 0.3")
    after = np.array(page.evaluate(f"{PLAYER}.joints()"))
    page.evaluate(f"{PLAYER}.pause()")
    assert before.shape == after.shape == (17, 3)
    assert np.linalg.norm(after - before, axis=1).max() > 0.1  # metres


def test_skeleton_is_in_step_with_the_video(page):
    times = np.array(page.evaluate(f"{PLAYER}.data.times"))
    for second in (0.13, 0.5, 0.77, 1.21, 1.5, 0.31):
        page.evaluate(f"{SOURCE}.currentTime = {second}")
        expected = int(np.searchsorted(times, second + 2e-3, side="right")) - 1
        page.wait_for_function(f"!{SOURCE}.seeking && {PLAYER}.frame === {expected}", timeout=10_000)
        assert page.evaluate(f"{SOURCE}.currentTime") == pytest.approx(second, abs=1e-3)


def test_rendered_clip_plays(page):
    page.evaluate(f"{CLIP}.muted = true, {CLIP}.play()")
    page.wait_for_function(f"{CLIP}.currentTime > 0.2")
    for side in "left", "right":
        mean, spread = page.evaluate(PIXELS, side)
        assert mean > 30 and spread > 5, f"the {side} half is black or empty"
    page.evaluate(f"{CLIP}.pause()")


@pytest.mark.parametrize("way", ["keyboard", "number", "avatar"])
def test_another_view_is_drawn_without_the_models(page, way):
    clip, files, status = page.evaluate(f"{CLIP}.src"), links(page), page.inner_text("#status")
    if way == "keyboard":
        page.locator("#azimuth input[type=range]").focus()
        page.keyboard.press("ArrowLeft")
    elif way == "avatar":
        page.locator("#figure input[type=radio]").last.check()
    else:
        page.locator("#elevation input[type=number]").fill("50")
        page.keyboard.press("Tab")
    page.wait_for_function(f"{CLIP}.src !== {clip!r} && {CLIP}.readyState > 1", timeout=SLOW)
    assert page.evaluate(f"{CLIP}.duration") == pytest.approx(FRAMES / 30, abs=0.05)
    page.wait_for_selector(f"#takeaway a[href='{urlparse(page.evaluate(f'{CLIP}.src')).path}']")
    again = links(page)
    assert again["render.mp4"] != files["render.mp4"]
    assert again["keypoints.json"] == files["keypoints.json"]
    assert page.inner_text("#status") == status  # the seconds, too


def test_camera_fields_follow_each_other(page):
    def value(name):
        return page.eval_on_selector(f"#{name} input", "field => field.value")

    assert page.locator("#fov").is_hidden() and page.locator("#height input").is_visible()
    unfold(page, "camera", "#fov input[type=number]")
    unfold(page, "intrinsics", "#fx input")
    assert float(value("fx")) == pytest.approx(960 / 2 / np.tan(np.radians(30)), abs=0.1)
    page.click("#preset input")
    page.get_by_role("option", name="Webcam").click()
    page.wait_for_function("document.querySelector('#fov input').value === '70'")
    page.wait_for_function("Math.abs(document.querySelector('#fx input').value - 685.5) < 0.1")
    page.fill("#fov input[type=number]", "90")
    page.keyboard.press("Tab")
    page.wait_for_function("document.querySelector('#preset input').value.startsWith('Action')")
    page.wait_for_function("document.querySelector('#fy input').value === '480'")
    page.fill("#fx input", "500")
    page.keyboard.press("Tab")
    page.wait_for_function("document.querySelector('#preset input').value === 'Own values'")
    assert (value("fx"), value("fov")) == ("500", "87.7")


@pytest.mark.parametrize("width", [1280, 768, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_cut_off(page, tmp_path, width, theme):
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(f"document.body.classList.toggle('dark', {str(theme == 'dark').lower()})")
    page.wait_for_timeout(500)
    page.screenshot(path=tmp_path / f"page-{width}-{theme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in ("#player .p3d-source", "#player .p3d-skeleton", "#clip", "#view", "#takeaway", "#go"):
        box = page.locator(part).bounding_box()
        assert box["width"] > 200 and box["x"] >= 0 and box["x"] + box["width"] <= width


def test_an_example_is_there_at_once(browser, site):
    """The example's video, clip, verdict and downloads; the 3D view follows as WebGL can. -s prints after how long."""
    page = browser.new_page(**STILL)
    shown = first_paint(page, site, PARTS)
    page.wait_for_function(f"{PLAYER} && {PLAYER}.ready")
    assert "keypoints.json" in links(page) and "example" in page.inner_text("#status")
    page.wait_for_function(f"{SOURCE}.readyState > 1 && {CLIP}.readyState > 1")
    print(f"first paint after {shown:.1f} s")
    page.close()


def test_plays_by_itself_on_arrival_and_on_completion(browser, site):
    page = opened(browser, f"{site}/?max_frames=24", reduced_motion="no-preference")
    playing = f"{PLAYER} && {PLAYER}.playing && {PLAYER}.frame > 2 && {SOURCE}.muted"
    page.wait_for_function(playing)
    page.get_by_role("button", name="Walk", exact=True).click()
    page.wait_for_function("document.querySelector('#about').innerText.includes('first 24 of')")
    page.evaluate(f"window.last = {PLAYER}")
    assert page.evaluate("last.playing")
    page.click("#go")
    page.wait_for_function(f"{PLAYER} === last && !last.playing")  # what was shown rests while the next is made
    page.wait_for_function(f"{PLAYER} !== last && {playing}", timeout=SLOW)
    assert not page.problems
    page.context.close()


def test_an_upright_video_leaves_room_for_the_figure_and_play(browser, site, tmp_path):
    """On a phone; the example's address gives an upright video here."""
    upright = write_video(tmp_path / "upright.mp4", [n / 30 for n in range(10)], size=(270, 480))
    page = browser.new_page(viewport=PHONE, has_touch=True, is_mobile=True, **STILL)
    page.route("**/walk.mp4", lambda route: route.fulfill(path=upright, content_type="video/mp4"))
    page.goto(site)
    page.wait_for_function(f"{HOST} && {PLAYER} && {PLAYER}.placed && {SOURCE}.videoHeight === 480")
    page.locator("#player").evaluate("player => player.scrollIntoView()")
    page.screenshot(path=tmp_path / "upright.png")
    video, plot, play = (
        page.locator(f"#player {part}").bounding_box() for part in ("video", ".pose3d-plot", ".pose3d-play")
    )
    assert 100 < video["height"] <= 0.35 * PHONE["height"]
    assert video["y"] >= 0 and video["y"] + video["height"] <= plot["y"]
    assert plot["height"] > 300
    assert plot["y"] + plot["height"] < play["y"] and play["y"] + play["height"] <= PHONE["height"]
    page.close()


SMALL = """(least) => {
  const kinds = "button, a[href], select, textarea, input, summary, [role=button]";
  const seen = (part) => part.checkVisibility({ visibilityProperty: true }) && part.getBoundingClientRect().width;
  return [...document.querySelectorAll(kinds)].filter(seen).flatMap((part) => {
    const boxes = [part, ...(part.labels ?? [])].map((one) => one.getBoundingClientRect());
    const size = ["width", "height"].map((side) => Math.max(...boxes.map((box) => box[side])));
    return Math.min(...size) < least - 0.1 ? [`${part.tagName} ${part.className} ${part.ariaLabel} ${size}`] : [];
  });
}"""
"""What can be pressed, itself or its label, and is not so many pixels wide and high."""


@pytest.mark.parametrize("touch", [False, True])
def test_what_can_be_pressed_is_large_enough(browser, site, touch):
    size = PHONE if touch else {"width": 1280, "height": 900}
    page = browser.new_page(viewport=size, has_touch=touch, is_mobile=touch, **STILL)
    page.goto(site)
    page.wait_for_function(f"{HOST} && {PLAYER} && {PLAYER}.placed")
    unfold(page, "camera", "#fov input[type=number]")
    unfold(page, "intrinsics", "#fx input")
    unfold(page, "more", "#max_frames input[type=number]")
    assert page.evaluate(SMALL, 44 if touch else 24) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.close()


def test_on_a_phone_the_view_ends_at_the_result(browser, site, examples):
    """However the page grows with it."""
    page = browser.new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"{site}/?max_frames=12&detector=blazepose-full")
    page.wait_for_function(f"{HOST} && {PLAYER} && {PLAYER}.ready")
    upload(page, examples / "squats.mp4")
    page.wait_for_function("document.querySelector('#about').innerText.includes('frames')")
    run(page)
    page.wait_for_function(f"{SOURCE}.readyState > 1")
    drawn(page)
    tops = [page.locator(part).bounding_box()["y"] for part in ("#go", "#player", "#verdict", "#height", "#clip")]
    assert abs(tops[1]) < 30 and tops == sorted(tops), tops
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_avatar_of_the_example(browser, site, tmp_path, width):
    """three.js is served by the page itself, and only when the avatar is wanted."""
    page = browser.new_page(viewport={"width": width, "height": 900}, **STILL)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site)
    page.wait_for_function(f"{HOST} && {PLAYER} && {PLAYER}.placed")
    assert not any("three.min.js" in address for address in asked)
    page.locator("#player .pose3d-figure").select_option("avatar")
    page.wait_for_function(f"{PLAYER}.bodies && {PLAYER}.drawn === {PLAYER}.due")
    page.evaluate(f"{SOURCE}.currentTime = 1.21")
    frame = int(np.searchsorted(page.evaluate(f"{PLAYER}.data.times"), 1.21 + 2e-3, side="right")) - 1
    page.wait_for_function(f"!{SOURCE}.seeking && {PLAYER}.drawn === {frame}")
    bones, joints = page.evaluate(f"[{PLAYER}.bones(), {PLAYER}.joints()]")
    np.testing.assert_allclose(bones[0], joints[0], atol=1e-3)
    page.locator("#player").screenshot(path=tmp_path / f"avatar-{width}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert {address.split("/")[2] for address in asked if "three.min.js" in address} == {site.split("/")[2]}
    page.close()


def test_stop_ends_the_work_and_the_rest_can_be_shown(browser, site, examples):
    page = opened(browser, site)
    upload(page, examples / "squats.mp4")
    page.wait_for_function("document.querySelector('#about').innerText.includes('frames')")
    page.wait_for_function(f"{PLAYER} && {PLAYER}.ready")
    page.evaluate(f"window.before = {PLAYER}")
    page.click("#go")
    page.wait_for_function("/Finding the person.*left/.test(document.querySelector('#player').innerText)", timeout=SLOW)
    page.wait_for_selector("#player .p3d-stage", state="hidden")  # it does not show through the progress
    percent = float(page.locator("#player .progress-bar-wrap").get_attribute("aria-valuenow"))
    page.click("#stop")
    page.wait_for_selector("#rest", state="visible", timeout=SLOW)
    done, total = map(int, re.findall(r"\d+", page.inner_text("#status")))
    assert 0 < percent <= 100 * done / total + 1 and done < total
    page.wait_for_selector("#player .p3d-stage", state="visible")
    page.wait_for_function("getComputedStyle(document.querySelector('#player > .wrap')).opacity === '0'")
    assert page.evaluate(f"{PLAYER} === window.before"), "what was shown stays"
    page.wait_for_timeout(500)
    assert page.locator("#result_link").is_hidden(), "the example needs none"
    page.click("#rest")
    page.wait_for_function(f"{PLAYER} && {PLAYER} !== window.before && {PLAYER}.ready", timeout=SLOW)
    assert page.evaluate(f"{PLAYER}.data.times.length") == done
    page.wait_for_selector("#rest", state="hidden")
    assert not page.problems
    page.context.close()


def test_whoever_comes_second_is_told_to_wait(browser, site, examples):
    """In the visitor's language, and the last result does not show through."""
    pages = [opened(browser, site, locale="zh-CN") for _ in range(2)]
    for page in pages:
        upload(page, examples / "squats.mp4")
        page.wait_for_function("document.querySelector('#about').innerText.includes('帧')")
    said = "document.querySelector('#player > .wrap .progress-level-inner')?.innerText"
    pages[0].click("#go")
    pages[0].wait_for_function(said)  # else the second might be the first
    pages[1].click("#go")
    pages[1].wait_for_function(f"{said}?.includes('前面还有 1 个')")
    pages[1].wait_for_selector("#player .p3d-stage", state="hidden")
    for page in reversed(pages):
        page.click("#stop")
    for page in pages:
        page.wait_for_selector("#go", state="visible", timeout=SLOW)
        page.wait_for_selector("#player .p3d-stage", state="visible")
        assert not page.problems
        page.context.close()


LATIN = re.compile(r"[A-Za-z]{3,}")
NAMES = re.compile(
    r"HDFormer|CanonicalPose3D|API|Gradio|keypoints|skeleton|report|motion|render|json|html|csv|bvh|glb|vrma|trc|mot|mp4"
    r"|ZIP|CSV|FBX|GLB|HTML|JSON|MOT|TRC|VRMA?|glTF|Rajagopal2016\.osim|model-viewer|three\.js"
    r"|Excel|Blender|Godot|Unity|Unreal|UniVRM|OpenSim|Babylon|MATLAB|Mokka|Nexus|Visual3D"
    r"|Motion Capture|File > Load Motion|Tools > Inverse Kinematics|Shift"
)
"""Of models, files, keys, programs, and in menus that speak no Chinese; the same in every language."""


def test_chinese(browser, site, tmp_path):
    """No visible text, help, name for a screen reader or message is left in English."""
    page = opened(browser, site, locale="zh-CN")
    page.wait_for_function(f"{PLAYER} && {PLAYER}.ready")
    unfold(page, "camera", "#fov input[type=number]")
    unfold(page, "intrinsics", "#fx input")
    unfold(page, "more", "#max_frames input[type=number]")
    # The verdict comes with the Chinese report.
    page.wait_for_function("/[\\u4e00-\\u9fff]/.test(document.querySelector('#verdict').innerText)")
    page.wait_for_timeout(500)
    page.screenshot(path=tmp_path / "chinese.png", full_page=True)
    said = page.evaluate(
        """() => [document.body.innerText, ...[...document.querySelectorAll("#player [aria-label], #player option")]
          .map((part) => part.ariaLabel || part.textContent)].join("\\n")"""
    )
    left = LATIN.findall(NAMES.sub("", said))
    assert not left
    assert "视频转三维动作" in said
    assert '<html lang="zh"' in page.request.get(links(page)["report.html"]).text()
    page.click("#go")
    assert trouble(page).startswith("请先选择视频")
    assert not page.problems
    page.context.close()


def test_a_link_restores_the_settings(browser, site):
    page = opened(browser, site)
    unfold(page, "camera", "#fov input[type=number]")
    page.fill("#fov input[type=number]", "82")
    page.keyboard.press("Tab")
    page.get_by_label("Never").check()
    page.check("#mirror input")
    page.wait_for_timeout(300)
    page.click("#link")
    page.wait_for_function("document.querySelector('#address textarea')?.value.includes('fov=82')")
    address = page.input_value("#address textarea")
    page.goto(address + "&height_cm=<script>")
    unfold(page, "camera", "#fov input[type=number]")
    page.wait_for_function("document.querySelector('#fov input[type=number]')?.value === '82'")
    assert page.get_by_label("Never").is_checked() and page.is_checked("#mirror input")
    assert not page.problems
    page.context.close()


def test_a_link_shows_the_result_to_others(page, browser, site):
    page.click("#result_link")
    page.wait_for_function("document.querySelector('#address textarea')?.value.includes('?result=')")
    other = browser.new_page()
    other.goto(page.input_value("#address textarea"))
    other.wait_for_function(f"{HOST}?.pose3d?.ready && {PLAYER}.data.times.length === {FRAMES}", timeout=SLOW)
    assert "made earlier" in other.inner_text("#status") and "of 100" in other.inner_text("#verdict")
    assert links(other)["keypoints.json"] == links(page)["keypoints.json"]
    other.wait_for_function(f"{CLIP}?.readyState > 1")
    other.goto(f"{site}/?result={'a' * 22}")
    assert "no longer keeps" in trouble(other)
    assert other.locator("#trouble").bounding_box()["y"] < other.locator("#player").bounding_box()["y"]
    other.goto(site)
    other.wait_for_function(f"{HOST}?.pose3d?.ready")
    other.wait_for_timeout(500)
    assert other.locator("#result_link").is_hidden(), "the example needs none"
    other.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible(browser, site, theme):
    """axe-core finds no serious or critical violation."""
    page = opened(browser, site, color_scheme=theme)
    page.wait_for_function(f"{PLAYER} && {PLAYER}.ready")
    page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    serious = {
        violation["id"]: [node["target"] for node in violation["nodes"]]
        for violation in found
        if violation["impact"] in ("serious", "critical")
    }
    assert not serious
    page.context.close()


def test_bad_videos_are_one_sentence(browser, site, tmp_path):
    write_sound(tmp_path / "sound.mp4")
    (tmp_path / "text.mp4").write_text("hello")
    write_video(tmp_path / "nobody.mp4", [0, 0.1, 0.2], size=(320, 240))
    page = opened(browser, site)
    page.click("#go")
    assert trouble(page) == "Choose a video first: upload one, record one, or pick an example."
    for name, sentence in {
        "text.mp4": VideoError("unreadable_video", name="text.mp4").worded("en"),
        "sound.mp4": VideoError("no_picture", name="sound.mp4").worded("en"),
    }.items():
        upload(page, tmp_path / name)
        page.wait_for_function(f"document.querySelector('#about').innerText.includes({sentence!r})")
        page.wait_for_selector("#trouble", state="detached")
        page.click("#go")
        assert trouble(page) == sentence
        page.locator("#video").get_by_label("Clear").click()
    upload(page, tmp_path / "nobody.mp4")
    page.wait_for_function("document.querySelector('#about').innerText.includes('320')")
    page.wait_for_selector("#trouble", state="detached")
    page.click("#go")
    assert trouble(page).startswith("Nobody was found")
    page.wait_for_selector("#go", state="visible")
    assert page.locator("#result.p3d-old").count() == 1, "what is shown is of another video"
    assert not page.problems
    page.context.close()


def trouble(page):
    """What stands in the result's place instead of a result; no message lies over the page."""
    page.wait_for_selector("#trouble [role=alert]", timeout=SLOW)
    assert page.locator(".toast-message-text").all_inner_texts() == []
    return page.inner_text("#trouble")


def test_errors_inside_the_work_are_in_chinese(browser, site, tmp_path):
    write_video(tmp_path / "nobody.mp4", [0, 0.1, 0.2], size=(320, 240))
    page = opened(browser, site, locale="zh-CN")
    upload(page, tmp_path / "nobody.mp4")
    page.wait_for_function("document.querySelector('#about').innerText.includes('320')")
    page.click("#go")
    assert trouble(page) == NoPersonError("nobody").worded("zh")
    page.context.close()


PART = "document.querySelector('#part .p3d-part')"
PREVIEW = "document.querySelector('#video video')"


def test_a_part_is_chosen_with_two_handles(browser, site, examples):
    """The picture follows the handle; the line says what will be read, and that is what is read. Mirrored, too."""
    page = opened(browser, f"{site}/?max_frames=12")
    assert page.locator("#part .p3d-part").is_hidden()
    upload(page, examples / "walk.mp4")
    page.wait_for_selector("#part .p3d-part:not([hidden])")
    page.wait_for_function("document.querySelector('#about').innerText.includes('first 12 of 126 frames')")
    page.wait_for_function(f"{PREVIEW}?.readyState > 1")
    page.wait_for_selector("#result.p3d-old")
    box = page.locator("#part .p3d-part-track").bounding_box()
    middle, half = box["y"] + box["height"] / 2, 12  # pixels: of a handle, which stands before its moment
    page.mouse.move(box["x"] + half, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 - half, middle, steps=5)
    page.wait_for_function(f"Math.abs({PREVIEW}.currentTime - 2.1) < 0.1 && !{PREVIEW}.seeking")
    page.mouse.up()
    page.wait_for_function("/first 12 of 6\\d frames/.test(document.querySelector('#about').innerText)")
    end = page.locator("#part [data-end=end]")
    end.focus()
    while float(end.input_value()) > 2.45:
        end.press("PageDown")
    page.wait_for_function("/chosen part is used: \\d+ frames/.test(document.querySelector('#about').innerText)")
    page.wait_for_function(f"{PART}.querySelector('.p3d-part-sign').innerText === ''")
    assert abs(page.evaluate(f"{PREVIEW}.currentTime") - float(end.input_value())) < 0.05
    start = float(page.locator("#part [data-end=start]").input_value())
    frames = int(re.findall(r"used: (\d+) frames", page.inner_text("#about"))[0])
    unfold(page, "camera", "#mirror input")
    page.check("#mirror input")
    run(page)
    assert page.evaluate(f"{PLAYER}.data.times.length") == frames
    assert page.evaluate(f"{PLAYER}.data.mirrored")
    page.wait_for_function(f"{SOURCE}.src.endsWith('render.mp4')", timeout=SLOW)
    content = page.request.get(links(page)["keypoints.json"]).json()
    assert content["times"][0] == pytest.approx(start, abs=1 / 30) and content["settings"]["mirror"]
    page.wait_for_selector("#result:not(.p3d-old)")
    assert not page.problems
    page.context.close()


REMEDY = "#verdict .p3d-remedy"


def test_a_turned_picture_is_offered_to_be_turned(browser, site, examples, tmp_path):
    lying = transposed(examples / "squats.mp4", tmp_path / "lying.mp4", frames=24)
    page = opened(browser, site)
    upload(page, lying)
    page.wait_for_function("document.querySelector('#about').innerText.includes('24 frames')")
    assert page.locator(REMEDY).count() == 0
    run(page)
    turn = page.locator(REMEDY, has_text="Turn the picture")
    turn.wait_for()
    run(page, turn)
    turn.wait_for(state="detached")
    content = page.request.get(links(page)["keypoints.json"]).json()
    assert (content["video"]["width"], content["video"]["height"]) == (540, 960)
    assert content["settings"]["rotate"] in (90, 270) and content["settings"]["camera"] is None
    assert not page.problems
    page.context.close()


def test_a_part_without_anybody_is_offered_to_be_left_out(browser, site, examples, tmp_path):
    late = changed(examples / "walk.mp4", tmp_path / "late.mp4", frames=66, change=empty_until(30))
    page = opened(browser, f"{site}/?detector=blazepose-full")
    upload(page, late)
    page.wait_for_function("document.querySelector('#about').innerText.includes('66 frames')")
    run(page)
    trim = page.locator(REMEDY, has_text="Use only 1.0 s to 2.2 s")
    trim.wait_for()
    assert "not seen" in page.inner_text("#verdict")
    run(page, trim)
    trim.wait_for(state="detached")
    assert "not seen" not in page.inner_text("#verdict")
    content = page.request.get(links(page)["keypoints.json"]).json()
    assert content["times"][0] == pytest.approx(1.0, abs=1e-3) and len(content["times"]) == 36
    assert float(page.locator("#part [data-end=start]").input_value()) == pytest.approx(1.0, abs=0.01)
    assert "36 frames" in page.inner_text("#about")
    assert not page.problems
    page.context.close()


def test_nothing_is_offered_beside_the_result_of_another_video(browser, site, examples, tmp_path):
    two = two_people(examples / "squats.mp4", examples / "jumping_jacks.mp4", tmp_path / "two.mp4", frames=6)
    page = opened(browser, f"{site}/?detector=blazepose-full")
    upload(page, two)
    page.wait_for_function("document.querySelector('#about').innerText.includes('6 frames')")
    run(page)
    page.wait_for_selector(REMEDY, state="visible")
    page.locator("#video").get_by_label("Clear").click()
    upload(page, examples / "walk.mp4")
    page.wait_for_selector(REMEDY, state="hidden")
    assert not page.problems
    page.context.close()


def test_a_tilted_picture_is_offered_to_be_levelled(browser, site, examples, tmp_path):
    tilted = changed(examples / "walk.mp4", tmp_path / "tilted.mp4", frames=24, change=rolled)
    page = opened(browser, f"{site}/?level=off&detector=blazepose-full")
    upload(page, tilted)
    page.wait_for_function("document.querySelector('#about').innerText.includes('24 frames')")
    run(page)
    level = page.locator(REMEDY, has_text="Undo the camera's tilt")
    level.first.wait_for()
    assert "leans by" in page.inner_text("#verdict")
    run(page, level.first)
    level.first.wait_for(state="detached")
    assert "leans by" not in page.inner_text("#verdict")
    assert page.request.get(links(page)["keypoints.json"]).json()["settings"]["level"] == "on"
    unfold(page, "camera", "#fov input[type=number]")
    assert page.get_by_label("Always").is_checked()
    assert not page.problems
    page.context.close()


SEEN_IN_ORDER = f"""() => {{
  window.order = [];
  const last = {PLAYER}, shown = {CLIP}?.src, saw = (name, seen) => seen && !order.includes(name) && order.push(name);
  setInterval(() => {{
    saw("skeleton", {PLAYER} && {PLAYER} !== last && {PLAYER}.ready);
    saw("clip", {CLIP}?.src && {CLIP}.src !== shown);
  }}, 30);
}}"""


def test_the_skeleton_does_not_wait_for_the_clip(browser, site, examples):
    """Nor does the next run: the clip that is being drawn is given up for it. An avatar takes long to draw."""
    page = opened(browser, f"{site}/?detector=blazepose-full&figure=avatar")
    page.wait_for_function(f"{PLAYER} && {PLAYER}.ready")
    upload(page, examples / "walk.mp4")
    page.wait_for_function("document.querySelector('#about').innerText.includes('126 frames')")
    page.evaluate(SEEN_IN_ORDER)
    run(page)
    assert {"keypoints.json", "motion.glb"} <= set(links(page))
    most_frames(page, 20)
    run(page)
    assert page.evaluate(f"{PLAYER}.data.times.length") == 20
    drawn(page)
    assert page.evaluate("order") == ["skeleton", "clip"]
    assert page.evaluate(f"{CLIP}.duration") == pytest.approx(20 / 30, abs=0.05)
    assert "render.mp4" in links(page)
    content = page.request.get(links(page)["keypoints.json"]).json()
    assert content["output_video"] == "render.mp4"
    assert not page.problems
    page.context.close()


def test_another_person_is_chosen_without_looking_again(browser, site, examples, tmp_path):
    two = two_people(examples / "squats.mp4", examples / "jumping_jacks.mp4", tmp_path / "two.mp4", frames=15)
    page = opened(browser, site)
    upload(page, two)
    page.wait_for_function("document.querySelector('#about').innerText.includes('15 frames')")
    run(page)
    page.wait_for_selector("#people input:checked")  # a choice before it is filled in would be undone by that
    page.locator("#verdict .p3d-remedy", has_text="Choose the person").click()
    page.wait_for_function("document.querySelector('#people').contains(document.activeElement)")
    before = page.request.get(links(page)["keypoints.json"]).json()
    run(page, page.locator("#people label").nth(1))
    after = page.request.get(links(page)["keypoints.json"]).json()
    assert (before["person"], after["person"]) == (1, 2)
    assert after["seconds"]["detect"] == before["seconds"]["detect"], "nobody was looked for again"
    sides = [np.mean(np.array(content["pose2d"])[..., 0]) for content in (before, after)]
    assert abs(sides[0] - sides[1]) > 200  # pixels: they stand beside each other
    run(page, page.get_by_label("Everybody"))
    assert page.evaluate(f"{PLAYER}.data.others.length") == 1
    page.wait_for_selector("#takeaway a[href$='scene.mp4']", timeout=SLOW)
    assert set(links(page)) == {"people.zip", "scene.html", "scene.mp4"}
    assert not page.problems
    page.context.close()


def test_input_that_no_browser_plays_is_replaced_by_the_clip(browser, site, examples, tmp_path):
    page = opened(browser, site)
    upload(page, transcode(examples / "walk.mp4", tmp_path / "old.mp4", frames=12))
    page.wait_for_function("document.querySelector('#about').innerText.includes('12 frames')")
    run(page)
    page.wait_for_function(f"{SOURCE}.currentSrc.endsWith('render.mp4') && {SOURCE}.videoWidth > 0", timeout=SLOW)
    page.evaluate(f"{PLAYER}.seek(0.2)")
    page.wait_for_function(f"{PLAYER}.frame === 6")
    page.context.close()


def transcode(source, path, frames):
    """The first frames as MPEG-4 part 2, which Chromium does not decode."""
    with av.open(str(source)) as read, av.open(str(path), "w") as write:
        stream = write.add_stream("mpeg4", rate=30, width=960, height=540, pix_fmt="yuv420p")
        for _, frame in zip(range(frames), read.decode(video=0), strict=False):
            write.mux(stream.encode(av.VideoFrame.from_ndarray(frame.to_ndarray(format="rgb24"), format="rgb24")))
        write.mux(stream.encode(None))
    return path


def transposed(source, path, frames):
    """The first frames, turned by a quarter in their pixels."""
    return changed(source, path, frames, lambda number, image: np.rot90(image), size=(960, 540))


def empty_until(first):
    """Nobody in the frames before that one."""
    return lambda number, image: np.full_like(image, 90) if number < first else image


def rolled(number, image):
    """As if the camera had been tilted by 15 degrees."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 15, 1)
    return cv2.warpAffine(image, turn, (width, height), borderValue=(90, 90, 90))


def changed(source, path, frames, change, size=None):
    """The first frames, each as `change` makes it of its number and picture; size: (width, height) of these."""
    with av.open(str(source)) as read:
        shown = read.streams.video[0]
        width, height = size or (shown.width, shown.height)
        with VideoWriter(path, width, height, 30) as write:
            for number, frame in zip(range(frames), read.decode(video=0), strict=False):
                image = change(number, frame.to_ndarray(format="rgb24"))
                write.add(np.ascontiguousarray(image, np.uint8), number / 30)
    return path
