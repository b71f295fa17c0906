"""Where feet and hands point, from heels, toes and knuckles in the picture and from how bodies are built.

Each direction of a grid over the sphere is weighed: how far the end of the foot or hand would be from where it was
seen, and how far the ankle or wrist would have to bend. What comes out is the mean over the grid.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.geometry import sphere, unit
from pose3d.core.ground import HEIGHT, Ground
from pose3d.core.limb_ends import LimbEnds
from pose3d.core.poses import Pose3D
from pose3d.core.smoothing import smooth

GRID = 600
"""Directions on the sphere, about 8 degrees apart."""
FOOT_PER_SHIN, HAND_PER_FOREARM = 0.55, 0.35
"""Heel to toes per knee to ankle, wrist to knuckles per elbow to wrist (Drillis and Contini 1966: the foot is 0.152,
the shin 0.246 of the stature; the detector's heel and toes lie inside the foot)."""
OFF = 0.035
"""Metres by which a seen end is off, as a rule, against the other end."""
SIZES = 0.25
"""Of its length: how much longer or shorter a foot or hand may be than the body's size says. So how far it points to or
from the camera hangs on the body's build more than on its length in the picture."""
UNSEEN = 0.05
"""Score below which an end was not seen."""
FLAT = 0.15
"""Radians by which the sole of a foot that rests is off level, as a rule."""
SQUARE, AHEAD = 0.5, 0.45
"""Radians by which a foot is off square to the shin, and off where the hips face."""
ALONG = 0.6
"""Radians by which a hand is off the direction of the forearm."""
PIECE = 256
"""Frames that are weighed at once."""


SPHERE = sphere(GRID)


def feet_point(pose: Pose3D, world: Floats, ground: Ground, ends: LimbEnds, rests: Bools) -> Floats:
    """(T, 2, 3) float32 unit vectors from heel to toes in the world's axes, left and right.

    world (T, J, 3) metres: the joints; rests (T, 2): whether the whole foot stands.
    """
    left_hip, right_hip = _joints(pose, world, "LHip", "RHip")
    feet: list[Floats] = []
    for side, rest in zip("LR", rests.T, strict=True):
        knee, ankle = _joints(pose, world, side + "Knee", side + "Ankle")
        down = unit(ankle - knee)
        ahead = unit(np.cross(down, left_hip - right_hip))
        length = FOOT_PER_SHIN * _length(ankle - knee)
        seen = _Seen.of(pose, ground, ends, (side + "Heel", side + "Toes"), ankle, length)
        pointing = [
            _mean(_foot(down[rows], ahead[rows], rest[rows]) + _unseen(seen.at(rows), ground, length))
            for rows in _pieces(len(pose))
        ]
        feet.append(np.concatenate(pointing))
    return unit(smooth(np.stack(feet, axis=1), pose.times))


def hands_point(pose: Pose3D, world: Floats, ground: Ground, ends: LimbEnds) -> Floats:
    """(T, 2, 3) float32 unit vectors from wrist to knuckles in the world's axes, left and right.

    world (T, J, 3) metres: the joints.
    """
    hands: list[Floats] = []
    for side in "LR":
        elbow, wrist = _joints(pose, world, side + "Elbow", side + "Wrist")
        length = HAND_PER_FOREARM * _length(wrist - elbow)
        along = unit(wrist - elbow)
        seen = _Seen.of(pose, ground, ends, (side + "Wrist", side + "Knuckles"), wrist, length)
        pointing = [
            _mean(_turned(along[rows], ALONG) + _unseen(seen.at(rows), ground, length)) for rows in _pieces(len(pose))
        ]
        hands.append(np.concatenate(pointing))
    return unit(smooth(np.stack(hands, axis=1), pose.times))


def _pieces(frames: int) -> list[slice]:
    """A clip's frames, few at a time: each has a row of numbers for all of SPHERE."""
    return [slice(start, min(start + PIECE, frames)) for start in range(0, frames, PIECE)]


def _foot(down: Floats, ahead: Floats, rests: Bools) -> Floats:
    """(T, K) how far an ankle would have to bend, and a sole that rests to tilt.

    down, ahead: (T, 3) unit vectors along the shin, and where the hips face; rests (T,).
    """
    flat = rests[:, None] * (SPHERE[:, HEIGHT] / FLAT) ** 2
    return (down @ SPHERE.T / SQUARE) ** 2 + _turned(ahead, AHEAD) + flat


def _turned(towards: Floats, usual: float) -> Floats:
    """(T, K) squared angle, about, of SPHERE from unit vectors (T, 3), in units of `usual` radians."""
    return 2 * (1 - towards @ SPHERE.T) / usual**2


class _Seen(NamedTuple):
    """What was seen of a bone, frame by frame."""

    ray: Floats
    """(T, 2) x/z and y/z of where it starts."""
    tip: Floats
    """(T, 2) the same of where it ends."""
    depth: Floats
    """(T, 1) metres to its start, at least twice its length."""
    score: Floats
    """(T, 1)."""

    @classmethod
    def of(
        cls, pose: Pose3D, ground: Ground, ends: LimbEnds, names: tuple[str, str], joint: Floats, length: float
    ) -> _Seen:
        """Between two ends of these names. joint (T, 3): ankle or wrist, in the world; length: the bone's, metres."""
        (start, first), (end, second) = (ends.column(name) for name in names)
        ray, tip = (pose.camera.rays(xy).astype(np.float64) for xy in (start, end))
        depth = np.maximum(ground.camera_space(joint)[:, 2:], 2 * length)
        return cls(ray, tip, depth, np.minimum(first, second)[:, None])

    def at(self, rows: slice) -> _Seen:
        """In some of the frames."""
        return _Seen(*(values[rows] for values in self))


def _unseen(seen: _Seen, ground: Ground, length: float) -> Floats:
    """(T, K) how little each direction of SPHERE looks like what was seen of a bone, `length` metres long.

    A bone in the direction d from a start seen along the ray r = (x/z, y/z) ends length (d_xy - r d_z) / depth beside
    it, the depth being that of its end.
    """
    ray, tip, depth, score = seen
    x, y, z = (SPHERE @ ground.rotation).T  # in camera axes
    nearer = depth / (depth + length * z)
    off_x, off_y = (
        (along - ray[:, axis, None] * z) * nearer - (tip - ray)[:, axis, None] * depth / length
        for axis, along in enumerate((x, y))
    )
    way_x, way_y = np.split(unit(tip - ray), 2, axis=1)
    lengthwise, sideways = way_x * off_x + way_y * off_y, way_x * off_y - way_y * off_x
    noise = OFF / length
    return np.where(score < UNSEEN, 0, score) * ((sideways / noise) ** 2 + lengthwise**2 / (noise**2 + SIZES**2))


def _mean(cost: Floats) -> Floats:
    """(T, 3) the mean of SPHERE, by the likelihood of each direction; shorter the less sure it is. cost: (T, K)."""
    likely = np.exp(-(cost - cost.min(1, keepdims=True)) / 2)
    return likely @ SPHERE / likely.sum(1, keepdims=True)


def _joints(pose: Pose3D, world: Floats, *names: str) -> list[Floats]:
    """(T, 3) each."""
    return [world[:, joint].astype(np.float64) for joint in pose.skeleton.indices(*names)]


def _length(bone: Floats) -> float:
    return float(np.median(np.linalg.norm(bone, axis=-1)))
