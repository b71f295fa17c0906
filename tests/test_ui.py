"""The page's handlers and its API, with made-up poses in place of the models."""

import functools
import inspect
import json
import logging
import pickle
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec
from zipfile import ZipFile

import gradio as gr
import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from clips import bad_video, write_video
from factory import made_up, walking, with_observed
from pose3d.analysis import QUESTIONS
from pose3d.analysis.exercises import exercises
from pose3d.core import words as tables
from pose3d.core.camera import presets
from pose3d.core.config import RunConfig
from pose3d.core.errors import ConfigError, NoPersonError, OutputError, VideoError
from pose3d.core.lines import NO_LINES
from pose3d.core.people import PersonSeen
from pose3d.core.quotas import Quotas, quotas
from pose3d.core.resources import ASSETS
from pose3d.core.result import Result
from pose3d.io.models.weights import sha256
from pose3d.jobs import tasks
from pose3d.jobs.archive import zipped
from pose3d.jobs.machine import Machine
from pose3d.jobs.thin import whole
from pose3d.jobs.workers import Here
from pose3d.lift import LIFTERS
from pose3d.outputs import Outputs
from pose3d.pipelines import Found
from pose3d.ui import ahead, bar, build, chosen, controls, handlers, launch_settings, lens, page, words, work
from pose3d.ui.controls import CONTROLS, from_query, run_config
from pose3d.ui.player import scripts
from pose3d.ui.remedied import remedied
from pose3d.ui.stopping import StopSign
from pose3d.ui.verdict import judged, remedy_of

ROOT = Path(__file__).parent.parent
SETTINGS: dict[str, Any] = {name: control.start for name, control in CONTROLS.items()} | {
    "azimuth": 30,
    "elevation": 10,
}
TIMES = np.arange(12) / 25.0
EXPORTS = {
    "keypoints.json", "skeleton.html", "report.html",
    "motion.csv", "motion.bvh", "motion.glb", "motion.vrma", "motion.trc", "motion.mot", "motion.c3d",
}  # fmt: skip
CHINESE = gr.Request(headers={"accept-language": "zh-CN,zh;q=0.9"})


class Models:
    """Stands in for a pipeline and remembers what it was asked."""

    def __init__(self, result):
        self.result, self.calls, self.lifted, self.error, self.late_error = result, [], [], None, None

    def find(self, video, config, *, progress, stop):
        self.calls.append(config)
        if self.error:
            raise self.error
        for done in range(1, len(self.result) + 1):
            progress("detect", done, len(self.result))
            if stop():
                break
        info = replace(self.result.video, path=Path(video))
        return Found(info, (), self.result.people, np.zeros(len(info)), NO_LINES, self.result.detector, {"detect": 1.0})

    def lift(self, found, config, *, progress):
        self.lifted.append(config)
        if self.late_error:
            raise self.late_error
        progress("lift", 1, 1)
        seconds = found.seconds | {"lift": 0.5}
        return replace(
            self.result, video=found.video, config=config, people=found.people, person=config.person or 1,
            seconds=seconds,
        )  # fmt: skip


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "cache"))
    fake = Models(walking(tmp_path / "walk.mp4", TIMES))
    monkeypatch.setattr(tasks, "models", lambda config: fake)
    monkeypatch.setattr(work, "machine", functools.cache(lambda: Machine([Here()], [Here()], Quotas())))
    return fake


def estimate(video, request=None, **settings):
    return handlers.estimate(video and str(video), **SETTINGS | settings, request=request)


@pytest.mark.parametrize("kind", ["text", "empty", "sound"])
def test_bad_video_is_one_sentence(models, kind, tmp_path):
    with pytest.raises(gr.Error) as error:
        estimate(bad_video(tmp_path, kind))
    assert error.value.message.startswith(f"{kind}.mp4 ")
    assert str(tmp_path) not in error.value.message and not error.value.print_exception


@pytest.mark.parametrize("kind", ["text", "empty", "sound"])
def test_bad_videos_are_told_in_chinese(models, kind, tmp_path):
    with pytest.raises(gr.Error) as error:
        estimate(bad_video(tmp_path, kind), CHINESE)
    assert in_chinese(error.value.message.replace(f"{kind}.mp4", ""))


def in_chinese(message):
    return re.search(r"[\u4e00-\u9fff]", message) and not re.search(r"[A-Za-z]{4}", message)


