import json
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from clips import bad_video, two_people
from factory import walk
from pose3d.core.camera import Camera
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.core.words import say
from pose3d.io.video import frames
from pose3d.view import render_clip
from pose3d.view.scene import CORNER


def run(*args):
    return subprocess.run(
        [sys.executable, "-m", "pose3d", *map(str, args)], capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def example(examples):
    return examples / "squats.mp4"


def test_writes_all_files_of_the_contract(example, tmp_path):
    done = run(
        "run",
        example,
        "-o",
        tmp_path / "out",
        "--max-frames",
        20,
        "--fov",
        55,
        "--export",
        "bvh,glb,vrma,trc,mot,c3d,csv",
    )
    assert done.returncode == 0, done.stderr
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "keypoints.json", "skeleton.html", "render.mp4",
        "motion.bvh", "motion.glb", "motion.vrma", "motion.trc", "motion.mot", "motion.c3d", "motion.csv",
    }  # fmt: skip
    content = json.loads((tmp_path / "out" / "keypoints.json").read_text())
    assert len(content["keypoints"]) == len(content["timestamps"]) == len(content["root"]) == 20
    assert content["timestamps"][:2] == ["00:00:00.000", "00:00:00.033"]
    assert content["output_video"] == "render.mp4" and content["units"] == "relative"
    assert done.stderr == ""


def test_part_without_render(example, tmp_path):
    options = ("--start", 1, "--end", 1.5, "--no-render", "--height", 1.7, "--upright", "--report", "--language", "zh")
    done = run("run", example, "-o", tmp_path, *options)
    assert done.returncode == 0, done.stderr
    assert say("grades", "fair", "zh") in done.stdout, "half a second is fair at most"
    assert say("findings", "too_short", "zh", frames=15, start="1.0", end="1.5") in done.stdout
    report = (tmp_path / "report.html").read_text("utf-8")
    assert 'lang="zh"' in report and "1.70" in report
    content = json.loads((tmp_path / "keypoints.json").read_text())
    assert content["timestamps"][0].startswith("00:00:01.0") and len(content["keypoints"]) == 15
    assert content["up"] != [0, -1, 0] and content["up_confidence"] > 0, "the camera of the clip is tilted"
    assert content["output_video"] is None and content["units"] == "metre"
    assert not (tmp_path / "render.mp4").exists()


def test_camera_and_view_are_those_asked_for(example, tmp_path):
    """The clip looks from the left, from above: drawn again from there, it is the same to the pixel."""
    lens, view = ("--focal", 700, 710, "--center", 300, 250), ("--azimuth", 90, "--elevation", 60)
    done = run("run", example, "-o", tmp_path, "--max-frames", 3, *lens, *view)
    assert done.returncode == 0, done.stderr
    result = Result.load(tmp_path)
    camera = result.pose3d.camera
    assert (camera.fx, camera.fy, camera.cx, camera.cy) == (700, 710, 300, 250)
    assert (result.config.azimuth, result.config.elevation) == (90, 60)
    asked = next(frames(tmp_path / "render.mp4")).image
    same, usual = (next(frames(render_clip(result, tmp_path / "again.mp4", look))).image for look in (None, CORNER))
    np.testing.assert_array_equal(asked, same)
    assert (asked != usual).any(axis=-1).mean() > 0.02


def test_camera_from_a_file_is_the_same_as_in_options(example, tmp_path):
    file = tmp_path / "camera.json"
    file.write_text(json.dumps({"width": 540, "height": 960, "fx": 700, "fy": 710, "cx": 300, "cy": 250}))
    done = run("run", example, "-o", tmp_path, "--max-frames", 2, "--camera", file, "--no-render")
    assert done.returncode == 0, done.stderr
    assert Result.load(tmp_path).pose3d.camera == Camera(540, 960, 700, 710, 300, 250)


def test_an_address_is_fetched(examples, tmp_path, allow):
    allow(private_addresses=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(examples))) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{serving.server_port}/squats.mp4"
        done = run("run", address, "-o", tmp_path, "--max-frames", 2)
        serving.shutdown()
    assert done.returncode == 0, done.stderr
    result = Result.load(tmp_path)
    assert len(result) == 2 and result.video.path.name == "squats.mp4" and (tmp_path / "render.mp4").is_file()


