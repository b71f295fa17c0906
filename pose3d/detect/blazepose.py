"""BlazePose (Bazarevsky et al. 2020, arXiv 2006.10204) through mediapipe, whose wheel carries the model."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from typing_extensions import Self

from pose3d.core.errors import DependencyError
from pose3d.core.skeleton import H36M17
from pose3d.detect import Detection, Keypoints
from pose3d.io.video import Frame
from pose3d.track.person import Sighting

LANDMARKS = {
    "LEye": 2, "REye": 5, "LEar": 7, "REar": 8, "LMouth": 9, "RMouth": 10,
    "LShoulder": 11, "RShoulder": 12, "LElbow": 13, "RElbow": 14, "LWrist": 15, "RWrist": 16,
    "LHip": 23, "RHip": 24, "LKnee": 25, "RKnee": 26, "LAnkle": 27, "RAnkle": 28,
}  # fmt: skip
"""The landmarks that are used, by BlazePose's number."""

LOOKS, SETTLED = 8, 0.01
"""Most looks at a picture after a first sight, and the mean movement, in body sizes, that ends them."""

SKULL = 2.0
"""Ears to the top of the skull, in distances from mouth to eyes (about 14 cm and 7 cm on an adult)."""


def to_h36m(landmarks: np.ndarray) -> np.ndarray:
    """(33, D) landmarks to (17, D) joints, by name; missing joints are middles, the head's top is extrapolated.

    D may hold coordinates and, as its last column, the score: a middle scores as its weaker end would on average.
    """
    named = {name: landmarks[index] for name, index in LANDMARKS.items()}
    middle = {part: (named["L" + part] + named["R" + part]) / 2 for part in ("Hip", "Shoulder", "Ear", "Eye", "Mouth")}
    named["Pelvis"], named["Thorax"] = middle["Hip"], middle["Shoulder"]
    named["Head"] = middle["Ear"] + SKULL * (middle["Eye"] - middle["Mouth"])
    named["Spine"] = (named["Pelvis"] + named["Thorax"]) / 2
    named["Neck"] = (named["Thorax"] + named["Head"]) / 2
    return np.stack([named[joint] for joint in H36M17.joints])


class BlazePose:
    """Finds the joints of one person in every frame."""

    def detect(self, frames: Iterable[Frame]) -> Iterator[Detection]:
        """One detection per frame."""
        with Follower() as follow:
            for frame in frames:
                yield Detection(frame.time, follow(frame))


class Follower:
    """Follows the first person it finds; after a loss it looks for them where they can be by then."""

    def __init__(self) -> None:
        self._last: Sighting | None = None
        self._lost = False

    def __enter__(self) -> Self:
        self._open = contextlib.ExitStack()
        self._tracker = self._open.enter_context(_tracker())
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def __call__(self, frame: Frame) -> Keypoints | None:
        """The person's joints in a frame later than all before."""
        last, tracker = self._last, self._tracker
        keypoints = None if self._lost else _find(tracker, frame.image)
        if keypoints and not last:
            keypoints = _settle(tracker, frame.image, keypoints)
        if last and not _same(last, keypoints, frame.time):
            keypoints = self._search(last, frame)
        self._lost = last is not None and keypoints is None
        if keypoints:
            sighting = Sighting.of(keypoints, frame.time)
            self._last = last.then(sighting) if last else sighting
        return keypoints

    def _search(self, last: Sighting, frame: Frame) -> Keypoints | None:
        """Looks for the person with the rest of the picture blacked out."""
        if not self._lost:
            self._tracker.reset()  # forget whom it tracks now
        image = last.only_around(frame.image, frame.time)
        keypoints = _find(self._tracker, image)
        keypoints = keypoints and _settle(self._tracker, image, keypoints)
        if keypoints and not _same(last, keypoints, frame.time):
            self._tracker.reset()
            return None
        return keypoints


def _same(last: Sighting, keypoints: Keypoints | None, time: float) -> bool:
    return keypoints is not None and last.may_be(Sighting.of(keypoints, time))


def _settle(tracker: Any, image: np.ndarray, keypoints: Keypoints) -> Keypoints:
    """Looks again at the same picture: after a first sight the tracker needs a few looks to close in on the body."""
    for _ in range(LOOKS):
        again = _find(tracker, image)
        if again is None:
            break
        moved = np.linalg.norm(again.xy - keypoints.xy, axis=-1).mean()
        keypoints = again
        if moved < SETTLED * np.ptp(keypoints.xy, axis=0).max():
            break
    return keypoints


def _find(tracker: Any, image: np.ndarray) -> Keypoints | None:
    landmarks = tracker.process(image).pose_landmarks
    if landmarks is None:
        return None
    height, width = image.shape[:2]
    rows = np.array([(p.x * width, p.y * height, p.visibility) for p in landmarks.landmark], np.float32)
    joints = to_h36m(rows)
    xy, score = joints[:, :2], joints[:, 2].clip(0, 1)
    inside = ((xy >= 0) & (xy < (width, height))).all(-1)
    return Keypoints(xy, np.where(inside, score, 0.0).astype(np.float32))


@contextlib.contextmanager
def _tracker() -> Iterator[Any]:
    """mediapipe's tracker without its smoothing, which lags behind fast limbs."""
    from pose3d.opencv import SYSTEM_LIBRARIES

    try:
        from mediapipe.python.solutions.pose import Pose
    except ImportError as e:
        raise DependencyError(f"mediapipe cannot be loaded ({e}); {SYSTEM_LIBRARIES}") from e
    with Pose(model_complexity=1, smooth_landmarks=False) as tracker:
        yield tracker