@pytest.mark.parametrize("where", ["error", "late_error"])
def test_errors_inside_the_work_are_in_the_visitors_language(models, where):
    """In the detector and in the lifter; the models are asked in that language, too."""
    setattr(models, where, NoPersonError("nobody"))
    with pytest.raises(gr.Error) as error:
        estimate(models.result.video.path, CHINESE)
    assert error.value.message == NoPersonError("nobody").worded("zh") and in_chinese(error.value.message)
    assert models.calls[0].language == "zh"
    with pytest.raises(gr.Error, match=r"^.Nobody was found"):
        estimate(models.result.video.path)


def test_errors_keep_their_language_on_the_way_out_of_another_process():
    error = VideoError("no_picture", name="clip.mp4")
    whole = pickle.loads(pickle.dumps(error))
    assert whole.worded("zh") == error.worded("zh") and type(whole) is VideoError


def test_no_video_and_no_result():
    with pytest.raises(gr.Error, match="Choose a video first"):
        estimate(None)
    with pytest.raises(gr.Error, match="No result of yours"):
        handlers.rerender(None, 0, 0)
    with pytest.raises(gr.Error, match="one of its people"):
        handlers.choose_person(None, 1)


def test_what_was_not_foreseen_is_logged(models, caplog):
    models.error = NoPersonError("no_picture", name="<b>.mp4")
    with pytest.raises(gr.Error, match=r"^.&lt;b&gt;.mp4"):
        estimate(models.result.video.path)
    models.error = RuntimeError("a secret")
    with caplog.at_level(logging.ERROR), pytest.raises(gr.Error) as error:
        estimate(models.result.video.path, CHINESE)
    assert error.value.message == words.text("unexpected", "zh")
    assert "a secret" in caplog.text and "Traceback" in caplog.text


def test_settings_reach_the_models(models):
    estimate(
        models.result.video.path, fov=90, height_cm=180, max_frames=5, start=0.1, end=0.3, mirror=True, rotate=180,
        detector="blazepose-full", person=2, level="off", azimuth=0,
        stills="skeleton", count="squat",
    )  # fmt: skip
    (config,) = models.calls
    assert models.lifted == [config]
    assert (config.fov, config.camera, config.height, config.max_frames) == (90, None, 1.8, 5)
    assert (config.start, config.end, config.mirror, config.rotate) == (0.1, 0.3, True, 180)
    assert (config.detector, config.person, config.level, config.azimuth) == ("blazepose-full", 2, "off", 0)
    assert (config.stills, config.count) == ("skeleton", "squat")


def test_settings_left_alone_are_the_run_configs_own(models):
    estimate(models.result.video.path, azimuth=RunConfig().azimuth, elevation=RunConfig().elevation)
    (config,) = models.calls
    plain = RunConfig(fov=60, max_frames=300, export=config.export, report=True)
    assert config == plain


def test_upright_is_level_on(models):
    estimate(models.result.video.path, upright=True)
    assert models.calls[0].level == "on"


def test_intrinsics_make_a_camera(models):
    estimate(models.result.video.path, fov=90, cx=70)
    camera = models.calls[0].camera
    assert (camera.fx, camera.fy, camera.cx, camera.cy) == pytest.approx((80, 80, 70, 60))
    assert models.calls[0].fov is None
    _, fov, *shown = lens.fields_of_fov(54.0, (160, 120))
    estimate(models.result.video.path, fov=fov, **dict(zip(controls.INTRINSICS, shown, strict=True)))
    assert (models.calls[1].fov, models.calls[1].camera) == (54.0, None), "what follows from the angle is no camera"


@pytest.mark.parametrize(
    ("settings", "english"),
    [
        ({"height_cm": 300}, "The person's height must lie between 30 and 260 cm, got 300"),
        ({"height_cm": 1.72}, "The person's height must lie between 30 and 260 cm, got 1.72"),
        ({"start": -1}, "The start must lie between 0 and 100000 s, got -1"),
        ({"max_frames": 0}, "The number of frames must lie between 1 and 3000, got 0"),
    ],
)
def test_a_setting_out_of_range_is_told_in_the_unit_it_was_asked_in(models, settings, english):
    with pytest.raises(gr.Error) as error:
        estimate(models.result.video.path, **settings)
    assert error.value.message == english
    with pytest.raises(gr.Error) as error:
        estimate(models.result.video.path, CHINESE, **settings)
    assert in_chinese(error.value.message)


def test_an_exercise_that_there_is_none_of(models):
    for language, request in (("en", None), ("zh", CHINESE)):
        with pytest.raises(gr.Error) as error:
            estimate(models.result.video.path, request, count="headstand")
        known = ", ".join(("auto", "any", "off", *exercises()))
        told = ConfigError("unknown_exercise", name="headstand", known=known)
        assert error.value.message == words.plain(told.worded(language))
    assert not models.calls, "before anything else"


