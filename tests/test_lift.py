from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.interpolate import CubicSpline

from clips import CAMERA, pose2d, standing
from golden import fill
from pose3d.core.errors import ConfigError, WeightsError
from pose3d.core.poses import Pose2D
from pose3d.core.skeleton import H36M17
from pose3d.evaluate.metrics import mpjpe, p_mpjpe
from pose3d.io.models.weights import half, load_into, read_safetensors, write_safetensors
from pose3d.lift import LIFTERS, canonical, load_lifter
from pose3d.lift.canonical_net import PoseNet, TrajectoryNet
from pose3d.lift.hdformer_net import HDFormerNet, adjacency
from pose3d.lift.root import stature
from synthetic.truth import load_truth

DATA = Path(__file__).parent / "data"
GOLDEN = np.load(DATA / "golden_hdformer.npz")


@pytest.fixture(scope="module", params=LIFTERS)
def lifter(request):
    return load_lifter(request.param, "cpu")


def test_network_equals_the_published_one():
    net = fill(HDFormerNet())
    with torch.inference_mode():
        out = net(*(torch.from_numpy(GOLDEN[name]) for name in ("in", "mean3d", "std3d")))
    assert np.abs(out.numpy() - GOLDEN["out"]).max() < 2e-5


def test_canonical_networks_equal_the_published_ones():
    golden = {name: torch.from_numpy(values) for name, values in np.load(DATA / "golden_canonical.npz").items()}
    with torch.inference_mode():
        pose = fill(PoseNet((3, 3, 3), 256))(golden["canonical_in"])
        path = fill(TrajectoryNet(27, 256))(golden["trajectory_in_2d"], golden["canonical_out"][0].flatten(1))
    assert (pose - golden["canonical_out"]).abs().max() < 2e-5
    assert (path - golden["trajectory_out"]).abs().max() < 2e-5


@pytest.mark.parametrize(
    ("widths", "dense"), [((3, 5, 3), False), ((3, 3, 3), True), ((7,), False), ((1, 3, 1), False)]
)
def test_pose_network_needs_its_receptive_field(widths, dense):
    net = fill(PoseNet(widths, 32, dense=dense))
    assert net.receptive_field == np.prod(widths)
    assert net(torch.zeros(2, net.receptive_field + 4, 17, 2)).shape == (2, 5, 17, 3)
    with pytest.raises(ValueError, match="must be"):
        net(torch.zeros(2, net.receptive_field - 1, 17, 2))


@pytest.mark.parametrize("causal", [False, True])
def test_pose_network_sees_its_window_only(causal):
    """The middle frame of a window, or when causal the last one, is what the residuals carry on."""
    net = fill(PoseNet((3, 3, 3), 32, causal))
    clip = torch.randn(1, 60, 17, 2)
    first = net(clip)
    changed = clip.clone()
    changed[:, 30] += 1
    moved = (net(changed) - first).abs().amax((0, 2, 3)) > 1e-6
    np.testing.assert_array_equal(np.flatnonzero(moved), np.arange(30 - 26, 31))
    later = net(torch.cat([clip[:, :5], clip], 1))
    torch.testing.assert_close(later[:, 5:], first)


def test_adjacency_equals_the_published_one():
    np.testing.assert_array_equal(adjacency(H36M17), GOLDEN["adjacency"])


@pytest.mark.parametrize("frames", [1, 5, 95, 96, 97, 300])
def test_as_many_poses_out_as_frames_in(lifter, frames):
    pose = lifter(pose2d(frames))
    assert len(pose) == frames
    assert np.isfinite(pose.xyz).all() and np.isfinite(pose.root).all()
    assert not pose.xyz[:, 0].any(), "the pelvis is the origin"


def test_mirrored_input_gives_the_mirrored_pose(lifter):
    pose = pose2d(60)
    flipped = pose.xy[:, H36M17.mirror] * [-1, 1] + [CAMERA.width, 0]
    mirrored = lifter(type(pose)(flipped.astype(np.float32), pose.score, pose.observed, H36M17, 30.0, CAMERA))
    np.testing.assert_allclose(mirrored.xyz[:, H36M17.mirror] * [-1, 1, 1], lifter(pose).xyz, atol=1e-4)


def test_lifts_a_standing_person(lifter):
    error = mpjpe(lifter(pose2d(96)).xyz, standing(96) - standing(96)[:, :1])
    assert error.mean() < 0.12, "metres; a stick figure, so no more than a sanity check"


