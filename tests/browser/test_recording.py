"""Recording with the page's own button: guidance, three-two-one, the run; Chromium's camera sees an example."""

import contextlib
import io
import re
import time
from pathlib import Path

import av
import axe_playwright_python
import numpy as np

from pose3d.analysis import quality
from pose3d.core.config import RunConfig
from pose3d.pipelines import pipeline
from pose3d.ui.words import all_texts
from tests.browser.conftest import ARGS
from tests.browser.player_page import STILL

SLOW = 240_000
"""Milliseconds that an estimate may take on a busy machine."""
STEADY = 15
"""Answers within which somebody who stands well would long be counted down: 1.5 seconds of five a second are enough."""

KEPT_STREAMS = """
const media = navigator.mediaDevices, ask = media?.getUserMedia.bind(media);
window.streams = [];
if (ask) media.getUserMedia = async (what) => (streams.push(await ask(what)), streams.at(-1));
"""
"""Remembers what the camera gave."""
CAMERA_IS_OFF = "streams.length && streams.every((one) => one.getTracks().every((it) => it.readyState === 'ended'))"
WATCH = """() => {
  const dialog = document.querySelector(".p3d-camera"), count = document.querySelector(".p3d-camera-count");
  const buttons = () => [...dialog.querySelectorAll("button:not([hidden])")].map((one) => one.dataset.do).join(" ");
  window.counted = [];
  window.offered = {};
  const counting = () => counted.at(-1) !== count.textContent && counted.push(count.textContent);
  new MutationObserver(counting).observe(count, { childList: true, characterData: true, subtree: true });
  new MutationObserver(() => (offered[dialog.dataset.state] = buttons())).observe(dialog, { attributes: true });
}"""
"""Remembers what was counted, and the buttons of each state."""
STATE = "document.querySelector('.p3d-camera').dataset.state"
SAYS = "document.querySelector('.p3d-camera-say').textContent"
SIGN = ".p3d-webcam-sign"
DONE = "/ s of motion/.test(document.querySelector('#status').innerText)"
OFFERED = {"asking": "cancel", "framing": "record cancel", "counting": "cancel", "recording": "stop cancel"}


def motion_jpeg(source, path, share=1.0):
    """The upper share of the video as Chromium's fake camera wants it."""
    with av.open(str(source)) as read, av.open(str(path), "w", format="mjpeg") as write:
        stream = read.streams.video[0]
        height = int(share * stream.height) // 2 * 2
        written = write.add_stream("mjpeg", rate=30, options={"qmin": "2", "qmax": "4"})
        written.width, written.height, written.pix_fmt = stream.width, height, "yuvj420p"
        for number, frame in enumerate(read.decode(stream)):
            upper = np.asarray(frame.to_ndarray(format="rgb24")[:height], np.uint8, order="C")
            picture = av.VideoFrame.from_ndarray(upper, format="rgb24").reformat(format="yuvj420p")
            picture.pts = number
            write.mux(written.encode(picture))
        write.mux(written.encode(None))
    return path


@contextlib.contextmanager
def page_with(browser, address, script="", **settings):
    """The page, after the script, in that browser, which ends with it."""
    with browser:
        settings = STILL | {"viewport": {"width": 1280, "height": 900}, "locale": "en-US"} | settings
        page = browser.new_context(**settings).new_page()
        page.set_default_timeout(SLOW)
        problems = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.add_init_script(KEPT_STREAMS + script)
        page.goto(address)
        page.wait_for_selector(".p3d-webcam-open")
        page.evaluate(WATCH)
        yield page
        assert not problems


def filming(path):
    """Chromium's arguments for a camera that sees the file, over and over."""
    return [*ARGS, f"--use-file-for-fake-video-capture={path}"]


