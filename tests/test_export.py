"""Every exported file is read back, by a real reader where there is one, and compared with the poses."""

import csv
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import ezc3d
import numpy as np
import pygltflib
import pytest
from scipy.spatial.transform import Rotation, Slerp

from factory import made_up
from pose3d.core.camera import Camera
from pose3d.core.errors import ConfigError, DependencyError, LimitError, OutputError
from pose3d.core.ground import CAMERA_UP, Ground, Planted
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.core.times import nominal_rate, nominal_times
from pose3d.core.video import VideoInfo
from pose3d.export import EXPORTERS, check_formats, export
from pose3d.motion import humanoid as rig
from pose3d.motion.animated import animated
from pose3d.motion.avatar import avatar

FPS = 30000 / 1001
MILLIMETRE = 1e-3
START = 12.5
"""Seconds: the clip begins in the middle of the video."""
FLOOR = -1.1
"""Metres: the floor lies so far below the camera."""

BONES = {
    "RHip": (-0.13, 0, 0), "RKnee": (0, 0.45, 0), "RAnkle": (0, 0.43, 0),
    "LHip": (0.13, 0, 0), "LKnee": (0, 0.45, 0), "LAnkle": (0, 0.43, 0),
    "Spine": (0, -0.24, 0), "Thorax": (0, -0.25, 0), "Neck": (0, -0.11, 0), "Head": (0, -0.12, 0),
    "LShoulder": (0.15, 0.02, 0), "LElbow": (0.1, 0.27, 0), "LWrist": (0, 0.25, 0),
    "RShoulder": (-0.15, 0.02, 0), "RElbow": (-0.1, 0.27, 0), "RWrist": (0, 0.25, 0),
}  # fmt: skip
"""Metres in camera axes (x right, y down) from the parent, of a person who stands and faces the camera."""

HEAD = BONES["Head"][1] / BONES["Neck"][1]
"""Length of the head's bone in parts of the neck's."""

JOINT_NODES = {
    "Pelvis": "Hips", "Spine": "Chest", "Thorax": "Neck", "Neck": "Head", "Head": "HeadEnd",
    **{f"{short}{joint}": f"{side}{bone}"
       for short, side in (("L", "Left"), ("R", "Right"))
       for joint, bone in (("Hip", "UpperLeg"), ("Knee", "LowerLeg"), ("Ankle", "Foot"),
                           ("Shoulder", "UpperArm"), ("Elbow", "LowerArm"), ("Wrist", "Hand"))},
}  # fmt: skip
"""Joint: the node of a BVH or GLB file that starts there."""

LIMBS = ("Shoulder", "UpperArm", "LowerArm", "Hand"), ("UpperLeg", "LowerLeg", "Foot")
NODES = ["Hips", "Spine", "Chest", "Neck", "Head"]
NODES += [f"{side}{bone}" for limb in LIMBS for side in ("Left", "Right") for bone in limb]
"""The humanoid bones of VRM that a file has, in its order."""

AT_ONE_RATE = ("bvh", "trc", "c3d")


@dataclass(frozen=True)
class Read:
    """What a file holds. xyz: (T, 17, 3) metres in the file's axes, in the order of H36M17; times: (T,) seconds."""

    xyz: np.ndarray
    times: np.ndarray


# --- a motion ---


def even(frames: int) -> np.ndarray:
    """(T,) seconds at FPS from START."""
    return START + np.arange(frames) / FPS


def positions(seconds: np.ndarray, sway: float = 0.7, turn: float = 0.3, stretch: float = 0.0) -> np.ndarray:
    """(T, 17, 3) metres in camera space: each bone swings on its own sines, the person turns and walks about.

    seconds: (T,); sway: radians; turn: full turns a second; stretch: relative change of bone lengths.
    """
    phase = 0.75 * seconds
    body = Rotation.from_rotvec(np.outer(2 * np.pi * turn * seconds, [0, 1, 0]))
    xyz = np.zeros((len(seconds), 17, 3))
    xyz[:, 0] = np.stack([0.5 * np.sin(phase), 0.1 * np.cos(2 * phase), 4 + np.sin(0.5 * phase)], axis=1)
    for number, (joint, bone) in enumerate(BONES.items(), start=1):
        wave = np.stack([np.sin((1 + 0.1 * number + 0.3 * axis) * phase + number) for axis in range(3)], axis=1)
        length = 1 + stretch * np.sin(phase + number)
        parent = H36M17.parents[H36M17.index(joint)]
        if joint == "LHip":
            xyz[:, H36M17.index(joint)] = 2 * xyz[:, 0] - xyz[:, H36M17.index("RHip")]  # the pelvis is their middle
            continue
        swung = (body * Rotation.from_rotvec(sway * wave)).apply(bone)
        xyz[:, H36M17.index(joint)] = xyz[:, parent] + length[:, None] * swung
    return xyz


def result_of(xyz: np.ndarray, times: np.ndarray | None = None, observed: np.ndarray | None = None) -> Result:
    """A Result whose poses are these camera-space joints (T, 17, 3) at `times`, by default even.

    observed: (T, 17); by default every seventh joint value was interpolated, none of a single frame.
    """
    frames = len(xyz)
    times = even(frames) if times is None else times
    if observed is None:
        observed = (np.arange(frames * 17) % 7 > 0).reshape(frames, 17) | (frames == 1)
    root = xyz[:, 0].astype(np.float32)
    score = np.where(observed, 0.9, 0.3).astype(np.float32)
    camera = Camera.from_fov(1280, 720)
    error = np.full(frames, 3.0, np.float32)
    local = (xyz - root[:, None]).astype(np.float32)
    return replace(
        made_up(times),
        video=VideoInfo(Path("walk.mp4"), 1280, 720, times),
        pose2d=Pose2D(camera.project(xyz), score, observed, H36M17, camera=camera, times=times),
        pose3d=Pose3D(local, root, score, observed, error, "metre", H36M17, camera=camera, times=times),
        ground=Ground(CAMERA_UP.astype(np.float32), FLOOR, 0.0),
    )


