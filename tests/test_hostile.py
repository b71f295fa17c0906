"""Inputs of anybody: files, names, places, settings, models and what programs send. Each is refused in one sentence."""

import json
import math
import os
import resource
import struct
import subprocess
import sys
import zipfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pose3d.cli.app import app
from pose3d.core.camera import Camera
from pose3d.core.config import RunConfig
from pose3d.core.errors import ConfigError, LimitError, Pose3DError, VideoError
from pose3d.core.quotas import Quotas
from pose3d.core.result import KEYPOINTS, Result
from pose3d.io.video import frames, probe
from pose3d.lift import load_lifter
from pose3d.ui.controls import CONTROLS, run_config
from tests.clips import bad_video, bomb, encoded, pose2d, remuxed, write_video
from tests.factory import made_up
from tests.published import CANONICAL, HDFORMER, hdformer_folder, write_configuration

LONG = 300 * "a"
VALUES = {name: control.start for name, control in CONTROLS.items()}


def told(*arguments: object) -> tuple[int, str]:
    """Exit status and stderr of a command, in this process."""
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    return done.exit_code, done.stderr


def one_sentence(text: str) -> bool:
    """Whether it is a line that people can read."""
    return text.strip() != "" and "\n" not in text.strip() and "Traceback" not in text and len(text) < 1500


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    return write_video(tmp_path_factory.mktemp("clip") / "clip.mp4", [0, 0.1, 0.2])


