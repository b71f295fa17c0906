"""HRNet as a detector: boxes from BlazePose every few frames, crops of everybody in all frames in batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from pose3d.core.arrays import ArrayEquality, Floats, Ints, Picture
from pose3d.core.models import ModelInfo
from pose3d.core.resources import ASSETS
from pose3d.core.scientific import cheapest_pairs
from pose3d.core.skeleton import H36M17
from pose3d.core.video import Frame
from pose3d.detect import blazepose
from pose3d.detect.appearance import appearance
from pose3d.detect.people import Detection, Detector, Person
from pose3d.io.models.cache import STATE
from pose3d.io.models.converted import load_published
from pose3d.io.models.devices import choose_device, onnx_runs, torch_device
from pose3d.io.models.weights import model_info, weights_file

GRAPH = "hrnet.onnx"
"""In assets/."""
INPUT, STRIDE = 128, 4
"""Pixels of the square input, and pixels of it per heat-map cell."""
JOINTS: tuple[str, ...] = (
    "Head", "Thorax", "RShoulder", "RElbow", "RWrist", "LShoulder", "LElbow", "LWrist",
    "RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle", "Pelvis",
)  # fmt: skip
"""The network's heat maps, in order."""
MEAN, STD = np.array([0.485, 0.456, 0.406], np.float32), np.array([0.229, 0.224, 0.225], np.float32)
"""ImageNet's, of RGB from 0 to 1."""
BOX_EVERY = 8
"""Frames from one look for the person's box to the next."""
BATCH = 32
"""Crops given to the network at once."""
AROUND = 0.08
"""Of the joints' longer extent: how far hands, feet and hair reach beyond the joints."""
MARGIN = 0.05
"""Of the box's size, on each side (published)."""

HeatMaps = Callable[[Floats], Floats]
"""The network: crops (N, 3, 128, 128), RGB with ImageNet's mean and deviation taken out, to (N, 15, 32, 32)."""


def load(place: Path, device: str) -> HRNetDetector:
    """The detector with the checkpoint of a published folder, or with that one; device: auto, cpu or cuda.

    Raises WeightsError naming what is wrong with it, ConfigError without the GPU that is asked for.
    """
    boxes = blazepose.load("blazepose-full", "full", "cpu" if device == "cpu" else choose_device("auto"))
    path = weights_file(place)
    info = model_info("hrnet", path)
    return HRNetDetector(_heatmaps(path, info.sha256, device), boxes, info)


def _heatmaps(path: Path, digest: str, device: str) -> HeatMaps:
    if not onnx_runs(device):
        from pose3d.detect.hrnet_by_torch import load_hrnet

        return load_hrnet(path, torch_device(device))
    (network,) = load_published(path, digest, choose_device(device), {STATE: ASSETS / GRAPH})
    return lambda crops: network(crops)["answer"]


@dataclass(frozen=True, eq=False)
class Box(ArrayEquality):
    """Corners (2,) in pixels."""

    low: Floats
    high: Floats

    @classmethod
    def around(cls, person: Person) -> Box:
        """The box of a person with these joints."""
        low, high = person.xy.min(0), person.xy.max(0)
        reach = AROUND * float((high - low).max())
        return cls(low - reach, high + reach)

    def distance(self, other: Box) -> float:
        """Pixels between the middles."""
        return float(np.linalg.norm(self.low + self.high - other.low - other.high) / 2)

    @property
    def size(self) -> float:
        """Pixels along the longer side."""
        return float((self.high - self.low).max())

    def towards(self, other: Box, share: float) -> Box:
        """Between this box (0) and the other (1)."""
        return Box(self.low + share * (other.low - self.low), self.high + share * (other.high - self.high))


@dataclass(frozen=True)
class Crop:
    """A person cut out for the network, on black. image: (128, 128, 3) uint8 RGB."""

    image: Picture
    corner: Ints
    """(2,) where in the picture the cut begins, pixels."""
    offset: Ints
    """(2,) where in `image` it was put, pixels."""
    ratio: Floats
    """(2,) pixels of the picture per pixel of `image`."""

    @classmethod
    def cut(cls, picture: Picture, box: Box) -> Crop | None:
        """The box and a margin, shrunk or grown to fit; None if it lies outside the picture (H, W, 3)."""
        margin = MARGIN * (box.high - box.low)
        size = np.array(picture.shape[1::-1])
        low = np.clip(np.floor(box.low - margin), 0, size).astype(int)
        high = np.clip(np.ceil(box.high + margin), 0, size).astype(int)
        if (high - low).min() < 2:
            return None
        fitted = np.maximum(np.round((high - low) * INPUT / int((high - low).max())), 1).astype(int)
        offset = (INPUT - fitted) // 2
        image = np.zeros((INPUT, INPUT, 3), np.uint8)
        part = cv2.resize(picture[low[1] : high[1], low[0] : high[0]], (int(fitted[0]), int(fitted[1])))
        image[offset[1] : offset[1] + fitted[1], offset[0] : offset[0] + fitted[0]] = part
        return cls(image, low, offset, (high - low) / fitted)

    def to_picture(self, cells: Floats) -> Floats:
        """Heat-map indices (..., 2), x and y, to pixels of the picture, whose corner is (0, 0).

        A cell's index times the stride is the index of a pixel, whose middle lies half a pixel further.
        """
        return (cells * STRIDE + 0.5 - self.offset) * self.ratio + self.corner