def filmed(times: np.ndarray) -> Result:
    """The motion as a camera sees it that takes pictures at `times`."""
    return result_of(positions(times), times)


def standing(frames: int = 1) -> Result:
    """A person who stands upright and faces the camera."""
    return result_of(positions(even(frames), sway=0.0, turn=0.0))


def without(result: Result, gone: np.ndarray) -> Result:
    """The same, but no joint was observed where gone (T,) or (T, 17)."""
    observed = result.pose2d.observed & ~(gone[:, None] if gone.ndim == 1 else gone)
    return result_of(result.pose3d.placed, result.times, observed)


@pytest.fixture(scope="module")
def motion() -> Result:
    """Four seconds, constant bone lengths."""
    return filmed(even(120))


# --- readers ---


def number(cell: str) -> float:
    """NaN where the cell is empty."""
    return float(cell) if cell else np.nan


def read_csv(path: Path) -> Read:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["frame"]) for row in rows] == list(range(len(rows)))
    xyz = [[[number(row[f"{joint}_{axis}"]) for axis in "xyz"] for joint in H36M17.joints] for row in rows]
    return Read(np.array(xyz), np.array([float(row["time"]) for row in rows]))


def read_trc(path: Path) -> Read:
    first, names, values, markers, axes, blank, *rows = path.read_text().splitlines()
    assert first == "PathFileType\t4\t(X/Y/Z)\tmotion.trc"
    header = dict(zip(names.split("\t"), values.split("\t"), strict=True))
    assert header["DataRate"] == header["CameraRate"] == header["OrigDataRate"]
    assert int(header["NumFrames"]) == int(header["OrigNumFrames"]) == len(rows)
    assert (header["NumMarkers"], header["Units"], header["OrigDataStartFrame"], blank) == ("17", "mm", "1", "")
    assert markers.split("\t")[:2] == ["Frame#", "Time"]
    assert tuple(markers.split("\t")[2::3]) == H36M17.joints
    assert axes.split("\t")[2:] == [f"{axis}{n}" for n in range(1, 18) for axis in "XYZ"]
    table = np.array([[number(cell) for cell in row.split("\t")] for row in rows])
    assert (table[:, 0] == np.arange(1, len(rows) + 1)).all()
    np.testing.assert_allclose(table[:, 1] * float(header["DataRate"]), np.arange(len(rows)), atol=1e-3)
    return Read(table[:, 2:].reshape(-1, 17, 3) / 1000, table[:, 1])


def read_c3d(path: Path) -> Read:
    file = ezc3d.c3d(str(path))
    point = file["parameters"]["POINT"]
    assert tuple(point["LABELS"]["value"]) == H36M17.joints
    assert point["UNITS"]["value"] == ["mm"]
    frames = file["data"]["points"].shape[2]
    assert file["header"]["points"]["last_frame"] - file["header"]["points"]["first_frame"] + 1 == frames
    xyz = file["data"]["points"][:3].transpose(2, 1, 0) / 1000
    return Read(xyz, np.arange(frames) / point["RATE"]["value"][0])


@dataclass
class BvhNode:
    name: str
    parent: int
    offset: np.ndarray
    channels: list[str]


def parse_bvh(path: Path) -> tuple[list[BvhNode], np.ndarray, float]:
    """The hierarchy (ends included), (T, C) channel values, and the frame time in seconds."""
    hierarchy, motion = path.read_text().split("MOTION\n")
    nodes: list[BvhNode] = []
    open_nodes = [-1]
    for words in (line.split() for line in hierarchy.splitlines()[1:]):
        if words[0] in ("ROOT", "JOINT", "End"):
            nodes.append(BvhNode(words[1], open_nodes[-1], np.zeros(3), []))
        elif words[0] == "{":
            open_nodes.append(len(nodes) - 1)
        elif words[0] == "}":
            open_nodes.pop()
        elif words[0] == "OFFSET":
            nodes[-1].offset = np.array(words[1:], float)
        elif words[0] == "CHANNELS":
            assert int(words[1]) == len(words) - 2
            nodes[-1].channels = words[2:]
    assert open_nodes == [-1]
    count, frame_time, *rows = motion.splitlines()
    values = np.array([row.split() for row in rows], float)
    assert int(count.removeprefix("Frames: ")) == len(values)
    return nodes, values, float(frame_time.removeprefix("Frame Time: "))


def read_bvh(path: Path) -> Read:
    """Forward kinematics, channel by channel as the file names them."""
    nodes, values, frame_time = parse_bvh(path)
    assert values.shape[1] == sum(len(node.channels) for node in nodes)
    columns = iter(values.T)
    turned, placed, joints = [], [], {}
    for node in nodes:
        place, turn = np.tile(node.offset, (len(values), 1)), Rotation.identity(len(values))
        for channel in node.channels:
            axis, column = "XYZ".index(channel[0]), next(columns)
            if channel.endswith("position"):
                place[:, axis] += column
            else:
                turn = turn * Rotation.from_rotvec(np.outer(np.radians(column), np.eye(3)[axis]))
        if node.parent >= 0:
            place, turn = placed[node.parent] + turned[node.parent].apply(place), turned[node.parent] * turn
        placed.append(place)
        turned.append(turn)
        joints[node.name if node.name != "Site" else f"{nodes[node.parent].name}End"] = place
    xyz = np.stack([joints[JOINT_NODES[joint]] for joint in H36M17.joints], axis=1)
    return Read(xyz, np.arange(len(values)) * frame_time)


def load_glb(path: Path) -> Any:
    """pygltflib's document, whose every field may be None by its types."""
    return pygltflib.GLTF2.load_binary(str(path))


