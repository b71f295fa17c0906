"""A motion beside a teacher's: made-up walkers, slower, later, mirrored, taller, seen from elsewhere, an arm bent."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from factory import made_up, walk, with_observed
from pose3d.analysis.comparison import LIMBS, STEADY, compare
from pose3d.cli.app import app
from pose3d.core.errors import ConfigError
from pose3d.core.poses import Pose3D
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17

TIMES = np.arange(90) / 30
LEFT_ARM = H36M17.indices("LElbow", "LWrist")


def moving(xyz: np.ndarray, times: np.ndarray = TIMES) -> Result:
    """Somebody whose joints (T, 17, 3) are those."""
    result = made_up(times)
    solid: Pose3D = replace(result.pose3d, xyz=xyz.astype(np.float32))
    return replace(result, pose3d=solid)


def turned(degrees: float) -> np.ndarray:
    """About up."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def bent(xyz: np.ndarray, degrees: float) -> np.ndarray:
    """The left forearm swung forward about the elbow, beyond where it is."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    about_x = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    elbow, wrist = LEFT_ARM
    made = xyz.copy()
    made[:, wrist] = xyz[:, elbow] + (xyz[:, wrist] - xyz[:, elbow]) @ about_x
    return made


def test_itself_is_perfect():
    found = compare(made_up(TIMES), made_up(TIMES))
    assert found.score == 100
    assert set(found.limbs) == set(LIMBS)
    assert not found.mirrored
    assert not found.moments
    assert np.array_equal(found.teacher, found.learner)


@pytest.mark.parametrize("turn", [40, -120, 180])
def test_camera_and_size_do_not_matter(turn):
    xyz = walk(TIMES)[0]
    assert compare(made_up(TIMES), moving(1.2 * xyz @ turned(turn).T)).score > 99


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.5])
def test_speed_does_not_matter(speed):
    """The walker's phase begins at 0 for either; the learner's video is as long as it takes."""
    times = np.arange(round(90 / speed)) / 30
    found = compare(made_up(TIMES), moving(walk(times * speed)[0], times))
    assert found.score > 95
    ends = found.learner[[0, -1]] * speed - found.teacher[[0, -1]]
    assert np.abs(ends).max() < 0.3


def test_a_learner_may_start_late():
    times = np.arange(150) / 30
    late = np.repeat(walk(np.zeros(1))[0], 150, axis=0)
    late[45:135] = walk(TIMES)[0]
    found = compare(made_up(TIMES), moving(late, times))
    assert found.score > 98
    assert found.learner[0] == pytest.approx(1.5, abs=0.15)


def test_who_stands_still_gets_nothing():
    """A motion that is plainly larger than what the program may see wrongly."""
    xyz = walk(TIMES)[0]
    mean = xyz.mean(0, keepdims=True)
    still = np.repeat(mean, len(TIMES), axis=0)
    assert compare(moving(mean + 2 * (xyz - mean)), moving(still)).score < 5


def test_a_mirror_image_is_known():
    """Of a walker whose left arm alone is bent, so that the mirror image is another motion."""
    teacher = bent(walk(TIMES)[0], 70)
    mirror = teacher[:, H36M17.mirror] * [-1, 1, 1]
    found = compare(moving(teacher), moving(mirror))
    assert found.mirrored
    assert found.score > 99
    assert found.findings[0].code == "mirror_image"


@pytest.mark.parametrize("degrees", [40, 60])
def test_a_bent_arm_is_named_first(degrees):
    xyz = walk(TIMES)[0]
    found = compare(moving(bent(xyz, 20)), moving(bent(xyz, 20 + degrees)))
    assert next(iter(found.limbs)) == "left_arm"
    assert found.limbs["left_arm"] < found.limbs["right_arm"] == 100
    assert found.joints["left_elbow"] == pytest.approx(degrees, abs=3)
    assert found.joints["right_elbow"] == pytest.approx(0, abs=1)
    worst = found.moments[0]
    assert (worst.joint, worst.degrees > 0) == ("left_elbow", True)
    assert worst.degrees == pytest.approx(degrees, abs=5)
    assert found.findings[0].worded("en").startswith(f"Left elbow bent {worst.degrees:.0f} degrees more than")


def test_what_is_steady_and_small_is_no_fault():
    xyz = walk(TIMES)[0]
    assert compare(moving(xyz), moving(bent(xyz, STEADY))).limbs["left_arm"] > 99


def test_limbs_that_were_not_seen_are_left_out():
    observed = np.ones((len(TIMES), 17), bool)
    observed[:, H36M17.indices("LKnee", "LAnkle")] = False
    found = compare(with_observed(made_up(TIMES), observed), made_up(TIMES))
    assert "left_leg" not in found.limbs
    assert "left_knee" not in found.joints
    assert found.score == 100


def test_nobody_is_told():
    nobody = with_observed(made_up(TIMES), np.zeros((len(TIMES), 17), bool))
    with pytest.raises(ConfigError, match="shows nobody"):
        compare(nobody, made_up(TIMES))


@pytest.mark.parametrize("frames", [1, 2, 5])
def test_a_few_frames_are_enough(frames):
    few = made_up(np.arange(frames) / 30)
    assert compare(few, few).score == 100
    assert compare(few, made_up(TIMES)).score > 90


def test_the_command(tmp_path):
    for name, degrees in (("teacher", 20), ("learner", 60)):
        moving(bent(walk(TIMES)[0], degrees)).save(tmp_path / name)
    sources = [str(tmp_path / name) for name in ("teacher", "learner")]
    files = ["--json", str(tmp_path / "compare.json"), "--html", str(tmp_path / "compare.html")]
    done = CliRunner().invoke(app, ["compare", *sources, *files])
    assert done.exit_code == 0
    assert "of 100; farthest from the teacher: left arm" in done.stdout
    assert re.search(r"Left elbow bent (39|40) degrees more than the teacher's", done.stdout)
    told = json.loads((tmp_path / "compare.json").read_bytes())
    assert told["joints"]["left_elbow"] == pytest.approx(40, abs=3)
    assert len(told["teacher"]) == len(told["learner"])
    assert "teacher_times" in (tmp_path / "compare.html").read_text("utf-8")
    chinese = CliRunner().invoke(app, ["compare", *sources, "--language", "zh"])
    assert "左肘弯曲" in chinese.stdout
