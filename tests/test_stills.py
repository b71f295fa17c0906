"""The report's pictures: which moments, from which frames, and that nobody is in them who shall not be."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from clips import write_video
from factory import made_up, walking, with_observed
from pose3d.analysis import Chart, Finding, analysed, quality
from pose3d.core.config import RunConfig
from pose3d.core.result import Result
from pose3d.core.words import say
from pose3d.io.writer import VideoWriter
from pose3d.view.report import report_html
from pose3d.view.stills import CLOSE, MOST, SIDE, Moment, Still, moments, size, stills

TIMES = np.arange(50) / 25.0
LIBRARIES = re.compile(r"<script>(/\*\*\s+\* plotly\.js|var Pose3DThree=).*?</script>", re.S)
RED, GREEN = (220, 30, 30), (30, 200, 30)


@pytest.fixture
def result(tmp_path: Path) -> Result:
    return walking(tmp_path / "walk.mp4", TIMES)


def charts(result: Result) -> list[Chart]:
    return [chart for each in analysed(result).values() for chart in each.charts]


def chosen_of(result: Result, *found: Finding) -> list[Moment]:
    return moments(result, found, charts(result))


def shown(result: Result, *found: Finding) -> list[Still]:
    return stills(result, found, charts(result))


def wanting(result: Result, **settings) -> Result:
    return replace(result, config=RunConfig(**settings))


def pixels(jpeg: bytes) -> np.ndarray:
    """(H, W, 3) RGB."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture[..., ::-1], int)


def pictures_in(report: str) -> list[np.ndarray]:
    return [pixels(base64.b64decode(data)) for data in re.findall(r'src="data:image/jpeg;base64,([^"]+)"', report)]


def coloured(result: Result, path: Path, colours: list[tuple[int, int, int]]) -> Result:
    """The result of a video in which frame k is of the k-th colour."""
    width, height = result.video.width, result.video.height
    with VideoWriter(path, width, height, 25) as writer:
        for time, colour in zip(result.times, colours, strict=True):
            writer.add(np.full((height, width, 3), colour, np.uint8), float(time))
    return replace(result, video=replace(result.video, path=path))


def test_findings_come_first_then_the_least_angles(result):
    sliding = Finding("glides", 0.4, 0.8, "serious")
    first, second, *_ = chosen_of(result, sliding)
    assert result.times[first.frame] == pytest.approx(0.6) and first.captions[0] == say("moments", "glides", "en")
    knees = charts(result)[0].curves[0]
    assert second.frame == int(knees.values.argmin())
    assert second.captions[0] == f"Angle at the knees, left: smallest, {knees.values.min():.0f}°"


def test_close_moments_share_a_picture_and_there_are_not_too_many(result):
    found = [Finding("jumps", t, t + 0.04, "minor") for t in (0.2, 0.24, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 1.7, 1.9)]
    chosen = chosen_of(result, *found)
    assert len(chosen) == MOST and chosen[0].captions[:2] == (say("moments", "jumps", "en"),) * 2
    times = result.times[[moment.frame for moment in chosen]]
    assert min(np.diff(np.sort(times)).tolist()) > CLOSE


def test_a_finding_is_shown_where_the_person_is(result):
    observed = result.pose2d.observed.copy()
    observed[:30] = False
    late = with_observed(result, observed)
    whole, lost = Finding("leans", 0.0, 2.0, "serious"), Finding("lost", 0.0, 1.0, "serious")
    assert [moment.frame for moment in chosen_of(late, whole, lost)[:2]] == [30, 12]


def test_words_are_the_runs(result):
    chinese = shown(wanting(result, language="zh"), Finding("glides", 0.4, 0.8, "serious"))
    assert chinese[0].captions[0] == say("moments", "glides", "zh")
    assert chinese[1].captions[0].startswith(say("charts", "knees", "zh"))


def test_the_picture_is_the_frame_of_its_moment(result, tmp_path):
    """The video turns green for the frame in the middle of the finding alone."""
    colours = [GREEN if k == 15 else RED for k in range(50)]
    first, *others = shown(coloured(result, tmp_path / "c.mp4", colours), Finding("glides", 0.4, 0.8, "serious"))
    corner = (slice(0, 8), slice(0, 8))
    assert first.time == pytest.approx(0.6)
    assert np.abs(pixels(first.jpeg)[corner] - GREEN).max() < 40
    assert others and all(np.abs(pixels(other.jpeg)[corner] - RED).max() < 40 for other in others)