def accessor(gltf: Any, index: int) -> np.ndarray:
    """An accessor's values, (count, *element)."""
    found = gltf.accessors[index]
    view = gltf.bufferViews[found.bufferView]
    dtype = {pygltflib.FLOAT: "<f4", pygltflib.UNSIGNED_BYTE: "u1", pygltflib.UNSIGNED_SHORT: "<u2"}[
        found.componentType
    ]
    element = {"SCALAR": (), "VEC3": (3,), "VEC4": (4,), "MAT4": (4, 4)}[found.type]
    size = found.count * int(np.prod(element))
    values = np.frombuffer(gltf.binary_blob(), dtype, size, view.byteOffset + (found.byteOffset or 0))
    return values.reshape(found.count, *element)


def glb_transforms(gltf: Any, time: float) -> dict[int, np.ndarray]:
    """Each node's (4, 4) transform to the world at a time, by walking the hierarchy with the animation applied."""
    rest = {"translation": [0, 0, 0], "rotation": [0, 0, 0, 1], "scale": [1, 1, 1]}
    values = {(n, path): getattr(node, path) or rest[path] for n, node in enumerate(gltf.nodes) for path in rest}
    for channel in gltf.animations[0].channels:
        sampler = gltf.animations[0].samplers[channel.sampler]
        keys, output = accessor(gltf, sampler.input), accessor(gltf, sampler.output)
        now = np.clip(time, keys[0], keys[-1])
        if sampler.interpolation == pygltflib.ANIM_STEP:
            values[channel.target.node, channel.target.path] = output[np.searchsorted(keys, now, side="right") - 1]
        elif channel.target.path == "translation":
            values[channel.target.node, "translation"] = [np.interp(now, keys, column) for column in output.T]
        elif len(keys) == 1:
            values[channel.target.node, "rotation"] = output[0]
        else:
            values[channel.target.node, "rotation"] = Slerp(keys, Rotation.from_quat(output))(now).as_quat()
    transforms: dict[int, np.ndarray] = {}

    def walk(n: int, parent: np.ndarray) -> None:
        local = np.eye(4)
        local[:3, :3] = Rotation.from_quat(values[n, "rotation"]).as_matrix() * values[n, "scale"]
        local[:3, 3] = values[n, "translation"]
        transforms[n] = parent @ local
        for child in gltf.nodes[n].children:
            walk(child, transforms[n])

    for n in gltf.scenes[gltf.scene].nodes:
        walk(n, np.eye(4))
    return transforms


def glb_positions(gltf: Any, time: float) -> np.ndarray:
    """(17, 3) metres at a time. The head's top has no node: it lies ahead and above the head's."""
    transforms = glb_transforms(gltf, time)
    nodes = {node.name: node for node in gltf.nodes}
    places = {name: transforms[n] for n, name in enumerate(nodes)}
    above = np.eye(4)
    above[:3, 3] = np.multiply(
        rig.BONES[rig.NAMES.index("head")].rest, HEAD * np.linalg.norm(nodes["Head"].translation)
    )
    places["HeadEnd"] = places["Head"] @ above
    return np.stack([places[JOINT_NODES[joint]][:3, 3] for joint in H36M17.joints])


def read_glb(path: Path) -> Read:
    gltf = load_glb(path)
    times = accessor(gltf, gltf.animations[0].samplers[0].input)
    return Read(np.stack([glb_positions(gltf, time) for time in times]), times)


# those of VRMA and MOT, which hold a pose but not all joints, are in their own tests
READERS: dict[str, Callable[[Path], Read]] = {
    "csv": read_csv, "bvh": read_bvh, "glb": read_glb, "trc": read_trc, "c3d": read_c3d,
}  # fmt: skip

WORLD_AXES = {
    **dict.fromkeys(("bvh", "glb", "trc"), np.eye(3)),
    "c3d": np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]]),
    "csv": np.diag([1, -1, -1]),
}
"""Rows: the world's x (right), y (up), z (to the camera) in the axes of the file."""


def read(result: Result, folder: Path, name: str) -> Read:
    """Exports and reads back."""
    (path,) = export(result, folder, [name])
    assert path == folder / f"motion.{name}"
    return READERS[name](path)


def in_world(name: str, xyz: np.ndarray) -> np.ndarray:
    """The file's joints in the world: those of csv are the camera's, which sees no floor."""
    return xyz @ WORLD_AXES[name].T - ([0, FLOOR, 0] if name == "csv" else [0, 0, 0])


# --- all formats ---


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("frames", [1, 2, 120])
def test_positions_come_back(name: str, frames: int, tmp_path: Path) -> None:
    result = filmed(even(frames))
    found = read(result, tmp_path, name)
    assert found.xyz.shape == result.world.shape
    np.testing.assert_allclose(in_world(name, found.xyz), result.world, atol=MILLIMETRE / 50)


@pytest.mark.parametrize("name", ["csv", "trc", "c3d"])
def test_changing_bone_lengths_are_kept(name: str, tmp_path: Path) -> None:
    result = result_of(positions(even(60), stretch=0.1))
    np.testing.assert_allclose(in_world(name, read(result, tmp_path, name).xyz), result.world, atol=MILLIMETRE / 50)


@pytest.mark.parametrize("name", ["bvh", "glb", "trc", "c3d"])
def test_the_floor_is_the_ground_of_the_result(name: str, tmp_path: Path) -> None:
    """A camera that looks down by 20 degrees: up is not its own, and the floor no foot's."""
    tilt = np.radians(20)
    up = np.array([0, -np.cos(tilt), -np.sin(tilt)], np.float32)
    result = replace(filmed(even(10)), ground=Ground(up, -2.5, 1.0))
    found = read(result, tmp_path, name).xyz @ WORLD_AXES[name].T
    above = result.pose3d.placed @ up + 2.5
    np.testing.assert_allclose(found[..., 1], above, atol=MILLIMETRE / 50)
    np.testing.assert_allclose(found, result.world, atol=MILLIMETRE / 50)


