"""Every exported file is read back, by a real reader where there is one, and compared with the poses."""

import csv
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import ezc3d
import numpy as np
import pygltflib
import pytest
from scipy.spatial.transform import Rotation, Slerp

from pose3d.core.camera import Camera
from pose3d.core.errors import ConfigError, DependencyError, LimitError
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.result import ModelInfo, Result
from pose3d.core.skeleton import H36M17
from pose3d.export import EXPORTERS, export
from pose3d.io.video import VideoInfo

FPS = 29.97
MILLIMETRE = 1e-3
START = 12.5
"""Seconds: the clip begins in the middle of the video."""

BONES = {
    "RHip": (-0.13, 0, 0), "RKnee": (0, 0.45, 0), "RAnkle": (0, 0.43, 0),
    "LHip": (0.13, 0, 0), "LKnee": (0, 0.45, 0), "LAnkle": (0, 0.43, 0),
    "Spine": (0, -0.24, 0), "Thorax": (0, -0.25, 0), "Neck": (0, -0.11, 0), "Head": (0, -0.12, 0),
    "LShoulder": (0.15, 0.02, 0), "LElbow": (0.1, 0.27, 0), "LWrist": (0, 0.25, 0),
    "RShoulder": (-0.15, 0.02, 0), "RElbow": (-0.1, 0.27, 0), "RWrist": (0, 0.25, 0),
}  # fmt: skip
"""Metres in camera axes (x right, y down) from the parent, of a person who stands and faces the camera."""


@dataclass(frozen=True)
class Read:
    """What a file holds. xyz: (T, 17, 3) metres in the file's axes, in the order of H36M17; times: (T,) seconds."""

    xyz: np.ndarray
    times: np.ndarray


# --- a motion ---


def synthetic_positions(frames: int, sway: float = 0.7, turns: float = 1.2, stretch: float = 0.0) -> np.ndarray:
    """(T, 17, 3) metres in camera space: each bone swings on its own sines, the person turns and walks about.

    sway: radians; turns: full turns over the clip; stretch: relative change of bone lengths.
    """
    phase = np.arange(frames) / 40
    body = Rotation.from_rotvec(np.outer(2 * np.pi * turns * np.linspace(0, 1, frames), [0, 1, 0]))
    xyz = np.zeros((frames, 17, 3))
    xyz[:, 0] = np.stack([0.5 * np.sin(phase), 0.1 * np.cos(2 * phase), 4 + np.sin(0.5 * phase)], axis=1)
    for number, (joint, bone) in enumerate(BONES.items(), start=1):
        wave = np.stack([np.sin((1 + 0.1 * number + 0.3 * axis) * phase + number) for axis in range(3)], axis=1)
        length = 1 + stretch * np.sin(phase + number)
        parent = H36M17.parents[H36M17.index(joint)]
        swung = (body * Rotation.from_rotvec(sway * wave)).apply(bone)
        xyz[:, H36M17.index(joint)] = xyz[:, parent] + length[:, None] * swung
    return xyz


def result_of(world: np.ndarray) -> Result:
    """A Result whose poses are these camera-space joints; every seventh joint value was filled in."""
    frames = len(world)
    root = world[:, 0].astype(np.float32)
    observed = (np.arange(frames * 17) % 7 > 0).reshape(frames, 17)
    score = np.where(observed, 0.9, 0.3).astype(np.float32)
    camera = Camera.from_fov(1280, 720)
    times = START + np.arange(frames) / FPS + 0.004 * np.sin(np.arange(frames))  # a phone's clock is not even
    video = VideoInfo(Path("walk.mp4"), 1280, 720, FPS, times, 0)
    pose2d = Pose2D(camera.project(world), score, observed, H36M17, FPS, camera)
    xyz = (world - root[:, None]).astype(np.float32)
    error = np.full(frames, 3.0, np.float32)
    pose3d = Pose3D(xyz, root, score, observed, error, "metre", H36M17, FPS, camera)
    return Result(video, pose2d, pose3d, {}, ModelInfo("none", ""))


def standing(frames: int = 1) -> Result:
    """A person who stands upright and faces the camera."""
    return result_of(synthetic_positions(frames, sway=0.0, turns=0.0))


@pytest.fixture(scope="module")
def motion() -> Result:
    """Four seconds, constant bone lengths."""
    return result_of(synthetic_positions(120))


