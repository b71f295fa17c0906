"""What a person before the camera is told to do, from what the real detector sees; and the rule on made-up points."""

from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import pytest

from pose3d.core.skeleton import H36M17, LIMB_ENDS
from pose3d.detect.blazepose import load, person
from pose3d.detect.glance import glance
from pose3d.detect.people import Person
from pose3d.io.video import frames
from pose3d.jobs.framing import NOBODY, Framing, framing
from pose3d.jobs.preview import LONGER_SIDE

CASES = Path(__file__).parent / "data" / "cases"
CLIPS = ["arm_raises", "jumping_jacks", "squats", "walk"]
MOMENTS = (0, 40, 75)
"""Numbers of the frames that are looked at."""


@pytest.fixture(scope="module")
def networks():
    return load("blazepose-full", "full", "cpu").networks


def pictures(path, moments=MOMENTS):
    """The frames of those numbers."""
    return [frame.image for number, frame in enumerate(frames(path)) if number in moments]


def told(networks, image):
    """As the page is, of a picture of any size."""
    scale = LONGER_SIDE / max(image.shape[:2])
    image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    seen = glance(networks, image)
    height, width = image.shape[:2]
    return framing(person(image, seen.body), width, height, seen.sure) if seen else framing(None, width, height)


def shrunk(image, times):
    """The picture in the upper left of a grey one, so many times as large."""
    height, width = image.shape[:2]
    room = np.full((height * times, width * times, 3), 120, np.uint8)
    room[height // 2 : height // 2 + height, width // 2 : width // 2 + width] = image
    return room


@pytest.mark.parametrize("name", CLIPS)
def test_whole_people_are_good(networks, examples, name):
    for image in pictures(examples / f"{name}.mp4"):
        assert told(networks, image) == Framing("good")


@pytest.mark.parametrize("name", CLIPS)
@pytest.mark.parametrize("share", [0.75, 0.6])
def test_feet_below_the_picture_are_missed(networks, examples, name, share):
    for image in pictures(examples / f"{name}.mp4"):
        wanted = told(networks, image[: int(share * len(image))])
        assert wanted.code == "cut" and "feet" in wanted.missing


@pytest.mark.parametrize("name", ["arm_raises", "jumping_jacks", "squats"])
def test_head_and_shoulders_alone_are_somebody_who_has_to_step_back(networks, examples, name):
    for image in pictures(examples / f"{name}.mp4", moments=(0, 75)):
        assert told(networks, image[: int(0.35 * len(image))]).code == "cut"


@pytest.mark.parametrize("name", CLIPS)
def test_people_of_a_third_of_their_size_have_to_come_closer(networks, examples, name):
    for image in pictures(examples / f"{name}.mp4"):
        assert told(networks, shrunk(image, 3)) == Framing("far")


def test_half_a_person_at_the_edge_has_to_come_to_the_middle(networks, examples):
    (image,) = pictures(examples / "jumping_jacks.mp4", moments=(0,))
    assert told(networks, image[:, : image.shape[1] // 2]).code == "aside"
    assert told(networks, image[:, image.shape[1] // 4 :]).code == "good"


@pytest.mark.parametrize(
    ("name", "codes"),
    [("upper_body_only.mp4", {"cut"}), ("person_far_away.mp4", {"far"}), ("enters_late.mp4", {"nobody"})],
)
def test_videos_that_people_have(networks, name, codes):
    assert {told(networks, image).code for image in pictures(CASES / name, moments=(0, 24, 36))} == codes


def test_an_empty_room_is_nobody(networks, examples):
    (image,) = pictures(examples / "walk.mp4", moments=(0,))
    assert told(networks, image[:, image.shape[1] // 2 :]) == NOBODY
    assert told(networks, np.zeros((40, 320, 3), np.uint8)) == NOBODY


def seen_in(networks, image, near=None):
    glimpse = glance(networks, image, near)
    assert glimpse is not None
    return glimpse


def test_who_was_seen_is_followed_without_looking_for_them(networks, examples):
    first, second = pictures(examples / "walk.mp4", moments=(0, 3))
    region = seen_in(networks, first).body.region
    blind = type(networks)(detector=cast(Any, None), landmarks=networks.landmarks)
    followed, found = seen_in(blind, second, region), seen_in(networks, second)
    assert followed.sure and np.abs(followed.body.xy - found.body.xy).max() < 0.02 * len(second)


def test_who_went_away_is_looked_for_everywhere(networks, examples):
    (image,) = pictures(examples / "walk.mp4", moments=(0,))
    region = seen_in(networks, image).body.region
    mirrored = np.ascontiguousarray(image[:, ::-1])
    assert seen_in(networks, mirrored, region).body.trunk.mean(0)[0] > image.shape[1] / 2


def somebody(score=1.0, hidden=(), **moved):
    """100 pixels tall in the middle of (200, 200), arms out to x = 60 and 140; moved: points by name to x, y."""
    places = {
        "Head": (100, 50), "Neck": (100, 60), "Thorax": (100, 66), "Spine": (100, 85), "Pelvis": (100, 100),
        "LHip": (106, 100), "RHip": (94, 100), "LKnee": (106, 124), "RKnee": (94, 124),
        "LAnkle": (106, 145), "RAnkle": (94, 145), "LHeel": (106, 150), "RHeel": (94, 150),
        "LToes": (110, 150), "RToes": (90, 150),
        "LShoulder": (110, 66), "RShoulder": (90, 66), "LElbow": (125, 66), "RElbow": (75, 66),
        "LWrist": (135, 66), "RWrist": (65, 66), "LKnuckles": (140, 66), "RKnuckles": (60, 66),
    } | moved  # fmt: skip
    scores = dict.fromkeys(places, score) | dict.fromkeys(hidden, 0.1)
    rows = {name: (*place, scores[name]) for name, place in places.items()}
    joints = np.array([rows[name] for name in H36M17.joints], np.float32)
    ends = np.array([rows[name] for name in LIMB_ENDS], np.float32)
    return Person(joints[:, :2], joints[:, 2], np.zeros((0, 0), np.float32), ends)


FEET = ("LAnkle", "LHeel", "LToes", "RAnkle", "RHeel", "RToes")
RULES = {
    "in the middle": (somebody(), Framing("good")),
    "a toe below": (somebody(LToes=(110, 201)), Framing("cut", ("feet",))),
    "the head above": (somebody(Head=(100, -1)), Framing("cut", ("head",))),
    "a hand to the right": (somebody(LKnuckles=(200, 66)), Framing("aside", ("hands",))),
    "a hand to the left": (somebody(RWrist=(-1, 66)), Framing("aside", ("hands",))),
    "a knee to the left": (somebody(RKnee=(-5, 124)), Framing("aside")),
    "both hands": (somebody(LKnuckles=(201, 66), RKnuckles=(-1, 66)), Framing("cut", ("hands",))),
    "wider than the picture": (somebody(LKnuckles=(201.5, 66), RKnuckles=(0.5, 66)), Framing("cut", ("hands",))),
    "a hand to the side and a toe below": (
        somebody(LKnuckles=(201, 66), LToes=(110, 201)),
        Framing("cut", ("hands", "feet")),
    ),
    "feet behind a desk": (somebody(hidden=FEET), Framing("cut", ("feet",))),
    "one foot behind the other": (somebody(hidden=FEET[:3]), Framing("good")),
    "hands behind the back": (somebody(hidden=("LWrist", "RWrist", "LKnuckles", "RKnuckles")), Framing("good")),
}


@pytest.mark.parametrize("name", RULES)
def test_the_rule(name):
    who, wanted = RULES[name]
    assert framing(who, 200, 200) == wanted


def test_small_is_measured_by_the_shorter_side():
    assert framing(somebody(), 200, 249).code == framing(somebody(), 249, 200).code == "good"
    assert framing(somebody(), 251, 2000).code == framing(somebody(), 2000, 251).code == "far"


def test_who_is_maybe_nobody_is_never_good():
    assert framing(somebody(), 200, 200, sure=False) == Framing("cut")
    assert framing(None, 200, 200) == NOBODY == Framing("nobody")
