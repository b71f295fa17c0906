"""The page's handlers and its API, with made-up poses in place of the models."""

import inspect
import json
import logging
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from clips import bad_video
from factory import walking
from pose3d.core.camera import PRESETS, Camera
from pose3d.core.errors import NoPersonError, Pose3DError
from pose3d.core.resources import ASSETS, ROOT
from pose3d.detect import Detection
from pose3d.io.models.weights import sha256
from pose3d.io.video import frames, probe
from pose3d.lift import LIFTERS
from pose3d.pipeline import Found
from pose3d.track.refine import refine
from pose3d.ui import LAUNCH, build, gpu, handlers, lens, page, words
from pose3d.ui.ahead import KEPT, ahead
from pose3d.ui.player import PLOTLY
from pose3d.ui.settings_link import from_query
from pose3d.ui.stopping import StopSign

SETTINGS = {
    "fov": 60, "fx": 0, "fy": 0, "cx": 0, "cy": 0, "max_frames": 300, "height_cm": 0, "model": "hdformer",
    "azimuth": 30, "elevation": 10, "upright": False,
}  # fmt: skip
TIMES = np.arange(12) / 25.0
EXPORTS = {
    "keypoints.json", "skeleton.html", "report.html",
    "motion.csv", "motion.bvh", "motion.glb", "motion.trc", "motion.c3d",
}  # fmt: skip


class Models:
    """Stands in for a pipeline and remembers what it was asked."""

    def __init__(self, result):
        self.result, self.calls, self.error = result, [], None

    def find(self, video, *, span, camera, progress, stop):
        self.calls.append((camera, span))
        if self.error:
            raise self.error
        for done in range(1, len(self.result) + 1):
            progress("detect", done, len(self.result))
            if stop():
                break
        return Found(replace(self.result.video, path=Path(video)), self.result.pose2d, {"detect": 1.0})

    def lift(self, found, *, height, level, progress):
        self.wanted = (height, level)
        progress("lift", 1, 1)
        return replace(self.result, video=found.video)


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "cache"))
    fake = Models(walking(tmp_path / "walk.mp4", TIMES))
    monkeypatch.setattr(handlers, "models", lambda name: fake)
    return fake


def estimate(video, **settings):
    return handlers.estimate(video and str(video), **SETTINGS | settings)


@pytest.mark.parametrize("kind", ["text", "empty", "sound", "truncated", "long"])
def test_bad_video_is_one_sentence(models, kind, tmp_path):
    with pytest.raises(gr.Error) as error:
        estimate(bad_video(tmp_path, kind))
    assert error.value.message.startswith(f"{kind}.mp4 ")
    assert str(tmp_path) not in error.value.message and not error.value.print_exception


def test_no_video_and_no_result():
    with pytest.raises(gr.Error, match="Choose a video first"):
        estimate(None)
    with pytest.raises(gr.Error, match="Run a video first"):
        handlers.rerender(None, 0, 0)


def test_errors_of_the_models(models, tmp_path, caplog):
    models.error = NoPersonError("nobody was found in <b>.mp4; choose another")
    with pytest.raises(gr.Error) as error:
        estimate(models.result.video.path)
    assert error.value.message == "Nobody was found in &lt;b&gt;.mp4; choose another"
    models.error = RuntimeError("a secret")
    with caplog.at_level(logging.ERROR), pytest.raises(gr.Error) as error:
        estimate(models.result.video.path)
    assert error.value.message == words.WORDS["en"]["unexpected"]
    assert "a secret" in caplog.text and "Traceback" in caplog.text


def test_settings_reach_the_models(models):
    estimate(models.result.video.path, fov=90, cx=70, height_cm=180, max_frames=5, upright=True)
    ((camera, span),) = models.calls
    (height, level) = models.wanted
    assert (camera.fx, camera.fy, camera.cx, camera.cy) == pytest.approx((80, 80, 70, 60))
    assert height == pytest.approx(1.8) and span.max_frames == 5 and level


def test_rerender_runs_no_model_and_keeps_the_rest(models):
    first, clip, _, files, run, part = estimate(models.result.video.path)
    assert {Path(file).name for file in files} == EXPORTS | {"render.mp4"} and files[-1] == clip
    again, more, kept = handlers.rerender(run, -120, 40)
    assert len(models.calls) == 1 and part is None
    assert again != clip and Path(again).stat().st_size > 0 and Path(clip).exists()
    assert more[:-1] == files[:-1] and more[-1] == again and kept.result is run.result
    assert Path(first["data"]["path"]).is_file()


def test_rerender_after_the_video_was_deleted(models):
    *_, run, _ = estimate(models.result.video.path)
    models.result.video.path.unlink()
    with pytest.raises(gr.Error, match="upload it again"):
        handlers.rerender(run, 0, 0)


def test_summary_is_plain(models):
    result = models.result
    assert "12 frames, 0.5 s of motion" in words.summary(result, 12, "en")
    assert "The first 12 of 90 frames" in words.summary(result, 90, "en")
    assert words.timing({"detect": 1.24, "render": 2}, "en") == "Finding the person 1.2 s · Drawing the clip 2.0 s"


