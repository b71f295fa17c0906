import json
import math
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from clips import CAMERA, pose2d
from golden import fill
from pose3d import load_lifter
from pose3d.core.camera import Camera
from pose3d.core.errors import WeightsError
from pose3d.core.skeleton import H36M17
from pose3d.io.models.weights import sha256
from pose3d.lift.by_torch import hdformer_windows, load_hdformer
from pose3d.lift.canonical_net import PoseNet, TrajectoryNet
from pose3d.lift.folders import HDFormerSwitches
from pose3d.lift.hdformer import PublishedHDFormerLifter
from pose3d.lift.hdformer_net import HDFormerNet
from pose3d.lift.root import stature
from published import CANONICAL, HDFORMER, canonical_folder, hdformer_folder, write_configuration

PUBLISHED = {"FILTER_WIDTHS": [3, 3, 3, 3, 3], "CHANNELS": 1024}
"""Sizes of the published CanonicalPose3D."""


@pytest.fixture(scope="module")
def hdformer(tmp_path_factory):
    return hdformer_folder(tmp_path_factory.mktemp("hdformer"))


@pytest.fixture(scope="module")
def canonical(tmp_path_factory):
    return canonical_folder(tmp_path_factory.mktemp("canonical"))


def published_hdformer(folder, pixels, camera):
    """One window of 96 frames by the published formula."""
    (mean2, std2), (mean3, std3) = (np.load(folder / f"mean_std_{d}d.npy") for d in (2, 3))
    x = ((pixels - 0.5 - [camera.cx, camera.cy]) / [camera.fx, camera.fy] - mean2) / std2
    net = fill(HDFormerNet())
    mirror = H36M17.mirror

    def ask(window):
        with torch.inference_mode():
            out = net(torch.from_numpy(window.astype(np.float32)).permute(2, 0, 1)[None], torch.zeros(1), torch.ones(1))
        return out[0].permute(1, 2, 0).numpy() * std3 + mean3

    back = ask(x[:, mirror] * [-1, 1])[:, mirror] * [-1, 1, 1]
    return (ask(x) + back) / 2 / HDFORMER["INPUT"]["res_w"]


def test_hdformer_follows_the_published_formula(hdformer):
    pose = pose2d(96)
    found = load_lifter(str(hdformer), "cpu")(pose).xyz
    expected = published_hdformer(hdformer, pose.xy, CAMERA)
    expected *= 1.7 / stature(expected, H36M17)
    np.testing.assert_allclose(found, expected, atol=1e-4)


PROBE = """
import sys
from clips import pose2d
from pose3d import load_lifter
print(load_lifter(sys.argv[1], "cpu")(pose2d(8)).xyz.sum(), "torch" in sys.modules)
"""