def test_height_sets_the_scale(lifter):
    small, tall = (lifter(pose2d(40), height=h) for h in (1.2, 1.8))
    assert (small.units, lifter(pose2d(40)).units) == ("metre", "relative")
    assert stature(tall.xyz, H36M17) == pytest.approx(1.8, rel=1e-3)
    np.testing.assert_allclose(tall.root, small.root * 1.5, rtol=0.02)


def test_canonical_in_chunks_is_the_same(monkeypatch):
    lifter = load_lifter("canonical", "cpu")
    whole = lifter(pose2d(120))
    monkeypatch.setattr(canonical, "CHUNK", 50)
    pieces = lifter(pose2d(120))
    np.testing.assert_allclose(whole.xyz, pieces.xyz, atol=1e-5)
    np.testing.assert_allclose(whole.root, pieces.root, atol=1e-4)


def test_canonical_places_the_person():
    """The path is the trajectory network's own, so it must be near the truth without a solver."""
    root = load_lifter("canonical", "cpu")(pose2d(96)).root
    truth = standing(96)[:, 0]
    assert np.linalg.norm(root - truth, axis=-1).mean() < 0.15 * truth[0, 2]


def test_unknown_names_list_the_valid_ones():
    with pytest.raises(ConfigError, match="hdformer, canonical, damo") as caught:
        load_lifter("hrformer")
    assert "hrnet" not in str(caught.value), "a detector"
    with pytest.raises(ConfigError, match="auto, cpu, cuda"):
        load_lifter("hdformer", "tpu")


def test_weights_that_do_not_fit_are_named(tmp_path):
    path = tmp_path / "weights.safetensors"
    state = half(HDFormerNet().state_dict())
    del state["joint_regressor.bias"]
    write_safetensors(path, state)
    with pytest.raises(WeightsError, match=r"joint_regressor\.bias"):
        load_into(HDFormerNet(), read_safetensors(path), path)
    path.write_bytes(b"nonsense")
    with pytest.raises(WeightsError, match="cannot be read"):
        read_safetensors(path)


WILD = np.cumsum(np.random.default_rng(5).choice([1 / 120, 1 / 60, 1 / 30, 1 / 15], 200))
"""Seconds of a rate that varies wildly."""


def seen_at(times, truth):
    """A truth of an example clip as a Pose2D at other times, and what is true then."""
    own = np.arange(len(truth.xyz)) / truth.fps
    xyz = np.asarray(CubicSpline(own, truth.xyz, axis=0)(times), np.float32)
    full = np.ones(xyz.shape[:2], np.float32)
    pose = Pose2D(truth.camera.project(xyz), full, full > 0, H36M17, camera=truth.camera, times=times)
    return pose, xyz


def off(lifter, times, truth):
    """Millimetres of P-MPJPE with true 2D joints at these times."""
    pose, xyz = seen_at(times, truth)
    return 1000 * p_mpjpe(lifter(pose).xyz, xyz).mean()


@pytest.mark.parametrize("rate", [10, 15, 24, 25, 29.97, 50, 60, 120, "wild"])
def test_any_frame_rate_is_as_good_as_30(lifter, rate, examples):
    """Squats with true 2D joints: the largest difference measured is 0.7 mm."""
    truth = load_truth(examples / "squats.json")
    end = (len(truth.xyz) - 1) / truth.fps
    times = WILD[end > WILD] if rate == "wild" else np.arange(0, end, 1 / rate)
    assert off(lifter, times, truth) == pytest.approx(off(lifter, np.arange(0, end, 1 / 30), truth), abs=1.0)


def test_reprojection_error_is_that_of_the_joints(lifter):
    """In pixels, from the poses that are returned; moving one joint of 17 by 34 px adds what it must."""
    pose = pose2d(60)
    error = lifter(pose).reprojection_error
    placed = lifter(pose).placed
    expected = np.linalg.norm(CAMERA.project(placed) - pose.xy, axis=-1).mean(1)
    np.testing.assert_allclose(error, expected, atol=1e-3)
    assert (error > 0.1).all(), "a lifted pose is never exact"


def test_poses_are_smoothed(lifter):
    """Jitter of the 2D joints is not that of the poses."""
    pose = pose2d(90)
    noisy = pose.xy + np.random.default_rng(0).normal(0, 2, pose.xy.shape).astype(np.float32)
    shaken = lifter(Pose2D(noisy, pose.score, pose.observed, H36M17, 30.0, CAMERA)).xyz
    still = lifter(pose).xyz
    jitter = np.diff(shaken - still, 2, axis=0).std()
    assert jitter < JITTER_LIMIT, f"{1000 * jitter:.1f} mm"


JITTER_LIMIT = 0.004
"""Metres of second differences; unsmoothed it is twice that."""
