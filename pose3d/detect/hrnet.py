"""HRNet as a detector: boxes from BlazePose every few frames, crops of everybody in all frames through it in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from pose3d.core.arrays import Floats
from pose3d.core.models import ModelInfo
from pose3d.core.skeleton import H36M17
from pose3d.core.video import Frame
from pose3d.detect.blazepose import load as load_blazepose
from pose3d.detect.hrnet_net import INPUT, STRIDE, HRNet
from pose3d.detect.people import Detection, Detector, Person
from pose3d.io.models.weights import load_into, read_parts, sha256, weights_file

JOINTS: tuple[str, ...] = (
    "Head", "Thorax", "RShoulder", "RElbow", "RWrist", "LShoulder", "LElbow", "LWrist",
    "RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle", "Pelvis",
)  # fmt: skip
"""The network's heat maps, in order."""
MEAN, STD = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
"""ImageNet's, of RGB from 0 to 1."""
BOX_EVERY = 8
"""Frames from one look for people's boxes to the next."""
BATCH = 32
"""Crops given to the network at once."""
AROUND = 0.08
"""Of the joints' longer extent: how far hands, feet and hair reach beyond the joints."""
MARGIN = 0.05
"""Of the box's size, on each side (published)."""


def load(folder: Path, device: str) -> HRNetDetector:
    """The detector with the checkpoint of a published folder. Raises WeightsError naming what is wrong with it."""
    net = HRNet()
    path = weights_file(folder)
    load_into(net, read_parts(folder, "state_dict")["state_dict"], path)
    info = ModelInfo(folder.resolve().name, sha256(path))
    return HRNetDetector(net.to(device), load_blazepose("blazepose-full", "full", device), info, device)


@dataclass(frozen=True, eq=False)
class Box:
    """Somebody's place in a picture. low, high: corners (2,) in pixels; appearance (D,): colours, see Person."""

    low: Floats
    high: Floats
    appearance: Floats

    @classmethod
    def around(cls, person: Person) -> Box:
        """The box of a person with these joints."""
        low, high = person.xy.min(0), person.xy.max(0)
        reach = AROUND * float((high - low).max())
        return cls(low - reach, high + reach, person.appearance)

    def towards(self, other: Box, share: float) -> Box:
        """Between this box (0) and the other (1)."""
        low, high = (a + share * (b - a) for a, b in ((self.low, other.low), (self.high, other.high)))
        return Box(low, high, other.appearance if share >= 0.5 else self.appearance)


@dataclass(frozen=True)
class Crop:
    """A person cut out for the network, on black. image: (128, 128, 3) uint8 RGB."""

    image: Floats
    corner: Floats
    """(2,) where in the picture the cut begins, pixels."""
    offset: Floats
    """(2,) where in `image` it was put, pixels."""
    ratio: Floats
    """(2,) pixels of the picture per pixel of `image`."""

    @classmethod
    def cut(cls, picture: Floats, box: Box) -> Crop | None:
        """The box and a margin, shrunk or grown to fit; None if it lies outside the picture (H, W, 3)."""
        margin = MARGIN * (box.high - box.low)
        size = np.array(picture.shape[1::-1])
        low = np.clip(np.floor(box.low - margin), 0, size).astype(int)
        high = np.clip(np.ceil(box.high + margin), 0, size).astype(int)
        if (high - low).min() < 2:
            return None
        fitted = np.maximum(np.round((high - low) * INPUT / (high - low).max()), 1).astype(int)
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
    joints, _, columns = heatmaps.shape
    best = heatmaps.reshape(joints, -1).argmax(1)
    y, x = np.divmod(best, columns)
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


