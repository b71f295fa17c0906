"""A look at one picture of the live preview: what it says, and that nothing that is sent can do harm."""

import base64
import io
import json
import re

import gradio as gr
import httpx
import numpy as np
import pytest
from PIL import Image

from pose3d.core.errors import VideoError
from pose3d.core.quotas import Quotas, quotas
from pose3d.core.words import LANGUAGES, say
from pose3d.io.video import frames
from pose3d.jobs.machine import Machine
from pose3d.jobs.preview import LONGER_SIDE, MOST_BYTES
from pose3d.jobs.workers import Here
from pose3d.ui import build, launch_settings, preview, work
from pose3d.ui.preview import look
from pose3d.ui.webcam import LENGTHS, RATE, SCRIPT

ENGLISH = gr.Request(headers={"accept-language": "en"})
CHINESE = gr.Request(headers={"accept-language": "zh-CN"})
CODES = {"nobody", "cut", "aside", "far", "good"}


def sent(image, kind="JPEG", **settings):
    """A picture (H, W, 3) or of Pillow's as the page sends it."""
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    file = io.BytesIO()
    image.save(file, kind, **settings)
    return base64.b64encode(file.getvalue()).decode()


@pytest.fixture(scope="module")
def walking(examples):
    """A picture as the page sends it."""
    image = Image.fromarray(next(iter(frames(examples / "walk.mp4"))).image)
    image.thumbnail((LONGER_SIDE, LONGER_SIDE))
    return sent(image)


def test_says_what_to_do_where_the_joints_are_and_where_to_look_next(walking):
    seen = look({"picture": walking, "near": None}, ENGLISH)
    assert seen["code"] == "good" and seen["missing"] == []
    joints = np.array(seen["joints"])
    assert joints.shape == (17, 3) and (joints >= 0).all() and (joints <= 1).all()
    assert joints[:, :2].min(0) == pytest.approx([0.14, 0.24], abs=0.03), "of the hand behind and the top of the head"
    assert joints[:, :2].max(0) == pytest.approx([0.26, 0.74], abs=0.03), "of the hand before and the foot"
    again = look({"picture": walking, "near": seen["near"]}, ENGLISH)
    assert np.abs(np.array(again["joints"]) - joints)[:, :2].max() < 0.03
    assert json.loads(json.dumps(again)) == again


def test_nobody_has_no_joints():
    seen = look({"picture": sent(np.zeros((180, 320, 3), np.uint8))}, ENGLISH)
    assert seen == {"code": "nobody", "missing": [], "joints": [], "near": None}


def lying(width, height):
    """A JPEG of a few hundred bytes whose header claims that size."""
    data = bytearray(base64.b64decode(sent(Image.new("L", (32, 32)))))
    place = data.index(b"\xff\xc0") + 5
    data[place : place + 4] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return base64.b64encode(bytes(data)).decode()


