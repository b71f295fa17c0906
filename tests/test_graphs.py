"""The graphs of our own weights: made for them, and answering as the networks do in PyTorch."""

import math
import shutil

import numpy as np
import onnx
import pytest
import torch
from safetensors.torch import load_file

from clips import pose2d
from pose3d.core.errors import WeightsError
from pose3d.core.models import ModelInfo
from pose3d.core.resources import ASSETS
from pose3d.core.skeleton import H36M17
from pose3d.io.models.arrays import read_arrays
from pose3d.io.models.graphs import Wanted
from pose3d.io.models.runner import network_with
from pose3d.io.models.weights import load_into, read_safetensors, write_safetensors
from pose3d.lift import canonical, hdformer
from pose3d.lift.by_torch import canonical_networks, hdformer_windows
from pose3d.lift.canonical import networks_of
from pose3d.lift.canonical_net import CanonicalNets, PoseNet, TrajectoryNet, own_nets
from pose3d.lift.centring import centre, window_scale
from pose3d.lift.hdformer_net import HDFormerNet
from pose3d.lift.lifter import ignore

HDFORMER, CANONICAL = ASSETS / "hdformer.safetensors", ASSETS / "canonical.safetensors"
GRAPHS = sorted(ASSETS.glob("*.onnx"))
CLOSE = 2e-5
"""Metres."""


NOBODY = ModelInfo("torch", "")


def filled(net, name):
    """The network itself, with weights of our own."""
    path = ASSETS / name
    load_into(net, read_safetensors(path), path)
    return net


@pytest.fixture(scope="module")
def windows():
    none, one = np.zeros((17, 3), np.float32), np.ones((17, 3), np.float32)
    return hdformer_windows(filled(HDFormerNet(), "hdformer.safetensors"), none, one, "cpu")


@pytest.fixture(scope="module")
def networks():
    return canonical_networks(filled(own_nets(), "canonical.safetensors"), "cpu")


def seen(clips, frames):
    """(clips, frames, 17, 2): a standing person as a lifter shows it to a network, each time with other noise."""
    pose = pose2d(frames)
    rays = centre(pose.camera.rays(pose.xy)).rays
    noise = np.random.default_rng(frames).normal(0, 0.1, (clips, frames, 17, 2))
    return (rays / window_scale(rays) + noise).astype(np.float32)


@pytest.fixture(scope="module")
def served():
    """The graph of HDFormer with our own weights."""
    return hdformer.load(HDFORMER, "cpu").network


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda path: path.stem)
def test_a_graph_holds_no_weights(graph):
    """All numbers in it that a network may have learnt are elsewhere."""
    wanted = Wanted.beside(graph)
    assert graph.stat().st_size < 0.2 * sum(4 * math.prod(shape) for shape in wanted.shapes.values())
    tensors = onnx.load(graph, load_external_data=False).graph.initializer
    assert {tensor.name for tensor in tensors if tensor.data_location == onnx.TensorProto.EXTERNAL} == wanted.used


@pytest.mark.parametrize("batch", [1, 3, 8])
def test_hdformer_answers_as_in_torch(served, windows, batch):
    given = seen(batch, hdformer.WINDOW)
    assert np.abs(served(given) - windows(given)).max() < CLOSE


@pytest.mark.parametrize(("clips", "frames"), [(1, 81), (2, 82), (1, 200), (3, 592)])
def test_poses_are_answered_as_in_torch(networks, clips, frames):
    given = seen(clips, frames)
    found = canonical.load(CANONICAL, "cpu").networks.pose(given)
    assert found.shape == (clips, frames - 80, 17, 3)
    assert np.abs(found - networks.pose(given)).max() < CLOSE


@pytest.mark.parametrize("batch", [1, 3, 64])
def test_paths_are_answered_as_in_torch(networks, batch):
    clip = seen(batch, canonical.FIELD)
    given = clip.reshape(batch, canonical.FIELD, -1), networks.pose(clip).reshape(batch, -1)
    found = canonical.load(CANONICAL, "cpu").networks.trajectory(*given)
    assert np.abs(found - networks.trajectory(*given)).max() < CLOSE


@pytest.mark.parametrize("frames", [40, 130])
def test_lifters_answer_as_in_torch(windows, networks, frames):
    """Whole lifters, pelvis paths and all, within a tenth of a millimetre; the path of a solver within a millimetre."""
    pose = pose2d(frames)
    ours, theirs = (
        hdformer.load(HDFORMER, "cpu")(pose),
        hdformer.HDFormerLifter(windows, NOBODY)(pose),
    )
    np.testing.assert_allclose(ours.xyz, theirs.xyz, atol=1e-4)
    np.testing.assert_allclose(ours.root, theirs.root, atol=1e-3)
    ours, theirs = (
        canonical.load(CANONICAL, "cpu")(pose),
        canonical.CanonicalLifter(networks, NOBODY)(pose),
    )
    np.testing.assert_allclose(ours.xyz, theirs.xyz, atol=1e-4)
    np.testing.assert_allclose(ours.root, theirs.root, atol=1e-4)


def test_both_ways_is_the_mean_with_the_mirror_image(windows):
    given = seen(2, hdformer.WINDOW)
    flipped = given[:, :, H36M17.mirror] * np.array([-1, 1], np.float32)
    back = windows(flipped)[:, :, H36M17.mirror] * np.array([-1, 1, 1], np.float32)
    np.testing.assert_allclose(hdformer.both_ways(windows, given), (windows(given) + back) / 2, atol=1e-5)


