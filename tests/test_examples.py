"""End to end: the example clips through the whole pipeline, against their exact truth."""

import numpy as np
import pytest

from pose3d import Result, pipeline
from pose3d.core.skeleton import COMPARED_JOINTS, H36M17
from pose3d.evaluate.metrics import mpjpe, p_mpjpe
from pose3d.lift import load_lifter
from synthetic.truth import Truth, load_truth

CLIPS = ("walk", "squats", "jumping_jacks", "arm_raises")
COMPARED, MIRROR = H36M17.indices(*COMPARED_JOINTS), H36M17.mirror


@pytest.fixture(scope="module", params=CLIPS)
def run(request, examples) -> tuple[Result, Truth]:
    """A clip's result at the true intrinsics and stature, and its truth."""
    truth = load_truth(examples / f"{request.param}.json")
    result = pipeline(device="cpu")(examples / f"{request.param}.mp4", camera=truth.camera, height=truth.height)
    return result, truth


def test_every_frame_has_a_pose(run):
    result, truth = run
    assert len(result) == len(result.times) == len(truth.xyz)


ERROR = {"walk": 0.0281, "squats": 0.0312, "jumping_jacks": 0.0438, "arm_raises": 0.0342}
"""Metres of P-MPJPE: a tenth more than was measured."""


def test_pose_error(run):
    result, truth = run
    error = p_mpjpe(result.pose3d.xyz[:, COMPARED], truth.xyz[:, COMPARED])
    assert error.mean() <= ERROR[truth.name]


def test_left_is_left(run):
    result, truth = run
    pose, target = result.pose3d.xyz, truth.xyz[:, COMPARED]
    straight, crossed = (mpjpe(xyz[:, COMPARED], target) for xyz in (pose, pose[:, MIRROR]))
    assert (straight < crossed).all(), "in camera axes: an exchanged body must not be excused by turning it round"
    flipped = result.pose2d.xy[:, MIRROR]
    straight, crossed = (np.linalg.norm(xy - truth.xy, axis=-1).mean(1) for xy in (result.pose2d.xy, flipped))
    assert (straight < crossed).all()


def test_canonical(run):
    """The other lifter on the same 2D: as near, and with the person where they are, by its own network."""
    result, truth = run
    pose = load_lifter("canonical", "cpu")(result.pose2d, truth.height)
    error = p_mpjpe(pose.xyz[:, COMPARED], truth.xyz[:, COMPARED])
    assert error.mean() <= 0.060, "metres"
    straight, crossed = (mpjpe(xyz[:, COMPARED], truth.xyz[:, COMPARED]) for xyz in (pose.xyz, pose.xyz[:, MIRROR]))
    assert (straight < crossed).all()
    assert np.linalg.norm(pose.root - truth.xyz[:, 0], axis=-1).mean() < 0.05 * truth.xyz[:, 0, 2].mean()


ROOT = {"walk": 0.032, "squats": 0.0473, "jumping_jacks": 0.0594, "arm_raises": 0.0506}
"""Metres that the pelvis is from its true place, a tenth more than was measured.

Not the length of its path: that of a path which lags behind comes out right where jitter makes up for it.
"""


def test_pelvis_path(run):
    result, truth = run
    assert np.linalg.norm(result.pose3d.root - truth.xyz[:, 0], axis=-1).mean() <= ROOT[truth.name]
