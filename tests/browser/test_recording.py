"""A recording made with the page's own camera button, of an example that Chromium takes for its camera."""

import re
import time

import av
import pytest

from browser.conftest import ARGS, launched
from pose3d.analysis import quality
from pose3d.core.config import RunConfig
from pose3d.pipeline import pipeline
from tests.browser.player_page import STILL

SECONDS = 10
"""Long enough for a verdict also where a busy machine drops most of the frames."""
SLOW = 240_000
"""Milliseconds that an estimate may take on a busy machine."""


def motion_jpeg(source, path):
    """The video as Chromium's fake camera wants it."""
    with av.open(str(source)) as read, av.open(str(path), "w", format="mjpeg") as write:
        stream = read.streams.video[0]
        written = write.add_stream("mjpeg", rate=30, options={"qmin": "2", "qmax": "4"})
        written.width, written.height, written.pix_fmt = stream.width, stream.height, "yuvj420p"
        for number, frame in enumerate(read.decode(stream)):
            picture = av.VideoFrame.from_ndarray(frame.to_ndarray(format="rgb24"), format="rgb24")
            picture = picture.reformat(format="yuvj420p")
            picture.pts = number
            write.mux(written.encode(picture))
        write.mux(written.encode(None))
    return path


@pytest.fixture(scope="module")
def camera(tmp_path_factory, examples):
    """A browser whose camera sees the arm raises, over and over."""
    path = motion_jpeg(examples / "arm_raises.mp4", tmp_path_factory.mktemp("camera") / "camera.mjpeg")
    with launched([*ARGS, f"--use-file-for-fake-video-capture={path}"]) as browser:
        yield browser


def test_a_recording_is_as_good_as_the_file(camera, site, examples, tmp_path):
    """Its header claims 1000 frames a second and no length; its verdict is within 10 points of the file's."""
    page = camera.new_page(viewport={"width": 1280, "height": 900}, **STILL)
    page.set_default_timeout(SLOW)
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(site)
    page.wait_for_function("document.querySelector('#player .p3d-skeleton')?.pose3d?.ready")
    field = page.locator("#video")
    field.get_by_label("Capture from camera").click()
    field.get_by_text("Click to Access Webcam").click()
    button = field.get_by_label("start recording")  # which keeps that name while it says "Stop"
    began = time.monotonic()
    button.click()
    page.wait_for_timeout(SECONDS * 1000)
    button.click()
    page.wait_for_function("/frames/.test(document.querySelector('#about').innerText)")
    seconds, frames = re.findall(r"([\d.]+) s, (\d+) frames", page.inner_text("#about"))[0]
    lasted = time.monotonic() - began  # a busy machine begins late, and drops frames
    assert 1.5 < float(seconds) < lasted and 1 < int(frames) / float(seconds) < 35
    page.wait_for_selector("#part .p3d-part:not([hidden])")
    page.click("#go")
    page.wait_for_function("/ s of motion/.test(document.querySelector('#status').innerText)")
    page.wait_for_function("!document.querySelector('#result').classList.contains('p3d-old')")
    page.screenshot(path=tmp_path / "recording.png", full_page=True)
    recorded = int(re.findall(r"(\d+) of 100", page.inner_text("#verdict"))[0])
    file = round(100 * quality(pipeline()(examples / "arm_raises.mp4", RunConfig(fov=60))).overall)
    print(f"recording {recorded} of 100, file {file}, {frames} frames in {seconds} s")
    assert abs(recorded - file) <= 10
    assert not problems
    page.close()
