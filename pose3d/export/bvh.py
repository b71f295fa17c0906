"""BVH: the skeleton animation that Blender, MotionBuilder, Maya and most game tools import."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.result import Result
from pose3d.core.rotations import Rotation
from pose3d.export.even import EvenMotion
from pose3d.motion.animated import animated_at
from pose3d.motion.humanoid import BONES, CHILDREN, NAMES, Humanoid, capitalised

ORDER = "ZXY"
"""Rotations about the node's own axes, in the order that they are named in CHANNELS: R = Rz Rx Ry."""

END_LENGTHS = {"leftHand": 0.1, "rightHand": 0.1, "leftFoot": 0.15, "rightFoot": 0.15}
"""Metres from where the last bone of a limb starts to the end of what is only drawn: half a hand, a foot."""


def write(result: Result, path: Path) -> None:
    """Metres, y up, floor at 0, rest pose a "T" that faces +z; the first frame is the span's first.

    Metres because Blender's importer takes one unit as a metre: the person arrives life-size at its default scale of
    1 (MotionBuilder counts centimetres: import at scale 100). Bone lengths are the clip's medians, see humanoid.py. The
    frame time is constant: a video of changing frame rate is resampled to one rate by its frames' real times. The
    format cannot say that nobody is there: the figure holds its last pose then, and its first before it comes.
    """
    motion = EvenMotion.of(result)
    humanoid = animated_at(result, motion.world, motion.source, motion.rate)
    lines = ["HIERARCHY", *_node(humanoid, 0, "")]
    lines += ["MOTION", f"Frames: {len(motion)}", f"Frame Time: {1 / motion.rate:.8f}"]
    lines += (" ".join(f"{value:.5f}" for value in row) for row in _channels(humanoid))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _node(humanoid: Humanoid, index: int, indent: str) -> Iterator[str]:
    """The lines of one bone and, deeper, of those below it."""
    inner = indent + "\t"
    yield f"{indent}{'JOINT' if BONES[index].parent else 'ROOT'} {capitalised(NAMES[index])}"
    yield f"{indent}{{"
    yield f"{inner}{_offset(humanoid.offsets[index])}"
    yield f"{inner}{_channel_names(index)}"
    for child in CHILDREN[index]:
        yield from _node(humanoid, child, inner)
    if not CHILDREN[index]:
        yield from (f"{inner}End Site", f"{inner}{{", f"{inner}\t{_offset(_end(humanoid, index))}", f"{inner}}}")
    yield f"{indent}}}"


def _end(humanoid: Humanoid, index: int) -> Floats:
    """(3,) metres from the start of a bone without children to its end, at rest; that of the head is the joint Head."""
    bone = BONES[index]
    return np.multiply(END_LENGTHS.get(bone.name, humanoid.head), bone.rest)


def _offset(xyz: Floats) -> str:
    return "OFFSET " + " ".join(f"{value:.6f}" for value in xyz)


def _channel_names(index: int) -> str:
    rotations = " ".join(f"{axis}rotation" for axis in ORDER)
    if BONES[index].parent:
        return f"CHANNELS 3 {rotations}"
    return f"CHANNELS 6 Xposition Yposition Zposition {rotations}"


def _channels(humanoid: Humanoid) -> Floats:
    """(T, 3 + 3 N): the hips' place in metres, then each bone's angles in degrees, in the hierarchy's order: BONES'."""
    frames = len(humanoid.rotations)
    with warnings.catch_warnings():
        # at the pole any split between the first and the last angle is right, and scipy chooses one
        warnings.filterwarnings("ignore", message="Gimbal lock")
        angles = Rotation.from_quat(humanoid.rotations.reshape(-1, 4)).as_euler(ORDER).reshape(frames, -1, 3)
    return np.concatenate([humanoid.places, np.degrees(continuous(angles)).reshape(frames, -1)], axis=1)


def continuous(angles: Floats) -> Floats:
    """(T, N, 3) radians to the same rotations with no jumps between frames, so that curves can be edited and resampled.

    A rotation has two triples of angles, (a, b, c) and (a + pi, pi - b, c + pi), and full turns on top: takes what lies
    closest to the frame before.
    """
    out = angles.copy()
    for before, now in pairwise(out):
        choices: Floats = np.stack([now, now * [1, -1, 1] + np.pi])
        choices -= 2 * np.pi * ((choices - before) / (2 * np.pi)).round()
        nearest = np.abs(choices - before).sum(axis=-1).argmin(axis=0)
        now[:] = np.take_along_axis(choices, nearest[None, :, None], axis=0)[0]
    return out
