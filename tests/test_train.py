import json

import numpy as np
import pytest
import torch

from clips import standing
from factory import walking
from pose3d.core.errors import ConfigError, WeightsError
from pose3d.core.skeleton import H36M17
from pose3d.export import export
from pose3d.io.models.weights import load_into, read_safetensors
from pose3d.lift.canonical_net import own_nets
from pose3d.lift.hdformer_net import HDFormerNet
from pose3d.lift.root import stature
from pose3d.train import augment, crossover, postures
from pose3d.train.body import ARMS
from pose3d.train.bvh import read_bvh
from pose3d.train.loop import Stage, TrainConfig, Trainer, check_views, train
from pose3d.train.motion import MotionClip, load_motion
from pose3d.train.muon import optimizers, orthogonal
from pose3d.train.noise import add_noise
from pose3d.train.windows import WindowSampler

WINDOWS = {"hdformer": 16, "canonical": 96}
NETWORKS = {"hdformer": HDFormerNet, "canonical": own_nets}


def settings(model, stages=2):
    length = WINDOWS[model]
    first = Stage(windows=(length,), frames=2 * length, steps=2, peak_rate=1e-3, noise=1.0)
    second = first.model_copy(update={"frozen_norms": True})
    return TrainConfig(
        model=model, seed=1, dropout=0, weight_decay=0, velocity_weight=1, average_decay=0.5, check_every=1, patience=5,
        stages=(first, second)[:stages],
    )  # fmt: skip


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