def folder_of(tmp_path):
    """The weights and the graph of HDFormer, in another place."""
    for name in ("hdformer.safetensors", hdformer.GRAPH, "hdformer.weights.json"):
        shutil.copy(ASSETS / name, tmp_path / name)
    return tmp_path / "hdformer.safetensors"


def test_the_weights_may_lie_elsewhere(tmp_path):
    path = folder_of(tmp_path)
    given = seen(1, hdformer.WINDOW)
    here, there = (hdformer.load(weights, "cpu").network(given) for weights in (path, HDFORMER))
    np.testing.assert_array_equal(here, there)


def test_other_weights_of_the_same_shapes_are_other_answers(tmp_path, served):
    """As after a training of one's own: the graph is the same, and nothing is kept of what was there before."""
    path, given = folder_of(tmp_path), seen(1, hdformer.WINDOW)
    assert np.abs(hdformer.load(path, "cpu").network(given) - served(given)).max() == 0
    state = read_safetensors(path)
    state["joint_regressor.bias"] += 1
    write_safetensors(path, state)
    found = hdformer.load(path, "cpu").network(given)
    np.testing.assert_allclose(found[:, :, 1:] - served(given)[:, :, 1:], 1, atol=1e-4)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("joint_regressor.bias", None, "1 missing: joint_regressor.bias"),
        ("head.bias", torch.zeros(2), "1 unexpected: head.bias"),
        ("joint_regressor.bias", torch.zeros(2), "1 of another shape: joint_regressor.bias (2,) != (48,)"),
        ("joint_regressor.bias", torch.zeros(48, dtype=torch.int64), "whole numbers"),
        ("joint_regressor.bias", torch.full((48,), torch.nan), "not finite"),
    ],
)
def test_weights_that_do_not_fit_are_named(tmp_path, key, value, said):
    path = folder_of(tmp_path)
    state = load_file(path)
    state.pop(key, None)
    write_safetensors(path, state | ({} if value is None else {key: value}))
    with pytest.raises(WeightsError) as caught:
        hdformer.load(path, "cpu")
    assert said in str(caught.value) and str(path) in str(caught.value)


def cut(path):
    path.write_bytes(path.read_bytes()[:1000])


@pytest.mark.parametrize(
    ("harmed", "harm", "said"),
    [
        ("hdformer.safetensors", lambda path: path.unlink(), "hdformer.safetensors"),
        ("hdformer.safetensors", cut, "hdformer.safetensors"),
        ("hdformer.weights.json", lambda path: path.unlink(), "hdformer.onnx cannot be read"),
        ("hdformer.onnx", lambda path: path.unlink(), "hdformer.onnx cannot be read"),
        ("hdformer.onnx", cut, "hdformer.onnx cannot be read"),
    ],
    ids=["no weights", "cut weights", "no shapes", "no graph", "cut graph"],
)
def test_what_is_missing_or_damaged_is_named(tmp_path, harmed, harm, said):
    path = folder_of(tmp_path)
    harm(tmp_path / harmed)
    with pytest.raises(WeightsError, match=said):
        hdformer.load(path, "cpu")


def test_torch_is_not_changed_by_being_served(windows):
    """The rearranged network is another way through the same parameters: none is copied, none is lost."""
    from pose3d.lift.hdformer_served import ServedHDFormer

    net = filled(HDFormerNet(), "hdformer.safetensors")
    served = ServedHDFormer(net, hdformer.WINDOW)
    assert {id(p) for p in served.parameters()} == {id(p) for p in net.parameters()}
    given = seen(2, hdformer.WINDOW)
    with torch.inference_mode():
        found = served(torch.from_numpy(given)).numpy()
    assert np.abs(found - windows(given)).max() < CLOSE


def test_published_networks_answer_as_in_torch():
    """Of CanonicalPose3D, as large as they were published: poses and paths of a short clip."""
    pose = PoseNet()
    nets = CanonicalNets(pose, TrajectoryNet(pose.receptive_field)).eval()
    poses, path = (
        network_with(used(net, ASSETS / graph), ASSETS / graph, "cpu", by_pieces=True)
        for net, graph in (
            (nets.model_pos, canonical.PUBLISHED_POSES_GRAPH),
            (nets.model_traj, canonical.PUBLISHED_PATH_GRAPH),
        )
    )
    served = networks_of(poses, path, pose.receptive_field)
    clip, theirs = seen(1, 3), canonical_networks(nets, "cpu")
    for ours, expected in zip(served.over_clip(clip, clip, ignore), theirs.over_clip(clip, clip, ignore), strict=True):
        assert np.abs(ours - expected).max() < CLOSE


def used(net, graph):
    """The weights of a network in PyTorch that its graph is given."""
    names = Wanted.beside(graph).used
    return {key: value.numpy() for key, value in net.state_dict().items() if key in names}


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_pieces_of_a_batch_are_answered_as_the_whole(batch):
    state = read_arrays(HDFORMER)
    whole, pieces = (network_with(state, ASSETS / hdformer.GRAPH, "cpu", by_pieces=by) for by in (False, True))
    given = seen(batch, hdformer.WINDOW)
    np.testing.assert_allclose(pieces(given)["answer"], whole(given)["answer"], atol=1e-5)
