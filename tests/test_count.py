"""Counting: generated training with exact truth, and what must not count."""

from __future__ import annotations

import json
import string
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from benchmarks.count import CLOSE, SOON, matched, off_by, truths
from benchmarks.lifted import known, lifted, seen
from factory import made_up, with_observed
from pose3d import load_lifter
from pose3d.analysis import QUESTIONS, CountOptions, answer_dict, count
from pose3d.analysis.count import ALL, FROM_ABOVE, HIDDEN, WEAKEST
from pose3d.analysis.exercises import exercises
from pose3d.cli.app import app
from pose3d.core.errors import ConfigError
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.core.words import LANGUAGES, table
from synthetic.training import BODIES, CAMERAS, PLANS, SPEEDS, Training, idle, training

VIEWS = tuple(CAMERAS)
CASES = [(name, SPEEDS[n % 3], VIEWS[n % 5], tuple(BODIES)[n % 2]) for n, name in enumerate(PLANS)]
"""Every exercise once, every speed, view and body."""


@cache
def shaken(case: Training) -> Result:
    """Its true joints, each off by 2 cm, on the ground that is found under them."""
    xyz = case.clip.truth().xyz.astype(np.float64)
    return known(seen(xyz, case.clip.times, case.clip.camera), xyz, seed=1)


@cache
def squats(fps: float = 30.0) -> Training:
    return training("squat", "usual", "hip", "small", fps)


def asked(result: Result, exercise: str):
    return count(result, CountOptions(exercise=exercise))


def test_every_exercise_of_the_file_is_made_for_the_tests():
    assert set(exercises()) == set(PLANS)


@pytest.mark.parametrize("case", CASES, ids="_".join)
def test_exact_counts_depths_and_moments(case):
    made = training(*case)
    found, true = asked(shaken(made), made.exercise), truths(made)
    assert found.count == len(true) == len(made.windows) and found.figures["faulty"] == 0
    pairs = list(matched(true, list(found.repetitions)))
    assert len(pairs) == len(true)
    assert max(abs(off_by(made.exercise, one, each)) for one, each in pairs) < CLOSE
    off = [getattr(each, name) - getattr(one, name) for one, each in pairs for name in ("start", "turn", "end")]
    assert np.mean(np.abs(off) <= SOON) > 0.9


@pytest.mark.parametrize("case", CASES, ids="_".join)
def test_auto_finds_out_which_exercise_it_is(case):
    made = training(*case)
    found = count(shaken(made))
    assert (found.exercise, found.count) == (made.exercise, len(made.windows))


@pytest.mark.parametrize("name", ["squat", "sit_up", "pull_up", "arm_raise"])
def test_any_counts_what_repeats(name):
    made = training(name, "usual", "webcam", "broad")
    found = asked(shaken(made), "any")
    assert (found.exercise, found.count) == ("any", len(made.windows))


@pytest.mark.parametrize("exercise", [*PLANS, "auto"])
def test_who_does_none_is_not_counted(exercise):
    """They walk, scratch the head, swing the arms, crouch, sit down on the floor and get up."""
    found = asked(shaken(idle("hip", "broad")), exercise)
    assert found.count == 0


def test_other_exercises_are_no_squats():
    for name in ("push_up", "sit_up", "pull_up", "biceps_curl", "lunge", "high_knees"):
        assert asked(shaken(training(name, "usual", "hip", "small")), "squat").count == 0, name


@pytest.mark.parametrize("fps", [10.0, 25.0, 60.0])
def test_at_any_frame_rate(fps):
    made = squats(fps)
    found = asked(shaken(made), "squat")
    pairs = list(matched(truths(made), list(found.repetitions)))
    assert found.count == len(pairs) == 7
    assert max(abs(each.turn - one.turn) for one, each in pairs) < SOON + 0.5 / fps