@pytest.mark.parametrize("name", ["bvh", "glb"])
def test_skeletons_lose_only_the_change_of_bone_lengths(name: str, tmp_path: Path) -> None:
    result = result_of(positions(even(90), stretch=0.1))
    found, world = read(result, tmp_path, name).xyz, result.world
    for parent, child in H36M17.edges:
        true, written = world[:, child] - world[:, parent], found[:, child] - found[:, parent]
        lengths = np.linalg.norm(true, axis=-1)
        unit = true / lengths[:, None]
        median = np.median(lengths) if (name, H36M17.joints[child]) != ("glb", "Head") else np.linalg.norm(written[0])
        np.testing.assert_allclose(written, median * unit, atol=MILLIMETRE / 50)


@pytest.mark.parametrize("name", READERS)
def test_times(name: str, motion: Result, tmp_path: Path) -> None:
    """csv has the video's own; the others count from the span's first frame."""
    expected = motion.times if name == "csv" else motion.times - START
    np.testing.assert_allclose(read(motion, tmp_path, name).times, expected, atol=2e-6)


# --- clocks that are not even ---


def phone(frames: int) -> np.ndarray:
    """30 a second, each frame up to 4 ms early or late."""
    return START + np.arange(frames) / 30 + 0.004 * np.sin(7.0 * np.arange(frames))


def browser(frames: int) -> np.ndarray:
    """30 a second on a busy machine: whole milliseconds, up to 12 ms early or late (but for the first)."""
    late = np.random.default_rng(0).uniform(-0.012, 0.012, frames)
    return START + np.round(np.arange(frames) / 30 + late * (np.arange(frames) > 0), 3)


def whole_milliseconds(frames: int) -> np.ndarray:
    """30 a second as Matroska stamps them: steps of 33 and 34 ms."""
    return np.floor(np.arange(frames) * 1000 / 30) / 1000


def with_pauses(frames: int) -> np.ndarray:
    """30 a second; a screen recorder leaves out pictures in which nothing moves."""
    kept = np.arange(2 * frames) % 10 < 5
    return np.flatnonzero(kept) / 30


@pytest.mark.parametrize("name", AT_ONE_RATE)
@pytest.mark.parametrize("clock", [phone, browser, whole_milliseconds])
@pytest.mark.parametrize("frames", [20, 114, 240])
def test_stamps_that_jitter_give_as_many_frames_at_30(
    name: str, clock: Callable[[int], np.ndarray], frames: int, tmp_path: Path
) -> None:
    times = clock(frames)
    found = read(filmed(times), tmp_path, name)
    np.testing.assert_allclose(found.times, np.arange(frames) / 30, atol=2e-6)
    truth = filmed(np.clip(times[0] + found.times, times[0], times[-1])).world
    assert np.linalg.norm(in_world(name, found.xyz) - truth, axis=-1).max() < 0.82 * MILLIMETRE


RATES = (10, 15, 24000 / 1001, 24, 25, 30000 / 1001, 30, 50, 60000 / 1001, 60, 120, 13.7)


@pytest.mark.parametrize("name", AT_ONE_RATE)
@pytest.mark.parametrize("rate", RATES)
def test_an_even_rate_stays_as_it_is(name: str, rate: float, tmp_path: Path) -> None:
    result = filmed(3.0 + np.round(np.arange(50) / rate * 90_000) / 90_000)
    found = read(result, tmp_path, name)
    np.testing.assert_allclose(found.times, np.arange(50) / rate, rtol=2e-6, atol=1e-6)
    np.testing.assert_allclose(in_world(name, found.xyz), result.world, atol=MILLIMETRE / 10)


@pytest.mark.parametrize("rate", [29.87, 30.05, 59.3])
def test_an_odd_rate_near_a_usual_one_keeps_its_frames(rate: float) -> None:
    """A minute at 29.87 is four frames off the clock of 30."""
    times = 3.0 + np.arange(1800) / rate
    assert nominal_rate(times) == pytest.approx(rate, rel=1e-9)
    assert len(nominal_times(times, nominal_rate(times))) == 1800


FAST_THEN_SLOW = np.r_[np.arange(75) / 30, 2.5 + np.arange(25) / 10]
"""(100,) seconds: shared/cases/variable_rate_30_then_10.mp4."""


@pytest.mark.parametrize("name", AT_ONE_RATE)
def test_a_changing_rate_keeps_its_moments(name: str, tmp_path: Path) -> None:
    """30 frames a second for 2.5 s, then 10: the file's 2.500 s is the video's 2.500 s."""
    result = filmed(FAST_THEN_SLOW)
    found = read(result, tmp_path, name)
    np.testing.assert_allclose(found.times, np.arange(148) / 30, atol=1e-5)
    xyz = in_world(name, found.xyz)
    rows = np.round(FAST_THEN_SLOW * 30).astype(int)
    np.testing.assert_allclose(xyz[75], filmed(np.array([2.5])).world[0], atol=MILLIMETRE / 50)
    np.testing.assert_allclose(xyz[rows], result.world, atol=MILLIMETRE / 50)
    truth = filmed(found.times).world
    assert np.linalg.norm(xyz - truth, axis=-1).max() < 8.2 * MILLIMETRE


@pytest.mark.parametrize("name", AT_ONE_RATE)
def test_the_slow_part_alone_lasts_as_long_as_it_did(name: str, tmp_path: Path) -> None:
    found = read(filmed(FAST_THEN_SLOW[75:]), tmp_path, name)
    np.testing.assert_allclose(found.times, np.arange(25) / 10, atol=1e-5)


@pytest.mark.parametrize("name", AT_ONE_RATE)
def test_pauses_are_filled_at_the_rate_between_them(name: str, tmp_path: Path) -> None:
    times = with_pauses(60)
    found = read(filmed(times), tmp_path, name)
    np.testing.assert_allclose(found.times, np.arange(round(times[-1] * 30) + 1) / 30, atol=2e-6)


