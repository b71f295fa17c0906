"""BlazePose (Bazarevsky et al. 2020, arXiv 2006.10204): everybody's joints in every frame of a video."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats, Picture
from pose3d.core.models import ModelInfo
from pose3d.core.resources import ASSETS
from pose3d.core.video import Frame
from pose3d.detect.appearance import appearance
from pose3d.detect.bodies import Body, Networks
from pose3d.detect.follower import Follower
from pose3d.detect.landmarks import to_h36m, to_limb_ends
from pose3d.detect.people import Detection, Person
from pose3d.io.models.runner import load_network
from pose3d.io.models.weights import sha256

FOLDER = ASSETS / "blazepose"


def load(name: str, landmarks: str, device: str) -> BlazePose:
    """The detector called `name`, with the landmark model "full" or "heavy"; device: cpu or cuda.

    Raises WeightsError when a model is missing or damaged.
    """
    model = FOLDER / f"{landmarks}.onnx"
    networks = Networks(load_network(FOLDER / "detector.onnx", device), load_network(model, device))
    return BlazePose(networks, ModelInfo(name, sha256(model)))


@dataclass(frozen=True)
class BlazePose:
    """Finds the joints of everybody in every frame."""

    networks: Networks
    info: ModelInfo

    def detect(self, frames: Iterable[Frame]) -> Iterator[Detection]:
        """One detection per frame; holds half a second of them."""
        for frame, bodies in Follower(self.networks)(frames):
            yield Detection(frame.time, tuple(person(frame.image, body) for body in bodies))


def person(image: Picture, body: Body) -> Person:
    """The joints of H36M17 and the limbs' ends of a body in the picture (H, W, 3); those outside of it score 0."""
    landmarks = np.concatenate([body.xy, body.visibility[:, None]], -1).astype(np.float32)
    joints, ends = (_scored(points, image) for points in (to_h36m(landmarks), to_limb_ends(landmarks)))
    return Person(joints[:, :2], joints[:, 2], appearance(image, joints[:, :2]), ends)


def _scored(points: Floats, image: Picture) -> Floats:
    """Points (N, 3), x, y and score, with scores of 0 to 1, and of 0 outside the picture."""
    inside = ((points[:, :2] >= 0) & (points[:, :2] < image.shape[1::-1])).all(-1)
    score = np.where(inside, points[:, 2].clip(0, 1), 0)
    return np.concatenate([points[:, :2], score[:, None]], -1).astype(np.float32)