GREY = Image.new("RGB", (64, 64), "grey")
JPEG = sent(GREY)
NOISE = np.random.default_rng(0).integers(0, 256, (700, 580, 3), np.uint8)
HOSTILE = {
    "nothing": None,
    "a number": 7,
    "a list": [JPEG],
    "no picture": {"near": None},
    "something more": {"picture": JPEG, "path": "/etc/passwd"},
    "a path": {"picture": "/etc/passwd"},
    "a file": {"picture": {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}},
    "empty": {"picture": ""},
    "no base64": {"picture": "ÿØÿà"},
    "an address": {"picture": "data:image/jpeg;base64," + JPEG},
    "text": {"picture": base64.b64encode(b"hello, world " * 99).decode()},
    "another format": {"picture": sent(GREY, "PNG")},
    "an animation": {"picture": sent(GREY, "GIF")},
    "only a beginning": {"picture": base64.b64encode(base64.b64decode(JPEG)[:200]).decode()},
    "its first bytes": {"picture": base64.b64encode(b"\xff\xd8\xff\xe0").decode()},
    "too many bytes": {"picture": base64.b64encode(bytes(MOST_BYTES + 3)).decode()},
    "too many bytes of a picture": {"picture": sent(NOISE, quality=100)},
    "too many pixels": {"picture": sent(Image.new("RGB", (2000, 300)))},
    "a lie of four thousand million pixels": {"picture": lying(65500, 65500)},
    "a lie of a hundred million pixels": {"picture": lying(10_000, 10_000)},
    "one pixel": {"picture": sent(Image.new("RGB", (1, 1)))},
    "a line": {"picture": sent(Image.new("RGB", (2000, 1)))},
    "nowhere": {"picture": JPEG, "near": [float("nan"), 1, 10, 0]},
    "infinitely far": {"picture": JPEG, "near": [float("inf"), 1, 10, 0]},
    "far away": {"picture": JPEG, "near": [1e300, 1, 10, 0]},
    "of no size": {"picture": JPEG, "near": [1, 1, 0, 0]},
    "words for a place": {"picture": JPEG, "near": ["a", "b", "c", "d"]},
    "half a place": {"picture": JPEG, "near": [1, 1]},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_is_one_sentence(name, caplog):
    """Without a traceback in the log, in both languages; afterwards all goes on."""
    sentence = VideoError("no_preview", most=MOST_BYTES // 1000)
    for request, language in ((ENGLISH, "en"), (CHINESE, "zh")):
        (answer,) = look(HOSTILE[name], request).items()
        key, told = answer
        assert key == "trouble" and told.lower() == sentence.worded(language).lower()
    assert not caplog.records
    assert look({"picture": JPEG}, ENGLISH)["code"] in CODES


@pytest.mark.parametrize("near", [[-2560, 2560, 2560, -4], [160, 90, 1.5, 4], [0, 0, 2560, 0], [5, 5, 5, 1]])
def test_any_place_that_is_allowed_does_no_harm(walking, near):
    assert look({"picture": walking, "near": near}, ENGLISH)["code"] == "good"


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_pictures_and_those_of_printers_are_looked_at_as_well(mode):
    assert look({"picture": sent(GREY.convert(mode))}, ENGLISH)["code"] == "nobody"


def test_more_looks_than_there_is_room_for_are_told_to_come_again(walking, monkeypatch):
    machine = Machine([], [Here()], Quotas())
    monkeypatch.setattr(work, "machine", lambda: machine)
    monkeypatch.setattr(preview, "answer", lambda reins, asked: look({"picture": walking}, ENGLISH))
    assert look({"picture": walking}, ENGLISH) == {"code": "busy"}, "the only looker is at work meanwhile"
    monkeypatch.setattr(preview, "answer", lambda reins, asked: 1 / 0)
    for _ in range(3):  # what goes wrong gives its room back
        assert look({"picture": walking}, ENGLISH) == {"trouble": say("page", "unexpected", "en")}


@pytest.fixture
def address(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "cache"))
    demo = build()
    _, address, _ = demo.launch(prevent_thread_lock=True, quiet=True, **launch_settings())
    yield address
    demo.close()


def test_a_look_passes_by_the_queue_and_leaves_no_file(address, walking, tmp_path):
    """As the page's script asks for it; what is not said to be called so cannot be."""
    config = httpx.get(f"{address}config").json()
    (webcam,) = (part for part in config["components"] if part["props"].get("elem_id") == "webcam")
    assert webcam["props"]["server_fns"] == ["look"]
    before = files(tmp_path)
    asked = {"component_id": webcam["id"], "fn_name": "look", "session_hash": "a"}

    def post(**what):
        return httpx.post(f"{address}gradio_api/component_server/", json=asked | what, timeout=60)

    assert post(data={"picture": walking, "near": None}).json()["code"] == "good"
    assert "trouble" in post(data={"picture": "/etc/passwd"}).json()
    assert post(data={}, fn_name="postprocess").status_code == 404
    assert files(tmp_path) == before


def files(folder):
    return {path for path in folder.rglob("*") if path.is_file()}


def test_every_sentence_that_the_script_says_is_there():
    """In both languages; the codes' and the parts' names are made at run time."""
    keys = set(re.findall(r"\bwebcam_[a-z_]+", SCRIPT.read_text("utf-8")))
    keys |= {f"webcam_{name}" for name in (*CODES, "head", "hands", "feet", "record", "stop", "other", "cancel")}
    for language in LANGUAGES:
        assert all(say("page", key, language, seconds=1, length=1, parts="") for key in keys)


def test_all_of_the_longest_recording_can_be_read():
    assert max(LENGTHS) * RATE <= quotas().frames
