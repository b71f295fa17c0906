"""report.html: what it holds, its curves, and that what people typed cannot break out of it."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from factory import made_up, walking, with_observed
from pose3d.analysis import analysed
from pose3d.analysis.angles import ANGLES, angle_between, joint_angle
from pose3d.analysis.movement import path_speed
from pose3d.core.config import RunConfig
from pose3d.core.ground import Ground
from pose3d.core.skeleton import H36M17
from pose3d.core.words import table, texts
from pose3d.outputs import write_outputs
from pose3d.version import __version__
from pose3d.view import report_html

EVEN = np.arange(25) / 25.0
MADE = date(2026, 11, 21)
LIBRARIES = re.compile(r"<script>(/\*\*\s+\* plotly\.js|var Pose3DThree=).*?</script>", re.S)


@pytest.fixture
def result(tmp_path: Path):
    return walking(tmp_path / "walk.mp4", EVEN)


def own(text: str) -> str:
    """The report without Plotly's and three.js' own scripts."""
    shorter, found = LIBRARIES.subn("", text)
    assert found == 2
    return shorter


def curves_in(text: str) -> dict:
    found = re.search(r'id="curves">(.*?)</script>', text, re.S)
    assert found
    return json.loads(found.group(1))


@pytest.mark.parametrize("degrees", [0, 1e-4, 30, 90, 135, 179.9999, 180])
def test_angle_between_is_the_included_one(degrees):
    xyz = np.zeros((2, 17, 3))
    hip, ankle = H36M17.indices("LHip", "LAnkle")
    xyz[:, hip] = [0, -2, 0]  # the knee is at 0
    xyz[:, ankle] = [np.sin(np.radians(degrees)), -np.cos(np.radians(degrees)), 0]
    found = angle_between(xyz, H36M17, "LHip", "LKnee", "LAnkle")
    np.testing.assert_allclose(found, degrees, atol=1e-9)
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    np.testing.assert_allclose(angle_between(3 * xyz @ turn, H36M17, "LHip", "LKnee", "LAnkle"), degrees, atol=1e-6)


def test_joint_angle_by_name(result):
    straight = joint_angle(result.pose3d, "LKnee")[0]
    assert straight == pytest.approx(180), "thigh and shin of the stick figure are one line at first"
    assert set(ANGLES) == {"LKnee", "RKnee", "LElbow", "RElbow"}
    with pytest.raises(KeyError, match="LKnee, LElbow"):
        joint_angle(result.pose3d, "LToe")


def test_speed_of_a_walk():
    times = np.cumsum([0, 0.04, 0.04, 0.08, 0.02])
    path = np.stack([3 * times, 0 * times, 4 * times], 1)
    np.testing.assert_allclose(path_speed(path, times), 5)
    np.testing.assert_array_equal(path_speed(path[:1], times[:1]), [0])


def test_curves_are_metres_and_broken_where_nobody_was_seen(result):
    observed = result.pose2d.observed.copy()
    observed[:7] = observed[9] = False  # a single frame is interpolated
    *angles, height, speed = analysed(with_observed(result, observed))["movement"].charts
    assert [chart.name for chart in (*angles, height, speed)] == ["knees", "elbows", "height", "speed"]
    gone = np.arange(25) < 7
    np.testing.assert_allclose(speed.curves[0].values[~gone], 1, atol=1e-4)
    np.testing.assert_allclose(height.curves[0].values[~gone], -result.ground.floor, atol=1e-4)
    for chart in (*angles, height, speed):
        for curve in chart.curves:
            np.testing.assert_array_equal(np.isnan(curve.values), gone)


def test_angles_are_a_table_of_what_is_known(result):
    """Least and greatest with their moments, and range; a side never seen is left out, and so is an empty table."""
    found = own(report_html(result, MADE, told=[]))
    rows = re.findall(r"<tr><th.*?</tr>", found)
    assert len(rows) == 4
    for row, curve in zip(
        rows, [c for chart in analysed(result)["movement"].charts[:2] for c in chart.curves], strict=True
    ):
        moments = [float(seconds) for seconds in re.findall(r'data-seconds="([\d.]+)"', row)]
        extremes = [int(curve.values.argmin()), int(curve.values.argmax())]
        np.testing.assert_allclose(moments, result.times[extremes], atol=1e-3)
        shown = [int(degrees) for degrees in re.findall(r"(\d+)°", row)]
        assert shown == [round(value) for value in (curve.values.min(), curve.values.max(), np.ptp(curve.values))]
        assert f"<td>{curve.side}</td>" in row
    observed = result.pose2d.observed.copy()
    observed[:, H36M17.indices("LAnkle")] = False
    assert len(re.findall(r"<tr><th", own(report_html(with_observed(result, observed), MADE, told=[])))) == 3
    observed[:, H36M17.indices("RKnee", "LWrist", "RElbow")] = False
    assert "<table" not in own(report_html(with_observed(result, observed), MADE, told=[]))


def test_holds_settings_model_and_version(result):
    text = html.unescape(own(report_html(replace(result, config=RunConfig(height=1.8)), MADE)))
    assert f"pose3d version</dt><dd>{__version__}</dd>" in text
    for value in ("walk.mp4", "2026-11-21", "1.80 m", "120 pixels", "25 per second", "1.0 s", "made up", "0" * 64):
        assert value in text
    assert "fx 138.6, fy 138.6, cx 80.0, cy 60.0 pixels, field of view 60.0°" in text
    assert "not given" in own(report_html(result))


def test_says_how_the_camera_was_held(result):
    tilted = Ground(np.array([0.0, -np.cos(0.3), -np.sin(0.3)]), -1.42, 0.8)
    text = html.unescape(own(report_html(replace(result, ground=tilted), MADE)))
    assert "looking down by +17°, turned clockwise by +0°, 1.4 m above the floor" in text
    assert "level, as far as could be told" in own(
        report_html(replace(result, ground=replace(tilted, confidence=0.0)), MADE)
    )


def test_curves_have_one_value_per_frame_and_units(result):
    curves = curves_in(report_html(result, MADE))
    movement = curves["groups"][0]
    assert len(curves["times"]) == len(movement["times"]) == 25 and movement["seconds"] == "Time, s"
    assert [chart["unit"] for chart in movement["charts"]] == [
        "Angle, degrees", "Angle, degrees", "Metres", "Speed, m/s",
    ]  # fmt: skip
    assert [len(chart["lines"]) for chart in movement["charts"]] == [2, 2, 1, 1]
    assert all(len(line["values"]) == 25 for chart in movement["charts"] for line in chart["lines"])
    places = [chart["id"] for group in curves["groups"] for chart in group["charts"]]
    assert len(set(places)) == len(places), "every chart has a place of its own"


def test_times_are_those_of_the_source_video(tmp_path: Path):
    text = report_html(walking(tmp_path / "part.mp4", EVEN, start=0.4), MADE)
    assert curves_in(text)["times"][0] == 0.4 and "from 0.4 s to 1.0 s" in text


def test_both_languages(result):
    spoken = {language: replace(result, config=RunConfig(language=language)) for language in ("en", "zh")}
    english, chinese = (own(report_html(each, MADE)) for each in spoken.values())
    assert '<html lang="en">' in english and '<html lang="zh">' in chinese
    assert texts("charts", "zh")["knees"] in chinese and texts("charts", "en")["knees"] not in chinese
    assert any(verdict["zh"] in chinese for verdict in table("grades").values())
    assert "%%" not in english + chinese, "a place that was not filled"


@pytest.mark.parametrize("name", ["</script><script>alert(1)<!--.mp4", "%%data%%.mp4", "a & b {name}.mp4", '"><b>.mp4'])
def test_names_cannot_break_out(result, name):
    text = own(report_html(replace(result, video=replace(result.video, path=Path("folder", name))), MADE))
    shown = html.escape(Path(name).name)
    assert f"<h1>3D motion of {shown}</h1>" in text and f"<dd>{shown}</dd>" in text
    assert text.count("<script") == text.count("</script>") == 5
    assert not re.search(r"(src|href)\s*=(?!\"data:(?:image/jpeg|text/csv);base64,)|@import|url\(", text)


def test_findings_stand_in_it_with_their_moment(tmp_path: Path):
    """Serious ones first and marked; moments are seconds of the curves. The walker's feet do slide."""
    result = made_up(np.arange(50) / 25 + 2.0)
    observed = np.ones_like(result.pose2d.observed)
    observed[20:35] = False
    text = own(report_html(with_observed(result, observed), MADE))
    moment, sliding = re.findall(
        r'<li><button type="button" class="moment" data-seconds="([\d.]+)"><strong>Serious:', text
    )
    assert float(moment) == curves_in(text)["times"][20] == 2.8
    assert "The person is not seen from 2.8 s to 3.4 s" in text
    assert f"The feet slide over the floor from {float(sliding):.1f} s" in text


def test_curves_without_a_value_are_empty_not_zero(result):
    observed = result.pose2d.observed.copy()
    observed[:, H36M17.indices("LAnkle", "RAnkle")] = False
    text = report_html(with_observed(result, observed), MADE)
    knees, elbows = curves_in(text)["groups"][0]["charts"][:2]
    assert all(value is None for line in knees["lines"] for value in line["values"])
    assert all(value is not None for line in elbows["lines"] for value in line["values"])
    assert "The legs are never seen" in text


def test_written_only_when_asked_for(result, tmp_path: Path):
    quiet = replace(result, config=RunConfig(render=False))
    assert "report.html" not in {path.name for path in write_outputs(quiet, tmp_path / "a").files}
    written = write_outputs(replace(result, config=RunConfig(render=False, report=True, language="zh")), tmp_path / "b")
    assert {path.name for path in written.files} == {"keypoints.json", "skeleton.html", "report.html"}
    assert {path.name for path in (tmp_path / "b").iterdir()} == {path.name for path in written.files}
    assert 'lang="zh"' in (tmp_path / "b" / "report.html").read_text("utf-8")
