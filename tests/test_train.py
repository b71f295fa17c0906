import json

import numpy as np
import pytest
import torch

from clips import standing
from pose3d.errors import ConfigError
from pose3d.lift.hdformer import load
from pose3d.skeleton import H36M17
from pose3d.train import augment
from pose3d.train.loop import Stage, TrainConfig, train
from pose3d.train.motion import load_motion

STAGE = Stage(windows=(16,), frames=32, steps=2, peak_rate=1e-3, noise=1.0)
CONFIG = TrainConfig(
    seed=1, dropout=0, weight_decay=0, velocity_weight=1, average_decay=0.5, check_every=1, stages=(STAGE, STAGE)
)


@pytest.fixture
def motion(tmp_path):
    """Two clips of a standing person in the data's format: z up."""
    x, y, z = np.moveaxis(standing(40), -1, 0)
    path = tmp_path / "motion.npz"
    np.savez(
        path,
        positions=np.concatenate([np.stack([x, z, -y], -1)] * 2).astype(np.float16),
        clip_starts=np.array([0, 40]),
        clip_names=np.array(["one", "two"]),
        holdout=np.array([False, True]),
        joints=np.array(H36M17.joints),
        fps=30,
    )
    return path


def test_reads_the_format(motion):
    first, second = load_motion(motion)
    np.testing.assert_allclose(first.positions, standing(40), atol=2e-3)
    assert (first.holdout, second.holdout, first.fps) == (False, True, 30)


def test_not_a_motion_file(tmp_path):
    (tmp_path / "motion.npz").write_text("hello")
    with pytest.raises(ConfigError, match="not a motion file"):
        load_motion(tmp_path / "motion.npz")


def test_a_run_that_was_cut_off_goes_on(motion, tmp_path):
    folder = tmp_path / "run"
    train(motion, folder, CONFIG.model_copy(update={"stages": (STAGE,)}), "cpu")
    train(motion, folder, CONFIG, "cpu")
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert [(row["stage"], row["step"]) for row in log] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert all(np.isfinite(row["validation_error"]) for row in log)
    load(folder / "weights.safetensors", "cpu")
    assert not list(folder.glob("*.part"))


def test_squats_bend_as_people_do(monkeypatch):
    monkeypatch.setattr(augment, "_wobble", lambda batch, frames, size, share: torch.zeros(batch, frames, 3))
    monkeypatch.setattr(augment, "_squat_depth", lambda batch, frames: torch.full((batch, frames, 1), 1.2))
    still = torch.from_numpy(standing(1)).expand(4, 8, 17, 3)  # faces the camera: forward is -z
    squat = augment.move_limbs(still)
    hip, knee, ankle, thorax = (squat[:, :, H36M17.index(j)] for j in ("LHip", "LKnee", "LAnkle", "Thorax"))
    assert (knee[..., 2] < hip[..., 2] - 0.2).all(), "the knees go forward"
    assert (ankle[..., 2] > knee[..., 2]).all(), "the shins back"
    assert (thorax[..., 2] < squat[:, :, 0, 2]).all(), "the trunk forward"


def test_bodies_and_mirrors_keep_the_skeleton_whole():
    world = torch.from_numpy(standing(8)).expand(6, 8, 17, 3)
    for changed in (augment.change_body(world), augment.mirror_some(world), augment.move_limbs(world)):
        middle = (changed[:, :, 0] + changed[:, :, H36M17.index("Thorax")]) / 2
        torch.testing.assert_close(changed[:, :, H36M17.index("Spine")], middle, atol=1e-5, rtol=0)
