"""Reads BVH motion capture: joint positions by forward kinematics, our 17 joints by the usual names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.errors import ConfigError
from pose3d.core.rotations import Rotation
from pose3d.core.skeleton import H36M17
from pose3d.lift.root import stature

FPS = 30.0
ADULT = 1.7
"""Metres: the stature that every person is given, since BVH files do not tell their unit."""

SIDES = {"R": ("right", "r"), "L": ("left", "l")}
PARTS: dict[str, tuple[str, ...]] = {
    "Hip": ("upleg", "hip", "thigh", "femur", "upperleg"),
    "Knee": ("leg", "knee", "shin", "tibia", "lowleg", "lowerleg", "calf"),
    "Ankle": ("foot", "ankle"),
    "Shoulder": ("arm", "upperarm", "uparm", "humerus", "shoulder"),
    "Elbow": ("forearm", "elbow", "lowarm", "lowerarm", "radius"),
    "Wrist": ("hand", "wrist"),
}
"""What joints are called, without their side, in lower case; the first name that a file has is taken."""
HEAD_END = "headend"


@dataclass(frozen=True)
class Joint:
    """offset: (3,) from the parent; channels: their names, in the file's order; parent: index or -1."""

    name: str
    parent: int
    offset: Floats
    channels: tuple[str, ...]


def read_bvh(path: Path) -> Floats:
    """(T, 17, 3) float32 at 30 frames per second, metres of an adult of 1.7 m, x right, y down, z forward.

    Raises ConfigError for what is no BVH file or has no joints of a person in it.
    """
    try:
        joints, motion, seconds = _parse(path.read_text(errors="replace"))
        places = _places(joints, motion)
    except (OSError, ValueError, IndexError, StopIteration) as e:
        raise ConfigError("bvh_file", path=path, reason=e) from e
    xyz = _resampled(_to_h36m(path, [joint.name for joint in joints], places), seconds)
    xyz = _upright(xyz)
    xyz *= ADULT / stature(xyz, H36M17)
    xyz[..., 1] -= xyz[..., 1].max()  # the lowest joint of the clip on the floor
    return xyz.astype(np.float32)


def _parse(text: str) -> tuple[list[Joint], Floats, float]:
    """The joints, parents first, the (T, C) channel values, and the seconds of a frame."""
    hierarchy, mark, motion = text.partition("MOTION")
    if not mark or "HIERARCHY" not in hierarchy:
        raise ValueError("HIERARCHY and MOTION are missing")
    words = iter(re.sub(r"[{}]", r" \g<0> ", hierarchy).split())
    joints: list[Joint] = []
    chain: list[int] = []
    name = ""
    for word in words:
        if word in ("ROOT", "JOINT"):
            name = next(words)
        elif word == "End":
            next(words)
            name = f"{joints[chain[-1]].name} End"
        elif word == "{":
            joints.append(Joint(name, chain[-1] if chain else -1, np.zeros(3), ()))
            chain.append(len(joints) - 1)
        elif word == "}":
            chain.pop()
        elif word == "OFFSET":
            offset = np.array([float(next(words)) for _ in "xyz"])
            joints[chain[-1]] = replace(joints[chain[-1]], offset=offset)
        elif word == "CHANNELS":
            channels = tuple(next(words) for _ in range(int(next(words))))
            joints[chain[-1]] = replace(joints[chain[-1]], channels=channels)
    head, _, values = motion.partition("Frame Time:")
    frames = int(head.split("Frames:")[1])
    seconds, *numbers = (float(value) for value in values.split())
    if not frames or seconds <= 0:
        raise ValueError("it holds no frames")
    return joints, np.array(numbers).reshape(frames, -1), seconds


def _places(joints: list[Joint], motion: Floats) -> Floats:
    """(T, N, 3): where the joints are, in the file's unit and axes."""
    if motion.shape[1] != sum(len(joint.channels) for joint in joints):
        raise ValueError("the number of values in a frame is not that of the channels")
    places = np.zeros((len(motion), len(joints), 3))
    turns: list[Rotation] = []
    column = 0
    for n, joint in enumerate(joints):
        values = dict(zip(joint.channels, motion[:, column : column + len(joint.channels)].T, strict=True))
        column += len(joint.channels)
        move, turn = _move(joint, values, len(motion)), _turn(values, len(motion))
        if joint.parent >= 0:
            move = places[:, joint.parent] + turns[joint.parent].apply(move)
            turn = turns[joint.parent] * turn
        places[:, n] = move
        turns.append(turn)
    return places


def _move(joint: Joint, values: dict[str, Floats], frames: int) -> Floats:
    """(T, 3) from the parent; position channels, where there are any, replace the offset."""
    axes = zip("XYZ", joint.offset, strict=True)
    return np.stack([values.get(f"{axis}position", np.full(frames, offset)) for axis, offset in axes], -1)


def _turn(values: dict[str, Floats], frames: int) -> Rotation:
    """Against the parent; the channels' order is that of the turns about the joint's own axes."""
    axes = "".join(name[0] for name in values if name.endswith("rotation"))
    if not axes:
        return Rotation.identity(frames)
    return Rotation.from_euler(axes, np.stack([values[f"{axis}rotation"] for axis in axes], -1), degrees=True)


def _to_h36m(path: Path, names: list[str], places: Floats) -> Floats:
    """(T, 17, 3): Pelvis, Thorax, Spine and Neck are midpoints, as in the training data."""
    index = {_plain(name): n for n, name in reversed(list(enumerate(names)))}
    head = next((index[name] for name in (HEAD_END, "head") if name in index), None)
    found = {f"{side}{part}": _find(index, side, part) for side in SIDES for part in PARTS} | {"Head": head}
    missing = [name for name, n in found.items() if n is None]
    if missing:
        raise ConfigError("bvh_joint", path=path, joint=missing[0], known=", ".join(names[:30]))
    at = {name: places[:, n] for name, n in found.items()}
    at["Pelvis"] = (at["RHip"] + at["LHip"]) / 2
    at["Thorax"] = (at["RShoulder"] + at["LShoulder"]) / 2
    at["Spine"] = (at["Pelvis"] + at["Thorax"]) / 2
    at["Neck"] = (at["Thorax"] + at["Head"]) / 2
    return np.stack([at[name] for name in H36M17.joints], 1)


def _find(index: dict[str, int], side: str, part: str) -> int | None:
    names = (f"{prefix}{name}" for name in PARTS[part] for prefix in SIDES[side])
    return next((index[name] for name in names if name in index), None)


def _plain(name: str) -> str:
    """Lower-case letters only, without a namespace such as mixamorig:."""
    return re.sub(r"[^a-z]", "", name.split(":")[-1].lower())


def _upright(xyz: Floats) -> Floats:
    """From y or z up, whichever it is, to y down."""
    rise = np.abs((xyz[:, H36M17.index("Head")] - xyz[:, H36M17.index("RAnkle")]).mean(0))
    x, y, z = np.moveaxis(xyz, -1, 0)
    return np.stack([x, -y, -z] if rise[1] >= rise[2] else [x, -z, y], -1)


def _resampled(xyz: Floats, seconds: float) -> Floats:
    """At FPS frames per second, between the recorded frames."""
    last = round((len(xyz) - 1) * seconds * FPS, 2)  # frame times are written rounded
    times = np.minimum(np.arange(int(last) + 1) / (seconds * FPS), len(xyz) - 1)
    before = times.astype(int)
    after = np.minimum(before + 1, len(xyz) - 1)
    share = (times - before)[:, None, None]
    return xyz[before] * (1 - share) + xyz[after] * share