TWO_BONES = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
%s}
MOTION
Frames: 2
Frame Time: 0.0166667
%s
%s
"""


def chain(*joints):
    """BVH joints, each the child of the one before; (name, offset)."""
    if not joints:
        return ""
    (name, offset), *rest = joints
    inner = chain(*rest) if rest else "End Site { OFFSET 0 1 0 }\n"
    return f"JOINT {name} {{ OFFSET {offset} CHANNELS 3 Zrotation Xrotation Yrotation\n{inner}}}\n"


def person(folder, **angles):
    """A T-pose in inches, y up, facing +z; angles: degrees about Z, X, Y of a joint, in both frames."""
    limbs = [
        [("Chest", "0 10 0"), ("Head", "0 14 0")],
        *[[(f"{side}UpLeg", f"{sign * 4} 0 0"), (f"{side}Leg", "0 -17 0"), (f"{side}Foot", "0 -17 0")]
          for side, sign in (("Left", 1), ("Right", -1))],
        *[[(f"{side}Shoulder", f"{sign} 18 0"), (f"{side}Arm", f"{sign * 5} 2 0"),
           (f"{side}ForeArm", f"{sign * 11} 0 0"), (f"{side}Hand", f"{sign * 10} 0 0")]
          for side, sign in (("Left", 1), ("Right", -1))],
    ]  # fmt: skip
    names = [name for limb in limbs for name, _ in limb]
    row = " ".join(["0 38 0 0 0 0", *(angles.get(name, "0 0 0") for name in names)])
    path = folder / "person.bvh"
    path.write_text(TWO_BONES % ("".join(chain(*limb) for limb in limbs), row, row))
    return path


def test_bvh_by_hand(tmp_path):
    """The left forearm turned forward by 90 degrees, the right thigh too, the knee back again."""
    xyz = read_bvh(person(tmp_path, LeftForeArm="0 0 -90", RightUpLeg="0 -90 0", RightLeg="0 90 0"))
    assert xyz.shape == (1, 17, 3), "two frames at 60 Hz are one at 30"
    inch = np.linalg.norm(xyz[0, H36M17.index("LKnee")] - xyz[0, H36M17.index("LHip")]) / 17
    at = {name: (xyz[0, n] - xyz[0, 0]) / inch for n, name in enumerate(H36M17.joints)}
    expected = {
        "LHip": (4, 0, 0), "LKnee": (4, 17, 0), "LAnkle": (4, 34, 0), "RHip": (-4, 0, 0), "RKnee": (-4, 0, -17),
        "RAnkle": (-4, 17, -17), "LShoulder": (6, -20, 0), "LElbow": (17, -20, 0), "LWrist": (17, -20, -10),
        "RWrist": (-27, -20, 0), "Thorax": (0, -20, 0), "Spine": (0, -10, 0), "Head": (0, -25, 0),
        "Neck": (0, -22.5, 0),
    }  # fmt: skip
    for name, place in expected.items():
        np.testing.assert_allclose(at[name], place, atol=1e-3, err_msg=name)
    assert stature(xyz, H36M17) == pytest.approx(1.7)
    assert xyz[0, :, 1].max() == pytest.approx(0), "on the floor"


def test_bvh_that_we_exported(tmp_path):
    result = walking(tmp_path / "walk.mp4", np.arange(12) / 30)
    (path,) = export(result, tmp_path, ["bvh"])
    parents, children = zip(
        *(edge for edge in H36M17.edges if H36M17.joints[edge[1]] not in ("Neck", "Head")), strict=True
    )
    found, told = (xyz[:, children] - xyz[:, parents] for xyz in (read_bvh(path), result.pose3d.xyz))
    cosine = (found * told).sum(-1) / np.linalg.norm(found, axis=-1) / np.linalg.norm(told, axis=-1)
    assert cosine.min() > 0.999, "bones point where they did; their lengths are the clip's medians"


def test_a_folder_of_bvh_files_trains(tmp_path):
    (tmp_path / "motion").mkdir()
    person(tmp_path / "motion")
    with pytest.raises(ConfigError, match="at least two"):
        load_motion(tmp_path / "motion")
    (tmp_path / "motion" / "person.bvh").rename(tmp_path / "motion" / "another.bvh")
    person(tmp_path / "motion", LeftArm="0 30 0")
    assert [clip.holdout for clip in load_motion(tmp_path / "motion")] == [True, False]
    train(tmp_path / "motion", tmp_path / "run", settings("hdformer", stages=1), "cpu")
    assert (tmp_path / "run" / "weights.safetensors").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [("hello", "cannot be read as BVH"), (TWO_BONES % ("", "0 0 0 0 0 0", "0 0 0 0 0 0"), "has no joint that is"),
     (TWO_BONES % ("", "0 0 0 0 0 0", "0 0 0"), "cannot be read as BVH")],
)  # fmt: skip
def test_not_a_bvh_file(text, words, tmp_path):
    (tmp_path / "x.bvh").write_text(text)
    with pytest.raises(ConfigError, match=words):
        read_bvh(tmp_path / "x.bvh")


@pytest.mark.parametrize("model", WINDOWS)
def test_a_run_that_was_cut_off_goes_on(model, motion, tmp_path):
    folder = tmp_path / "run"
    train(motion, folder, settings(model, stages=1), "cpu")
    train(motion, folder, settings(model), "cpu")
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert [(row["stage"], row["step"]) for row in log] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert all(np.isfinite(row["validation_error"]) for row in log)
    weights = folder / "weights.safetensors"
    load_into(NETWORKS[model](), read_safetensors(weights), weights)
    assert not list(folder.glob("*.part*"))


def test_frozen_norms_keep_their_statistics(motion, tmp_path):
    trainer = Trainer(settings("hdformer"), load_motion(motion), tmp_path)
    variance = "backbone.data_bn.running_var"
    optimizer = torch.optim.SGD(trainer.net.parameters(), lr=0.0)
    for stage, kept in zip(trainer.config.stages, (False, True), strict=True):
        before = trainer.net.get_buffer(variance).clone()
        trainer._learn(stage, [optimizer])
        assert torch.equal(trainer.net.get_buffer(variance), before) == kept


def test_the_best_weights_are_kept_and_patience_ends(motion, tmp_path, monkeypatch):
    errors = iter([0.3, 0.2, 0.4, 0.5, 0.1])
    monkeypatch.setattr(Trainer, "check", lambda self: next(errors))
    monkeypatch.setattr("pose3d.train.loop.write_safetensors", lambda path, tensors: written.append(path))
    written = []
    patient = settings("hdformer", stages=1).model_copy(update={"patience": 2})
    stage = patient.stages[0].model_copy(update={"steps": 9})
    Trainer(patient.model_copy(update={"stages": (stage,)}), load_motion(motion), tmp_path).run()
    assert len(written) == 2, "at 0.3 and 0.2"
    assert next(errors) == 0.1, "two checks on end were no better"


def test_training_goes_on_from_weights(motion, tmp_path):
    train(motion, tmp_path / "one", settings("hdformer", stages=1), "cpu")
    weights = tmp_path / "one" / "weights.safetensors"
    trainer = Trainer(settings("hdformer"), load_motion(motion), tmp_path / "two", start=weights)
    kept = read_safetensors(weights)["joint_regressor.weight"]
    torch.testing.assert_close(trainer.net.get_parameter("joint_regressor.weight"), kept.float(), check_dtype=False)
    with pytest.raises(WeightsError, match="one"):
        Trainer(settings("canonical"), load_motion(motion), tmp_path / "three", start=weights)


def test_muon_makes_updates_orthogonal():
    """Nearly: the iteration of Jordan (2024) ends with singular values between 0.6 and 1.2."""
    torch.manual_seed(0)
    for shape in ((2, 24, 100), (2, 100, 24)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(*shape)))
        assert values.min() > 0.6 and values.max() < 1.2


def test_muon_fits_a_matrix():
    torch.manual_seed(0)
    net, target = torch.nn.Linear(8, 8), torch.randn(8, 8)
    (matrices, rest) = optimizers("muon", net, 0.1, 0.0)
    assert [p.shape for p in rest.param_groups[0]["params"]] == [(8,)]

    def loss():
        return (net.weight - target).square().mean()

    before = loss().item()
    for _ in range(60):
        net.zero_grad()
        loss().backward()
        matrices.step()
    assert loss().item() < 0.1 * before


@pytest.mark.parametrize("model", WINDOWS)
def test_learns(model, motion, tmp_path):
    """A few steps on a few windows lower the error on them."""
    trainer = Trainer(settings(model), load_motion(motion), tmp_path)
    view = augment.film(trainer.sampler.draw(4, 96))
    optimizer = torch.optim.Adam(trainer.net.parameters(), lr=1e-3)
    trainer.net.train()
    losses = []
    for _ in range(12):
        losses.append(trainer.task.loss(view, 0.0, 1.0))
        optimizer.zero_grad()
        losses[-1].backward()
        optimizer.step()
    assert losses[-1] < 0.6 * losses[0]


def test_windows_hold_and_cut():
    """Windows go on at one speed, never from one clip into the next, and some stop moving."""
    count = np.arange(800, dtype=np.float32)[:, None, None].repeat(17, 1).repeat(3, 2)
    clips = [MotionClip(name, positions, 30, False) for name, positions in (("one", count[:400]), ("two", count[400:]))]
    sampler = WindowSampler(clips, seed=0)
    steps = sampler.draw(300, 32)[:, :, 0, 0].diff(dim=1)
    assert (steps >= 0).all() and (steps <= 1.6 + 1e-3).all()
    held = (steps[:, -1] == 0).float().mean()
    assert 0.05 < held < 0.25


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


def bone_lengths(world):
    return torch.stack([(world[:, :, b] - world[:, :, a]).norm(dim=-1) for a, b in H36M17.edges], -1)


@pytest.mark.parametrize("name", postures.POSTURES)
def test_postures_are_of_the_same_body(name, monkeypatch):
    """Bones keep their lengths, left stays left, knees and elbows bend the way that people's do."""
    torch.manual_seed(4)
    monkeypatch.setattr(postures, "OFTEN", {name: 1e9})
    monkeypatch.setattr(postures, "RESTING_SHARE", 0.0)
    world = torch.from_numpy(standing(1)).expand(5, 32, 17, 3)
    moved = postures.take_posture(world, share=1.1)
    whole = [n for n, (a, b) in enumerate(H36M17.edges) if H36M17.joints[b] not in ("Spine", "Thorax", "Neck", "Head")]
    torch.testing.assert_close(bone_lengths(moved)[..., whole], bone_lengths(world)[..., whole], atol=1e-4, rtol=0)
    left, right = (moved[:, :, H36M17.index(joint)] for joint in ("LHip", "RHip"))
    across = torch.nn.functional.normalize(left - right, dim=-1)
    for side in "LR":
        for top, middle, end, sign in (("Hip", "Knee", "Ankle", 1), ("Shoulder", "Elbow", "Wrist", -1)):
            a, b, c = (moved[:, :, H36M17.index(side + joint)] for joint in (top, middle, end))
            upper, lower = (torch.nn.functional.normalize(bone, dim=-1) for bone in (b - a, c - b))
            bend = torch.linalg.cross(upper, lower, dim=-1)
            assert (sign * (bend * across).sum(-1) > -0.25).all(), (name, side, top)


