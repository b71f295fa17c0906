"""Files that people really have, the whole way: what comes out is as good as from a clean file."""

from pathlib import Path

import numpy as np
import pytest

from pose3d import Result, pipeline
from pose3d.analysis import findings
from pose3d.core.presence import absent, unknown_joints
from pose3d.core.skeleton import COMPARED_JOINTS, H36M17
from pose3d.evaluate.metrics import p_mpjpe
from synthetic.truth import load_truth

CASES = Path(__file__).parent / "data" / "cases"
COMPARED = H36M17.indices(*COMPARED_JOINTS)
ERROR = {
    "webcam_header_says_1000_fps.webm": 0.047,
    "ten_fps.mp4": 0.054,
    "variable_rate_30_then_10.mp4": 0.047,
}
"""Metres of P-MPJPE, of the jumping jacks: a tenth more than was measured."""
TRAVEL, RISE = 0.205, 1
"""Metres that their pelvis goes up and down, and the axis."""


@pytest.fixture(scope="module")
def turned_into_3d():
    return pipeline(device="cpu")


@pytest.mark.parametrize("name", ERROR)
def test_jumping_jacks_are_right_at_any_clock(name, turned_into_3d, examples):
    result, truth = turned_into_3d(CASES / name), load_truth(examples / "jumping_jacks.json")
    frames = np.round(result.times * truth.fps).astype(int)
    once = frames < len(truth.xyz)  # the recording goes on
    errors = p_mpjpe(result.pose3d.xyz[once][:, COMPARED], truth.xyz[frames[once]][:, COMPARED])
    assert errors.mean() < ERROR[name]
    assert np.ptp(result.pose3d.root[once, RISE]) == pytest.approx(TRAVEL, rel=0.1)
    slow = result.times[once] >= 2.5
    assert errors[slow].mean() == pytest.approx(errors[~slow].mean(), rel=0.15), "where the rate changes, if it does"


def test_pixels_that_are_not_square_change_nothing(turned_into_3d):
    wide, square = (turned_into_3d(CASES / f"non_square_pixels{name}.mp4") for name in ("", "_reference"))
    assert (wide.video.width, wide.video.height) == (square.video.width, square.video.height) == (270, 480)
    assert np.linalg.norm(wide.pose3d.xyz - square.pose3d.xyz, axis=-1).mean() < 0.008, "metres; their codecs differ"


def test_nobody_is_shown_before_somebody_enters(turned_into_3d):
    result: Result = turned_into_3d(CASES / "enters_late.mp4")
    there = np.flatnonzero(~absent(result.pose2d))
    assert result.times[there[0]] == pytest.approx(3.0, abs=0.1) and len(there) == len(result) - there[0]


def test_legs_that_are_never_in_the_picture_are_unknown(turned_into_3d):
    result: Result = turned_into_3d(CASES / "upper_body_only.mp4")
    legs = {"Pelvis", "RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle"}
    assert {H36M17.joints[joint] for joint in np.flatnonzero(unknown_joints(result.pose2d))} == legs
    assert "legs_unknown" in {finding.code for finding in findings(result)}


def test_somebody_far_away_is_found(turned_into_3d):
    result: Result = turned_into_3d(CASES / "person_far_away.mp4")
    assert result.pose2d.observed.any(axis=1).all()