@pytest.mark.parametrize("name", ["csv", "glb"])
@pytest.mark.parametrize("times", [FAST_THEN_SLOW, phone(60), with_pauses(60)], ids=["changing", "phone", "pauses"])
def test_formats_with_times_of_their_own_get_them(name: str, times: np.ndarray, tmp_path: Path) -> None:
    result = filmed(times)
    found = read(result, tmp_path, name)
    np.testing.assert_allclose(found.times, times if name == "csv" else times - times[0], atol=2e-6)
    np.testing.assert_allclose(in_world(name, found.xyz), result.world, atol=MILLIMETRE / 50)


def test_stamps_a_microsecond_apart_do_not_make_a_file_of_millions_of_rows(tmp_path: Path) -> None:
    """Repaired stamps of a file in which all pictures but the last have one time."""
    times = np.r_[np.arange(20) * 1e-6, 1.0]
    assert len(read(filmed(times), tmp_path, "trc").xyz) == 1001


# --- nobody there ---


LATE = np.arange(120) < 40
"""(120,): who enters in frame 40."""
GAP = (np.arange(120) >= 50) & (np.arange(120) < 80)
SHORT_GAP = (np.arange(120) >= 50) & (np.arange(120) < 60)


@pytest.mark.parametrize("name", ["csv", "trc", "c3d"])
@pytest.mark.parametrize("gone", [LATE, LATE[::-1], GAP, LATE | GAP], ids=["late", "early", "gap", "both"])
def test_frames_without_the_person_have_no_numbers(name: str, gone: np.ndarray, motion: Result, tmp_path: Path) -> None:
    found = read(without(motion, gone), tmp_path, name).xyz
    np.testing.assert_array_equal(np.isnan(found), np.broadcast_to(gone[:, None, None], found.shape))
    np.testing.assert_allclose(in_world(name, found)[~gone], motion.world[~gone], atol=MILLIMETRE / 50)


@pytest.mark.parametrize("name", ["csv", "trc", "c3d"])
def test_short_gaps_keep_what_was_interpolated(name: str, motion: Result, tmp_path: Path) -> None:
    found = read(without(motion, SHORT_GAP), tmp_path, name).xyz
    np.testing.assert_allclose(in_world(name, found), motion.world, atol=MILLIMETRE / 50)


@pytest.mark.parametrize("name", ["csv", "trc", "c3d"])
def test_joints_that_are_never_seen_have_no_numbers(name: str, motion: Result, tmp_path: Path) -> None:
    """Only the upper body is in the picture; one knee is mistaken for seen now and then."""
    legs = np.zeros((120, 17), bool)
    legs[:, H36M17.indices("LKnee", "RKnee", "LAnkle", "RAnkle")] = True
    legs[:6, H36M17.index("LKnee")] = False
    found = read(without(motion, legs), tmp_path, name).xyz
    unknown = [H36M17.joints[joint] for joint in np.flatnonzero(np.isnan(found).any(axis=(0, 2)))]
    assert unknown == ["RKnee", "RAnkle", "LKnee", "LAnkle"]
    assert np.isnan(found[:, H36M17.indices(*unknown)]).all()


@pytest.mark.parametrize("name", AT_ONE_RATE[1:])
def test_resampled_frames_are_blank_by_real_time(name: str, tmp_path: Path) -> None:
    """Gone from 2.5 s on, in the slow part: 25 frames of the video are 73 of the file."""
    found = read(without(filmed(FAST_THEN_SLOW), FAST_THEN_SLOW >= 2.5), tmp_path, name)
    np.testing.assert_array_equal(np.isnan(found.xyz).all(axis=(1, 2)), found.times > 2.5 - 1 / 60)


@pytest.mark.parametrize("gone", [LATE, LATE[::-1], GAP], ids=["late", "early", "gap"])
def test_bvh_holds_while_nobody_is_there(gone: np.ndarray, motion: Result, tmp_path: Path) -> None:
    found = read(without(motion, gone), tmp_path, "bvh").xyz
    first = int(np.argmin(gone))
    shown = [max([f for f in range(t + 1) if not gone[f]], default=first) for t in range(120)]
    np.testing.assert_allclose(found, motion.world[shown], atol=MILLIMETRE / 10)


def test_glb_hides_the_figure_while_nobody_is_there(motion: Result, tmp_path: Path) -> None:
    gltf = load_glb(export(without(motion, LATE | GAP), tmp_path, ["glb"])[0])
    times = motion.times - START
    for frame, gone in enumerate(LATE | GAP):
        # a moment before the next frame: nothing grows or shrinks in between
        for time in (times[frame] + 1e-4, times[frame] + 0.9 / FPS):
            extent = np.ptp(glb_positions(gltf, time), axis=0).max()
            assert extent == 0 if gone and frame < 119 else extent > 0.8
    # every joint of the skin is under the node that vanishes, which is what glTF asks for
    transforms = glb_transforms(gltf, 0.0)
    assert all(np.linalg.det(transforms[joint][:3, :3]) == 0 for joint in gltf.skins[0].joints)


def test_glb_stands_with_its_arms_out_before_it_plays(motion: Result, tmp_path: Path) -> None:
    """Godot and Unity take the nodes' own places for the pose of no rotation: the one that the skin is bound in."""
    gltf = load_glb(export(motion, tmp_path, ["glb"])[0])
    gltf.animations[0].channels = []
    joints = dict(zip(H36M17.joints, glb_positions(gltf, 0.0), strict=True))
    for side, sign in (("L", 1), ("R", -1)):
        arm = np.diff([joints[side + name] for name in ("Shoulder", "Elbow", "Wrist")], axis=0)
        np.testing.assert_allclose(arm[:, 1:], 0, atol=1e-6)
        assert (sign * arm[:, 0] > 0.1).all()
        assert joints[side + "Ankle"][1] == pytest.approx(0.08, abs=1e-6), "the soles are on the floor"
    skin = gltf.skins[0]
    bind = accessor(gltf, skin.inverseBindMatrices).reshape(-1, 4, 4).transpose(0, 2, 1)
    at_rest = glb_transforms(gltf, 0.0)
    moved = {tuple(np.round(at_rest[node] @ matrix, 5).ravel()) for node, matrix in zip(skin.joints, bind, strict=True)}
    assert len(moved) == 1, "all of the skin is moved as one, so nothing is bent"
    np.testing.assert_allclose(joints["Pelvis"][[0, 2]], motion.world[0, 0, [0, 2]], atol=MILLIMETRE / 50)