def test_stopped_work_keeps_what_was_found(models):
    """Asked to stop at the third frame, it does; what was found can be finished later."""
    sign = StopSign(None)
    progress = Watched(lambda done: sign.put_up() if done == 3 else None)
    shown, clip, status, files, run, part = handlers.estimate(
        str(models.result.video.path), **SETTINGS, progress=progress
    )
    assert progress.seen == [1, 2, 3]
    assert "Stopped" in status and f"of {len(models.result)} frames" in status
    assert all(value["__type__"] == "update" for value in (shown, clip, files, run)), "the last result stays"
    sign.take_down()
    _, clip, _, files, run, part = handlers.finish(part, 10, 5)
    assert Path(clip).stat().st_size > 0 and run.result.video.path == models.result.video.path and part is None
    with pytest.raises(gr.Error, match="no unfinished video"):
        handlers.finish(None, 0, 0)


def test_work_stopped_while_drawing_leaves_nothing_half_done(models, tmp_path):
    sign = StopSign(None)
    progress = Watched(lambda done: None)
    progress.drawn = sign.put_up
    *_, part = handlers.estimate(str(models.result.video.path), **SETTINGS, progress=progress)
    sign.take_down()
    assert len(part.found.video) == len(models.result)
    assert not list((tmp_path / "cache").glob("run-*"))


class Watched(gr.Progress):
    """Remembers how many frames the detector had done, and tells of each."""

    def __init__(self, told):
        self.seen, self.told = [], told

    def __call__(self, progress, desc=None, **_):
        if desc and desc.startswith(words.WORDS["en"]["render"]):
            self.drawn()
        if desc and desc.startswith(words.WORDS["en"]["detect"]):
            self.seen.append(progress[0])
            self.told(progress[0])


def test_time_left_is_told(monkeypatch):
    told = []
    clock = iter([0.0, 0.0, 10.0, 10.0])
    monkeypatch.setattr(handlers.time, "monotonic", lambda: next(clock))
    shown = handlers._shown(lambda progress, desc, unit: told.append(desc), "en")
    shown("detect", 1, 100)
    shown("detect", 25, 100)
    assert told == ["Finding the person", "Finding the person · about 31 s left"]


def test_every_text_is_there_in_both_languages():
    for key, texts in words.TEXTS.items():
        assert set(texts) == set(words.LANGUAGES) and all(texts.values()), key
        fields = [sorted(re.findall(r"{(\w+)", texts[language])) for language in words.LANGUAGES]
        assert fields[0] == fields[1], key
    for error in words.ERRORS:
        assert set(error) == set(words.LANGUAGES)
        assert set(re.findall(r"\?P<(\w+)>", error["en"])) >= set(re.findall(r"{(\w+)", error["zh"])), error


def test_nothing_on_the_page_is_in_one_language_only():
    """Every label, help text and button is a mark that the browser fills in; the texts on the server have values."""
    free = {"fx", "fy", "cx", "cy", "", None, *words.MODELS.values()}
    for component in build().config["components"]:
        properties = component["props"]
        for name in ("label", "info", "placeholder", "description"):
            text = properties.get(name)
            if not properties.get("visible", True) or text in free:
                continue
            (key,) = re.findall(rf'"key": "{words.OURS}(\w+)"', str(text)) or [None]
            assert key in words.TEXTS, (component["type"], name, text)
        if component["type"] in ("markdown", "button") and properties.get("visible", True):
            text = properties.get("value")
            assert not text or words.OURS in text, (component["type"], text)