# --- readers ---


def read_csv(path: Path) -> Read:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["frame"]) for row in rows] == list(range(len(rows)))
    xyz = [[[float(row[f"{joint}_{axis}"]) for axis in "xyz"] for joint in H36M17.joints] for row in rows]
    return Read(np.array(xyz), np.array([float(row["time"]) for row in rows]))


def read_trc(path: Path) -> Read:
    first, names, values, markers, axes, blank, *rows = path.read_text().splitlines()
    assert first == "PathFileType\t4\t(X/Y/Z)\tmotion.trc"
    header = dict(zip(names.split("\t"), values.split("\t"), strict=True))
    assert float(header["DataRate"]) == float(header["CameraRate"]) == float(header["OrigDataRate"]) == FPS
    assert int(header["NumFrames"]) == int(header["OrigNumFrames"]) == len(rows)
    assert (header["NumMarkers"], header["Units"], header["OrigDataStartFrame"], blank) == ("17", "mm", "1", "")
    assert markers.split("\t")[:2] == ["Frame#", "Time"]
    assert tuple(markers.split("\t")[2::3]) == H36M17.joints
    assert axes.split("\t")[2:] == [f"{axis}{n}" for n in range(1, 18) for axis in "XYZ"]
    table = np.array([[float(cell) for cell in row.split("\t")] for row in rows])
    assert (table[:, 0] == np.arange(1, len(rows) + 1)).all()
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
        joints[node.name] = place
    xyz = np.stack([joints[joint] for joint in H36M17.joints], axis=1)
    return Read(xyz, np.arange(len(values)) * frame_time)


def accessor(gltf: pygltflib.GLTF2, index: int) -> np.ndarray:
    """An accessor's values, (count, *element)."""
    found = gltf.accessors[index]
    view = gltf.bufferViews[found.bufferView]
    dtype = {pygltflib.FLOAT: "<f4", pygltflib.UNSIGNED_BYTE: "u1"}[found.componentType]
    element = {"SCALAR": (), "VEC3": (3,), "VEC4": (4,), "MAT4": (4, 4)}[found.type]
    size = found.count * int(np.prod(element))
    values = np.frombuffer(gltf.binary_blob(), dtype, size, view.byteOffset + (found.byteOffset or 0))
    return values.reshape(found.count, *element)


def glb_transforms(gltf: pygltflib.GLTF2, time: float) -> dict[int, np.ndarray]:
    """Each node's (4, 4) transform to the world at a time, by walking the hierarchy with the animation applied."""
    rest = {"translation": [0, 0, 0], "rotation": [0, 0, 0, 1]}
    values = {(n, path): getattr(node, path) or rest[path] for n, node in enumerate(gltf.nodes) for path in rest}
    for channel in gltf.animations[0].channels:
        sampler = gltf.animations[0].samplers[channel.sampler]
        keys, output = accessor(gltf, sampler.input), accessor(gltf, sampler.output)
        now = np.clip(time, keys[0], keys[-1])
        if channel.target.path == "translation":
            values[channel.target.node, "translation"] = [np.interp(now, keys, column) for column in output.T]
        elif len(keys) > 1:
            values[channel.target.node, "rotation"] = Slerp(keys, Rotation.from_quat(output))(now).as_quat()
    transforms: dict[int, np.ndarray] = {}

    def walk(n: int, parent: np.ndarray) -> None:
        local = np.eye(4)
        local[:3, :3] = Rotation.from_quat(values[n, "rotation"]).as_matrix()
        local[:3, 3] = values[n, "translation"]
        transforms[n] = parent @ local
        for child in gltf.nodes[n].children:
            walk(child, transforms[n])

    for n in gltf.scenes[gltf.scene].nodes:
        walk(n, np.eye(4))
    return transforms


def glb_positions(gltf: pygltflib.GLTF2, time: float) -> np.ndarray:
    """(17, 3) metres at a time."""
    transforms = glb_transforms(gltf, time)
    names = [node.name for node in gltf.nodes]
    return np.stack([transforms[names.index(joint)][:3, 3] for joint in H36M17.joints])


def read_glb(path: Path) -> Read:
    gltf = pygltflib.GLTF2.load_binary(str(path))
    times = accessor(gltf, gltf.animations[0].samplers[0].input)
    return Read(np.stack([glb_positions(gltf, time) for time in times]), times)