def test_glb_scales_nothing_where_the_person_is_always_there(motion: Result, tmp_path: Path) -> None:
    gltf = load_glb(export(motion, tmp_path, ["glb"])[0])
    assert {channel.target.path for channel in gltf.animations[0].channels} == {"rotation", "translation"}


@pytest.mark.parametrize("name", READERS)
def test_a_result_in_which_nobody_was_ever_seen_is_written(name: str, tmp_path: Path) -> None:
    result = without(filmed(even(5)), np.ones(5, bool))
    assert np.isnan(read(result, tmp_path, name).xyz).all() == (name not in ("bvh", "glb"))


# --- left, right, and what cannot be written ---


@pytest.mark.parametrize("name", READERS)
def test_left_stays_left(name: str, tmp_path: Path) -> None:
    """Whatever the axes: left times up is forward, and a person who faces the camera has forward towards it."""
    joints = dict(zip(H36M17.joints, in_world(name, read(standing(), tmp_path, name).xyz)[0], strict=True))
    assert np.linalg.det(WORLD_AXES[name]) == pytest.approx(1)
    for limb in ("Hip", "Knee", "Ankle", "Shoulder", "Elbow", "Wrist"):
        forward = np.cross(joints[f"L{limb}"] - joints[f"R{limb}"], joints["Head"] - joints["Pelvis"])
        assert forward[2] > 0
        assert joints[f"L{limb}"][0] > joints[f"R{limb}"][0]


@pytest.mark.parametrize("name", READERS)
def test_bones_of_no_length_leave_no_nan(name: str, tmp_path: Path) -> None:
    result = result_of(np.tile([0.0, 0.0, 4.0], (3, 17, 1)))
    found = read(result, tmp_path, name)
    np.testing.assert_allclose(in_world(name, found.xyz), result.world, atol=MILLIMETRE / 50)