def decode(heatmaps: Floats) -> tuple[Floats, Floats]:
    """(J, H, W) to peaks (J, 2), x and y in cells, and their heights (J,).

    The highest cell, plus a quarter of a cell towards the larger neighbour on each axis.
    """
    joints = len(heatmaps)
    best = heatmaps.reshape(joints, -1).argmax(1)
    y, x = np.divmod(best, heatmaps.shape[2])
    padded = np.pad(heatmaps, ((0, 0), (1, 1), (1, 1)), mode="edge")
    j = np.arange(joints)
    shift_x = np.sign(padded[j, y + 1, x + 2] - padded[j, y + 1, x])
    shift_y = np.sign(padded[j, y + 2, x + 1] - padded[j, y, x + 1])
    return np.stack([x + 0.25 * shift_x, y + 0.25 * shift_y], -1), heatmaps[j, y, x]


def to_h36m(joints: Floats) -> Floats:
    """(15, D) to (17, D), by name; Spine and Neck are the middles of their neighbours."""
    named = dict(zip(JOINTS, joints, strict=True))
    named["Spine"] = (named["Pelvis"] + named["Thorax"]) / 2
    named["Neck"] = (named["Thorax"] + named["Head"]) / 2
    return np.stack([named[joint] for joint in H36M17.joints])


@dataclass(frozen=True, eq=False)
class Cut(ArrayEquality):
    """One frame on its way through the network: its picture and everybody's crop."""

    frame: Frame
    crops: list[Crop]


@dataclass(frozen=True)
class HRNetDetector:
    """The joints of everybody in every frame; holds the frames of about BATCH crops and those between two looks."""

    network: HeatMaps
    boxes: Detector
    """Finds people; the boxes around their joints are what HRNet looks into."""
    info: ModelInfo

    def detect(self, frames: Iterable[Frame]) -> Iterator[Detection]:
        """One detection per frame."""
        waiting: list[Cut] = []
        for frame, boxes in boxed(frames, self.boxes):
            crops = [crop for box in boxes if (crop := Crop.cut(frame.image, box))]
            waiting.append(Cut(frame, crops))
            if len(waiting) == BATCH or sum(len(cut.crops) for cut in waiting) >= BATCH:
                yield from self._look(waiting)
                waiting = []
        yield from self._look(waiting)

    def _look(self, waiting: list[Cut]) -> Iterator[Detection]:
        found = iter(self._heatmaps([crop for cut in waiting for crop in cut.crops]))
        for cut in waiting:
            people = [_person(cut.frame.image, crop, next(found)) for crop in cut.crops]
            yield Detection(cut.frame.time, tuple(people))

    def _heatmaps(self, crops: list[Crop]) -> Iterator[Floats]:
        """(15, 32, 32) float32 of each crop, BATCH of them at a time."""
        for start in range(0, len(crops), BATCH):
            pictures = np.stack([crop.image for crop in crops[start : start + BATCH]])
            inputs = (pictures.astype(np.float32) / 255 - MEAN) / STD
            yield from self.network(np.ascontiguousarray(inputs.transpose(0, 3, 1, 2)))


def _person(image: Picture, crop: Crop, heatmaps: Floats) -> Person:
    cells, heights = decode(heatmaps)
    joints = to_h36m(np.concatenate([crop.to_picture(cells), heights[:, None].clip(0, 1)], -1).astype(np.float32))
    return Person(joints[:, :2], joints[:, 2], appearance(image, joints[:, :2]))


def boxed(frames: Iterable[Frame], detector: Detector) -> Iterator[tuple[Frame, list[Box]]]:
    """Every frame with the boxes of the people in it, looked for in every BOX_EVERY-th and the last.

    Between two looks the boxes of one person are interpolated; who is in one look only is kept for half the time.
    """
    held: deque[list[Frame]] = deque()
    before: list[Box] = []

    def looked_at() -> Iterator[Frame]:
        for stretch in _stretches(frames):
            held.append(stretch)
            yield stretch[-1]

    for detection in detector.detect(looked_at()):
        after = [Box.around(person) for person in detection.people]
        yield from _between(held.popleft(), before, after)
        before = after


def _stretches(frames: Iterable[Frame]) -> Iterator[list[Frame]]:
    """The first frame, then BOX_EVERY at a time; each stretch ends with a frame to look at."""
    held: list[Frame] = []
    for index, frame in enumerate(frames):
        held.append(frame)
        if index % BOX_EVERY == 0:
            yield held
            held = []
    if held:
        yield held


def _between(held: list[Frame], before: list[Box], after: list[Box]) -> Iterator[tuple[Frame, list[Box]]]:
    """`after` are the boxes in the last frame held, `before` those in the frame ahead of the first."""
    pairs = linked(before, after)
    gone = [box for index, box in enumerate(before) if index not in {a for a, _ in pairs}]
    come = [box for index, box in enumerate(after) if index not in {b for _, b in pairs}]
    for number, frame in enumerate(held, 1):
        share = number / len(held)
        moving = [before[a].towards(after[b], share) for a, b in pairs]
        yield frame, moving + (come if share >= 0.5 else gone)


def linked(before: list[Box], after: list[Box]) -> list[tuple[int, int]]:
    """Which boxes of two looks are of one person: pairs with the least distance in all, none over a box's size."""
    if not before or not after:
        return []
    cost = np.array([[a.distance(b) for b in after] for a in before])
    return [(a, b) for a, b in cheapest_pairs(cost) if cost[a, b] <= before[a].size]
