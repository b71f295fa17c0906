"""The only person in a video is one person: close to the camera and back, in other light. Made of the example clips."""

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from pose3d.core.video import Frame, Span
from pose3d.detect import load_detector
from pose3d.io.video import frames
from pose3d.track import track

EVERY = 2
"""Frames of the clips from one to the next: 15 a second."""
COMES, STAYS = 1.0, 1.3
"""Seconds until the person comes, and for which they stay."""


@dataclass(frozen=True)
class Way:
    """How the person comes. near: how much larger they get; light: how much brighter; seconds: of the coming."""

    clip: str = "arm_raises"
    near: float = 2.2
    light: float = 1.0
    seconds: float = 0.6


WAYS = {
    "near": Way("squats", 2.8),
    "near, into the shadow": Way(light=0.5),
    "very near, at once": Way(near=3.0, light=0.45, seconds=0.4),
    "light goes out": Way(near=1.0, light=0.35, seconds=0.2),
    "light goes on": Way("squats", near=1.0, light=1.8, seconds=0.1),
}


def composed(way: Way, clip) -> list[Frame]:
    """The clip, seen ever larger and then smaller again; the legs leave the picture meanwhile."""
    out = []
    for frame in list(frames(clip, Span(end=4.5)))[::EVERY]:
        share = np.interp(frame.time - COMES, np.cumsum([0, way.seconds, STAYS, way.seconds]), [0, 1, 1, 0])
        height, width = frame.image.shape[:2]
        centre = np.array([width / 2, (0.5 - 0.15 * share) * height])
        scale = way.near**share
        view = np.column_stack([scale * np.eye(2), np.array([width, height]) / 2 - scale * centre])
        image = cv2.warpAffine(frame.image, view, (width, height), borderMode=cv2.BORDER_REPLICATE)
        gains = way.light ** (share * np.array([1.0, 0.8, 0.5]))
        out.append(Frame(frame.time, (image * gains).clip(0, 255).astype(np.uint8)))
    return out


@pytest.fixture(scope="module")
def detector():
    return load_detector("blazepose")


@pytest.mark.parametrize("name", WAYS)
def test_somebody_alone_is_one_person(name, detector, examples):
    pictures = composed(WAYS[name], examples / f"{WAYS[name].clip}.mp4")
    tracks = track(detector.detect(pictures))
    assert [len(found.rows) for found in tracks] == [len(pictures)]