PLACES = [
    LONG, f"{LONG}.mp4", f"~/{LONG}", "nowhere.mp4", ".", "..", "...", "/", "/dev/null", "/dev/zero", "/proc/self/mem",
    "~", "~nobody-of-that-name/a.mp4", "-", "caf\udce9.mp4", "two\nlines.mp4", "nul\0.mp4", "a/b/c/d.mp4", " ", "file:",
    "concat:a|b", "http://[::1", "http://", "https://", "http://:80", "http://a:b:c/", "http://127.0.0.1:99999/a.mp4",
    f"http://127.0.0.1/{LONG}", f"http://{LONG}.example/a.mp4", "http://..", "http://\u2603.invalid/\u2603",
    "ftp://host/a.mp4", "rtsp://host/a", f"http://user:{chr(112)}@127.0.0.1/a.mp4", "http://0/a.mp4", "HTTP://LOCALHOST/a",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_holds_no_video(place, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, said = told("run", place, "-o", "out")
    assert status == 1 and one_sentence(said), said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "place", [LONG, "nowhere", "/dev/zero", "nul\0", "caf\udce9", f"http://127.0.0.1/{LONG}", "http://[::1"]
)
def test_a_place_that_holds_no_result(place, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, said = told("count", place)
    assert status in (1, 2) and one_sentence(said), said


@pytest.mark.parametrize("kind", ["text", "empty", "sound", "nobody", "long"])
def test_a_file_that_shows_nobody(kind, tmp_path):
    status, said = told("run", bad_video(tmp_path, kind), "-o", tmp_path / "out", "--no-render")
    assert status == 1 and one_sentence(said) and not (tmp_path / "out").exists()


@pytest.mark.parametrize("out", [LONG, f"a/{LONG}/b", "/dev/null", "/dev/null/a", "/proc/none", "clip.mp4"])
def test_a_folder_that_cannot_be_written_to(out, clip, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clip.mp4").write_bytes(clip.read_bytes())
    status, said = told("run", "clip.mp4", "-o", out)
    assert status == 1 and one_sentence(said), said
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


OPTIONS = [
    "--focal 1e300 1e300", "--focal 1e-320 1", "--focal nan 500", "--focal inf inf", "--focal -500 500", "--focal 0 0",
    "--focal 1e-9 1e-9", "--focal 500 500 --center 1e300 0", "--focal 500 500 --center nan 0", "--center 1 1",
    "--focal a b", "--focal 500", "--fov 0", "--fov nan", "--fov 1e300", "--fov -60", "--fov 180", "--height 0",
    "--height nan", "--height 1e300", "--height -1.7", "--start -1", "--start nan", "--start 1e300", "--start inf",
    "--end 0", "--end -1", "--end nan", "--end 1e300", "--start 2 --end 1", "--max-frames 0", "--max-frames -1",
    "--max-frames 1.5", "--max-frames nan", "--rotate 45", "--rotate 1e9", "--azimuth nan", "--azimuth 1e9",
    "--elevation 91", "--elevation inf", "--person 0", "--person -1", "--person two", "--level flat", "--device tpu",
    "--figure ghost", "--language tlh", "--stills all", "--count jumps", "--export exe", "--model nothing",
    f"--model {LONG}", f"--detector {LONG}", "--detector nothing", f"--camera {LONG}", "--camera nowhere.json",
    "--fov 60 --focal 500 500", "--unknown",
]  # fmt: skip


@pytest.mark.parametrize("options", OPTIONS)
def test_options_that_cannot_be(options, clip, tmp_path):
    status, said = told("run", clip, "-o", tmp_path / "out", *options.split())
    last = said.strip().splitlines()[-1]
    assert status == 2 and "Traceback" not in said and (one_sentence(said) or "╯" in last), said
    assert not (tmp_path / "out").exists()


LENS = {"width": 64, "height": 48, "fx": 50, "fy": 50, "cx": 32, "cy": 24}
CAMERAS = {
    "empty": b"", "binary": bytes(range(256)), "nested": b"[" * 100_000, "deep": b'{"a":' * 50_000, "list": b"[1]",
    "null": b"null", "huge": b" " * 2_000_000 + b"{}", "digits": b'{"width": ' + b"9" * 5000 + b"}",
    **{
        f"{key} {value!r}": json.dumps(LENS | {key: value}).encode()
        for key, value in [
            ("width", "64"), ("width", None), ("width", -1), ("width", 1e300), ("width", 10**12), ("height", [48]),
            ("fx", math.nan), ("fx", math.inf), ("fx", 1e300), ("fx", 1e-320), ("fx", True), ("cx", 1e300),
            ("cy", {}), ("distortion", [1]), ("distortion", [0, 0, 0, 1e300]), ("distortion", "none"),
            ("distortion", [0] * 1000), ("distortion", 5), ("more", 1),
        ]
    },
}  # fmt: skip


@pytest.mark.parametrize("content", CAMERAS.values(), ids=CAMERAS)
def test_a_camera_file_that_is_none(content, tmp_path):
    path = tmp_path / "camera.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        Camera.from_file(path)
    assert one_sentence(str(caught.value)) and str(path) in str(caught.value)


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> dict:
    return json.loads(made_up(np.arange(40) / 30).save(tmp_path_factory.mktemp("saved")).read_bytes())


RAW = {
    "empty": b"", "binary": bytes(range(256)), "nested": b"[" * 200_000, "deep": b'{"a":' * 200_000, "list": b"[]",
    "nan": b'{"times": [NaN]}', "digits": b'{"person": ' + b"9" * 5000 + b"}", "surrogate": b'{"a": "\\ud800"}',
}  # fmt: skip
KEYS = {
    f"{key} {str(value)[:30]!r}": (key, value)
    for key, value in [
        ("times", []), ("times", "now"), ("times", [0, 1e300]), ("times", [0, 1e-9, 2e-9]), ("times", [[0.0]]),
        ("times", [0, 0.001, 1e6]), ("keypoints", [[[1e300] * 3]]), ("keypoints", None), ("keypoints", "x"),
        ("keypoints", [[1], [1, 2]]), ("scores", [["high"]]), ("pose2d", [[[None, None]]]), ("camera", None),
        ("camera", {"width": 1}), ("camera", []), ("units", "parsec"), ("up", [1, 0]), ("up", [0, 1e300, 0]),
        ("floor", "low"), ("floor", 1e300), ("up_confidence", 7), ("detector", {}), ("model", "hdformer"),
        ("video", {}), ("video", {"path": 5}), ("settings", []), ("settings", {"fov": 1e9}), ("settings", {"evil": 1}),
        ("people", [{}]), ("people", 3), ("person", "first"), ("person", -1), ("seconds", [1]),
        ("seconds", {"detect": "long"}), ("versions", {"av": 18}), ("contacts", {"left_foot": []}),
        ("camera_shift", [1]), ("disagreement", "much"), ("joint_names", 17), ("joint_names", ["Nose"]),
    ]
}  # fmt: skip


@pytest.mark.parametrize("content", RAW.values(), ids=RAW)
def test_a_result_that_is_none(content, tmp_path):
    (tmp_path / KEYPOINTS).write_bytes(content)
    status, said = told("count", tmp_path)
    assert status == 2 and one_sentence(said) and str(tmp_path) in said


@pytest.mark.parametrize(("key", "value"), KEYS.values(), ids=KEYS)
def test_a_result_with_something_wrong(key, value, saved, tmp_path):
    (tmp_path / KEYPOINTS).write_text(json.dumps(saved | {key: value}))
    with pytest.raises(ConfigError) as caught:
        Result.load(tmp_path)
    assert one_sentence(str(caught.value)) and KEYPOINTS in str(caught.value)


@pytest.mark.parametrize("command", ["count", "compare", "measure", "actions"])
def test_a_broken_result_through_every_command(command, tmp_path):
    (tmp_path / KEYPOINTS).write_bytes(b'{"times": [0]}')
    status, said = told(command, *([tmp_path] * (2 if command == "compare" else 1)))
    assert status == 2 and one_sentence(said)


ANYTHING = (
    math.nan, math.inf, -math.inf, 1e300, 10**400, -1e300, 1e-320, "", "x", "1", [], [1], {}, {"a": 1}, object(), b"a",
    "x" * 100_000, 3.7, -1, True, [[[]]],
)  # fmt: skip


@pytest.mark.parametrize("name", CONTROLS)
def test_anything_for_a_parameter_of_the_api(name, allow):
    """A setting within its limits comes of it, or a sentence that names the parameter."""
    for value in ANYTHING:
        try:
            config = run_config(VALUES | {name: value}, (640, 480), "en")
        except ConfigError as e:
            assert one_sentence(str(e)), (name, value)
        else:
            assert isinstance(config, RunConfig) and isinstance(config.but(), RunConfig)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("max_frames", math.nan, "the number of frames must be a number"),
        ("max_frames", 10**9, "the number of frames must lie between 1 and 3000"),
        ("model", ["hdformer"], "model cannot be ['hdformer']; there are hdformer, canonical"),
        ("fx", 1e300, "focal lengths must lie between"), ("fx", 1e-320, "focal lengths must lie between"),
        ("fx", 1e-9, "focal lengths must lie between"), ("cx", math.nan, "cx must be a number, not nan"),
        ("mirror", "no", "mirror must be true or false, not no"), ("rotate", [], "rotate cannot be []"),
        ("count", 5, "count must be a text, not 5"), ("fov", "wide", "the field of view must be a number, not wide"),
    ],
)  # fmt: skip
def test_what_a_program_is_told(name, value, words):
    with pytest.raises(ConfigError) as caught:
        run_config(VALUES | {name: value}, (640, 480), "en")
    assert words in str(caught.value)


def test_no_number_of_frames_is_as_many_as_allowed(allow):
    allow(frames=50)
    assert run_config(VALUES | {"model": None, "max_frames": None}, (640, 480), "en").max_frames == 50


def changed(**settings) -> dict:
    return {**HDFORMER, "MODEL": {**HDFORMER["MODEL"], **settings}}


def asked(**settings) -> dict:
    return {**HDFORMER, "INPUT": {**HDFORMER["INPUT"], **settings}}


def canonical(**settings) -> dict:
    return {**CANONICAL, "MODEL": {**CANONICAL["MODEL"], **settings}}


CONFIGURATIONS = {
    "many hops": changed(max_hop=10**9), "many channels": changed(in_channels=10**9), "none": changed(in_channels=0),
    "dropout": changed(dropout=math.nan), "dropout of 2": changed(dropout=2), "joints": changed(n_joints=10**9),
    "a list": changed(max_hop=[4]), "focal": asked(focal_length=[1e300, 1]), "tiny": asked(focal_length=[1e-320, 1]),
    "centre": asked(center=[math.nan, 0]), "width": asked(res_w=1e300), "window": asked(n_frames=16 * 10**9),
    "odd window": asked(n_frames=97), "no step": asked(window_size=0), "frames": asked(max_frame=-1),
    "wide filters": canonical(FILTER_WIDTHS=[999_999_999]), "many filters": canonical(FILTER_WIDTHS=[3] * 8),
    "even filters": canonical(FILTER_WIDTHS=[4]), "no filters": canonical(FILTER_WIDTHS=[]),
    "many": canonical(CHANNELS=10**9), "large": canonical(CHANNELS=4096, FILTER_WIDTHS=[3, 3, 3, 3, 3], DENSE=True),
    "other joints": canonical(IN_NUM_JOINTS=10**9), "other features": canonical(OUT_3D_FEATURE=4),
    "null": {"INPUT": None}, "text": {"INPUT": "x"}, "nothing": {"INPUT": {}},
}  # fmt: skip


@pytest.mark.parametrize("model", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_a_model_s_settings_are_checked_before_it_is_made(model, tmp_path):
    write_configuration(tmp_path / "model", model)
    with pytest.raises(Pose3DError) as caught:
        load_lifter(str(tmp_path / "model"), "cpu")
    assert one_sentence(str(caught.value)) and str(tmp_path) in str(caught.value)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    return hdformer_folder(tmp_path_factory.mktemp("whole"))


def linked(source: Path, folder: Path, *without: str) -> Path:
    folder.mkdir()
    for path in source.iterdir():
        if path.name not in without:
            (folder / path.name).symlink_to(path)
    return folder


def npy_header(shape: str) -> bytes:
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def repacked(source: Path, target: Path) -> None:
    """The same checkpoint with compressed parts."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))


def torn(path: Path, **tensors) -> None:
    torch.save({"state_dict": tensors}, path)


FILES = {
    "array too large": ("mean_std_2d.npy", lambda p, _: p.write_bytes(npy_header("(9, 999999999, 99)"))),
    "array beyond numbers": ("mean_std_2d.npy", lambda p, _: p.write_bytes(npy_header("(4611686018427387904, 99)"))),
    "header that is none": ("mean_std_2d.npy", lambda p, _: p.write_bytes(npy_header("(2,").replace(b"}", b"("))),
    "array of nothing": ("mean_std_3d.npy", lambda p, _: p.write_bytes(b"")),
    "array of words": ("mean_std_3d.npy", lambda p, _: np.save(p, np.full((2, 17, 3), "x"))),
    "array of infinity": ("mean_std_3d.npy", lambda p, _: np.save(p, np.full((2, 17, 3), np.inf))),
    "array of 1e300": ("mean_std_3d.npy", lambda p, _: np.save(p, np.full((2, 17, 3), 1e300))),
    "negative deviation": ("mean_std_3d.npy", lambda p, _: np.save(p, np.full((2, 17, 3), -1.0))),
    "device": ("mean_std_3d.npy", lambda p, _: p.symlink_to("/dev/zero")),
    "settings from a device": ("configuration.json", lambda p, _: p.symlink_to("/dev/zero")),
    "deep settings": ("configuration.json", lambda p, _: p.write_bytes(b'{"model":' * 50_000)),
    "long settings": ("configuration.json", lambda p, _: p.write_bytes(b" " * 2_000_000)),
    "digits": ("configuration.json", lambda p, _: p.write_bytes(b"9" * 5000)),
    "weights from a device": ("pytorch_model.pt", lambda p, _: p.symlink_to("/dev/zero")),
    "compressed weights": ("pytorch_model.pt", lambda p, whole: repacked(whole, p)),
    "endless weights": ("pytorch_model.pt", lambda p, _: torn(p, a=torch.zeros(1).expand(10**6, 10**6))),
    "weights of a list": ("pytorch_model.pt", lambda p, _: torch.save([1, 2], p)),
    "weights by number": ("pytorch_model.pt", lambda p, _: torch.save({"state_dict": {1: torch.zeros(1)}}, p)),
    "thin weights": ("pytorch_model.pt", lambda p, _: torn(p, a=torch.zeros(2, 2).to_sparse())),
    "complex weights": ("pytorch_model.pt", lambda p, _: torn(p, a=torch.zeros(2, dtype=torch.complex64))),
    "weights nowhere": ("pytorch_model.pt", lambda p, _: torn(p, a=torch.zeros(2, device="meta"))),
    "long header": ("model.safetensors", lambda p, _: p.write_bytes(struct.pack("<Q", 1 << 40) + b"{}")),
    "no header": ("model.safetensors", lambda p, _: p.write_bytes(b"\0")),
}  # fmt: skip


@pytest.mark.parametrize(("name", "write"), FILES.values(), ids=FILES)
def test_a_model_s_files_are_checked_before_they_are_read(name, write, whole, tmp_path):
    folder = linked(whole, tmp_path / "model", name)
    write(folder / name, whole / "pytorch_model.pt")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Pose3DError) as caught:
        load_lifter(str(folder), "cpu")
    assert one_sentence(str(caught.value)) and str(folder) in str(caught.value)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 500, "megabytes"


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_weights_are_finite(value, whole, tmp_path):
    folder = linked(whole, tmp_path / "model", "pytorch_model.pt")
    content = torch.load(whole / "pytorch_model.pt")
    content["state_dict"]["joint_regressor.bias"][3] = value
    torch.save(content, folder / "pytorch_model.pt")
    with pytest.raises(Pose3DError, match="not finite"):
        load_lifter(str(folder), "cpu")


def test_what_differs_from_the_published_in_name_alone_is_loaded(whole, tmp_path):
    """The prefix of DataParallel, no counters, a mark before the JSON, weights of another name."""
    folder = linked(whole, tmp_path / "model", "pytorch_model.pt", "configuration.json")
    (folder / "configuration.json").write_bytes(b"\xef\xbb\xbf" + (whole / "configuration.json").read_bytes())
    state = torch.load(whole / "pytorch_model.pt")["state_dict"]
    renamed = {f"module.{key}": value for key, value in state.items() if not key.endswith("num_batches_tracked")}
    torch.save({"state_dict": renamed}, folder / "best.pth")
    with pytest.raises(Pose3DError, match=r"pytorch_model\.pt"):
        load_lifter(str(folder), "cpu")
    given, usual = (load_lifter(str(place), "cpu") for place in (folder / "best.pth", whole))
    np.testing.assert_array_equal(given(pose2d(20)).xyz, usual(pose2d(20)).xyz)


BOMBS = {
    "bomb.mp4": ("libx264", "yuv420p"), "bomb.avi": ("mpeg4", "yuv420p"), "bomb.webm": ("libvpx", "yuv420p"),
    "bomb.gif": ("gif", "gray"), "bomb.apng": ("apng", "gray"), "bomb.mov": ("png", "gray"),
    "bomb.flv": ("flv", "yuv420p"),
}  # fmt: skip
"""Name to codec and pixels."""
LOOK = """
import resource, sys, time
from pose3d.core.errors import Pose3DError
from pose3d.io.video import probe
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
try:
    probe(sys.argv[1])
except Pose3DError as e:
    print(e.code, time.perf_counter() - start, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_pictures_that_would_fill_the_memory_are_never_decoded(name, tmp_path):
    path = bomb(tmp_path / name, *BOMBS[name])
    others = ("bomb.mkv", "bomb.ts") if name == "bomb.mp4" else ()
    for each in (path, *(remuxed(path, tmp_path / other) for other in others)):
        refused_at_once(each)


def refused_at_once(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LOOK, str(path)], capture_output=True, text=True, timeout=60)
    code, seconds, megabytes = done.stdout.split()
    assert code in ("picture_too_large", "damaged_or_large"), done.stderr
    assert float(seconds) < 1 and float(megabytes) < 100


def test_pictures_that_grow_within_a_stream_are_left_out(tmp_path, allow):
    """Two streams of one codec, one after the other, as a raw file may hold them."""
    small, large = encoded(tmp_path / "small.h264", count=5), encoded(tmp_path / "large.h264", count=5, size=(640, 480))
    path = tmp_path / "grows.h264"
    path.write_bytes(small.read_bytes() + large.read_bytes())
    assert len(list(frames(path))) == 10 and {frame.image.shape for frame in frames(path)} == {(48, 64, 3)}
    allow(megapixels=0.1)
    assert {frame.image.shape for frame in frames(path)} == {(48, 64, 3)} and len(list(frames(path))) <= 5


def test_wide_pixels_make_no_large_picture(tmp_path, allow):
    path = encoded(tmp_path / "wide.mp4", count=2, aspect=Fraction(10))
    allow(megapixels=0.02)
    with pytest.raises(LimitError, match="640x48"):
        probe(path)


def test_a_file_without_an_index_that_ends_early(tmp_path):
    whole = encoded(tmp_path / "whole.mp4", count=60)
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole.read_bytes()[:-600])  # the index comes last
    with pytest.raises(VideoError, match="cut off"):
        probe(path)
    live = encoded(tmp_path / "live.mp4", count=60, muxer={"movflags": "frag_keyframe+empty_moov"}, options={"g": "10"})
    path.write_bytes(live.read_bytes()[: live.stat().st_size // 2])
    assert 10 <= len(list(frames(path))) < 60


PROCESSES = [
    ("run", LONG, "-o", "out"), ("run", "http://[::1", "-o", "out"), ("run", "clip.mp4", "-o", LONG),
    ("run", "clip.mp4", "-o", "out", "--focal", "1e300", "1e300"), ("run", "caf\udce9.mp4", "-o", "out"),
    ("run", "clip.mp4", "-o", "out", "--model", LONG), ("count", LONG), ("count", "clip.mp4/keypoints.json"),
    ("compare", LONG, LONG), ("run", f"http://127.0.0.1/{LONG}", "-o", "out"), ("run", "/dev/zero", "-o", "out"),
    ("run", "two\nlines", "-o", "out"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", PROCESSES, ids=lambda a: " ".join(a)[:30].encode("ascii", "replace").decode())
def test_through_a_process(arguments, clip, tmp_path):
    (tmp_path / "clip.mp4").write_bytes(clip.read_bytes())
    command = [sys.executable, "-m", "pose3d", *arguments]
    here = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=60, cwd=tmp_path, env=here)
    assert done.returncode in (1, 2) and one_sentence(done.stderr) and done.stderr.startswith("pose3d: "), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES_OF_ANY_KIND = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


def within(kind, **values) -> None:
    """An object comes of it that can be made again of what it holds, or a ConfigError of one line."""
    try:
        made = kind(**values)
    except ConfigError as e:
        assert one_sentence(str(e)) and one_sentence(e.worded("zh"))
    else:
        assert made == kind(**{name: getattr(made, name) for name in values})


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(RunConfig.model_fields)), VALUES_OF_ANY_KIND, max_size=4))
def test_any_settings_of_a_run(values):
    within(RunConfig, **values)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(Quotas.model_fields)), VALUES_OF_ANY_KIND, max_size=4))
def test_any_limits_of_a_machine(values):
    within(Quotas, **values)


@settings(max_examples=300, deadline=None)
@given(st.tuples(*[st.integers() | st.floats() | st.sampled_from([64, 480.5, 1e-320, 1e300, "x", None])] * 6))
def test_any_camera(values):
    within(Camera, **dict(zip(("width", "height", "fx", "fy", "cx", "cy"), values, strict=True)))
