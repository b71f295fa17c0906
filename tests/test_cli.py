import json
import subprocess
import sys

import pytest

from clips import bad_video
from pose3d.core.words import say


def run(*args):
    return subprocess.run(
        [sys.executable, "-m", "pose3d", *map(str, args)], capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def example(examples):
    return examples / "squats.mp4"


def test_writes_all_files_of_the_contract(example, tmp_path):
    done = run(
        "run", example, "-o", tmp_path / "out", "--max-frames", 20, "--fov", 55, "--export", "bvh,glb,trc,c3d,csv"
    )
    assert done.returncode == 0, done.stderr
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "keypoints.json", "skeleton.html", "render.mp4",
        "motion.bvh", "motion.glb", "motion.trc", "motion.c3d", "motion.csv",
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


@pytest.mark.parametrize("kind", ["text", "empty", "sound", "nobody", "truncated", "long", "missing"])
def test_bad_video_is_one_line(kind, tmp_path):
    done = run("run", bad_video(tmp_path, kind), "-o", tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.startswith("pose3d: ") and done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "options",
    [["--fov", "200"], ["--model", "none"], ["--export", "fbx"], ["--center", "1", "2"], ["--start", "3", "--end", "2"],
     ["--height", "17"], ["--device", "tpu"], ["--language", "xx"], ["--max-frames", "0"], ["--unknown"]],
)  # fmt: skip
def test_bad_usage_is_status_2(example, options, tmp_path):
    done = run("run", example, "-o", tmp_path / "out", *options)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_address_that_does_not_answer(tmp_path):
    done = run("run", "http://127.0.0.1:9/clip.mp4", "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "cannot be fetched" in done.stderr and done.stderr.count("\n") == 1
