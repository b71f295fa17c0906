"""How well a run went: faults made on purpose in a clean result, and the words for them."""

from __future__ import annotations

import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pose3d.analysis import ANALYSES, analysed
from pose3d.analysis.finding import Finding
from pose3d.analysis.quality import CHECKS, GRADES, quality
from pose3d.analysis.whole import CHECKS as WHOLE
from pose3d.core.camera import Camera
from pose3d.core.people import PersonSeen
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.core.words import table
from tests.factory import STANDING, made_up

FRAMES, FPS = 100, 25.0
BAD = slice(40, 60)
"""From 1.6 s to 2.4 s."""
ANKLES, WRISTS, ARM = (H36M17.indices(*names) for names in (("LAnkle", "RAnkle"), ("LWrist",), ("LElbow", "LWrist")))
HEAD = H36M17.indices("Head")


@pytest.fixture
def clean() -> Result:
    """Someone who stands still four metres away, seen without an error."""
    camera = Camera.from_fov(640, 480)
    xyz = np.repeat(np.array([[STANDING[joint] for joint in H36M17.joints]], np.float32), FRAMES, axis=0)
    root = np.tile(np.array([0, 0, 4], np.float32), (FRAMES, 1))
    score, observed = np.ones(xyz.shape[:2], np.float32), np.ones(xyz.shape[:2], bool)
    pose2d = Pose2D(camera.project(xyz + root[:, None]), score, observed, H36M17, FPS, camera)
    pose3d = Pose3D(xyz, root, score, observed, np.zeros(FRAMES, np.float32), "relative", H36M17, FPS, camera)
    return replace(made_up(np.arange(FRAMES) / FPS, Path("still.mp4"), 640, 480), pose2d=pose2d, pose3d=pose3d)


def unseen(result: Result, rows, joints, xy=None) -> Result:
    """The result with joints that were not observed in some frames; xy: where the detector puts them."""
    pose = result.pose2d
    observed, places = pose.observed.copy(), pose.xy.copy()
    observed[rows, joints] = False
    if xy is not None:
        places[rows, joints] = xy
    flat, solid = replace(pose, observed=observed, xy=places), replace(result.pose3d, observed=observed)
    return replace(result, pose2d=flat, pose3d=solid)


def of_error(result: Result, rows, percent: float) -> Result:
    """The result with a reprojection error of so many percent of the body's size."""
    size = np.linalg.norm(np.ptp(result.pose2d.xy[0], axis=0))
    error = result.pose3d.reprojection_error.copy()
    error[rows] = percent / 100 * size
    return replace(result, pose3d=replace(result.pose3d, reprojection_error=error))


def scaled(result: Result, rows, by: float) -> Result:
    """The result with a body that is `by` times as large in some frames."""
    xyz = result.pose3d.xyz.copy()
    xyz[rows] *= by
    return replace(result, pose3d=replace(result.pose3d, xyz=xyz))


def shrunk(result: Result, rows) -> Result:
    """The result with a person who is a third as large in the picture in some frames."""
    xy = result.pose2d.xy.copy()
    xy[rows] = 300 + xy[rows] / 3
    return replace(result, pose2d=replace(result.pose2d, xy=xy))


SPOIL = {
    "lost": lambda result: unseen(result, BAD, slice(None)),
    "head_outside": lambda result: unseen(result, BAD, HEAD, (320, -4)),
    "hands_outside": lambda result: unseen(result, BAD, WRISTS, (639, 200)),
    "feet_outside": lambda result: unseen(result, np.arange(40, 60)[:, None], ANKLES, (300, 500)),
    "far_away": lambda result: shrunk(result, BAD),
    "doubtful_joints": lambda result: unseen(result, np.arange(40, 60)[:, None], ARM),
    "bone_lengths": lambda result: scaled(result, BAD, 1.2),
}


