"""Somebody walks through the picture in front of the person: nine ways, composed of the example clips."""

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from pose3d.core.presence import absent
from pose3d.core.video import Frame, Span
from pose3d.detect import load_detector
from pose3d.io.video import frames
from pose3d.track import refine, track
from synthetic.truth import Truth, load_truth

EVERY = 2
"""Frames of the clips from one to the next: 15 a second."""
SECONDS = 3.2
DIFFERENT = 40
"""Of 3 x 255: how far a pixel of the passer-by is from the empty room's."""


@dataclass(frozen=True)
class Way:
    """How the passer-by comes. size: of their picture; speed: picture widths a second, from the left if positive."""

    base: str = "squats"
    size: float = 1.6
    speed: float = 0.9
    enters: float = 0.6
    stands: float = 0.0
    """Seconds in the middle."""
    again: bool = False
    """Whether they come back."""
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Of their clothes' colours."""


WAYS = {
    "before squats": Way(),
    "from the right": Way(speed=-0.9),
    "larger, nearer": Way(size=2.2),
    "smaller": Way(size=1.2),
    "slowly": Way(speed=0.5),
    "stands in front": Way(stands=0.6),
    "twice": Way(speed=1.2, again=True),
    "before arm raises": Way("arm_raises", size=1.3),
    "before arm raises, in other clothes": Way("arm_raises", size=1.5, speed=-0.7, tint=(0.3, 0.6, 1.0)),
}


@pytest.fixture(scope="module")
def detector():
    return load_detector("blazepose")


@pytest.fixture(scope="module")
def walker(examples):
    """The walk's pictures without the room: (H, W, 4) with how much of each pixel is the person, and their middles."""
    pictures = [frame.image for frame in frames(examples / "walk.mp4")]
    room = np.median(pictures[::6], axis=0)
    cuts = []
    for picture in pictures:
        mask = (np.abs(picture - room).sum(-1) > DIFFERENT).astype(np.uint8)
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
        largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()) if count > 1 else 0
        left, top, width, height, _ = stats[largest]
        box = np.s_[top : top + height, left : left + width]
        cuts.append(np.dstack([picture[box], 255 * (labels[box] == largest).astype(np.uint8)]))
    return cuts


def place(way: Way, time: float) -> float:
    """Where the passer-by's middle is, in picture widths from the left; beyond the picture before and after."""
    across = abs(way.speed) * (time - way.enters)
    halfway = 0.5 + 0.2
    if across > halfway:
        across = max(halfway, across - abs(way.speed) * way.stands)
    if way.again and across > 1.4:
        across = 2.8 - across
    x = across - 0.2
    return x if way.speed > 0 else 1 - x


def composed(way: Way, examples, walker) -> tuple[list[Frame], Truth]:
    truth = load_truth(examples / f"{way.base}.json")
    out = []
    for number, frame in enumerate(frames(examples / f"{way.base}.mp4", Span(end=SECONDS))):
        if number % EVERY:
            continue
        image = frame.image.copy()
        paste(image, walker[(number * 2) % len(walker)], way, place(way, frame.time))
        out.append(Frame(frame.time, image))
    return out, truth


def paste(image: np.ndarray, cut: np.ndarray, way: Way, middle: float) -> None:
    """Puts the passer-by into the picture, feet at 97 % of its height."""
    height, width = image.shape[:2]
    cut = cv2.resize(cut, None, fx=way.size, fy=way.size)
    if way.speed < 0:
        cut = cut[:, ::-1]
    top, left = round(0.97 * height) - len(cut), round(middle * width) - cut.shape[1] // 2
    low, high = max(left, 0), min(left + cut.shape[1], width)
    if low >= high:
        return
    cut = cut[max(-top, 0) :, low - left : high - left]
    part = image[max(top, 0) : max(top, 0) + len(cut), low:high]
    alpha = cut[: len(part), :, 3:] / 255
    tinted = np.clip(cut[: len(part), :, :3] * way.tint, 0, 255)
    part[:] = np.round((1 - alpha) * part + alpha * tinted).astype(np.uint8)


@pytest.mark.parametrize("name", WAYS)
def test_a_passer_by_never_takes_over(name, detector, examples, walker):
    """In frames that count as seen, the pelvis is within a third of the body's height of where it is."""
    way = WAYS[name]
    pictures, truth = composed(way, examples, walker)
    times = np.array([frame.time for frame in pictures])
    tracks = track(detector.detect(pictures))
    pose = refine(tracks[0], times, truth.camera)
    true = truth.xy[np.arange(len(times)) * EVERY]
    height = np.ptp(true[..., 1], axis=1)
    off = np.linalg.norm(pose.xy[:, 0] - true[:, 0], axis=-1) / height.max()
    seen = np.asarray(pose.observed.any(1))
    assert seen[~absent(pose)].mean() > 0.5, "most of the time they can be seen"
    assert off[seen].max() < 1 / 3, f"{off[seen].max():.2f} of the height at {times[seen][off[seen].argmax()]:.2f} s"