READERS: dict[str, Callable[[Path], Read]] = {
    "csv": read_csv, "bvh": read_bvh, "glb": read_glb, "trc": read_trc, "c3d": read_c3d,
}  # fmt: skip

CAMERA_AXES = {
    "csv": np.eye(3),
    **dict.fromkeys(("bvh", "glb", "trc"), np.array([[1, 0, 0], [0, -1, 0], [0, 0, -1]])),
    "c3d": np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]),
}
"""Rows: the camera's x, y, z in the axes of the file."""


def read(result: Result, folder: Path, name: str) -> Read:
    """Exports and reads back."""
    (path,) = export(result, folder, [name])
    assert path == folder / f"motion.{name}"
    return READERS[name](path)


def in_camera(name: str, xyz: np.ndarray, world: np.ndarray) -> np.ndarray:
    """File axes to camera axes; checks the floor and moves it back to where it was."""
    turned = xyz @ CAMERA_AXES[name].T
    if name == "csv":
        return turned
    lowest = world[:, H36M17.indices("LAnkle", "RAnkle"), 1].max()
    assert abs(turned[:, H36M17.indices("LAnkle", "RAnkle"), 1].max()) < MILLIMETRE
    return turned + np.array([0, lowest, 0])


# --- all formats ---


@pytest.mark.parametrize("name", EXPORTERS)
@pytest.mark.parametrize("frames", [1, 2, 120])
def test_positions_come_back(name: str, frames: int, tmp_path: Path) -> None:
    result = result_of(synthetic_positions(frames))
    found = read(result, tmp_path, name)
    world = result.pose3d.world
    assert found.xyz.shape == world.shape
    assert np.isfinite(found.xyz).all()
    np.testing.assert_allclose(in_camera(name, found.xyz, world), world, atol=MILLIMETRE / 10)


@pytest.mark.parametrize("name", ["csv", "glb", "trc", "c3d"])
def test_changing_bone_lengths_are_kept(name: str, tmp_path: Path) -> None:
    result = result_of(synthetic_positions(60, stretch=0.1))
    world = result.pose3d.world
    np.testing.assert_allclose(in_camera(name, read(result, tmp_path, name).xyz, world), world, atol=MILLIMETRE / 10)


def test_bvh_loses_only_the_change_of_bone_lengths(tmp_path: Path) -> None:
    result = result_of(synthetic_positions(90, stretch=0.1))
    found = read(result, tmp_path, "bvh").xyz @ CAMERA_AXES["bvh"].T
    world = result.pose3d.world
    for parent, child in H36M17.edges:
        true, written = world[:, child] - world[:, parent], found[:, child] - found[:, parent]
        lengths = np.linalg.norm(true, axis=-1)
        unit = true / lengths[:, None]
        np.testing.assert_allclose(written, np.median(lengths) * unit, atol=MILLIMETRE / 10)


@pytest.mark.parametrize("name", EXPORTERS)
def test_times(name: str, motion: Result, tmp_path: Path) -> None:
    own = motion.video.timestamps
    expected = {"csv": own, "glb": own - own[0]}.get(name, np.arange(len(own)) / FPS)
    np.testing.assert_allclose(read(motion, tmp_path, name).times, expected, atol=1e-5)


@pytest.mark.parametrize("name", EXPORTERS)
def test_left_stays_left(name: str, tmp_path: Path) -> None:
    """Whatever the axes: left times up is forward, and a person who faces the camera has forward towards it."""
    joints = dict(zip(H36M17.joints, read(standing(), tmp_path, name).xyz[0] @ CAMERA_AXES[name].T, strict=True))
    assert np.linalg.det(CAMERA_AXES[name]) == pytest.approx(1)
    for limb in ("Hip", "Knee", "Ankle", "Shoulder", "Elbow", "Wrist"):
        forward = np.cross(joints[f"L{limb}"] - joints[f"R{limb}"], joints["Head"] - joints["Pelvis"])
        assert forward[2] < 0
        assert joints[f"L{limb}"][0] > joints[f"R{limb}"][0]


@pytest.mark.parametrize("name", EXPORTERS)
def test_bones_of_no_length_leave_no_nan(name: str, tmp_path: Path) -> None:
    world = np.tile([0.0, 0.0, 4.0], (3, 17, 1))
    found = read(result_of(world), tmp_path, name)
    np.testing.assert_allclose(in_camera(name, found.xyz, world), world, atol=MILLIMETRE)


