"""HRNet as a detector: boxes from the embedded tracker every few frames, crops of all frames through it in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from pose3d.core.skeleton import H36M17
from pose3d.detect import Detection, Keypoints
from pose3d.detect.blazepose import Follower
from pose3d.detect.hrnet_net import INPUT, STRIDE, HRNet
from pose3d.io.models.weights import load_into, read_parts, weights_file
from pose3d.io.video import Frame

JOINTS: tuple[str, ...] = (
    "Head", "Thorax", "RShoulder", "RElbow", "RWrist", "LShoulder", "LElbow", "LWrist",
    "RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle", "Pelvis",
)  # fmt: skip
"""The network's heat maps, in order."""
MEAN, STD = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
"""ImageNet's, of RGB from 0 to 1."""
BOX_EVERY = 8
"""Frames from one look for the person's box to the next."""
BATCH = 32
"""Crops given to the network at once."""
AROUND = 0.08
"""Of the joints' longer extent: how far hands, feet and hair reach beyond the joints."""
MARGIN = 0.05
"""Of the box's size, on each side (published)."""


def load(folder: Path, device: str) -> HRNetDetector:
    """The detector with the checkpoint of a published folder. Raises WeightsError naming what is wrong with it."""
    net = HRNet()
    load_into(net, read_parts(folder, "state_dict")["state_dict"], weights_file(folder))
    return HRNetDetector(net.to(device), device)


@dataclass(frozen=True)
class Box:
    """Corners (2,) in pixels."""

    low: np.ndarray
    high: np.ndarray

    @classmethod
    def around(cls, keypoints: Keypoints) -> Box:
        """The box of a person with these joints."""
        low, high = keypoints.xy.min(0), keypoints.xy.max(0)
        reach = AROUND * float((high - low).max())
        return cls(low - reach, high + reach)

    def towards(self, other: Box, share: float) -> Box:
        """Between this box (0) and the other (1)."""
        return Box(self.low + share * (other.low - self.low), self.high + share * (other.high - self.high))


@dataclass(frozen=True)
class Crop:
    """A person cut out for the network, on black. image: (128, 128, 3) uint8 RGB."""

    image: np.ndarray
    corner: np.ndarray
    """(2,) where in the picture the cut begins, pixels."""
    offset: np.ndarray
    """(2,) where in `image` it was put, pixels."""
    ratio: np.ndarray
    """(2,) pixels of the picture per pixel of `image`."""

    @classmethod
    def cut(cls, picture: np.ndarray, box: Box) -> Crop | None:
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

    def to_picture(self, cells: np.ndarray) -> np.ndarray:
        """Heat-map indices (..., 2), x and y, to pixels of the picture, whose corner is (0, 0).

        A cell's index times the stride is the index of a pixel, whose middle lies half a pixel further.
        """
        return (cells * STRIDE + 0.5 - self.offset) * self.ratio + self.corner


def decode(heatmaps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
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


def to_h36m(joints: np.ndarray) -> np.ndarray:
    """(15, D) to (17, D), by name; Spine and Neck are the middles of their neighbours."""
    named = dict(zip(JOINTS, joints, strict=True))
    named["Spine"] = (named["Pelvis"] + named["Thorax"]) / 2
    named["Neck"] = (named["Thorax"] + named["Head"]) / 2
    return np.stack([named[joint] for joint in H36M17.joints])


@dataclass(frozen=True)
class HRNetDetector:
    """The joints of one person in every frame; holds BATCH crops and BOX_EVERY pictures at most."""

    net: HRNet
    device: str = "cpu"

    def __post_init__(self) -> None:
        if self.device == "cuda":
            self.net.half()

    def detect(self, frames: Iterable[Frame]) -> Iterator[Detection]:
        """One detection per frame."""
        waiting: list[tuple[float, Crop | None]] = []
        with Follower() as follow:
            for frame, box in boxed(frames, follow):
                waiting.append((frame.time, box and Crop.cut(frame.image, box)))
                if len(waiting) == BATCH:
                    yield from self._look(waiting)
                    waiting = []
        yield from self._look(waiting)

    def _look(self, waiting: list[tuple[float, Crop | None]]) -> Iterator[Detection]:
        crops = [crop for _, crop in waiting if crop]
        found = iter(self._heatmaps(crops) if crops else ())
        for time, crop in waiting:
            yield Detection(time, crop and _keypoints(crop, next(found)))

    @torch.inference_mode()
    def _heatmaps(self, crops: list[Crop]) -> np.ndarray:
        """(N, 15, 32, 32) float32."""
        images = torch.from_numpy(np.stack([crop.image for crop in crops])).to(self.device)
        inputs = (images / 255 - MEAN.to(self.device)) / STD.to(self.device)
        dtype = next(self.net.parameters()).dtype
        return self.net(inputs.permute(0, 3, 1, 2).to(dtype)).float().cpu().numpy()


def _keypoints(crop: Crop, heatmaps: np.ndarray) -> Keypoints:
    cells, heights = decode(heatmaps)
    joints = to_h36m(np.concatenate([crop.to_picture(cells), heights[:, None].clip(0, 1)], -1).astype(np.float32))
    return Keypoints(joints[:, :2], joints[:, 2])


def boxed(frames: Iterable[Frame], follow: Follower) -> Iterator[tuple[Frame, Box | None]]:
    """Every frame with the person's box, looked for in every BOX_EVERY-th and the last, interpolated between."""
    held: list[Frame] = []
    before: Box | None = None
    for index, frame in enumerate(frames):
        held.append(frame)
        if index % BOX_EVERY == 0:
            after = _box(follow, frame)
            yield from _spread(held, before, after)
            held, before = [], after
    if held:
        yield from _spread(held, before, _box(follow, held[-1]))


def _box(follow: Follower, frame: Frame) -> Box | None:
    keypoints = follow(frame)
    return Box.around(keypoints) if keypoints else None


def _spread(held: list[Frame], before: Box | None, after: Box | None) -> Iterator[tuple[Frame, Box | None]]:
    """`after` is the box of the last frame held, `before` that of the one ahead of the first."""
    for number, frame in enumerate(held, 1):
        share = number / len(held)
        between = before.towards(after, share) if before and after else None
        yield frame, between or (after if share >= 0.5 else before)
