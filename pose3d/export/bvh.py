"""BVH: the skeleton animation that Blender, MotionBuilder, Maya and most game tools import."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.presence import absent, stand_ins
from pose3d.core.result import Result
from pose3d.core.scientific import Rotation
from pose3d.export.even import EvenMotion
from pose3d.motion.rig import Node, Rig, solve

ORDER = "ZXY"
"""Rotations about the node's own axes, in the order that they are named in CHANNELS: R = Rz Rx Ry."""

END_SITES: dict[str, tuple[float, float, float]] = {
    "Head": (0, 0.1, 0),
    "LWrist": (0.1, 0, 0),
    "RWrist": (-0.1, 0, 0),
    "LAnkle": (0, 0, 0.15),
    "RAnkle": (0, 0, 0.15),
}
"""Metres from the last joint of a limb to the end of what is only drawn: half a head, half a hand, a foot."""


def write(result: Result, path: Path) -> None:
    """Metres, y up, floor at 0, rest pose a "T" that faces +z; the first frame is the span's first.

    Metres because Blender's importer takes one unit as a metre: the person arrives life-size at its default scale of
    1 (MotionBuilder counts centimetres: import at scale 100). Bone lengths are the clip's medians, see rig.py. The
    frame time is constant: a video of changing frame rate is resampled to one rate by its frames' real times. The
    format cannot say that nobody is there: the figure holds its last pose then, and its first before it comes.
    """
    motion = EvenMotion.of(result)
    there = stand_ins(absent(result.pose2d)[motion.source])
    rig = solve(motion.world[there], result.pose3d.skeleton)
    lines = ["HIERARCHY", *_node(rig, 0, "")]
    lines += ["MOTION", f"Frames: {len(motion)}", f"Frame Time: {1 / motion.rate:.8f}"]
    lines += (" ".join(f"{value:.5f}" for value in row) for row in _channels(rig))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _node(rig: Rig, index: int, indent: str) -> Iterator[str]:
    """The lines of one node and, deeper, of those below it."""
    node = rig.nodes[index]
    inner = indent + "\t"
    yield f"{indent}{'ROOT' if node.parent < 0 else 'JOINT'} {node.name}"
    yield f"{indent}{{"
    yield f"{inner}{_offset(rig.offsets[index])}"
    yield f"{inner}{_channel_names(node)}"
    for child in (n for n, other in enumerate(rig.nodes) if other.parent == index):
        yield from _node(rig, child, inner)
    if not node.targets:
        yield from (f"{inner}End Site", f"{inner}{{", f"{inner}\t{_offset(END_SITES[node.name])}", f"{inner}}}")
    yield f"{indent}}}"


def _offset(xyz: Floats | tuple[float, float, float]) -> str:
    return "OFFSET " + " ".join(f"{value:.6f}" for value in xyz)


def _channel_names(node: Node) -> str:
    rotations = " ".join(f"{axis}rotation" for axis in ORDER)
    return f"CHANNELS 3 {rotations}" if node.parent >= 0 else f"CHANNELS 6 Xposition Yposition Zposition {rotations}"


def _channels(rig: Rig) -> Floats:
    """(T, 3 + 3 N): the root's position in metres, then each node's angles in degrees, in the hierarchy's order."""
    frames = len(rig.rotations)
    with warnings.catch_warnings():
        # at the pole any split between the first and the last angle is right, and scipy chooses one
        warnings.filterwarnings("ignore", message="Gimbal lock")
        angles = Rotation.from_quat(rig.rotations.reshape(-1, 4)).as_euler(ORDER).reshape(frames, -1, 3)
    return np.concatenate([rig.translations[:, 0], np.degrees(continuous(angles)).reshape(frames, -1)], axis=1)


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