def some_frames(result: Result, rows: np.ndarray) -> Result:
    """The result with only some of its frames."""
    flat, solid, planted = result.pose2d, result.pose3d, result.planted
    assert planted
    shared = {"skeleton": H36M17, "camera": flat.camera, "times": flat.times[rows]}
    return replace(
        result,
        video=replace(result.video, times=result.times[rows]),
        pose2d=Pose2D(flat.xy[rows], flat.score[rows], flat.observed[rows], **shared),
        pose3d=Pose3D(
            solid.xyz[rows], solid.root[rows], solid.score[rows], solid.observed[rows],
            solid.reprojection_error[rows], "relative", **shared,
        ),
        planted=replace(planted, world=planted.world[rows], stands=planted.stands[rows]),
    )  # fmt: skip


def test_at_uneven_times():
    result = shaken(squats(60.0))
    rows = np.flatnonzero(np.random.default_rng(0).random(len(result)) < 0.4)
    assert asked(some_frames(result, rows), "squat").count == 7


def test_parts_at_the_ends_are_not_counted():
    made = squats()
    result, true = shaken(made), truths(made)
    rows = np.flatnonzero((result.times > true[0].turn) & (result.times < true[-1].turn))
    assert asked(some_frames(result, rows), "squat").count == 5


def test_over_a_long_gap_nothing_is_counted():
    made = squats()
    result, true = shaken(made), truths(made)
    for seconds, there in ((0.3, 7), (0.8, 6)):
        gone = np.abs(result.times - true[2].turn) < seconds / 2
        found = asked(with_observed(result, np.repeat(~gone[:, None], 17, 1)), "squat")
        assert found.count == there
        assert [finding.code for finding in found.findings] == [*([HIDDEN] if there == 6 else []), WEAKEST]
    assert found.findings[0].start == pytest.approx(true[2].turn - 0.4, abs=0.1)


def test_one_leg_that_is_seen_is_enough():
    result = shaken(squats())
    observed = np.ones((len(result), 17), bool)
    observed[:, H36M17.indices("LKnee", "LAnkle")] = False
    found = asked(with_observed(result, observed), "squat")
    assert found.count == 7 and all(each.difference is None for each in found.repetitions)


def test_faults_are_told_and_do_not_count(monkeypatch):
    rule = exercises()["squat"].model_dump()
    rule["faults"]["too_shallow"]["least"] = 130.0
    strict = type(exercises()["squat"])(**rule)
    monkeypatch.setattr(sys.modules["pose3d.analysis.count"], "exercises", lambda: {"squat": strict})
    found = asked(shaken(squats()), "squat")
    assert (found.count, len(found.repetitions)) == (0, 7)
    assert {each.faults for each in found.repetitions} == {("too_shallow",)}
    assert found.headline("en") == "Squat: 0, and 7 that do not count"
    assert "does not count: too shallow" in found.events[0].worded("en")
    assert "蹲得不够深" in found.events[0].worded("zh")


def test_knees_that_lean_inward_are_a_fault():
    result = shaken(squats())
    xyz = result.pose3d.xyz.copy()
    bent = asked(result, "squat").repetitions[1]
    rows = (result.times > bent.start) & (result.times < bent.end)
    left, right = H36M17.indices("LKnee", "RKnee")
    middle = (xyz[rows, left] + xyz[rows, right]) / 2
    for knee in (left, right):
        xyz[rows, knee] = middle + 0.3 * (xyz[rows, knee] - middle)
    found = asked(replace(result, pose3d=replace(result.pose3d, xyz=xyz)), "squat")
    assert [each.faults for each in found.repetitions] == [()] + [("knees_inward",)] + [()] * 5


def test_left_and_right_in_turn_count_each():
    made = training("lunge", "usual", "hip", "small")
    sides = [each.side for each in asked(shaken(made), "lunge").repetitions]
    assert sides == [window.side for window in made.windows] and sides[:2] == ["left", "right"]