def test_a_lifter_is_trained(tmp_path):
    """Four steps on two clips of somebody who walks; a run that starts from its weights and stands still is as good."""
    xyz, root = walk(np.arange(40) / 30)
    positions = (xyz + root[:, None])[..., [0, 2, 1]] * [1, 1, -1]  # the data's z points up
    clips = {"clip_starts": [0, 40], "clip_names": ["one", "two"], "holdout": [False, True], "joints": H36M17.joints}
    np.savez(tmp_path / "motion.npz", positions=np.concatenate([positions] * 2).astype(np.float16), fps=30, **clips)
    common = {"model": "hdformer", "seed": 1, "dropout": 0, "weight_decay": 0, "velocity_weight": 1,
              "average_decay": 0.5, "check_every": 2, "patience": 5}  # fmt: skip
    stage = {"windows": [16], "frames": 32, "steps": 4, "peak_rate": 0.001, "noise": 1.0}
    still = stage | {"steps": 2, "peak_rate": 1e-9, "frozen_norms": True}

    def trained(name, stage, *more):
        """Validation errors."""
        (tmp_path / "run.yaml").write_text(json.dumps(common | {"stages": [stage]}))
        options = ("--config", tmp_path / "run.yaml", "--device", "cpu", "-o", tmp_path / name)
        done = run("train", tmp_path / "motion.npz", *options, *more)
        assert done.returncode == 0, done.stderr
        return [json.loads(row)["validation_error"] for row in (tmp_path / name / "log.jsonl").read_text().splitlines()]

    errors = trained("first", stage)
    assert len(errors) == 2
    (again,) = trained("next", still, "--start", tmp_path / "first" / "weights.safetensors")
    assert again == pytest.approx(min(errors), rel=0.01)


@pytest.mark.parametrize("kind", ["text", "empty", "sound", "nobody", "truncated", "long", "missing"])
def test_bad_video_is_one_line(kind, tmp_path):
    done = run("run", bad_video(tmp_path, kind), "-o", tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.startswith("pose3d: ") and done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "options",
    [["--fov", "200"], ["--model", "none"], ["--export", "fbx"], ["--center", "1", "2"], ["--start", "3", "--end", "2"],
     ["--height", "17"], ["--device", "tpu"], ["--language", "xx"], ["--max-frames", "0"], ["--unknown"],
     ["--person", "0"], ["--person", "both"], ["--person", "-1"], ["--count", "headstand"]],
)  # fmt: skip
def test_bad_usage_is_status_2(example, options, tmp_path):
    done = run("run", example, "-o", tmp_path / "out", *options)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_everybody_gets_files_and_all_are_in_one_scene(examples, tmp_path):
    two = two_people(examples / "squats.mp4", examples / "jumping_jacks.mp4", tmp_path / "two.mp4", frames=15)
    out = tmp_path / "out"
    done = run("run", two, "-o", out, "--person", "all", "--no-render", "--export", "csv")
    assert done.returncode == 0, done.stderr
    assert "Person 1:" in done.stdout and "Person 2:" in done.stdout
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    each = ("keypoints.json", "skeleton.html", "motion.csv")
    assert files == {"scene.html", *(f"person_{number}/{name}" for number in (1, 2) for name in each)}
    first, second = (json.loads((out / f"person_{number}" / "keypoints.json").read_text()) for number in (1, 2))
    assert (first["person"], second["person"]) == (1, 2) and first["seconds"]["detect"] == second["seconds"]["detect"]
    places = [np.mean(np.array(content["pose2d"])[..., 0]) for content in (first, second)]
    assert abs(places[0] - places[1]) > 200, "pixels: they stand beside each other"


def test_address_that_does_not_answer(tmp_path, monkeypatch):
    monkeypatch.setenv("POSE3D_PRIVATE_ADDRESSES", "true")
    done = run("run", "http://127.0.0.1:9/clip.mp4", "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "cannot be fetched" in done.stderr and done.stderr.count("\n") == 1