def test_a_part_that_is_none(models):
    for language, request in (("en", None), ("zh", CHINESE)):
        with pytest.raises(gr.Error) as error:
            estimate(models.result.video.path, request, start=3, end=2)
        assert error.value.message == words.plain(ConfigError("span_order", start=3, end=2.0).worded(language))


def test_rerender_runs_no_model_and_keeps_the_rest(models):
    first, clip, _, files, run, part = estimate(models.result.video.path)
    assert {Path(file).name for file in files} == EXPORTS | {"render.mp4"} and files[-1] == clip
    again, more, kept = handlers.rerender(run, -120, 40)
    assert len(models.calls) == 1 and part is None
    assert again != clip and Path(again).stat().st_size > 0 and Path(clip).exists()
    assert more[:-1] == files[:-1] and more[-1] == again
    assert (kept.result.config.azimuth, kept.result.config.elevation) == (-120, 40)
    assert Path(first["data"]["path"]).is_file()


def test_the_clip_is_drawn_after_the_rest(models):
    """In the run's own folder; keypoints.json names it from then on, and nothing is drawn twice."""
    view = -120, 40, "skeleton"
    shown, clip, status, files, run, _ = estimate(models.result.video.path, render=False)
    assert clip is None and shown["clip"] is None and {Path(file).name for file in files} == EXPORTS
    assert "Drawing" not in status and json.loads(Path(files[0]).read_text())["output_video"] is None
    clip, files, whole = handlers.draw(run, *view)
    assert Path(clip).parent == run.folder and Path(clip).stat().st_size > 0
    assert {Path(file).name for file in files} == EXPORTS | {"render.mp4"}
    kept = json.loads(Path(files[0]).read_text())
    assert kept["output_video"] == "render.mp4" and kept["settings"]["azimuth"] == -120 and kept["settings"]["render"]
    assert all(value["__type__"] == "update" for value in handlers.draw(whole, *view)), "it has one"
    assert all(value["__type__"] == "update" for value in handlers.draw(None, *view))


def test_a_clip_is_given_up_for_the_next_run(models):
    *_, run, _ = estimate(models.result.video.path, render=False)
    request = gr.Request(headers={}, session_hash="visitor")
    progress = Watched(lambda done: None)
    progress.drawn = lambda: handlers.begin(request)
    given_up = handlers.draw(run, 0, 0, "skeleton", progress, request)
    assert all(value["__type__"] == "update" for value in given_up)
    assert not list(run.folder.glob("*.mp4*")), "nothing half-drawn stays"
    handlers.end(request)
    clip, *_ = handlers.draw(run, 0, 0, "skeleton", request=request)
    assert Path(clip).stat().st_size > 0


def test_everybody_s_clip_is_drawn_after_the_rest(models):
    first = models.result.people[0]
    models.result = replace(models.result, people=(first, PersonSeen(2, 7, 0.0, 0.3, (10, 30, 50, 90))))
    *_, run, _ = estimate(models.result.video.path, render=False)
    _, clip, _, files, everybody, _ = handlers.choose_person(run, 0, render=False)
    assert clip is None and [Path(file).name for file in files] == ["people.zip", "scene.html"]
    clip, *_ = handlers.draw(everybody, 0, 0, "skeleton")
    assert Path(clip).name == "scene.mp4" and Path(clip).stat().st_size > 0


def test_rerender_after_the_video_was_deleted(models):
    *_, run, _ = estimate(models.result.video.path)
    models.result.video.path.unlink()
    again, *_ = handlers.rerender(run, 0, 0)
    assert Path(again).stat().st_size > 0, "the result has the video, too"
    run.result.video.path.unlink()
    with pytest.raises(gr.Error, match="upload it again"):
        handlers.rerender(run, 0, 0)
    with pytest.raises(gr.Error, match="upload it again"):
        handlers.choose_person(run, 1)


def test_another_person_is_lifted_without_looking_again(models):
    first = models.result.people[0]
    models.result = replace(models.result, people=(first, PersonSeen(2, 7, 0.0, 0.3, (10, 30, 50, 90))))
    *_, run, _ = estimate(models.result.video.path, CHINESE)
    shown = page.blocks.person_choices(run, "en")
    assert shown["visible"] and shown["value"] == 1
    assert shown["choices"] == [("Person 1, 0.0 to 0.4 s", 1), ("Person 2, 0.0 to 0.3 s", 2), ("Everybody", 0)]
    _, clip, _, _, other, _ = handlers.choose_person(run, 2)
    assert len(models.calls) == 1 and [config.person for config in models.lifted] == [None, 2]
    assert other.result.person == 2 and Path(clip).stat().st_size > 0 and other.folder != run.folder


