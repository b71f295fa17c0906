"""The page's handlers and its API, with made-up poses in place of the models."""

import logging
from dataclasses import replace
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from clips import bad_video
from factory import walking
from pose3d.camera import PRESETS
from pose3d.errors import NoPersonError
from pose3d.lift import LIFTERS
from pose3d.ui import LAUNCH, build, handlers, lens, words
from pose3d.ui.player import PLOTLY

SETTINGS = {
    "fov": 60, "fx": 0, "fy": 0, "cx": 0, "cy": 0, "max_frames": 300, "height_cm": 0, "model": "hdformer",
    "azimuth": 30, "elevation": 10,
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

    def __call__(self, video, *, span, camera, height, progress):
        self.calls.append((camera, height, span))
        if self.error:
            raise self.error
        progress("detect", 1, 1)
        return replace(self.result, video=replace(self.result.video, path=Path(video)))


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
    assert error.value.message == words.UNEXPECTED
    assert "a secret" in caplog.text and "Traceback" in caplog.text


def test_settings_reach_the_models(models):
    estimate(models.result.video.path, fov=90, cx=70, height_cm=180, max_frames=5)
    (camera, height, span) = models.calls[0]
    assert (camera.fx, camera.fy, camera.cx, camera.cy) == pytest.approx((80, 80, 70, 60))
    assert height == pytest.approx(1.8) and span.max_frames == 5


def test_rerender_runs_no_model_and_keeps_the_rest(models):
    first, clip, _, files, run = estimate(models.result.video.path)
    assert {Path(file).name for file in files} == EXPORTS | {"render.mp4"} and files[-1] == clip
    again, more, kept = handlers.rerender(run, -120, 40)
    assert len(models.calls) == 1
    assert again != clip and Path(again).stat().st_size > 0 and Path(clip).exists()
    assert more[:-1] == files[:-1] and more[-1] == again and kept.result is run.result
    assert Path(first["data"]["path"]).is_file()


def test_rerender_after_the_video_was_deleted(models):
    *_, run = estimate(models.result.video.path)
    models.result.video.path.unlink()
    with pytest.raises(gr.Error, match="upload it again"):
        handlers.rerender(run, 0, 0)


def test_summary_is_plain(models):
    result = models.result
    assert "12 frames, 0.5 s of motion" in words.summary(result, total=12)
    assert "The first 12 of 90 frames" in words.summary(result, total=90)
    assert words.timing({"detect": 1.24, "render": 2}) == "Finding the person 1.2 s · Drawing the clip 2.0 s"


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_camera_fields_tell_of_one_lens(size):
    chosen = lens.of_preset("Webcam", 60, size)
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


@pytest.fixture
def client(models):
    demo = build()
    _, address, _ = demo.launch(prevent_thread_lock=True, quiet=True, **LAUNCH)
    yield Client(address, verbose=False)
    demo.close()


def test_api(client, models):
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    assert set(endpoints) == {"/estimate", "/rerender"}
    names = [parameter["parameter_name"] for parameter in endpoints["/estimate"]["parameters"]]
    assert names == ["video", *SETTINGS]
    video = handle_file(str(models.result.video.path))
    player, clip, summary, files = client.predict(video, max_frames=50, api_name="/estimate")
    assert {Path(file).name for file in files} == EXPORTS | {"render.mp4"}
    assert Path(clip).stat().st_size > 0 and "Done" in summary and set(player) == {"data", "video", "clip"}
    again, _ = client.predict(azimuth=-90, elevation=0, api_name="/rerender")
    assert Path(again).stat().st_size > 0 and len(models.calls) == 1


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