def test_a_recording_runs_by_itself_and_is_as_good_as_the_file(launch, site, examples, tmp_path):
    """Its header claims 1000 frames a second and no length; its verdict is within 10 points of the file's."""
    source, camera = examples / "arm_raises.mp4", motion_jpeg(examples / "arm_raises.mp4", tmp_path / "camera.mjpeg")
    with page_with(launch(filming(camera)), site) as page:
        page.wait_for_function("document.querySelector('#player .p3d-skeleton')?.pose3d?.ready")
        began = time.monotonic()
        page.click(".p3d-webcam-open")
        page.wait_for_function(f"{SAYS} === 'Good. Stay there'")
        assert page.evaluate(CAMERA_IS_OFF) is False
        page.wait_for_function(f"{STATE} === 'recording'")
        assert page.evaluate("counted.slice(-4)") == ["3", "2", "1", ""]
        page.wait_for_function("/^[1-9].* of 10 s$/.test(document.querySelector('.p3d-camera-time').textContent)")
        page.wait_for_selector(".p3d-camera", state="hidden")
        page.wait_for_function(CAMERA_IS_OFF)
        assert page.evaluate("offered") == OFFERED
        page.wait_for_function("/frames/.test(document.querySelector('#about').innerText)")
        told = page.inner_text("#about")
        seconds, frames = re.findall(r"([\d.]+) s, (\d+) frames", told)[0]
        lasted = time.monotonic() - began  # a busy machine begins late, and drops frames
        assert 1.5 < float(seconds) < lasted and 1 < int(frames) / float(seconds) < 35
        page.wait_for_function(DONE)
        page.wait_for_function("!document.querySelector('#result').classList.contains('p3d-old')")
        assert page.inner_text("#status").startswith(f"{frames} frames"), "all of it was used"
        assert page.inner_text(SIGN) == ""
        recorded = int(re.findall(r"(\d+) of 100", page.inner_text("#verdict"))[0])
        recording = page.request.get(page.evaluate("document.querySelector('#player video').src")).body()
    file = round(100 * quality(pipeline()(source, RunConfig(fov=60))).overall)
    print(f"recording {recorded} of 100, file {file}, {frames} frames in {seconds} s")
    assert abs(recorded - file) <= 10
    assert likeness(lopsided(source), lopsided(io.BytesIO(recording))) > 0.5, "of a mirrored one it is below 0"


def lopsided(source):
    """(H, W, 3): how a video's pictures differ from themselves in a mirror, on average."""
    with av.open(source if isinstance(source, io.BytesIO) else str(source), "r") as read:
        mean = np.mean([np.asarray(frame.to_image(), float) for frame in read.decode(video=0)], axis=0)
    return mean - mean[:, ::-1]


def likeness(one, other):
    """-1 to 1."""
    return np.corrcoef(one.ravel(), other.ravel())[0, 1]


def test_half_a_person_is_told_to_step_back_until_they_press_or_cancel(launch, site, examples, tmp_path):
    path = motion_jpeg(examples / "arm_raises.mp4", tmp_path / "camera.mjpeg", share=0.6)
    with page_with(launch(filming(path)), site) as page:
        looks = []
        page.on(
            "response", lambda response: looks.append(response.status) if "component_server" in response.url else None
        )
        page.click(".p3d-webcam-open")
        page.wait_for_function(f"{SAYS} === 'Step back: your whole body must be visible'")
        assert "feet" in page.inner_text(".p3d-camera-more")
        looks.clear()
        while len(looks) < STEADY:
            page.wait_for_timeout(100)
            assert page.evaluate(STATE) == "framing"
        assert set(looks) == {200}
        page.screenshot(path=tmp_path / "cut.png")
        page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8"))
        found = page.evaluate("axe.run('.p3d-camera', { resultTypes: ['violations'] })")["violations"]
        assert [violation["id"] for violation in found if violation["impact"] in ("serious", "critical")] == []
        page.click("[data-do=record]")
        page.wait_for_function("counted.includes('3')")  # it goes on, though the person does not stand well
        assert page.evaluate("counted.slice(0, 2)") == ["5", "4"]
        page.click("[data-do=cancel]")
        page.wait_for_selector(".p3d-camera", state="hidden")
        page.wait_for_function(CAMERA_IS_OFF)
        page.click(".p3d-webcam-open")
        page.wait_for_function(f"{STATE} === 'framing'")
        assert page.evaluate(CAMERA_IS_OFF) is False
        page.keyboard.press("Escape")
        page.wait_for_selector(".p3d-camera", state="hidden")
        page.wait_for_function(CAMERA_IS_OFF)
        page.wait_for_function("document.activeElement.className === 'p3d-webcam-open'")
        assert page.inner_text("#about") == "" and page.inner_text(SIGN) == "", "nothing was recorded"