def test_everybody_is_shown_and_can_be_downloaded(models):
    first = models.result.people[0]
    models.result = replace(models.result, people=(first, PersonSeen(2, 7, 0.0, 0.3, (10, 30, 50, 90))))
    *_, run, _ = estimate(models.result.video.path)
    shown, clip, _, files, everybody, _ = handlers.choose_person(run, 0)
    assert len(models.calls) == 1 and [config.person for config in models.lifted] == [None, 1, 2]
    assert [result.person for result in (everybody.result, *everybody.others)] == [1, 2]
    assert page.blocks.person_choices(everybody, "en")["value"] == 0
    assert len(json.loads(whole(Path(shown["data"]["path"])))["others"]) == 1
    assert [Path(file).name for file in files] == ["people.zip", "scene.html", "scene.mp4"] and clip == files[-1]
    with ZipFile(BytesIO(b"".join(zipped(Path(files[0]))))) as packed:
        names = packed.namelist()
    for number in (1, 2):
        assert {f"person_{number}/{name}" for name in ("keypoints.json", "skeleton.html", "motion.bvh")} <= {*names}
        assert f"person_{number}/render.mp4" not in names, "one clip shows everybody"
    again, names, _ = handlers.rerender(everybody, 90, 10)
    assert Path(again).name == "scene.mp4" and len(names) == 3 and again != clip
    *_, alone, _ = handlers.choose_person(everybody, 2)
    assert alone.others == () and alone.clip.name == "render.mp4"


def test_a_run_is_found_again_by_its_key(models):
    *_, run, _ = estimate(models.result.video.path)
    again = work.kept(run.key)
    assert again and again.result.pose3d == run.result.pose3d and again.clip == run.clip
    assert {*again.files} == {*run.files} and again.key == run.key and len(run.key) == 22
    assert ahead.ahead("en").key is None


def test_everybody_is_found_again(models):
    first = models.result.people[0]
    models.result = replace(models.result, people=(first, PersonSeen(2, 7, 0.0, 0.3, (10, 30, 50, 90))))
    *_, run, _ = estimate(models.result.video.path)
    *_, everybody, _ = handlers.choose_person(run, 0)
    again = work.kept(everybody.key)
    assert again and [result.person for result in (again.result, *again.others)] == [1, 2]
    assert {path.name for path in again.files} == {"people.zip", "scene.html", "scene.mp4"}


@pytest.mark.parametrize(
    "key", ["", ".", "..", "../" * 7 + "x", "a" * 22, "é" * 22, "x" * 5000, "a" * 21 + "/", "a" * 21 + "\0"]
)
def test_what_is_no_key_finds_nothing(models, key):
    *_, run, _ = estimate(models.result.video.path)
    assert work.kept(key) is None
    (run.folder / "keypoints.json").write_text("{}")
    assert work.kept(run.key) is None, "nor does a run whose files are damaged"


def test_alone_nobody_needs_to_be_chosen(models):
    *_, run, _ = estimate(models.result.video.path)
    assert not page.blocks.person_choices(run, "en")["visible"]


def test_a_file_that_cannot_be_written_is_told_in_one_sentence(models, monkeypatch):
    failure = OutputError("not_written", name="motion.c3d", reason=VideoError("no_picture", name="a.mp4"))

    def write(result, folder, progress):
        return Outputs((result.save(folder),), (failure,))

    monkeypatch.setattr(tasks, "write_outputs", write)
    player, clip, status, files, *_ = estimate(models.result.video.path, CHINESE)
    assert status.splitlines()[-1] == f"⚠️ {failure.worded('zh')}"
    assert VideoError("no_picture", name="a.mp4").worded("zh") in status, "the reason is in that language, too"
    assert clip is None and player["clip"] is None and [Path(file).name for file in files] == ["keypoints.json"]


def test_summary_is_plain(models):
    result = models.result
    assert "12 frames, 0.5 s of motion" in handlers.summary(result, 12, "en")
    assert "The first 12 of 90 frames" in handlers.summary(result, 90, "en")
    assert handlers.timing({"detect": 1.24, "render": 2}, "en") == "Finding the person 1.2 s · Drawing the clip 2.0 s"