def test_arms_come_from_another_window_as_its_trunk_has_them():
    torch.manual_seed(4)
    world = torch.randn(3, 8, 17, 3)
    moved = crossover.exchange_arms(world, 1.0)
    others = [joint for joint in range(17) if joint not in {j for limb in ARMS for j in limb[1:]}]
    torch.testing.assert_close(moved[:, :, others], world[:, :, others])
    own, theirs = crossover.trunk_axes(world), crossover.trunk_axes(world.roll(1, 0))
    for start, end in [pair for limb in ARMS for pair in (limb[:2], limb[1:])]:
        bone, before, taken = (each[:, :, end] - each[:, :, start] for each in (moved, world, world.roll(1, 0)))
        torch.testing.assert_close(bone.norm(dim=-1), before.norm(dim=-1))
        seen, meant = ((axes.mT @ b[..., None])[..., 0] for axes, b in ((own, bone), (theirs, taken)))
        torch.testing.assert_close(seen / seen.norm(dim=-1, keepdim=True), meant / meant.norm(dim=-1, keepdim=True))
    assert (crossover.exchange_arms(world, 0.0) == world).all()


def test_axes_of_a_trunk_are_left_up_and_ahead():
    body = torch.zeros(1, 1, 17, 3)
    body[0, 0, H36M17.index("Thorax")] = torch.tensor([0.0, -0.5, 0.0])  # y points down
    body[0, 0, H36M17.index("LShoulder"), 0] = -0.2  # somebody seen from behind, who looks along z
    body[0, 0, H36M17.index("RShoulder"), 0] = 0.2
    left, up, ahead = crossover.trunk_axes(body)[0, 0].T
    assert (left.tolist(), up.tolist(), ahead.tolist()) == ([-1, 0, 0], [0, -1, 0], [0, 0, 1])