def test_tempo_range_and_difference():
    each = asked(shaken(squats()), "squat").repetitions[0]
    assert 0 < each.turn - each.start < 1.1 and 0 < each.end - each.turn < 1.1
    assert 80 < each.range < each.depth and 0.3 < each.rise < 0.5
    assert each.difference is not None and abs(each.difference) < 10


@pytest.mark.parametrize("name", ["squat", "push_up", "jumping_jack"])
def test_lifted_motion_is_counted(name):
    made = training(name, "fast", "hip", "small")
    pose2d = seen(made.clip.truth().xyz.astype(np.float64), made.clip.times, made.clip.camera, seed=3)
    assert asked(lifted(load_lifter("hdformer"), pose2d), name).count == len(made.windows)


def test_an_unknown_exercise_is_an_error_that_lists_those_there_are():
    with pytest.raises(ConfigError) as caught:
        asked(made_up(np.arange(10) / 25), "headstand")
    assert str(caught.value) == f"no exercise headstand; there are {', '.join((*ALL, *exercises()))}"


def test_where_nothing_repeats_it_is_said():
    found = count(made_up(np.arange(3) / 25))
    assert (found.exercise, found.count, found.events, found.charts) == (None, 0, (), ())
    assert found.headline("en") == "No exercise was found that is repeated."


@pytest.mark.parametrize(("pitch", "sure", "said"), [(24.0, 0.9, True), (16.0, 0.9, False), (24.0, 0.0, False)])
def test_a_camera_that_looks_down_is_told(pitch, sure, said):
    result, angle = shaken(squats()), np.radians(pitch)
    up = np.array([0.0, -np.cos(angle), -np.sin(angle)], np.float32)
    found = asked(replace(result, ground=replace(result.ground, up=up, confidence=sure)), "squat")
    assert [finding.code for finding in found.findings] == [*([FROM_ABOVE] if said else []), WEAKEST]
    assert not said or found.findings[0].worded("en").startswith("The camera looks down by 24 degrees")


def test_the_answer_for_programs():
    question, options = QUESTIONS["count"], CountOptions(exercise="push_up")
    answer = answer_dict(
        question, options, question.ask(shaken(training("push_up", "usual", "hip", "small")), options), "zh"
    )
    assert (answer["question"], answer["exercise"], answer["count"], answer["faulty"]) == ("count", "push_up", 7, 0)
    first = answer["events"][0]
    assert first["code"] == "repetition" and first["start"] < first["turn"] < first["end"]
    assert first["unit"] == "metres" and first["counts"] and first["text"].startswith("1. ") and "下 " in first["text"]
    assert answer["text"].startswith("俯卧撑")
    (weakest,), depths = answer["findings"], [event["range"] for event in answer["events"]]
    assert (weakest["code"], weakest["number"]) == (WEAKEST, 1 + depths.index(min(depths)))


def test_the_command(tmp_path: Path):
    shaken(squats()).save(tmp_path)
    out = tmp_path / "count.json"
    done = CliRunner().invoke(app, ["count", str(tmp_path), "--exercise", "squat", "--json", str(out)])
    assert done.exit_code == 0 and done.stdout.startswith("Squat: 7\n1. ")
    assert len(done.stdout.splitlines()) == 9 and json.loads(out.read_bytes())["count"] == 7
    chinese = CliRunner().invoke(app, ["count", str(tmp_path / "keypoints.json"), "--language", "zh"])
    assert chinese.stdout.startswith("深蹲")


@pytest.mark.parametrize("options", [["--exercise", "headstand"], ["--language", "xx"]])
def test_wrong_options_are_one_sentence(options, tmp_path):
    made_up(np.arange(10) / 25).save(tmp_path)
    command = [sys.executable, "-m", "pose3d", "count", str(tmp_path), *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.startswith("pose3d: ") and len(done.stderr.splitlines()) == 1


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", ["count", "events"])
def test_words_are_there_in_every_language(name):
    for key, words in table(name).items():
        assert set(words) == set(LANGUAGES), key
        assert len({frozenset(placeholders(text)) for text in words.values()}) == 1, key
