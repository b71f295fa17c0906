"""How well a run went: faults made on purpose in a clean result, and the words for them."""

from __future__ import annotations

import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pose3d.analysis.quality import CHECKS, GRADES, Finding, quality
from pose3d.core.camera import Camera
from pose3d.core.errors import ConfigError
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.result import ModelInfo, Result
from pose3d.core.skeleton import H36M17
from pose3d.core.words import FINDING_WORDS, GRADE_WORDS, REPORT_WORDS, sentence
from pose3d.io.video import VideoInfo
from tests.factory import STANDING

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
    video = VideoInfo(Path("still.mp4"), 640, 480, FPS, np.arange(FRAMES) / FPS, 0)
    return Result(video, pose2d, pose3d, {}, ModelInfo("made up", "0" * 64))


def unseen(result: Result, rows, joints, xy=None) -> Result:
    """The result with joints that were not observed in some frames; xy: where the detector puts them."""
    pose = result.pose2d
    observed, places = pose.observed.copy(), pose.xy.copy()
    observed[rows, joints] = False
    if xy is not None:
        places[rows, joints] = xy
    return replace(result, pose2d=replace(pose, observed=observed, xy=places))


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
    "unsteady_limbs": lambda result: scaled(result, BAD, 1.2),
}


def test_clean_input_has_no_findings(clean):
    found = quality(clean)
    assert (found.clear_share, found.error, found.overall, found.grade) == (1, 0, 1, "good")
    assert found.unsteadiness == pytest.approx(0, abs=1e-4) and found.findings == ()


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
    late = replace(clean, video=replace(clean.video, timestamps=clean.video.timestamps + 10))
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
    assert found.unsteadiness == pytest.approx(100 * 0.05 / 1.05, rel=1e-3)
    assert found.overall == pytest.approx(1 - (3 - 1.5) / (6 - 1.5)) and found.grade == "fair"


@pytest.mark.parametrize("lost, grade", [(0.1, "good"), (0.3, "fair"), (0.6, "poor"), (1.0, "poor")])
def test_grades_by_share_of_frames_without_the_person(clean, lost, grade):
    found = quality(unseen(clean, slice(0, round(lost * FRAMES)), slice(None)))
    assert found.overall == pytest.approx(1 - lost) and found.grade == grade


def test_one_frame(clean):
    rows = {name: getattr(clean.pose3d, name)[:1] for name in ("xyz", "root", "score", "observed")}
    pose3d = replace(clean.pose3d, **rows, reprojection_error=np.zeros(1, np.float32))
    rows = {name: getattr(clean.pose2d, name)[:1] for name in ("xy", "score", "observed")}
    video = replace(clean.video, timestamps=clean.video.timestamps[:1])
    single = replace(clean, video=video, pose2d=replace(clean.pose2d, **rows), pose3d=pose3d)
    assert quality(single).grade == "good"
    (finding,) = quality(unseen(single, slice(None), slice(None))).findings
    assert (finding.start, finding.end) == (0, pytest.approx(0.04))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_words_are_complete_in_both_languages():
    assert set(FINDING_WORDS) == {"en", "zh"}
    for table in (FINDING_WORDS, GRADE_WORDS, REPORT_WORDS):
        english, chinese = ({key: placeholders(text) for key, text in table[name].items()} for name in ("en", "zh"))
        assert english == chinese
    assert {code: {"start", "end"} for code in CHECKS} == {k: placeholders(v) for k, v in FINDING_WORDS["en"].items()}
    assert set(GRADE_WORDS["en"]) == set(GRADES)


def test_sentence():
    finding = Finding("feet_outside", 3.2, 4.0, "minor")
    assert sentence(finding) == "The feet leave the picture from 3.2 s to 4.0 s; film from further away."
    assert sentence(finding, "zh").startswith("从 3.2 秒到 4.0 秒")
    with pytest.raises(ConfigError, match="en, zh"):
        sentence(finding, "de")