def test_pytorch_reads_a_checkpoint_once(hdformer, tmp_path):
    """From then on its copy is read, which is known by the checkpoint's digest."""
    environment = os.environ | {"POSE3D_CACHE": str(tmp_path), "PYTHONPATH": str(Path(__file__).parent)}
    told = [
        subprocess.run(
            [sys.executable, "-c", PROBE, str(hdformer)], env=environment, capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(2)
    ]
    assert [loaded for _, loaded in told] == ["True", "False"] and told[0][0] == told[1][0]
    (copy,) = tmp_path.rglob("*.safetensors")
    assert copy.stem == sha256(hdformer / "pytorch_model.pt")


def test_without_a_cache_a_checkpoint_is_still_read(hdformer, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("POSE3D_CACHE", str(tmp_path / "file" / "in it"))
    assert len(load_lifter(str(hdformer), "cpu")(pose2d(8))) == 8


def test_a_damaged_copy_is_made_anew(hdformer, tmp_path, monkeypatch):
    monkeypatch.setenv("POSE3D_CACHE", str(tmp_path))
    before = load_lifter(str(hdformer), "cpu")(pose2d(8))
    (copy,) = tmp_path.rglob("*.safetensors")
    copy.write_bytes(copy.read_bytes()[:-4])
    np.testing.assert_array_equal(load_lifter(str(hdformer), "cpu")(pose2d(8)).xyz, before.xyz)


@pytest.mark.parametrize(("switches", "frames"), [({"max_hop": 3}, 96), ({}, 64)])
def test_what_is_built_otherwise_is_run_by_pytorch(tmp_path, switches, frames):
    """There is a graph for the published structure alone."""
    model = {"INPUT": {**HDFORMER["INPUT"], "n_frames": frames}, "MODEL": {**HDFORMER["MODEL"], **switches}}
    folder = hdformer_folder(tmp_path)
    write_configuration(folder, model)
    net = fill(HDFormerNet(**model["MODEL"]))
    torch.save({"state_dict": net.state_dict()}, folder / "pytorch_model.pt")
    lifter = load_lifter(str(folder), "cpu")
    window = np.random.default_rng(0).normal(0, 1, (1, frames, 17, 2)).astype(np.float32)
    mean, std = np.load(folder / "mean_std_3d.npy").astype(np.float32)
    expected = hdformer_windows(net, mean, std, "cpu")(window)
    assert isinstance(lifter, PublishedHDFormerLifter)
    np.testing.assert_array_equal(lifter.network(window), expected)


def test_hdformer_runs_the_same_on_both(hdformer):
    """By ONNX Runtime, and by PyTorch, which takes over on a GPU that it alone has; in units of the statistics."""
    pose = pose2d(130)
    lifter = load_lifter(str(hdformer), "cpu")
    mean, std = np.load(hdformer / "mean_std_3d.npy").astype(np.float32)
    path = hdformer / "pytorch_model.pt"
    assert isinstance(lifter, PublishedHDFormerLifter)
    by_torch = replace(lifter, network=load_hdformer(path, "cpu", HDFormerSwitches(), (mean, std)))
    np.testing.assert_allclose(lifter(pose).xyz, by_torch(pose).xyz, atol=2e-5)


def test_canonical_as_large_as_published(tmp_path):
    """All weights are 0 but the last biases, which are the answer then; the file has holes instead of zeros."""
    write_configuration(tmp_path, {**CANONICAL, "MODEL": {**CANONICAL["MODEL"], **PUBLISHED}})
    with torch.device("meta"):
        nets = {"model_pos": PoseNet(), "model_traj": TrajectoryNet()}
    pose, place = np.arange(51, dtype=np.float32).reshape(17, 3) / 50, np.array([0.1, -0.2, 4], np.float32)
    values = {"model_pos/shrink.bias": pose, "model_traj/out2.bias": place}
    write_holes(tmp_path / "model.safetensors", nets, values)
    found = load_lifter(str(tmp_path), "cpu")(pose2d(2))
    np.testing.assert_allclose(found.xyz, np.stack([pose - pose[0]] * 2), atol=1e-6)
    np.testing.assert_allclose(found.root, [place + pose[0]] * 2, atol=1e-6)


def write_holes(path, nets, values):
    """A safetensors file of networks' weights, all 0 but the values."""
    shapes = {
        f"{part}/{key}": tuple(value.shape)
        for part, net in nets.items()
        for key, value in net.state_dict().items()
        if value.is_floating_point()
    }
    ends = np.cumsum([4 * math.prod(shape) for shape in shapes.values()]).tolist()
    starts = dict(zip(shapes, [0, *ends], strict=False))
    header = {
        name: {"dtype": "F32", "shape": shape, "data_offsets": [starts[name], starts[name] + 4 * math.prod(shape)]}
        for name, shape in shapes.items()
    }
    told = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(len(told).to_bytes(8, "little") + told)
        file.truncate(8 + len(told) + ends[-1])
        for name, value in values.items():
            file.seek(8 + len(told) + starts[name])
            file.write(value.tobytes())


@pytest.mark.parametrize("frames", [1, 95, 97])
def test_hdformer_at_any_length(hdformer, frames):
    assert len(load_lifter(str(hdformer), "cpu")(pose2d(frames))) == frames


def published_canonical(pose, causal, offsets, canonical_2d, widths=(3, 3)):
    """Poses and pelvis path by the published formulas, frame by frame."""
    net = fill(PoseNet(widths, 64, causal))
    path_net = fill(TrajectoryNet(9))
    screen = pose.xy / CAMERA.width * 2 - [1, CAMERA.height / CAMERA.width]
    seen = screen - screen[:, :1] if offsets else screen
    placed = (pose.xy - [CAMERA.cx, CAMERA.cy]) / [CAMERA.fx, CAMERA.fy] if canonical_2d else screen
    front = 8 if causal else 4

    def window(clip, t):
        frames = np.clip(np.arange(t - front, t - front + 9), 0, len(clip) - 1)
        return torch.from_numpy(clip[frames].astype(np.float32))[None]

    with torch.inference_mode():
        poses = torch.cat([net(window(seen, t))[:, 0] for t in range(len(pose))])
        path = [path_net(window(placed, t).flatten(2), poses[t].flatten()[None]) for t in range(len(pose))]
    return poses.numpy(), torch.cat(path).numpy()


@pytest.mark.parametrize(
    "switches",
    [{}, {"CAUSAL": True}, {"USE_2D_OFFSETS": False}, {"USE_CANONICAL_COORDS": False}],
    ids=lambda s: next(iter(s), "as published"),
)
def test_canonical_follows_the_published_formulas(tmp_path, switches):
    pose = pose2d(30)
    found = load_lifter(str(canonical_folder(tmp_path, **switches)), "cpu")(pose)
    poses, path = published_canonical(
        pose,
        switches.get("CAUSAL", False),
        switches.get("USE_2D_OFFSETS", True),
        switches.get("USE_CANONICAL_COORDS", True),
    )
    np.testing.assert_allclose(found.xyz, poses - poses[:, :1], atol=1e-4)
    np.testing.assert_allclose(found.root, path + poses[:, 0], atol=1e-4)


@pytest.mark.parametrize("frames", [1, 5, 600])
def test_canonical_at_any_length(canonical, frames):
    whole = load_lifter(str(canonical), "cpu")(pose2d(frames))
    assert len(whole) == frames and np.isfinite(whole.root).all()


def test_height_scales_poses_and_path(canonical):
    lifter = load_lifter(str(canonical), "cpu")
    plain, tall = lifter(pose2d(9)), lifter(pose2d(9), height=1.8)
    assert stature(tall.xyz, H36M17) == pytest.approx(1.8, rel=1e-3)
    factor = 1.8 / stature(plain.xyz, H36M17)
    np.testing.assert_allclose(tall.root, plain.root * factor, rtol=1e-3)


def test_defaults_are_the_folders(hdformer):
    own = load_lifter(str(hdformer), "cpu").defaults
    assert own.camera == Camera(1000, 1031, 1145.0, 1143.8, 512.5, 515.5)
    assert own.max_frames == 12


def test_published_view_from_the_camera_is_azimuth_0(tmp_path):
    """matplotlib looks along z, the camera's forward axis, at elev -90."""
    folder = hdformer_folder(tmp_path)
    content = json.loads((folder / "configuration.json").read_text())
    for render, expected in (
        ({"azim": -90, "elev": -90}, (0, 0)),
        ({"azim": 0, "elev": 0}, (90, 0)),
        ({"azim": -90, "elev": -45}, (0, 45)),
    ):
        (folder / "configuration.json").write_text(json.dumps({**content, "render": render}))
        own = load_lifter(str(folder), "cpu").defaults
        assert (own.azimuth, own.elevation) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("kind", ["hdformer", "canonical"])
def test_through_the_command_line(kind, request, examples, tmp_path):
    """The folder's own limit of frames and camera are taken, and the poses are those of the folder's network."""
    folder = request.getfixturevalue(kind)
    command = ["run", examples / "squats.mp4", "-o", tmp_path, "--model", folder, "--device", "cpu", "--no-render"]
    done = subprocess.run(
        [sys.executable, "-m", "pose3d", *map(str, command)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    content = json.loads((tmp_path / "keypoints.json").read_text())
    limits = {"hdformer": HDFORMER["INPUT"]["max_frame"], "canonical": CANONICAL["INPUT"]["MAX_FRAME"]}
    assert len(content["keypoints"]) == limits[kind]
    camera = Camera(**content["camera"])
    assert camera.fx == pytest.approx(
        1145.0 * max(camera.width, camera.height) / (1031 if kind == "hdformer" else 1002)
    )
    seen = pose2d(limits[kind])
    seen = type(seen)(
        np.array(content["pose2d"], np.float32),
        np.array(content["scores"], np.float32),
        seen.observed,
        H36M17,
        30.0,
        camera,
    )
    np.testing.assert_allclose(np.array(content["keypoints"]), load_lifter(str(folder), "cpu")(seen).xyz, atol=0.01)


class Harm:
    """What a hostile checkpoint would run."""

    def __reduce__(self):
        return (exec, ("open('harm', 'w').close()",))


def damage(folder, kind):
    """Breaks a model folder in one way; returns words that the error must hold."""
    path = folder / "pytorch_model.pt"
    content = torch.load(path, weights_only=True)
    state = content.get("state_dict", content.get("model_pos"))
    key = next(k for k in state if k.endswith("bn.bias"))
    if kind == "missing key":
        del state[key]
    elif kind == "extra key":
        state[key := "head.extra"] = torch.zeros(1)
    elif kind == "wrong shape":
        state[key] = torch.zeros(1)
    elif kind == "no state dict":
        content, key = {"weights": state}, "has no state dict"
    elif kind == "code":
        content, key = {"state_dict": state, "harm": Harm()}, "no checkpoint of plain tensors"
    torch.save(content, path)
    if kind == "garbage":
        path.write_bytes(b"nonsense")
    elif kind == "pickle":
        path.write_bytes(pickle.dumps(Harm()))
    elif kind == "no checkpoint":
        path.unlink()
    return {"garbage": str(path), "pickle": str(path), "no checkpoint": str(path)}.get(kind, key)


@pytest.mark.parametrize("model", ["hdformer", "canonical"])
@pytest.mark.parametrize(
    "kind",
    ["missing key", "extra key", "wrong shape", "no state dict", "code", "garbage", "pickle", "no checkpoint"],
)
def test_damaged_checkpoint_is_named_and_nothing_runs(kind, model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = {"hdformer": hdformer_folder, "canonical": canonical_folder}[model](tmp_path / "model")
    words = damage(folder, kind)
    with pytest.raises(WeightsError) as caught:
        load_lifter(str(folder), "cpu")
    assert words in str(caught.value)
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: (f / "configuration.json").write_text("{"), "configuration.json cannot be read"),
        (lambda f: (f / "configuration.json").unlink(), "configuration.json cannot be read"),
        (lambda f: (f / "configuration.json").write_text("{}"), "model.INPUT"),
        (lambda f: write_configuration(f, {**HDFORMER, "INPUT": {"res_w": 1000}}), "INPUT.center"),
        (lambda f: write_configuration(f, {**HDFORMER, "MODEL": {"attention_up": True}}), "published switches"),
        (lambda f: write_configuration(f, {**HDFORMER, "MODEL": {"width": 3}}), "width"),
        (lambda f: (f / "mean_std_3d.npy").unlink(), "mean_std_3d.npy"),
        (lambda f: np.save(f / "mean_std_3d.npy", np.zeros((2, 5, 3))), "fit (17, 3)"),
        (lambda f: np.save(f / "mean_std_2d.npy", np.array([Harm()]), allow_pickle=True), "mean_std_2d.npy"),
    ],
)
def test_damaged_folder_is_named(change, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = hdformer_folder(tmp_path / "model")
    change(folder)
    with pytest.raises(WeightsError) as caught:
        load_lifter(str(folder), "cpu")
    assert words in str(caught.value) and str(folder) in str(caught.value)
    assert not (tmp_path / "harm").exists()
