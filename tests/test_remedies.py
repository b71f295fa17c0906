"""What is offered against a finding: settings for another run, and that it helps on real pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from clips import two_people
from factory import made_up, with_observed
from pose3d import pipeline
from pose3d.analysis import Finding, quality
from pose3d.analysis.remedies import REMEDIES, Remedy, remedy
from pose3d.core.config import RunConfig
from pose3d.core.people import PersonSeen
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.core.words import LANGUAGES, say, table
from pose3d.io.writer import VideoWriter

FRAMES, FPS = 120, 30.0


@pytest.fixture
def walker() -> Result:
    clear = made_up(np.arange(FRAMES) / FPS, width=640, height=480)
    return with_observed(clear, np.ones((FRAMES, 17), bool))


def without(result: Result, *gone: slice) -> Result:
    """The result without the person in some frames."""
    observed = result.pose2d.observed.copy()
    for rows in gone:
        observed[rows] = False
    return with_observed(result, observed)


def thrown(result: Result, frame: int) -> Result:
    """The result with a wrist that jumps in that frame."""
    xyz = result.pose3d.xyz.copy()
    xyz[frame, H36M17.index("LWrist")] += 0.3
    return replace(result, pose3d=replace(result.pose3d, xyz=xyz))


def leaning(result: Result, degrees: float, up_degrees: float = 0.0) -> Result:
    """The result with a body that leans to the side by so much, and an up that was told and leans, too."""
    a, b = np.radians([degrees, up_degrees])
    turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]], np.float32)
    pose = replace(result.pose3d, xyz=result.pose3d.xyz @ turn)
    up = np.array([-np.sin(b), -np.cos(b), 0], np.float32)
    return replace(result, pose3d=pose, ground=replace(result.ground, up=up, confidence=float(up_degrees != 0)))


def offered(result: Result) -> dict[str, Remedy | None]:
    """By code of the finding."""
    return {finding.code: remedy(result, finding) for finding in quality(result).findings}


def against(result: Result, code: str) -> Remedy:
    """What is offered against that finding."""
    found = offered(result)[code]
    assert found
    return found


def test_who_enters_late_and_leaves_is_trimmed_to(walker):
    found = against(without(walker, slice(0, 30), slice(90, None)), "lost")
    assert found == Remedy("trim", {"start": 1.0, "end": 3.0, "person": None}, {"start": 1.0, "end": 3.0})
    assert RunConfig().but(**found.settings).span.end == 3.0


def test_a_stretch_up_to_the_last_frame_goes_on_as_far_as_was_asked_for(walker):
    late = without(walker, slice(0, 30))
    assert against(late, "lost").settings["end"] is None
    assert against(replace(late, config=RunConfig(end=7.0)), "lost").settings["end"] == 7.0


def test_the_longer_of_two_stretches_is_offered(walker):
    assert against(without(walker, slice(40, 60)), "lost").fields == {"start": 2.0, "end": 4.0}


@pytest.mark.parametrize("last, enough", [(89, True), (91, False)])
def test_no_stretch_is_offered_that_would_be_too_short_a_clip(walker, last, enough):
    assert bool(offered(without(walker, slice(0, last)))["lost"]) == enough


def test_a_jump_is_left_out_with_what_is_around_it(walker):
    found = against(thrown(walker, 20), "jumps")
    assert found.name == "trim" and found.settings["end"] is None
    assert found.settings["start"] == pytest.approx((21 + 6 + 1) / FPS), "the frame after it is one of a jump, too"


def test_who_leans_before_a_tilted_camera_is_levelled_once(walker):
    tilted = leaning(walker, 15)
    assert offered(tilted)["not_levelled"] == Remedy("level", {"level": "on"})
    assert offered(replace(tilted, config=RunConfig(level="on")))["not_levelled"] is None


@pytest.mark.parametrize("body, helps", [(0, True), (6, True), (20, False)])
def test_a_wrong_up_is_given_up_where_the_body_stands_upright_to_the_camera(walker, body, helps):
    found = offered(leaning(walker, body, up_degrees=-20))["leans"]
    assert found == (Remedy("keep_tilt", {"level": "off"}) if helps else None)


def test_another_person_is_for_the_viewer_to_choose(walker):
    other = PersonSeen(2, FRAMES, 0.0, 4.0, (1.0, 2.0, 3.0, 4.0))
    assert offered(replace(walker, people=(*walker.people, other)))["another_person"] == Remedy("person")


def test_nothing_is_offered_against_the_rest(walker):
    assert remedy(walker, Finding("far_away", 0, 1, "minor")) is None
    assert set(REMEDIES) <= set(table("findings"))


@pytest.mark.parametrize("name", ["turn", "level", "keep_tilt", "person", "trim"])
def test_each_has_its_words(name):
    for language in LANGUAGES:
        assert say("page", f"remedy_{name}", language, start=1.0, end=2.0)


def again(path: Path, code: str, **settings: object) -> tuple[Result, Result]:
    """A run that has the finding, and the one that is offered against it."""
    work, config = pipeline(detector="blazepose-full", device="cpu"), RunConfig().but(**settings)
    first = work(path, config)
    return first, work(path, config.but(**against(first, code).settings))


def rewritten(source: Path, target: Path, frames: int, change) -> Path:
    """The first frames, each as `change` makes it of its number and picture."""
    with av.open(str(source)) as read:
        shown = read.streams.video[0]
        with VideoWriter(target, shown.width, shown.height, FPS) as write:
            for number, frame in zip(range(frames), read.decode(video=0), strict=False):
                write.add(
                    np.ascontiguousarray(change(number, frame.to_ndarray(format="rgb24")), np.uint8), number / FPS
                )
    return target


def test_trimming_helps(examples, tmp_path):
    def late(number: int, image: np.ndarray) -> np.ndarray:
        return np.full_like(image, 90) if number < 30 else image

    first, second = again(rewritten(examples / "walk.mp4", tmp_path / "late.mp4", 80, late), "lost")
    assert "lost" not in offered(second) and len(second) == 50
    assert quality(second).overall > quality(first).overall + 0.2


def test_levelling_helps(examples, tmp_path):
    def rolled(number: int, image: np.ndarray) -> np.ndarray:
        height, width = image.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), 15, 1)
        return cv2.warpAffine(image, turn, (width, height), borderValue=(90, 90, 90)).astype(np.uint8)

    tilted = rewritten(examples / "walk.mp4", tmp_path / "tilted.mp4", 40, rolled)
    first, second = again(tilted, "not_levelled", level="off")
    assert not {"leans", "not_levelled"} & set(offered(second))
    assert quality(second).overall > quality(first).overall


def test_turning_helps(examples, tmp_path):
    lying = tmp_path / "lying.mp4"
    with av.open(str(examples / "squats.mp4")) as read, VideoWriter(lying, 960, 540, FPS) as write:
        for number, frame in zip(range(40), read.decode(video=0), strict=False):
            write.add(np.ascontiguousarray(np.rot90(frame.to_ndarray(format="rgb24")), np.uint8), number / FPS)
    first, second = again(lying, "turned")
    assert "turned" not in offered(second) and quality(second).overall > quality(first).overall + 0.2


def test_two_people_in_the_picture_are_said(examples, tmp_path):
    two = two_people(examples / "squats.mp4", examples / "jumping_jacks.mp4", tmp_path / "two.mp4", frames=10)
    result = pipeline(detector="blazepose-full", device="cpu")(two)
    assert offered(result)["another_person"] == Remedy("person")