def test_clean_input_has_no_findings(clean):
    found = quality(clean)
    assert (found.clear_share, found.error, found.overall, found.grade) == (1, 0, 1, "good")
    assert found.bone_variation == pytest.approx(0, abs=1e-4) and found.findings == ()


@pytest.mark.parametrize("code", SPOIL)
def test_each_fault_is_found_when_it_is(clean, code):
    (finding,) = quality(SPOIL[code](clean)).findings
    assert (finding.code, finding.start, finding.end) == (code, pytest.approx(1.6), pytest.approx(2.4))
    assert finding.severity == ("serious" if code == "lost" else "minor")


def test_a_wrong_camera_is_one_of_the_whole_clip(clean):
    assert quality(of_error(clean, BAD, 3)).findings == ()
    (finding,) = quality(of_error(clean, slice(30, 90), 3)).findings
    assert finding == Finding("camera_guess", pytest.approx(1.2), pytest.approx(3.6), "serious")
    assert set(CHECKS) == {*SPOIL, "camera_guess"}


def test_seconds_are_those_of_the_source_video(clean):
    late = timed(clean, clean.times + 10)
    (finding,) = quality(SPOIL["feet_outside"](late)).findings
    assert (finding.start, finding.end) == (pytest.approx(11.6), pytest.approx(12.4))


def test_longest_stretch_over_short_interruptions(clean):
    rows = np.r_[2:12, 40:50, 53:60]  # the second and third are 0.12 s apart
    (finding,) = quality(unseen(clean, rows, slice(None))).findings
    assert (finding.start, finding.end) == (pytest.approx(1.6), pytest.approx(2.4))
    assert quality(unseen(clean, slice(50, 54), slice(None))).findings == ()  # 0.16 s


def test_serious_ones_come_first(clean):
    both = unseen(SPOIL["hands_outside"](clean), np.arange(60)[:, None], ANKLES, (300, 500))
    assert [(f.code, f.severity) for f in quality(both).findings] == [
        ("feet_outside", "serious"),
        ("hands_outside", "minor"),
    ]


def test_one_hidden_hand_is_no_fault_but_no_clear_view(clean):
    found = quality(unseen(clean, slice(0, 20), WRISTS))
    assert found.findings == () and found.clear_share == pytest.approx(0.8)
    assert found.overall == pytest.approx(0.8 + 0.2 * 0.75) and found.grade == "good"


def test_measures_by_hand(clean):
    found = quality(scaled(of_error(clean, slice(None), 3.0), slice(0, 50), 1.1))
    assert found.error == pytest.approx(3.0)
    assert found.bone_variation == pytest.approx(100 * 0.05 / 1.05, rel=1e-3)
    assert found.overall == pytest.approx(1 - (3 - 1.5) / (6 - 1.5)) and found.grade == "fair"


@pytest.mark.parametrize("lost, grade", [(0.1, "good"), (0.3, "fair"), (0.6, "poor"), (1.0, "poor")])
def test_grades_by_share_of_frames_without_the_person(clean, lost, grade):
    found = quality(unseen(clean, slice(0, round(lost * FRAMES)), slice(None)))
    assert found.overall == pytest.approx(1 - lost) and found.grade == grade


def test_one_frame(clean):
    single = first(clean, 1)
    (finding,) = quality(single).findings
    assert finding.code == "too_short" and quality(single).grade == "fair"
    lost = quality(unseen(single, slice(None), slice(None))).findings[-1]
    assert (lost.code, lost.start, lost.end) == ("lost", 0, pytest.approx(1 / 30))


def timed(result: Result, times: np.ndarray) -> Result:
    """The result at other times."""
    parts = {name: replace(getattr(result, name), times=times) for name in ("video", "pose2d", "pose3d")}
    return replace(result, **parts)


def first(result: Result, frames: int) -> Result:
    """The first frames alone."""
    names = {"video": ("times",), "pose2d": ("times", "xy", "score", "observed")}
    names["pose3d"] = ("times", "xyz", "root", "score", "observed", "reprojection_error")
    parts = {
        part: replace(getattr(result, part), **{name: getattr(getattr(result, part), name)[:frames] for name in fields})
        for part, fields in names.items()
    }
    return replace(result, **parts)