def test_falls_turn_the_whole_body():
    torch.manual_seed(2)
    world = torch.from_numpy(standing(1)).expand(8, 90, 17, 3)
    fallen = postures.tip_over(world, share=1.1)
    torch.testing.assert_close(bone_lengths(fallen), bone_lengths(world), atol=1e-5, rtol=0)
    trunk = fallen[:, -1, H36M17.index("Thorax")] - fallen[:, -1, 0]
    tilt = torch.acos(-trunk[:, 1] / trunk.norm(dim=-1))
    assert (tilt > 0.5).float().mean() > 0.7, "most of them lie at the end"


def test_cameras_see_people_in_front_of_them():
    torch.manual_seed(3)
    view = augment.film(torch.from_numpy(standing(1)).expand(300, 2, 17, 3))
    assert view.xyz[..., 2].min() > 0.79
    angle = torch.rad2deg(torch.atan(view.rays[:, 0, 0].norm(dim=-1)))
    assert 5 < angle.mean() < 25 and angle.max() < 60
    pitch = view.xyz[:, 0, 0] - view.xyz[:, 0, H36M17.index("Head")]
    lean = torch.rad2deg(torch.atan2(pitch[:, 2], pitch[:, 1]))
    assert lean.min() < -10 and lean.max() > 30, "cameras look up and down at them"


def test_noise_is_as_much_as_asked_for():
    torch.manual_seed(5)
    inputs = torch.randn(400, 16, 17, 2)
    inputs = augment.settle_midpoints(inputs - inputs[:, :, :1])
    assert torch.equal(add_noise(inputs, 0.0), inputs)
    off = (add_noise(inputs, 1.0) - inputs).norm(dim=-1)
    wrist, hip = (off[..., H36M17.index(joint)].median() for joint in ("LWrist", "LHip"))
    assert 0.003 < hip < wrist < 0.2
    assert (off.amax((1, 2)) > 0.5).float().mean() > 0.05, "now and then a limb is lost"


def test_checks_see_recordings_as_they_are_as_a_detector_does_and_varied(motion):
    clips = [clip for clip in load_motion(motion) if clip.holdout]
    views, again = check_views(clips), check_views(clips)
    assert all(torch.equal(a.rays, b.rays) and torch.equal(a.xyz, b.xyz) for a, b in zip(views, again, strict=True))
    true, seen, varied = (views[n * len(views) // 3] for n in range(3))
    torch.testing.assert_close(true.rays, true.xyz[..., :2] / true.xyz[..., 2:])
    assert torch.equal(true.xyz, seen.xyz) and not torch.equal(true.xyz, varied.xyz)
    off = (seen.rays - true.rays).norm(dim=-1).mean() / true.rays.diff(dim=2).norm(dim=-1).mean()
    assert 0.02 < off < 1, "about as much as a detector's joints, in limbs"