def test_all_formats_at_once(motion: Result, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    paths = export(motion, folder, [*EXPORTERS, "csv"])
    assert paths == [folder / f"motion.{name}" for name in EXPORTERS]
    assert sorted(folder.iterdir()) == sorted(paths)


def test_an_unknown_format_stops_everything(motion: Result, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"'fbx'.*csv, bvh, glb, trc, c3d"):
        export(motion, tmp_path / "out", ["csv", "fbx"])
    assert not (tmp_path / "out").exists()


def test_poses_that_are_not_finite_are_refused(motion: Result, tmp_path: Path) -> None:
    broken = replace(motion, pose3d=replace(motion.pose3d, root=motion.pose3d.root * np.float32(np.nan)))
    with pytest.raises(ValueError, match="not finite"):
        export(broken, tmp_path, ["csv"])


def test_a_writer_that_fails_leaves_the_folder_as_it_was(
    motion: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(result: Result, path: Path) -> None:
        path.write_text("half")
        raise OSError("disk full")

    (tmp_path / "motion.csv").write_text("old")
    monkeypatch.setitem(EXPORTERS, "trc", fail)
    with pytest.raises(OSError, match="disk full"):
        export(motion, tmp_path, ["csv", "trc"])
    assert [path.name for path in tmp_path.iterdir()] == ["motion.csv"]
    assert (tmp_path / "motion.csv").read_text() == "old"


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


def test_csv_tells_what_was_filled_in(motion: Result, tmp_path: Path) -> None:
    (path,) = export(motion, tmp_path, ["csv"])
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    observed = [[row[f"{joint}_observed"] == "1" for joint in H36M17.joints] for row in rows]
    score = [[float(row[f"{joint}_score"]) for joint in H36M17.joints] for row in rows]
    np.testing.assert_array_equal(observed, motion.pose3d.observed)
    np.testing.assert_allclose(score, motion.pose3d.score, atol=1e-4)


def test_c3d_tells_what_was_filled_in(motion: Result, tmp_path: Path) -> None:
    (path,) = export(motion, tmp_path, ["c3d"])
    file = ezc3d.c3d(str(path))
    residuals = file["data"]["meta_points"]["residuals"][0].T
    np.testing.assert_array_equal(residuals > 0, motion.pose3d.observed)
    assert residuals.min() == 0
    # 3 px at some 4 m with a focal length of some 1100 px
    assert 6 <= residuals[motion.pose3d.observed].min() <= residuals.max() <= 16
    assert "filled in" in file["parameters"]["POINT"]["DESCRIPTIONS"]["value"][0]
    assert file["parameters"]["POINT"]["RATE"]["value"][0] == pytest.approx(FPS)


def test_c3d_refuses_more_frames_than_its_header_can_count(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="65535 frames, not 65536"):
        export(standing(65_536), tmp_path, ["c3d"])
    assert not list(tmp_path.iterdir())


def test_bvh_rests_in_a_t_and_names_left_and_right(motion: Result, tmp_path: Path) -> None:
    nodes, _, frame_time = parse_bvh(export(motion, tmp_path, ["bvh"])[0])
    assert frame_time == pytest.approx(1 / FPS, abs=1e-8)
    assert set(H36M17.joints) <= {node.name for node in nodes}
    offsets = {node.name: node.offset for node in nodes}
    for joint, bone in BONES.items():
        assert np.linalg.norm(offsets[joint]) == pytest.approx(np.linalg.norm(bone), abs=1e-5)
    assert offsets["LHip"][0] > 0 > offsets["RHip"][0]
    assert offsets["LElbow"][0] > 0 > offsets["RElbow"][0]
    assert offsets["Head"][1] > 0 > offsets["LKnee"][1]
    assert nodes[0].channels[:3] == ["Xposition", "Yposition", "Zposition"]


def test_bvh_angles_do_not_jump(motion: Result, tmp_path: Path) -> None:
    """A person who turns once and more passes 180 degrees, where angles taken frame by frame change sign."""
    nodes, values, _ = parse_bvh(export(motion, tmp_path, ["bvh"])[0])
    root = nodes[0].channels.index("Yrotation")
    assert np.ptp(values[:, root]) > 360
    assert max(abs(after - before) for before, after in pairwise(values[:, root])) < 30


def test_bvh_angles_pass_the_pole(tmp_path: Path) -> None:
    """A thigh that swings through the horizontal: the middle angle goes through 90 degrees."""
    world = np.repeat(standing().pose3d.world.astype(np.float64), 31, axis=0)
    knee, ankle = H36M17.indices("LKnee", "LAnkle")
    lift = Rotation.from_rotvec(np.outer(np.linspace(0, np.radians(150), 31), [-1, 0, 0]))
    world[:, knee] = world[:, H36M17.index("LHip")] + lift.apply([0, 0.45, 0])
    world[:, ankle] = world[:, knee] + [0, 0.43, 0]
    result = result_of(world)
    _, values, _ = parse_bvh(export(result, tmp_path, ["bvh"])[0])
    assert np.abs(np.diff(values, axis=0)).max() < 6
    found = in_camera("bvh", read_bvh(tmp_path / "motion.bvh").xyz, world)
    np.testing.assert_allclose(found, world, atol=MILLIMETRE / 10)


def test_glb_shows_the_first_frame_before_it_plays(motion: Result, tmp_path: Path) -> None:
    gltf = pygltflib.GLTF2.load_binary(str(export(motion, tmp_path, ["glb"])[0]))
    playing = glb_positions(gltf, 0.0)
    gltf.animations[0].channels = []
    np.testing.assert_allclose(glb_positions(gltf, 0.0), playing, atol=1e-6)


def test_glb_mesh_follows_the_joints(tmp_path: Path) -> None:
    """Skinned as a viewer does it: every bone's tip is at its joint, also where its length has changed."""
    result = result_of(synthetic_positions(40, stretch=0.1))
    gltf = pygltflib.GLTF2.load_binary(str(export(result, tmp_path, ["glb"])[0]))
    time = accessor(gltf, gltf.animations[0].samplers[0].input)[25]
    attributes = gltf.meshes[0].primitives[0].attributes
    places, nodes = accessor(gltf, attributes.POSITION), accessor(gltf, attributes.JOINTS_0)[:, 0]
    assert gltf.skins[0].joints == list(range(len(gltf.nodes) - 1))
    unbind = accessor(gltf, gltf.skins[0].inverseBindMatrices).transpose(0, 2, 1)
    transforms = glb_transforms(gltf, time)
    skinned = np.stack(
        [(transforms[n] @ unbind[n] @ [*place, 1])[:3] for n, place in zip(nodes.tolist(), places, strict=True)]
    )
    joints = glb_positions(gltf, time)
    distance = np.linalg.norm(skinned[:, None] - joints[None], axis=-1)
    assert (distance.min(axis=0) < MILLIMETRE).all()
    assert distance.min(axis=1).max() < 0.15


def test_glb_mesh_faces_outwards_and_is_coloured_by_side(tmp_path: Path) -> None:
    gltf = pygltflib.GLTF2.load_binary(str(export(standing(), tmp_path, ["glb"])[0]))
    attributes = gltf.meshes[0].primitives[0].attributes
    corners = accessor(gltf, attributes.POSITION).reshape(16, 8, 3, 3)
    normals = accessor(gltf, attributes.NORMAL).reshape(16, 8, 3, 3)
    wound = np.cross(corners[:, :, 1] - corners[:, :, 0], corners[:, :, 2] - corners[:, :, 0])
    outwards = corners.mean(axis=2) - corners.mean(axis=(1, 2))[:, None]
    assert (np.sum(wound * outwards, axis=-1) > 0).all()
    assert (np.sum(wound * normals[:, :, 0], axis=-1) > 0).all()
    colours = accessor(gltf, attributes.COLOR_0).reshape(16, 24, 3)[:, 0]
    tips = corners.reshape(16, 24, 3)[:, 2, 0]
    blue, red = colours[:, 2] > 0.7, colours[:, 0] > 0.7
    assert blue.sum() == red.sum() == 6
    assert tips[blue].min() > 0 > tips[red].max()


def test_glb_keyframes_grow_where_the_video_repeats_a_time(motion: Result, tmp_path: Path) -> None:
    times = motion.video.timestamps.copy()
    times[5] = times[4]
    stuttering = replace(motion, video=replace(motion.video, timestamps=times))
    assert (np.diff(read(stuttering, tmp_path, "glb").times) > 0).all()