@pytest.mark.parametrize("frames", [2, 19, 24])
def test_a_short_clip_is_never_good(clean, frames):
    found = quality(first(clean, frames))
    assert [finding.code for finding in found.findings] == ["too_short"] and found.grade == "fair"
    assert quality(first(clean, 25)).grade == "good"


def test_legs_that_are_never_seen_are_unknown(clean):
    legs = H36M17.indices("LKnee", "LAnkle", "RKnee", "RAnkle")
    hidden = unseen(clean, np.arange(FRAMES)[:, None], legs)
    assert "legs_unknown" in [finding.code for finding in quality(hidden).findings]
    assert quality(hidden).grade != "good"
    knees, elbows = (chart.curves for chart in analysed(hidden)["movement"].charts[:2])
    assert all(np.isnan(curve.values).all() for curve in knees) and np.isfinite(elbows[0].values).all()


@pytest.mark.parametrize(("turn", "degrees"), [((0, -1, 1, 0), 90), ((0, 1, -1, 0), 270)])
def test_a_turned_picture_is_told(clean, turn, degrees):
    """x' = turn[0] x + turn[1] y; a picture that was turned clockwise stands after a quarter counter-clockwise."""
    middle = clean.pose2d.xy.mean((0, 1))
    matrix = np.array(turn, np.float32).reshape(2, 2)
    lying = replace(clean, pose2d=replace(clean.pose2d, xy=(clean.pose2d.xy - middle) @ matrix.T + middle))
    (finding,) = (f for f in quality(lying).findings if f.code == "turned")
    assert finding.fields == {"degrees": degrees} and quality(lying).grade == "poor"
    half = lying.pose2d.xy.copy()
    half[:50] = clean.pose2d.xy[:50]
    gets_up = replace(clean, pose2d=replace(clean.pose2d, xy=half))
    assert "turned" not in [f.code for f in quality(gets_up).findings], "somebody who lies down, or gets up"


def test_what_is_said_of_the_file_and_of_others(clean):
    cut = replace(clean, video=replace(clean.video, ends_early=True), people=clean.people * 2)
    assert {f.code: f.severity for f in quality(cut).findings} == {"ends_early": "minor", "another_person": "minor"}
    assert isinstance(clean.people[0], PersonSeen) and quality(cut).grade == "good"


def test_every_analysis_of_a_loaded_result_is_that_of_the_fresh_one(clean, tmp_path):
    spoilt = SPOIL["feet_outside"](clean)
    again = analysed(Result.load(spoilt.save(tmp_path)))
    assert set(again) == set(ANALYSES)
    for name, fresh in analysed(spoilt).items():
        assert again[name].findings == fresh.findings
        for chart, other in zip(again[name].charts, fresh.charts, strict=True):
            pairs = zip(chart.curves, other.curves, strict=True)
            assert all(np.array_equal(a.values, b.values, equal_nan=True) for a, b in pairs)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_words_are_complete_in_both_languages():
    for name in ("findings", "grades", "report", "player"):
        assert all(placeholders(text["en"]) == placeholders(text["zh"]) for text in table(name).values())
    assert set(table("findings")) == {*CHECKS, *WHOLE}
    assert all(placeholders(table("findings")[code]["en"]) == {"start", "end"} for code in CHECKS)
    assert set(table("grades")) == set(GRADES)


def test_sentence():
    finding = Finding("feet_outside", 3.2, 4.0, "minor")
    assert finding.worded("en") == "The feet leave the picture from 3.2 s to 4.0 s; film from further away."
    assert finding.worded("zh").startswith("从 3.2 秒到 4.0 秒")
    assert "12 frames" in Finding("too_short", 0, 1, "serious", {"frames": 12}).worded("en")