def test_the_joints_are_drawn_on_it(result, tmp_path):
    (still, *_) = shown(coloured(result, tmp_path / "c.mp4", [GREEN] * 50))
    row = int(np.argmin(np.abs(result.times - still.time)))
    x, y = result.pose2d.xy[row, result.pose2d.skeleton.index("RKnee")]
    assert np.abs(pixels(still.jpeg)[round(float(y)), round(float(x))] - GREEN).max() > 80


@pytest.mark.parametrize(
    ("rotate", "mirror", "corner"), [(0, False, (0, 0)), (0, True, (0, 63)), (180, False, (47, 63))]
)
def test_pictures_are_turned_as_the_run_was(tmp_path, rotate, mirror, corner):
    """The video has a white mark in its upper left corner."""
    path = write_video(tmp_path / "mark.mp4", TIMES.tolist(), 25)
    video = made_up(TIMES, path, 64, 48)
    (still, *_) = shown(wanting(video, rotate=rotate, mirror=mirror))
    picture = pixels(still.jpeg)
    bright = [place for place in ((0, 0), (0, 63), (47, 0), (47, 63)) if picture[place].min() > 200]
    assert bright == [corner]


def test_pictures_are_small_and_of_the_videos_shape():
    for width, height, expected in ((1920, 1080, (480, 270)), (1080, 1920, (270, 480)), (160, 120, (160, 120))):
        assert size(made_up(TIMES, width=width, height=height)) == expected
        assert max(expected) <= SIDE


def test_without_the_person_nothing_of_the_video_is_in_the_report(result, tmp_path):
    """All of the video is red: no pixel of the report's pictures may be, and none but these is in it."""
    red = coloured(result, tmp_path / "c.mp4", [RED] * 50)
    person, skeleton, none = (report_html(wanting(red, stills=kind)) for kind in ("person", "skeleton", "none"))

    def reddish(picture: np.ndarray) -> float:
        return float((np.abs(picture - RED).max(-1) < 40).mean())

    assert min(map(reddish, pictures_in(person))) > 0.5
    assert pictures_in(skeleton) and max(map(reddish, pictures_in(skeleton))) == 0
    assert max((picture < 200).any(-1).mean() for picture in pictures_in(skeleton)) > 0.02, "the skeleton is there"
    for text in (skeleton, none):
        own = LIBRARIES.sub("", text)
        assert len(re.findall("data:(?!text/csv;)[a-z]+/|<img|<video|<canvas", own)) == 2 * len(pictures_in(text))
    assert not pictures_in(none) and "Moments" not in none


def test_the_skeleton_alone_needs_no_video_and_is_as_that_of_any_other(result, tmp_path):
    gone = replace(result, video=replace(result.video, path=tmp_path / "gone.mp4"))
    alone = wanting(gone, stills="skeleton")
    assert [one.jpeg for one in shown(alone)] == [one.jpeg for one in shown(wanting(result, stills="skeleton"))] != []


def test_nobody_makes_no_picture_of_a_skeleton_alone(result):
    observed = result.pose2d.observed.copy()
    observed[20:40] = False
    late = with_observed(result, observed)
    (lost,) = (one for one in quality(late).findings if one.code == "lost")
    assert any("not seen" in one.captions[0] for one in shown(late, lost))
    assert not any("not seen" in one.captions[0] for one in shown(wanting(late, stills="skeleton"), lost))


def test_without_the_video_the_report_has_no_pictures_and_no_word_of_them(result, tmp_path):
    result.save(tmp_path / "kept")
    loaded = Result.load(tmp_path / "kept")
    assert shown(loaded)
    loaded.video.path.unlink()
    report = report_html(loaded)
    assert not pictures_in(report) and "Moments" not in report


def test_another_video_in_its_place_is_not_shown(result, tmp_path):
    larger = replace(result, video=replace(result.video, width=320, height=240))
    assert not shown(larger)
    write_video(result.video.path, (TIMES * 1.01 + 0.005).tolist(), 25, (160, 120))
    assert len(shown(result)) <= 1  # all files begin at 0