def test_stopped_work_keeps_what_was_found(models, monkeypatch):
    """Asked to stop at the third frame, it does; what was found can be finished later."""
    monkeypatch.setattr(bar, "EVERY", 0.0)
    sign = StopSign(None)
    progress = Watched(lambda done: sign.put_up() if done == 3 else None)
    shown, clip, status, files, run, part = handlers.estimate(
        str(models.result.video.path), **SETTINGS, progress=progress
    )
    assert progress.seen == [1, 2, 3]
    assert "Stopped" in status and f"of {len(models.result)} frames" in status
    assert all(value["__type__"] == "update" for value in (shown, clip, files, run)), "the last result stays"
    sign.take_down()
    _, clip, _, files, run, part = handlers.finish(part)
    assert Path(clip).stat().st_size > 0 and run.result.video.path.samefile(models.result.video.path)
    assert part is None
    with pytest.raises(gr.Error, match="no unfinished video"):
        handlers.finish(None)


def test_work_stopped_while_drawing_leaves_nothing_half_done(models, tmp_path):
    sign = StopSign(None)
    progress = Watched(lambda done: None)
    progress.drawn = sign.put_up
    *_, part = handlers.estimate(str(models.result.video.path), **SETTINGS, progress=progress)
    sign.take_down()
    assert len(part.found.video) == len(models.result)
    assert not list((tmp_path / "cache").rglob("run-*"))


class Watched(gr.Progress):
    """Remembers how many frames the detector had done, and tells of each."""

    def __init__(self, told):
        self.seen, self.told, self.drawn = [], told, lambda: None

    def __call__(self, progress, desc=None, *_, **__):
        if desc and desc.startswith(words.text("render", "en")):
            self.drawn()
        if desc and desc.startswith(words.text("detect", "en")):
            self.seen.append(progress[0])
            self.told(progress[0])


def test_time_left_is_told(monkeypatch):
    progress = create_autospec(gr.Progress, instance=True)
    clock = iter([0.0, 9.7, 10.0, 10.1, 10.3, 10.4])
    monkeypatch.setattr(bar.time, "monotonic", lambda: next(clock))
    shown = bar.Bar(progress, "en")
    for stage, done in (("detect", 1), ("detect", 25), ("detect", 26), ("detect", 100), ("lift", 0), ("lift", 1)):
        shown(stage, done, 100)
    told = [(call.args[0][0], call.kwargs["desc"]) for call in progress.call_args_list]
    assert told == [
        (1, "Finding the person"),
        (25, "Finding the person · about 30 s left"),
        (100, "Finding the person"),
        (0, "Working out the depth"),
    ]


def test_every_text_is_there_in_both_languages():
    for table in ("page", "cameras"):
        for key, texts in tables.table(table).items():
            assert set(texts) == set(tables.LANGUAGES) and all(texts.values()), key
            fields = [sorted(re.findall(r"{(\w+)", texts[language])) for language in tables.LANGUAGES]
            assert fields[0] == fields[1], key
    assert set(tables.table("cameras")) == set(presets())


def test_nothing_on_the_page_is_in_one_language_only():
    """Every label, help text and button is a mark that the browser fills in; the texts on the server have values."""
    free = {"fx", "fy", "cx", "cy", "", None, *words.MODELS.values()}
    for component in build().config["components"]:
        properties = component["props"]
        for name in ("label", "info", "placeholder", "description"):
            text = properties.get(name)
            hidden = not properties.get("visible", True) and component["props"].get("elem_id") is None
            if hidden or text in free:
                continue
            (key,) = re.findall(rf'"key": "{words.OURS}(\w+)"', str(text)) or [None]
            assert key in words.all_texts("en"), (component["type"], name, text)
        if component["type"] in ("markdown", "button") and properties.get("visible", True):
            text = properties.get("value")
            assert not text or words.OURS in text, (component["type"], text)


def test_the_example_ahead_is_what_the_weights_make():
    """Whoever changes the weights runs `python -m pose3d.ui.ahead` again."""
    kept = json.loads((ahead.KEPT / "keypoints.json").read_text())
    assert kept["model"]["sha256"] == sha256(ASSETS / "hdformer.safetensors")
    assert not Path(kept["video"]["path"]).is_absolute()
    run = ahead.whole("en")
    assert len(run.result) == len(kept["keypoints"]) == len(run.result.video)
    assert run.result.pose3d == Result.load(ahead.KEPT).pose3d
    assert {path.name for path in run.files} == EXPORTS | {"render.mp4"} and run.clip == run.files[-1]
    assert json.loads(run.files[0].read_text())["output_video"] == "render.mp4"