@dataclass(frozen=True)
class HRNetDetector:
    """The joints of everybody in every frame; holds BATCH crops, and the pictures from one look to the next."""

    net: HRNet
    people: Detector
    """Tells the boxes."""
    info: ModelInfo
    device: str = "cpu"

    def __post_init__(self) -> None:
        if self.device == "cuda":
            self.net.half()

    def detect(self, frames: Iterable[Frame]) -> Iterator[Detection]:
        """One detection per frame."""
        waiting: list[_Waiting] = []
        for frame, boxes in boxed(frames, self._look):
            crops = ((Crop.cut(frame.image, box), box.appearance) for box in boxes)
            waiting.append(_Waiting(frame.time, [(crop, colours) for crop, colours in crops if crop]))
            if sum(len(each.crops) for each in waiting) >= BATCH:
                yield from self._detections(waiting)
                waiting = []
        yield from self._detections(waiting)

    def _look(self, frames: Iterable[Frame]) -> Iterator[list[Box]]:
        for detection in self.people.detect(frames):
            yield [Box.around(person) for person in detection.people]

    def _detections(self, waiting: list[_Waiting]) -> Iterator[Detection]:
        crops = [crop for each in waiting for crop, _ in each.crops]
        found = iter(self._heatmaps(crops)) if crops else iter(())
        for each in waiting:
            yield Detection(each.time, tuple(_person(crop, colours, next(found)) for crop, colours in each.crops))

    @torch.inference_mode()
    def _heatmaps(self, crops: list[Crop]) -> Floats:
        """(N, 15, 32, 32) float32."""
        images = torch.from_numpy(np.stack([crop.image for crop in crops])).to(self.device)
        inputs = (images / 255 - MEAN.to(self.device)) / STD.to(self.device)
        dtype = next(self.net.parameters()).dtype
        return self.net(inputs.permute(0, 3, 1, 2).to(dtype)).float().cpu().numpy()


@dataclass(frozen=True)
class _Waiting:
    """A frame whose crops wait for a batch to be full."""

    time: float
    crops: list[tuple[Crop, Floats]]
    """And the people's colours."""


def _person(crop: Crop, appearance: Floats, heatmaps: Floats) -> Person:
    cells, heights = decode(heatmaps)
    joints = to_h36m(np.concatenate([crop.to_picture(cells), heights[:, None].clip(0, 1)], -1).astype(np.float32))
    return Person(joints[:, :2], joints[:, 2], appearance)


def boxed(
    frames: Iterable[Frame], look: Callable[[Iterable[Frame]], Iterable[list[Box]]]
) -> Iterator[tuple[Frame, list[Box]]]:
    """Every frame with everybody's box, looked for in every BOX_EVERY-th and the last, interpolated between.

    look: the boxes of each of some frames, in their order.
    """
    groups: list[list[Frame]] = []
    before: list[Box] | None = None
    for after in look(_keys(frames, groups)):
        yield from _spread(groups.pop(0), after if before is None else before, after)
        before = after


def _keys(frames: Iterable[Frame], groups: list[list[Frame]]) -> Iterator[Frame]:
    """The frames to look at; each with those before it, which are added to `groups`."""
    held: list[Frame] = []
    for index, frame in enumerate(frames):
        held.append(frame)
        if index % BOX_EVERY == 0:
            groups.append(held)
            held = []
            yield frame
    if held:
        groups.append(held)
        yield held[-1]


def _spread(held: list[Frame], before: list[Box], after: list[Box]) -> Iterator[tuple[Frame, list[Box]]]:
    """`after` are the boxes of the last frame held, `before` those of the one ahead of the first."""
    pairs = _linked(before, after)
    only_before = [box for n, box in enumerate(before) if n not in pairs]
    only_after = [box for n, box in enumerate(after) if n not in pairs.values()]
    for number, frame in enumerate(held, 1):
        share = number / len(held)
        between = [before[a].towards(after[b], share) for a, b in pairs.items()]
        yield frame, between + (only_after if share >= 0.5 else only_before)


def _linked(before: list[Box], after: list[Box]) -> dict[int, int]:
    """Who of `before` is who of `after`: the nearest, where that is not farther than a box is wide."""
    if not before or not after:
        return {}
    middles = [np.array([(box.low + box.high) / 2 for box in boxes]) for boxes in (before, after)]
    distances = np.linalg.norm(middles[0][:, None] - middles[1], axis=-1)
    pairs = zip(*linear_sum_assignment(distances), strict=True)
    reach = [float(np.linalg.norm(box.high - box.low)) / 2 for box in before]
    return {int(a): int(b) for a, b in pairs if distances[a, b] <= reach[a]}