LEAVING = """
const fetched = window.fetch;
window.fetch = (...asked) => {
  const counting = document.querySelector(".p3d-camera")?.dataset.state === "counting";
  if (!(counting && String(asked[0]).includes("component_server"))) return fetched(...asked);
  return Promise.resolve(Response.json({ code: "nobody", missing: [], joints: [], near: null }));
};
"""
"""Nobody is there any more as soon as it is counted."""
STOP_AT_ONCE = """() => {
  const stop = document.querySelector("[data-do=stop]");
  const pressed = new MutationObserver(() => stop.hidden || (pressed.disconnect(), stop.click()));
  pressed.observe(stop, { attributes: true });
}"""


def test_whoever_leaves_is_not_recorded_and_without_answers_people_judge_themselves(launch, site, examples, tmp_path):
    path = motion_jpeg(examples / "arm_raises.mp4", tmp_path / "camera.mjpeg")
    with page_with(launch(filming(path)), site, LEAVING) as page:
        page.click(".p3d-webcam-open")
        page.wait_for_function("counted.filter((number) => number === '3').length > 1")  # counted, given up, and again
        assert "1" not in page.evaluate("counted") and "recording" not in page.evaluate("offered")
        page.click("[data-do=cancel]")
        page.route("**/component_server/**", lambda route: route.abort())
        page.click(".p3d-webcam-open")
        page.wait_for_function(f"{SAYS} === 'Press “Record now” when your whole body is in the picture'")
        page.click("[data-do=record]")
        page.evaluate(STOP_AT_ONCE)
        page.wait_for_selector(".p3d-camera", state="hidden")
        assert page.inner_text(SIGN) == "That was too short; record for a second at least."
        page.click(".p3d-webcam-open")
        page.wait_for_selector("[data-do=record]", state="visible")
        page.click("[data-do=record]")
        page.wait_for_function("/^[2-9]/.test(document.querySelector('.p3d-camera-time').textContent)")
        page.click("[data-do=stop]")
        page.wait_for_function("/frames/.test(document.querySelector('#about').innerText)")
        page.wait_for_function(f"document.querySelector('#stop')?.offsetParent || {DONE}")  # it runs, or did


def test_a_camera_that_is_denied_is_said(launch, site):
    allowed = "--use-fake-ui-for-media-stream"
    arguments = [argument for argument in ARGS if argument != allowed]
    with page_with(launch([*arguments, "--deny-permission-prompts"]), site) as page:
        assert said_instead(page) == all_texts("en")["webcam_denied"]


REFUSING = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{name}'))"
CANNOT = {
    "webcam_none": (REFUSING.format(name="NotFoundError"), "zh-CN"),
    "webcam_taken": (REFUSING.format(name="NotReadableError"), "en-US"),
    "webcam_old": ("delete window.MediaRecorder", "zh-CN"),
}
"""What makes the page say so, and the visitor's language."""


def test_whatever_is_in_the_way_is_one_sentence(launch, site):
    """Also an address that browsers do not trust: neither https nor this computer's own."""
    name = "somewhere.test"
    with launch([*ARGS, f"--host-resolver-rules=MAP {name} 127.0.0.1"]) as browser:
        for key, (script, language) in CANNOT.items():
            page = browser.new_context(**STILL, locale=language).new_page()
            page.add_init_script(script)
            page.goto(site)
            assert said_instead(page) == all_texts(language[:2])[key]
        page = browser.new_context(**STILL, locale="en-US").new_page()
        page.goto(site.replace("127.0.0.1", name))
        assert page.evaluate("isSecureContext") is False
        assert said_instead(page) == all_texts("en")["webcam_insecure"]


def said_instead(page):
    """What stands below the button after it was pressed, without a camera's picture."""
    page.wait_for_selector(".p3d-webcam-open")
    page.wait_for_function("document.querySelector('.p3d-webcam-open').textContent")
    page.click(".p3d-webcam-open")
    page.wait_for_function(f"document.querySelector('{SIGN}').textContent")
    page.wait_for_selector(".p3d-camera", state="hidden")
    return page.inner_text(SIGN)