def test_a_link_carries_settings_and_nothing_else():
    query = {
        "fov": "75.5", "max_frames": "0", "model": "__import__", "mirror": "true", "azimuth": "nan", "x": "1",
        "level": "off", "start": "3", "height_cm": "1.7", "detector": "blazepose-full",
    }  # fmt: skip
    assert from_query(query) == {"fov": 75.5, "mirror": True, "level": "off", "detector": "blazepose-full"}


def test_the_controls_are_the_parameters_of_estimate_and_cover_the_settings():
    parameters = list(inspect.signature(handlers.estimate).parameters)
    assert parameters == ["video", *CONTROLS, "progress", "request"]
    fields = {control.field for control in CONTROLS.values()}
    page_itself = {"device", "export", "report", "language"}
    assert fields | page_itself == set(RunConfig.model_fields)


def test_limits_and_choices_are_the_run_configs():
    limits = CONTROLS["height_cm"].limits
    assert (limits.low, limits.high, limits.unit) == (30, 260, "cm")
    assert CONTROLS["rotate"].choices == (0, 90, 180, 270) and CONTROLS["level"].choices == ("auto", "on", "off")
    for control in CONTROLS.values():
        for end in (control.limits.low, control.limits.high):
            if end is not None and control.name not in controls.INTRINSICS:
                run_config(SETTINGS | {control.name: end, "start": 0, "end": 1}, (640, 480), "en")


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_camera_fields_tell_of_one_lens(size):
    name, fov, fx, fy, cx, cy = lens.fields_of_preset("Webcam", 60, size)
    assert fov == presets()["Webcam"] and (cx, cy) == (size[0] / 2, size[1] / 2)
    assert lens.camera(size, fov, fx, fy, cx, cy).fov == pytest.approx(fov, abs=0.1)
    assert lens.fields_of_fov(fov, size) == [name, fov, fx, fy, cx, cy]
    edited = lens.fields_of_intrinsics(fov, 960, 960, 0, 0, size)
    assert edited[:2] == [lens.OWN, 90] and edited[4] == size[0] / 2
    assert lens.fields_of_preset(lens.OWN, 77, size)[1] == 77


def test_camera_fields_without_a_video():
    assert lens.fields_of_fov(60, None) == [lens.NOT_SURE, 60, 0, 0, 0, 0]
    assert lens.fields_of_intrinsics(60, 900, 0, 0, 0, None) == [lens.OWN, 60, 900, 0, 0, 0]
    assert lens.camera((640, 480), 60, 900, 0, 0, 0).fy == 900


def test_a_chosen_video_is_described(tmp_path):
    path = write_video(tmp_path / "clip.mp4", [n / 20 for n in range(60)], fps=20, size=(320, 240))
    line, looked_at, scrub, start, end, rotate, frames, *camera = chosen.choose(str(path), 60, 300, None, CHINESE)
    about = words.text("about", "zh", width=320, height=240, duration=3.0, frames=60)
    assert line == f"{about}  \n{words.text('reads_all', 'zh')}"
    assert scrub == {"duration": 3.0, "offset": 0.0, "start": 0.0, "end": 0.0} and (start, end, rotate) == (0, 0, 0)
    assert frames["maximum"] == frames["value"] == 60 and camera == lens.fields_of_fov(60, (320, 240))
    english = gr.Request(headers={})
    moved = scrub | {"start": 0.5, "end": 2.0}
    assert "chosen part is used: 30 frames, 1.5 s" in chosen.choose_part(looked_at, moved, 60, english)
    assert "first 20 of 30 frames" in chosen.choose_part(looked_at, moved, 20, english)
    frames, line = chosen.all_of_it(replace(looked_at, times=np.arange(5000) * 3 / 5000), english)
    assert frames["value"] == quotas().frames and "3.0 s, 5000 frames" in line
    assert chosen.all_of_it(None, english) == [gr.skip(), gr.skip()]
    turned, *fields = chosen.turn(looked_at, 90, 60)
    assert turned.size == (240, 320) and fields == lens.fields_of_fov(60, (240, 320))


@pytest.mark.parametrize(("mirror", "rotate"), [(False, 90), (True, 270)])
def test_the_turn_offered_for_a_lying_picture_is_one_of_the_settings(mirror, rotate):
    """The picture is mirrored after it was turned, and a mirror image turns the other way round."""
    upright = made_up(np.arange(60) / 30, width=400, height=400)
    x, y = upright.pose2d.xy[..., 0], upright.pose2d.xy[..., 1]
    lying = replace(upright, pose2d=replace(upright.pose2d, xy=np.stack([400 - y, x], -1)))
    assert remedy_of("turned", upright) is None
    offered = remedy_of("turned", replace(lying, config=RunConfig(mirror=mirror)))
    assert offered and offered.settings == {"rotate": rotate} and rotate in CONTROLS["rotate"].choices


