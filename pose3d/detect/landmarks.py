"""The landmark network's geometry: from its numbers to points in its picture, and to the joints of H36M17."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import ArrayEquality, Floats
from pose3d.core.skeleton import H36M17, LIMB_ENDS

INPUT = 256
"""Pixels across the network's picture."""
COUNT, BODY = 39, 33
"""Landmarks in all; those of the body come first."""
CIRCLE = (33, 34)
"""The landmarks that are the middle and the rim of the body's circle: the next picture's region."""
WINDOW = 7
"""Cells across the part of a heat map that refines a landmark."""
PEAK = 0.5
"""Least height of a heat map there, 0 to 1, to be trusted."""

LANDMARKS = {
    "LEye": 2, "REye": 5, "LEar": 7, "REar": 8, "LMouth": 9, "RMouth": 10,
    "LShoulder": 11, "RShoulder": 12, "LElbow": 13, "RElbow": 14, "LWrist": 15, "RWrist": 16,
    "LHip": 23, "RHip": 24, "LKnee": 25, "RKnee": 26, "LAnkle": 27, "RAnkle": 28,
    "LPinky": 17, "RPinky": 18, "LIndex": 19, "RIndex": 20,
    "LHeel": 29, "RHeel": 30, "LToes": 31, "RToes": 32,
}  # fmt: skip
"""The landmarks that are used, by BlazePose's number."""
SKULL = 2.0
"""Ears to the top of the skull, in distances from mouth to eyes (about 14 cm and 7 cm on an adult)."""


@dataclass(frozen=True, eq=False)
class Landmarks(ArrayEquality):
    """What the network says of a batch of N pictures."""

    xy: Floats
    """(N, 39, 2), 0 to 1 across the picture."""
    visibility: Floats
    """(N, 39), 0 to 1."""
    flag: Floats
    """(N,), 0 to 1: whether there is a person."""
    sharpness: Floats
    """(N,), 0 to 1: mean height of the peaks of the body's heat maps; low where limbs are guessed, as of furniture."""

    @classmethod
    def decode(cls, landmarks: Floats, flag: Floats, heatmaps: Floats) -> Landmarks:
        """landmarks (N, 195): x, y, z in pixels, visibility, presence; flag (N, 1); heatmaps (N, 39, 64, 64)."""
        rows = landmarks.reshape(-1, COUNT, 5)
        sharpness = sigmoid(heatmaps[:, :BODY].max((-1, -2))).mean(-1)
        return cls(refined(rows[..., :2] / INPUT, heatmaps), sigmoid(rows[..., 3]), flag[:, 0], sharpness)


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-np.clip(values, -80, 80)))


def refined(xy: Floats, heatmaps: Floats) -> Floats:
    """Points (N, 39, 2), 0 to 1, moved to the centre of mass of their heat map around them where it is sure.

    heatmaps (N, 39, H, W) before the sigmoid; a cell counts as lying at its index, not half a cell further.
    """
    batch, count, height, width = heatmaps.shape
    reach = WINDOW // 2
    cell = np.trunc(xy * (width, height)).astype(int)
    inside = ((cell >= 0) & (cell < (width, height))).all(-1)
    offsets = np.arange(-reach, reach + 1)
    columns = cell[..., 0, None, None] + offsets[None, :]
    rows = cell[..., 1, None, None] + offsets[:, None]
    known = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    n, joint = np.ogrid[:batch, :count]
    values = heatmaps[n[..., None, None], joint[..., None, None], rows.clip(0, height - 1), columns.clip(0, width - 1)]
    mass = np.where(known, sigmoid(values), 0.0)
    total = np.maximum(mass.sum((-1, -2)), 1e-9)
    centre = np.stack([(mass * columns).sum((-1, -2)) / width, (mass * rows).sum((-1, -2)) / height], -1)
    sure = inside & (mass.max((-1, -2)) >= PEAK)
    return np.where(sure[..., None], centre / total[..., None], xy)


def to_h36m(landmarks: Floats) -> Floats:
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


def to_limb_ends(landmarks: Floats) -> Floats:
    """(33, D) landmarks to (8, D) LIMB_ENDS; knuckles are the middle of those of the index and the little finger."""
    named = {name: landmarks[index] for name, index in LANDMARKS.items()}
    for side in "LR":
        named[side + "Knuckles"] = (named[side + "Index"] + named[side + "Pinky"]) / 2
    return np.stack([named[end] for end in LIMB_ENDS])