@pytest.mark.parametrize("kind", ["text", "empty", "sound", "nobody", "truncated", "long"])
def test_bad_videos_are_told_in_chinese(kind, tmp_path):
    path = bad_video(tmp_path, kind)
    request = gr.Request(headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert words.language_of(request) == "zh" and words.language_of(None) == "en"
    try:
        info = probe(path)
        list(frames(path))
        refine([Detection(time, None) for time in info.timestamps], info.fps, Camera.from_fov(64, 48, 60))
        pytest.fail("nothing was wrong")
    except Pose3DError as error:
        message = words.translated(str(error), "zh")
    assert re.search(r"[\u4e00-\u9fff]", message) and not re.search(r"[a-z]{5}", message.replace(path.name, ""))


def test_the_example_ahead_is_what_the_weights_make():
    """Whoever changes the weights runs `python -m pose3d.ui.ahead` again."""
    kept = json.loads((KEPT / "keypoints.json").read_text())
    assert kept["model"]["sha256"] == sha256(ASSETS / "hdformer.safetensors")
    run = ahead()
    assert len(run.result) == len(kept["keypoints"]) == len(run.result.video)
    np.testing.assert_allclose(run.result.pose3d.xyz, kept["keypoints"], atol=1e-6)
    assert {path.name for path in run.files} == EXPORTS | {"render.mp4"} and run.files[-1].suffix == ".mp4"


def test_a_link_carries_settings_and_nothing_else():
    query = {"fov": "75.5", "max_frames": "0", "model": "__import__", "upright": "true", "azimuth": "nan", "x": "1"}
    assert from_query(query, page.SETTINGS) == {"fov": 75.5, "upright": True}
    assert list(SETTINGS) == page.PARAMETERS


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_camera_fields_tell_of_one_lens(size):
    chosen = lens.of_preset("webcam", 60, size)
    assert chosen.fov == PRESETS["Webcam"]
    assert chosen.camera(*size).fov == pytest.approx(chosen.fov, abs=0.1)
    assert (chosen.cx, chosen.cy) == (size[0] / 2, size[1] / 2)
    moved = lens.of_fov(chosen.fov, size)
    assert moved == chosen
    edited = lens.of_intrinsics(moved.fov, 960, 960, 0, 0, size)
    assert edited.preset == lens.OWN and edited.fov == 90 and edited.cx == size[0] / 2
    assert lens.of_preset(lens.OWN, 77, size).fov == 77


def test_camera_fields_without_a_video():
    assert lens.of_fov(60, None) == lens.Lens()
    assert lens.of_intrinsics(60, 900, 0, 0, 0, None) == lens.Lens(lens.OWN, 60, fx=900)
    assert lens.Lens(fx=900).camera(640, 480).fy == 900


def test_every_lifter_is_offered_by_name():
    assert set(words.MODELS) == set(LIFTERS)


def test_models_are_loaded_late_and_once(monkeypatch):
    loaded = []
    monkeypatch.setattr(handlers, "pipeline", lambda name: loaded.append(name) or object())
    handlers.models.cache_clear()
    assert handlers.models("hdformer") is handlers.models("hdformer")
    assert loaded == ["hdformer"]
    handlers.models.cache_clear()


def test_a_lent_gpu_is_asked_for_as_long_as_the_frames_need(tmp_path, monkeypatch):
    """Where the package `spaces` is installed, its GPU() gets the function and a duration from the same arguments."""
    (tmp_path / "spaces.py").write_text("def GPU(duration):\n    return lambda function: (function, duration)\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "spaces", raising=False)
    function, duration = gpu.on_gpu(handlers.gpu_seconds)(handlers.lift)
    monkeypatch.delitem(sys.modules, "spaces")
    assert function is handlers.lift
    asked = [duration("clip.mp4", handlers.Settings("hdformer", n, lens.Lens(), None, False)) for n in (30, 3000)]
    assert 20 < asked[0] < 30 and 150 < asked[1] < 300


@pytest.fixture
def client(models):
    demo = build()
    _, address, _ = demo.launch(prevent_thread_lock=True, quiet=True, **LAUNCH)
    yield Client(address, verbose=False)
    demo.close()


def test_api(client, models):
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    assert set(endpoints) == {"/estimate", "/rerender"}
    parameters = endpoints["/estimate"]["parameters"]
    assert [parameter["parameter_name"] for parameter in parameters] == ["video", *SETTINGS]
    told = inspect.getdoc(handlers.estimate)
    assert all(f"{parameter['parameter_name']}: " in told for parameter in parameters), "each is explained"
    video = handle_file(str(models.result.video.path))
    player, clip, summary, files = client.predict(video, max_frames=50, api_name="/estimate")
    assert {Path(file).name for file in files} == EXPORTS | {"render.mp4"}
    assert Path(clip).stat().st_size > 0 and "12 frames" in summary and set(player) == {"data", "video", "clip"}
    again, _ = client.predict(azimuth=-90, elevation=0, api_name="/rerender")
    assert Path(again).stat().st_size > 0 and len(models.calls) == 1


def test_readme_shows_how_to_call_the_api(client, models, capsys):
    """Its Python and its curl lines, as they stand there, against this page."""
    text = (ROOT / "README.md").read_text("utf-8")
    text = text.replace("http://127.0.0.1:7860", client.src.rstrip("/"))
    text = text.replace("assets/examples/squats.mp4", str(models.result.video.path))
    python, shell = (re.findall(rf"```{language}\n(.*?)```", text, re.S) for language in ("python", "bash"))
    exec(next(code for code in python if "gradio_client" in code), {})
    assert "12 frames" in capsys.readouterr().out and models.wanted[0] == pytest.approx(1.72)
    lines = next(code for code in shell if "curl" in code)
    done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, timeout=100)
    assert "event: complete" in done.stdout and "render.mp4" in done.stdout, done.stdout + done.stderr
    assert len(models.calls) == 2


def test_api_errors_are_sentences(client, tmp_path):
    path = tmp_path / "text.mp4"
    path.write_text("hello")
    with pytest.raises(AppError, match="is not a video that can be read"):
        client.predict(handle_file(str(path)), api_name="/estimate")


def test_only_what_the_player_needs_is_served(client):
    import httpx

    address = client.src.rstrip("/") + "/gradio_api/file="
    assert httpx.get(f"{address}{PLOTLY.as_posix()}").status_code == 200
    for path in (PLOTLY.with_name("datasets"), Path(handlers.__file__), Path(__file__)):
        assert httpx.get(f"{address}{path.as_posix()}").status_code in (403, 404)