def test_what_may_help_is_offered_only_where_the_video_is(tmp_path):
    """Not beside the example ahead, nor beside a result that a link led to."""
    late = made_up(np.arange(90) / 30, width=400, height=400)
    observed = late.pose2d.observed.copy()
    observed[:30] = False
    late = with_observed(late, observed)
    assert "data-remedy" not in judged(late, "en")
    offered = judged(late, "en", again=True)
    assert 'data-remedy="lost">Use only 1.0 s to 3.0 s and run again</button>' in offered


@pytest.mark.parametrize("looked_at", [None, chosen.Chosen("v.mp4", 400, 300, np.arange(90) / 30, 0.0)])
def test_pressing_sets_the_controls(looked_at):
    late = made_up(np.arange(90) / 30, width=400, height=400)
    observed = late.pose2d.observed.copy()
    observed[:30] = False
    late = replace(with_observed(late, observed), config=RunConfig(person=2))
    run = work.Run(late, Path("run-x"), ())
    event = gr.EventData(None, {"remedy": "lost"})
    person, same, scrub, line, rotate, level, start, end, *camera = remedied(
        run, looked_at, 60, 90, event, gr.Request(headers={})
    )
    assert (person, same, start, end) == (None, looked_at, 1.0, 0)
    assert [rotate, level, *camera] == [gr.skip()] * 8
    if looked_at:
        assert scrub == {"duration": 3.0, "offset": 0.0, "start": 1.0, "end": 0.0} and "60 frames, 2.0 s" in line
    else:
        assert [scrub, line] == [gr.skip()] * 2


def test_a_video_longer_than_can_be_read_is_read_as_far_as_wanted(tmp_path):
    path = write_video(tmp_path / "long.mp4", [n * 0.5 for n in range(1400)], fps=2, size=(64, 48))
    line, _, scrub, *_ = chosen.choose(str(path), 60, 300, None, gr.Request(headers={}))
    assert "700.0 s, 1400 frames" in line and "first 300 of 1400 frames" in line
    assert scrub["duration"] == 700


def test_what_is_no_video_is_told_where_the_video_is_described(tmp_path):
    line, looked_at, scrub, *_ = chosen.choose(str(bad_video(tmp_path, "text")), 60, 300, None, CHINESE)
    assert line.startswith("⚠️ text.mp4") and looked_at is None and scrub is None


def test_every_lifter_is_offered_by_name():
    assert set(words.MODELS) == set(LIFTERS)


def test_models_are_loaded_late_and_once(monkeypatch):
    loaded = []
    monkeypatch.setattr(tasks, "load_lifter", lambda name: loaded.append(name) or object())
    monkeypatch.setattr(tasks, "load_detector", lambda name: loaded.append(name) or object())
    for cached in (tasks._lifter, tasks._detector):
        cached.cache_clear()
    first = tasks.models(RunConfig())
    assert tasks.models(RunConfig(detector="blazepose-full")).lifter is first.lifter
    assert tasks.models(RunConfig()).detector is first.detector
    assert loaded == ["blazepose", "hdformer", "blazepose-full"]
    for cached in (tasks._lifter, tasks._detector):
        cached.cache_clear()


