"""The graphs of our own weights: made for them, and answering as the networks do in PyTorch."""

import shutil

import numpy as np
import pytest
import torch

from clips import pose2d
from pose3d.core.errors import WeightsError
from pose3d.core.models import ModelInfo
from pose3d.core.resources import ASSETS
from pose3d.core.skeleton import H36M17
from pose3d.io.models.runner import load_network
from pose3d.io.models.weights import load_into, read_safetensors, sha256
from pose3d.lift import canonical, hdformer
from pose3d.lift.by_torch import canonical_networks, hdformer_windows
from pose3d.lift.canonical_net import own_nets
from pose3d.lift.centring import centre, window_scale
from pose3d.lift.hdformer_net import HDFormerNet

WEIGHTS = {
    hdformer.GRAPH: ASSETS / "hdformer.safetensors",
    canonical.POSES_GRAPH: ASSETS / "canonical.safetensors",
    canonical.PATH_GRAPH: ASSETS / "canonical.safetensors",
}
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


@pytest.mark.parametrize("graph", WEIGHTS)
def test_a_graph_is_of_the_weights_that_are_shipped(graph):
    assert load_network(ASSETS / graph, "cpu").weights_sha256 == sha256(WEIGHTS[graph])


@pytest.mark.parametrize("graph", WEIGHTS)
def test_a_graph_holds_no_weights(graph):
    assert (ASSETS / graph).stat().st_size < 0.1 * WEIGHTS[graph].stat().st_size


@pytest.mark.parametrize("batch", [1, 3, 8])
def test_hdformer_answers_as_in_torch(windows, batch):
    given = seen(batch, hdformer.WINDOW)
    found = load_network(ASSETS / hdformer.GRAPH, "cpu")(given)["answer"]
    assert np.abs(found - windows(given)).max() < CLOSE


@pytest.mark.parametrize(("clips", "frames"), [(1, 81), (2, 82), (1, 200), (3, 592)])
def test_poses_are_answered_as_in_torch(networks, clips, frames):
    given = seen(clips, frames)
    found = load_network(ASSETS / canonical.POSES_GRAPH, "cpu")(given)["answer"]
    assert found.shape == (clips, frames - 80, 17, 3)
    assert np.abs(found - networks.pose(given)).max() < CLOSE


@pytest.mark.parametrize("batch", [1, 3, 64])
def test_paths_are_answered_as_in_torch(networks, batch):
    clip = seen(batch, canonical.FIELD)
    given = clip.reshape(batch, canonical.FIELD, -1), networks.pose(clip).reshape(batch, -1)
    found = load_network(ASSETS / canonical.PATH_GRAPH, "cpu")(*given)["answer"]
    assert np.abs(found - networks.trajectory(*given)).max() < CLOSE


@pytest.mark.parametrize("frames", [40, 130])
def test_lifters_answer_as_in_torch(windows, networks, frames):
    """Whole lifters, pelvis paths and all, within a tenth of a millimetre; the path of a solver within a millimetre."""
    pose = pose2d(frames)
    ours, theirs = (
        hdformer.load(WEIGHTS[hdformer.GRAPH], "cpu")(pose),
        hdformer.HDFormerLifter(windows, NOBODY)(pose),
    )
    np.testing.assert_allclose(ours.xyz, theirs.xyz, atol=1e-4)
    np.testing.assert_allclose(ours.root, theirs.root, atol=1e-3)
    ours, theirs = (
        canonical.load(WEIGHTS[canonical.PATH_GRAPH], "cpu")(pose),
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
    for name in ("hdformer.safetensors", hdformer.GRAPH):
        shutil.copy(ASSETS / name, tmp_path / name)
    return tmp_path / "hdformer.safetensors"


def test_the_weights_may_lie_elsewhere(tmp_path):
    path = folder_of(tmp_path)
    given = seen(1, hdformer.WINDOW)
    here, there = (hdformer.load(weights, "cpu").network(given) for weights in (path, WEIGHTS[hdformer.GRAPH]))
    np.testing.assert_array_equal(here, there)


def test_a_graph_of_other_weights_is_refused(tmp_path):
    path = folder_of(tmp_path)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1  # the last bit of the last weight
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"hdformer\.onnx was made for other weights than .*hdformer\.safetensors"):
        hdformer.load(path, "cpu")


def cut(path):
    path.write_bytes(path.read_bytes()[:1000])


@pytest.mark.parametrize(
    ("harmed", "harm", "said"),
    [
        ("hdformer.safetensors", lambda path: path.unlink(), "hdformer.safetensors"),
        ("hdformer.safetensors", cut, "hdformer.onnx cannot be read"),
        ("hdformer.onnx", lambda path: path.unlink(), "hdformer.onnx cannot be read"),
        ("hdformer.onnx", cut, "hdformer.onnx cannot be read"),
    ],
    ids=["no weights", "cut weights", "no graph", "cut graph"],
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


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_pieces_of_a_batch_are_answered_as_the_whole(batch):
    whole, pieces = (load_network(ASSETS / hdformer.GRAPH, "cpu", by_pieces=by) for by in (False, True))
    given = seen(batch, hdformer.WINDOW)
    np.testing.assert_allclose(pieces(given)["answer"], whole(given)["answer"], atol=1e-5)