def test_all_formats_at_once(motion: Result, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    paths = export(motion, folder, [*EXPORTERS, "csv"])
    assert paths == [folder / f"motion.{name}" for name in EXPORTERS]
    assert sorted(folder.iterdir()) == sorted(paths)


def test_an_unknown_format_stops_everything(motion: Result, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"'fbx'.*csv, bvh, glb, vrma, trc, mot, c3d"):
        export(motion, tmp_path / "out", ["csv", "fbx"])
    assert not (tmp_path / "out").exists()


def test_poses_that_are_not_finite_are_refused(motion: Result, tmp_path: Path) -> None:
    broken = replace(motion, pose3d=replace(motion.pose3d, root=motion.pose3d.root * np.float32(np.nan)))
    with pytest.raises(ValueError, match="not finite"):
        export(broken, tmp_path, ["csv"])


@pytest.mark.parametrize("stop", [OSError(28, "disk full"), KeyboardInterrupt()], ids=["full", "stopped"])
def test_a_writer_that_fails_leaves_the_old_file(
    stop: BaseException, motion: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(result: Result, path: Path) -> None:
        path.write_text("half")
        raise stop

    (tmp_path / "motion.trc").write_text("old")
    monkeypatch.setitem(EXPORTERS, "trc", fail)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        export(motion, tmp_path, ["csv", "trc"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["motion.csv", "motion.trc"]
    assert (tmp_path / "motion.trc").read_text() == "old"


def test_a_folder_that_cannot_be_made_is_named(motion: Result, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"file/out/motion.csv cannot be written"):
        export(motion, tmp_path / "file" / "out", ["csv"])


def test_formats_are_named_once() -> None:
    assert check_formats(["trc", "csv", "trc"]) == ("trc", "csv")


def test_a_missing_package_is_named(motion: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ezc3d", None)
    monkeypatch.delitem(sys.modules, "pose3d.export.c3d", raising=False)
    with pytest.raises(DependencyError, match="ezc3d"):
        export(motion, tmp_path, ["c3d"])


def test_importing_is_light() -> None:
    heavy = "{'torch', 'pygltflib', 'ezc3d', 'gradio'}"
    code = f"import sys, pose3d.export; print({heavy} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "set()"


# --- one format ---


def test_csv_tells_what_was_interpolated(motion: Result, tmp_path: Path) -> None:
    (path,) = export(motion, tmp_path, ["csv"])
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    observed = [[row[f"{joint}_observed"] == "1" for joint in H36M17.joints] for row in rows]
    score = [[float(row[f"{joint}_score"]) for joint in H36M17.joints] for row in rows]
    np.testing.assert_array_equal(observed, motion.pose3d.observed)
    np.testing.assert_allclose(score, motion.pose3d.score, atol=1e-4)


def test_c3d_tells_what_was_interpolated(motion: Result, tmp_path: Path) -> None:
    (path,) = export(motion, tmp_path, ["c3d"])
    file = ezc3d.c3d(str(path))
    residuals = file["data"]["meta_points"]["residuals"][0].T
    np.testing.assert_array_equal(residuals > 0, motion.pose3d.observed)
    assert residuals.min() == 0
    # 3 px at some 4 m with a focal length of some 1100 px
    assert 6 <= residuals[motion.pose3d.observed].min() <= residuals.max() <= 16
    assert "interpolated" in file["parameters"]["POINT"]["DESCRIPTIONS"]["value"][0]
    assert file["parameters"]["POINT"]["RATE"]["value"][0] == pytest.approx(FPS)


def test_c3d_says_by_its_residual_that_nobody_is_there(motion: Result, tmp_path: Path) -> None:
    result = without(motion, GAP)
    residuals = ezc3d.c3d(str(export(result, tmp_path, ["c3d"])[0]))["data"]["meta_points"]["residuals"][0].T
    assert (residuals[GAP] == -1).all()
    np.testing.assert_array_equal(residuals[~GAP] > 0, result.pose2d.observed[~GAP])
    assert residuals[~GAP].min() == 0


def test_c3d_refuses_more_frames_than_its_header_can_count(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="65535 frames, not 65536"):
        export(standing(65_536), tmp_path, ["c3d"])
    assert not list(tmp_path.iterdir())


def test_bvh_rests_in_a_t_and_names_left_and_right(motion: Result, tmp_path: Path) -> None:
    nodes, _, frame_time = parse_bvh(export(motion, tmp_path, ["bvh"])[0])
    assert frame_time == pytest.approx(1 / FPS, abs=1e-8)
    assert [node.name for node in nodes if node.name != "Site"] == NODES
    offsets = {node.name if node.name != "Site" else f"{nodes[node.parent].name}End": node.offset for node in nodes}
    for joint, bone in BONES.items():
        assert np.linalg.norm(offsets[JOINT_NODES[joint]]) == pytest.approx(np.linalg.norm(bone), abs=1e-5)
    assert offsets["LeftUpperLeg"][0] > 0 > offsets["RightUpperLeg"][0]
    assert offsets["LeftLowerArm"][0] > 0 > offsets["RightLowerArm"][0]
    assert offsets["LeftHandEnd"][0] > 0 > offsets["RightHandEnd"][0]
    assert offsets["HeadEnd"][1] > 0 > offsets["LeftLowerLeg"][1]
    assert offsets["LeftFootEnd"][2] > 0
    assert nodes[0].channels[:3] == ["Xposition", "Yposition", "Zposition"]


def test_bvh_angles_do_not_jump(tmp_path: Path) -> None:
    """A person who turns once and more passes 180 degrees, where angles taken frame by frame change sign."""
    nodes, values, _ = parse_bvh(export(filmed(even(150)), tmp_path, ["bvh"])[0])
    root = nodes[0].channels.index("Yrotation")
    assert np.ptp(values[:, root]) > 360
    assert max(abs(after - before) for before, after in pairwise(values[:, root])) < 30


def test_bvh_root_turns_as_the_body_does(tmp_path: Path) -> None:
    """Someone who stands on a turntable: 108 degrees a second about the vertical, clockwise as seen from above."""
    result = result_of(positions(even(60), sway=0.0, turn=0.3))
    nodes, values, _ = parse_bvh(export(result, tmp_path, ["bvh"])[0])
    turned = np.diff(values[:, [nodes[0].channels.index(f"{axis}rotation") for axis in "XYZ"]], axis=0)
    np.testing.assert_allclose(turned, np.tile([0, -0.3 * 360 / FPS, 0], (59, 1)), atol=0.01)


def test_bvh_angles_pass_the_pole(tmp_path: Path) -> None:
    """A thigh that swings through the horizontal: the middle angle goes through 90 degrees."""
    world = np.repeat(standing().pose3d.placed.astype(np.float64), 31, axis=0)
    knee, ankle = H36M17.indices("LKnee", "LAnkle")
    lift = Rotation.from_rotvec(np.outer(np.linspace(0, np.radians(150), 31), [-1, 0, 0]))
    world[:, knee] = world[:, H36M17.index("LHip")] + lift.apply([0, 0.45, 0])
    world[:, ankle] = world[:, knee] + [0, 0.43, 0]
    result = result_of(world)
    _, values, _ = parse_bvh(export(result, tmp_path, ["bvh"])[0])
    assert np.abs(np.diff(values, axis=0)).max() < 6
    np.testing.assert_allclose(read_bvh(tmp_path / "motion.bvh").xyz, result.world, atol=MILLIMETRE / 50)


def test_glb_has_humanoid_nodes_of_which_only_the_hips_move(motion: Result, tmp_path: Path) -> None:
    gltf = load_glb(export(motion, tmp_path, ["glb"])[0])
    assert [node.name for node in gltf.nodes] == [*NODES, "Body"]
    assert gltf.skins[0].joints == list(range(len(NODES)))
    channels = [(channel.target.path, channel.target.node) for channel in gltf.animations[0].channels]
    assert [node for path, node in channels if path == "rotation"] == list(range(len(NODES)))
    assert [(path, node) for path, node in channels if path != "rotation"] == [("translation", 0)]


def test_glb_rotations_take_the_short_way_between_keyframes(motion: Result, tmp_path: Path) -> None:
    """Viewers that do not look for the nearer sign of a quaternion would swing a limb all around."""
    gltf = load_glb(export(motion, tmp_path, ["glb"])[0])
    for channel in gltf.animations[0].channels:
        if channel.target.path == "rotation":
            turns = accessor(gltf, gltf.animations[0].samplers[channel.sampler].output)
            assert (np.sum(turns[1:] * turns[:-1], axis=-1) > 0.9).all()
            np.testing.assert_allclose(np.linalg.norm(turns, axis=-1), 1, atol=1e-6)


def skinned(gltf: Any, time: float) -> np.ndarray:
    """(V, 3) metres: the mesh's corners as a viewer moves them."""
    attributes = gltf.meshes[0].primitives[0].attributes
    corners = np.c_[accessor(gltf, attributes.POSITION), np.ones(gltf.accessors[attributes.POSITION].count)]
    unbind = accessor(gltf, gltf.skins[0].inverseBindMatrices).transpose(0, 2, 1)
    transforms = glb_transforms(gltf, time)
    moves = np.stack([transforms[node] for node in gltf.skins[0].joints]) @ unbind
    joints, weights = accessor(gltf, attributes.JOINTS_0), accessor(gltf, attributes.WEIGHTS_0)
    return np.einsum("vk,vkij,vj->vi", weights, moves[joints], corners)[:, :3]


def test_glb_mesh_is_the_avatar_in_the_persons_pose(tmp_path: Path) -> None:
    result = result_of(positions(even(40), stretch=0.1))
    gltf = load_glb(export(result, tmp_path, ["glb"])[0])
    humanoid = animated(result)
    mesh, starts = avatar(humanoid), humanoid.starts()[25]
    turned: list[Rotation] = []
    for parent, turn in zip(rig.PARENTS, humanoid.rotations[25], strict=True):
        turned.append(turned[parent] * Rotation.from_quat(turn) if turned else Rotation.from_quat(turn))
    moved = np.stack(
        [
            start + turn.apply(mesh.position - rest)
            for start, turn, rest in zip(starts, turned, humanoid.rest, strict=True)
        ]
    )
    corners = np.arange(len(mesh.position))[:, None]
    expected = np.sum(mesh.weight[..., None] * moved[mesh.bone, corners], axis=1)
    time = accessor(gltf, gltf.animations[0].samplers[0].input)[25]
    np.testing.assert_allclose(skinned(gltf, time), expected, atol=MILLIMETRE / 50)


def test_glb_mesh_wraps_the_joints(tmp_path: Path) -> None:
    """Of a person who stands: skin around every joint, and none far from all of them."""
    gltf = load_glb(export(standing(), tmp_path, ["glb"])[0])
    distance = np.linalg.norm(skinned(gltf, 0.0)[:, None] - glb_positions(gltf, 0.0)[None], axis=-1)
    assert distance.min(axis=0).max() < 0.12
    assert distance.min(axis=1).max() < 0.26


def test_glb_mesh_faces_outwards(tmp_path: Path) -> None:
    gltf = load_glb(export(standing(), tmp_path, ["glb"])[0])
    primitive = gltf.meshes[0].primitives[0]
    corners, normals = (accessor(gltf, primitive.attributes.__dict__[name]) for name in ("POSITION", "NORMAL"))
    triangles = accessor(gltf, primitive.indices).reshape(-1, 3)
    a, b, c = corners[triangles].astype(np.float64).transpose(1, 0, 2)
    wound = np.cross(b - a, c - a)
    litres = 1000 * np.sum(a * wound) / 6
    assert 30 < litres < 120
    facing = np.sum(wound * normals[triangles].mean(axis=1), axis=-1) > 0
    assert facing.mean() > 0.99
    np.testing.assert_allclose(np.linalg.norm(normals, axis=-1), 1, atol=1e-5)
    assert gltf.bufferViews[gltf.accessors[primitive.indices].bufferView].target == pygltflib.ELEMENT_ARRAY_BUFFER
    assert {view.byteOffset % 4 for view in gltf.bufferViews} == {0}


@pytest.mark.parametrize("name", ["bvh", "glb"])
def test_feet_and_hands_point_where_the_result_says(name: str, tmp_path: Path) -> None:
    """Of a person who leans ahead with one foot flat on a wall, the other in the air, and both palms' knuckles down."""
    lean = Rotation.from_rotvec([np.radians(-15), 0, 0])
    xyz = positions(even(12), sway=0.0, turn=0.0)
    result = result_of(xyz[:, :1] + lean.apply((xyz - xyz[:, :1]).reshape(-1, 3)).reshape(xyz.shape))
    stands = np.tile([True, False], (12, 1))
    feet, hands = np.tile([[0.6, 0, 0.8], [0, -0.6, 0.8]], (12, 1, 1)), np.tile([0, -1, 0], (12, 2, 1))
    result = replace(result, planted=Planted(result.world + np.array([0, 1, 0], np.float32), stands, feet, hands))
    turned = read_turns(export(result, tmp_path, [name])[0], 6)
    np.testing.assert_allclose(turned["LeftFoot"].apply([[0, 1, 0], [0, 0, 1]]), [[0, 1, 0], feet[6, 0]], atol=1e-5)
    np.testing.assert_allclose(turned["RightFoot"].apply([0, 0, 1]), feet[6, 1], atol=1e-5)
    np.testing.assert_allclose(turned["LeftHand"].apply([1, 0, 0]), [0, -1, 0], atol=1e-5)
    np.testing.assert_allclose(turned["RightHand"].apply([-1, 0, 0]), [0, -1, 0], atol=1e-5)


def read_turns(path: Path, frame: int) -> dict[str, Rotation]:
    """Each node's rotation in the world in a frame of a BVH or GLB file."""
    if path.suffix == ".glb":
        gltf = load_glb(path)
        transforms = glb_transforms(gltf, accessor(gltf, gltf.animations[0].samplers[0].input)[frame])
        return {node.name: Rotation.from_matrix(transforms[n][:3, :3]) for n, node in enumerate(gltf.nodes)}
    nodes, values, _ = parse_bvh(path)
    columns, turned = iter(values[frame]), {}
    for node in nodes:
        turn = turned[nodes[node.parent].name] if node.parent >= 0 else Rotation.identity()
        for channel in node.channels:
            value = next(columns)
            if channel.endswith("rotation"):
                turn = turn * Rotation.from_euler(channel[0], value, degrees=True)
        turned[node.name] = turn
    return turned


def test_glb_is_coloured_and_lit_from_outside_only(tmp_path: Path) -> None:
    gltf = load_glb(export(standing(), tmp_path, ["glb"])[0])
    colours = accessor(gltf, gltf.meshes[0].primitives[0].attributes.COLOR_0)
    assert 0 <= colours.min() < colours.max() <= 1
    assert len(np.unique(colours, axis=0)) > 1
    (material,) = gltf.materials
    assert not material.doubleSided
    assert (material.pbrMetallicRoughness.metallicFactor, material.pbrMetallicRoughness.roughnessFactor) == (0.0, 0.8)


def test_glb_keyframes_grow_also_when_rounded(tmp_path: Path) -> None:
    """Repaired stamps may lie closer together than the format's 32 bits can tell apart."""
    times = np.r_[np.arange(5) / 30, 600 + np.arange(5) * 1e-6, 601]
    found = read(filmed(times), tmp_path, "glb")
    assert (np.diff(found.times) > 0).all()
    assert len(found.times) == 7