def test_importing_the_page_reads_and_loads_nothing():
    code = """
import sys
opened = []
sys.addaudithook(lambda event, args: event == "open" and opened.append(str(args[0])))
import pose3d.ui
print([path for path in opened if path.endswith((".yaml", ".safetensors", ".onnx", ".js", ".css"))
       and "/pose3d" in path + "/pose3d" and "site-packages" not in path])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def served(models):
    """The page, answering."""
    demo = build()
    demo.launch(prevent_thread_lock=True, quiet=True, **launch_settings())
    yield demo
    demo.close()


@pytest.fixture
def client(served):
    return Client(served.local_url, verbose=False)


def test_api(client, models):
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    assert set(endpoints) == {"/estimate", "/rerender", "/choose_person", *(f"/{name}" for name in QUESTIONS)}
    parameters = endpoints["/estimate"]["parameters"]
    assert [parameter["parameter_name"] for parameter in parameters] == ["video", *SETTINGS]
    told = inspect.getdoc(handlers.estimate) or ""
    assert all(f"{parameter['parameter_name']}: " in told for parameter in parameters), "each is explained"
    video = handle_file(str(models.result.video.path))
    player, clip, summary, files = client.predict(video, max_frames=50, api_name="/estimate")
    assert {Path(file).name for file in files} == EXPORTS | {"render.mp4"}
    assert Path(clip).stat().st_size > 0 and "12 frames" in summary and set(player) == {"data", "video", "clip"}
    again, _ = client.predict(azimuth=-90, elevation=0, api_name="/rerender")
    assert Path(again).stat().st_size > 0 and len(models.calls) == 1


def test_api_asks_questions(client, models, tmp_path):
    """Of the last result; what it is held against comes as a file."""
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    for question in QUESTIONS.values():
        parameters = [it["parameter_name"] for it in endpoints[f"/{question.name}"]["parameters"]]
        assert parameters == [*question.of[:-1], *question.options.model_fields]
    client.predict(handle_file(str(models.result.video.path)), max_frames=50, render=False, api_name="/estimate")
    counted = client.predict("squat", api_name="/count")
    assert (counted["question"], counted["exercise"], counted["count"]) == ("count", "squat", 0)
    saved = models.result.save(tmp_path)
    compared = client.predict(handle_file(str(saved)), api_name="/compare")
    assert compared["score"] > 99 and not compared["mirrored"]
    with pytest.raises(AppError, match=r"saved result \(keypoints.json\) for: teacher"):
        client.predict(None, api_name="/compare")
    other = tmp_path / "other.json"
    other.write_text("[]")
    with pytest.raises(AppError, match=r"other\.json"):
        client.predict(handle_file(str(other)), api_name="/compare")


def test_a_visit_that_is_forgotten_is_told_so(models, allow, request):
    """Of many visits the least used are forgotten; they are not answered with the example's clip."""
    allow(visits=10)
    served, client = request.getfixturevalue("served"), request.getfixturevalue("client")
    client.predict(handle_file(str(models.result.video.path)), max_frames=50, render=False, api_name="/estimate")
    for _ in range(12):
        with pytest.raises(AppError, match="No result of yours"):
            Client(client.src, verbose=False).predict(api_name="/rerender")
    assert len(served.server_app.state_holder.session_data) <= 10
    with pytest.raises(AppError, match="No result of yours"):
        client.predict(azimuth=-90, elevation=0, api_name="/rerender")


def test_readme_shows_how_to_call_the_api(client, models, capsys):
    """Its Python and its curl lines, as they stand there, against this page."""
    text = (ROOT / "README.md").read_text("utf-8")
    text = text.replace("http://127.0.0.1:7860", client.src.rstrip("/"))
    text = text.replace("assets/examples/squats.mp4", str(models.result.video.path))
    python, shell = (re.findall(rf"```{language}\n(.*?)```", text, re.S) for language in ("python", "bash"))
    exec(next(code for code in python if "gradio_client" in code), {})
    assert "12 frames" in capsys.readouterr().out and models.calls[0].height == pytest.approx(1.72)
    lines = next(code for code in shell if "curl" in code)
    done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, timeout=100)
    assert "event: complete" in done.stdout and "render.mp4" in done.stdout, done.stdout + done.stderr
    assert len(models.calls) == 2


def test_api_errors_are_sentences(client, tmp_path):
    path = tmp_path / "text.mp4"
    path.write_text("hello")
    with pytest.raises(AppError, match="is not a video that can be read"):
        client.predict(handle_file(str(path)), api_name="/estimate")


def test_api_tells_units_as_asked(client, models):
    video = handle_file(str(models.result.video.path))
    with pytest.raises(AppError, match="between 30 and 260 cm, got 17"):
        client.predict(video, height_cm=17, api_name="/estimate")


def test_api_chooses_a_person_of_the_last_video(client, models):
    first = models.result.people[0]
    models.result = replace(models.result, people=(first, PersonSeen(2, 7, 0.0, 0.3, (10, 30, 50, 90))))
    with pytest.raises(AppError, match="one of its people"):
        client.predict(person=2, api_name="/choose_person")
    client.predict(handle_file(str(models.result.video.path)), start=0.0, api_name="/estimate")
    _, clip, summary, files = client.predict(person=2, api_name="/choose_person")
    assert json.loads(next(Path(file) for file in files if file.endswith(".json")).read_text())["person"] == 2
    assert len(models.calls) == 1 and Path(clip).stat().st_size > 0 and "12 frames" in summary


def test_only_what_the_player_needs_is_served(client):
    import httpx

    address, plotly = client.src.rstrip("/") + "/gradio_api/file=", scripts()[0]
    assert httpx.get(f"{address}/~scripts/{plotly.name}").status_code == 200
    for path in ("/~scripts/datasets", plotly.as_posix(), Path(handlers.__file__).as_posix(), __file__):
        assert httpx.get(f"{address}{path}").status_code == 403
