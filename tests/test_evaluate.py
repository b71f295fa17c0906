import csv
import json
import subprocess
import sys
from dataclasses import asdict

import h5py
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from clips import CAMERA, standing
from pose3d.core.camera import Camera
from pose3d.core.errors import ConfigError, OutputError
from pose3d.core.models import ModelInfo
from pose3d.core.poses import Pose3D
from pose3d.core.resources import read_yaml
from pose3d.core.skeleton import H36M17
from pose3d.evaluate import evaluate, human36m, mpi_3dhp, samples
from pose3d.evaluate.report import Report
from pose3d.lift.lifter import Defaults


class Known:
    """A lifter whose answers are the targets, each frame's changed by `change`; so that every figure is known."""

    info, defaults = ModelInfo("known", "0"), Defaults()

    def __init__(self, targets, change=lambda xyz: xyz):
        self.targets, self.change = iter(targets), change

    def __call__(self, pose, height=None, progress=None):
        xyz = next(self.targets)
        xyz = self.change(xyz - xyz[:, :1]).astype(np.float32)
        error = np.zeros(len(xyz), np.float32)
        return Pose3D(
            xyz, np.zeros((len(xyz), 3)), pose.score, pose.observed, error, "metre", H36M17, pose.fps, pose.camera
        )


def write_human36m(folder, frames=12, actions=("Walking", "Walking 1", "Sitting")):
    """The two files with S9 and S11, seen by all cameras; the 2D has surplus frames, as the original has."""
    world3d, seen = {}, {}
    calibration = read_yaml("human36m.yaml")
    for subject, places in calibration["subjects"].items():
        world3d[subject], seen[subject] = {}, {}
        for number, action in enumerate(actions):
            # standing() is in camera axes (y down); the world's z is up
            world = (standing(frames) - [0, 0, 4]) @ np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]) + [0, number, 1]
            joints = np.zeros((frames, 32, 3), np.float32)
            joints[:, human36m.KEPT] = world
            world3d[subject][action] = joints
            seen[subject][action] = [
                np.concatenate([view := project(world, lens, place), view[-1:]]).astype(np.float32)
                for lens, place in zip(calibration["cameras"], places, strict=True)
            ]
    np.savez_compressed(folder / "data_3d_h36m.npz", positions_3d=np.array(world3d, object))
    np.savez_compressed(
        folder / "data_2d_h36m_gt.npz",
        positions_2d=np.array(seen, object),
        metadata=np.array({"num_joints": 17}, object),
    )


def project(world, lens, place):
    """World (T, 17, 3), metres, to pixels."""
    w, *axis = place["orientation"]
    turn = Rotation.from_quat([*axis, w]).as_matrix()
    xyz = (world - np.array(place["position"]) / 1000) @ turn  # the transposed rotation, applied to rows
    return Camera(*lens["size"], *lens["focal"], *lens["centre"], distortion=tuple(lens["distortion"])).project(xyz)


def write_3dhp(folder, frames=10):
    """TS1 and TS5 with two activities; TS1's third frame does not count."""
    order = [mpi_3dhp.JOINTS[name] for name in H36M17.joints]
    for number in (1, 5):
        place = folder / f"TS{number}"
        place.mkdir()
        xyz = np.zeros((frames, 1, 17, 3))
        xyz[:, 0, order] = standing(frames) * 1000
        focal, centre = (1500.0, 1510.0), (1000.0, 1040.0)
        with h5py.File(place / "annot_data.mat", "w") as file:
            file["annot3"] = xyz
            file["univ_annot3"] = xyz * 0.9
            file["annot2"] = xyz[..., :2] / xyz[..., 2:] * focal + centre
            valid = np.ones((frames, 1))
            valid[2] = number != 1
            file["valid_frame"] = valid
            file["activity_annotation"] = np.where(np.arange(frames) < 5, 1, 2)[:, None]


def write_own(folder):
    for name in ("hop", "skip"):
        content = {
            "xyz": standing(8).tolist(),
            "camera": asdict(CAMERA),
            "fps": 30,
            "joint_names": list(H36M17.joints),
        }
        (folder / f"{name}.json").write_text(json.dumps(content))


WRITERS = {"human36m": write_human36m, "3dhp": write_3dhp, "own": write_own}
COUNTS = {
    "human36m": {"Sitting": 96, "Walking": 192, "overall": 288},
    "3dhp": {"Exercise": 10, "Standing/Walking": 9, "overall": 19},
    "own": {"hop": 8, "skip": 8, "overall": 16},
}


@pytest.fixture(params=list(WRITERS))
def data(request, tmp_path):
    WRITERS[request.param](tmp_path)
    return request.param, tmp_path


def test_counts_per_action(data):
    kind, folder = data
    report = evaluate(Known(s.target for s in samples(folder, "gt")), folder)
    assert {row.action: row.frames for row in report.rows} == COUNTS[kind]
    for row in report.rows:
        assert row.values.pop("AUC") > 100 * 30 / 31 - 1e-6, "rounding may cost the radius 0"
        assert row.values == pytest.approx(
            {"MPJPE": 0, "P-MPJPE": 0, "N-MPJPE": 0, "MPJVE": 0, "3DPCK@150": 100}, abs=1e-3
        )


def test_known_errors_come_out(data):
    """One joint of 17 off by 170 mm: 10 mm on average, 16 of 17 joints within 150 mm."""
    _, folder = data

    def change(xyz):
        xyz = xyz.copy()
        xyz[:, 16, 2] += 0.17
        return xyz

    report = evaluate(Known((s.target for s in samples(folder, "gt")), change), folder)
    for row in report.rows:
        assert row.values["MPJPE"] == pytest.approx(10, abs=1e-3)
        assert row.values["MPJVE"] == pytest.approx(0, abs=1e-3)
        assert row.values["3DPCK@150"] == pytest.approx(100 * 16 / 17, abs=1e-3)
        assert row.values["P-MPJPE"] > 1


def test_scale_is_forgiven_where_it_should_be(data):
    _, folder = data
    row = evaluate(Known((s.target for s in samples(folder, "gt")), lambda xyz: 1.1 * xyz), folder).rows[-1]
    assert row.values["MPJPE"] > 30
    assert row.values["N-MPJPE"] == pytest.approx(0, abs=1e-2)


def test_targets_are_what_the_cameras_saw(data):
    """Projecting a sample's target gives its 2D joints, so axes, order and units are right."""
    kind, folder = data
    for sample in samples(folder, "gt"):
        target = sample.target / 0.9 if kind == "3dhp" else sample.target  # univ_annot3 is scaled
        error = np.linalg.norm(sample.pose2d.camera.project(target) - sample.pose2d.xy, axis=-1)
        assert error.max() < 0.5, "pixels"


def test_means_of_actions_make_the_overall(tmp_path):
    """Published tables average actions, however many frames they have."""
    write_human36m(tmp_path)
    size = {"Walking": 1.1, "Sitting": 1.0}
    made = list(samples(tmp_path, "gt"))
    targets = [(s.target - s.target[:, :1]) * size[s.action[0]] for s in made]
    rows = {row.action: row.values["MPJPE"] for row in evaluate(Known(targets), tmp_path).rows}
    assert rows["Sitting"] == pytest.approx(0, abs=1e-3)
    assert rows["overall"] == pytest.approx(rows["Walking"] / 2, rel=1e-4)


def test_through_the_command_line(data, tmp_path):
    kind, folder = data
    done = subprocess.run(
        [sys.executable, "-m", "pose3d", "evaluate", str(folder), "--device", "cpu",
         "--json", str(tmp_path / "t.out"), "--csv", str(tmp_path / "t.csv")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "t.out").read_text())["rows"]
    assert {row["action"]: row["frames"] for row in rows} == COUNTS[kind]
    with (tmp_path / "t.csv").open() as file:
        table = list(csv.DictReader(file))
    assert [float(row["P-MPJPE"]) for row in table] == pytest.approx([row["P-MPJPE"] for row in rows])
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["frames", "MPJPE", "P-MPJPE", "N-MPJPE", "MPJVE", "3DPCK@150", "AUC"]
    assert lines[-1].split()[0] == "overall" and float(lines[-1].split()[2]) == pytest.approx(
        rows[-1]["MPJPE"], abs=0.01
    )


@pytest.mark.parametrize("write", [Report.write_json, Report.write_csv])
def test_a_table_that_cannot_be_written_is_said(write, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match=r"file/table cannot be written: "):
        write(Report("hdformer", ()), tmp_path / "file" / "table")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


class Harm:
    def __reduce__(self):
        return (exec, ("open('harm', 'w').close()",))


def test_hidden_code_does_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_human36m(tmp_path)
    np.savez(tmp_path / "data_2d_h36m_gt.npz", positions_2d=np.array({"S9": Harm()}, object))
    with pytest.raises(ConfigError, match="plain arrays"):
        list(samples(tmp_path, "gt"))
    assert not (tmp_path / "harm").exists()


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(ConfigError, match="no data set"):
        samples(tmp_path, "gt")
    write_human36m(tmp_path)
    with pytest.raises(ConfigError, match=r"2D keypoints in .*: gt"):
        list(samples(tmp_path, "cpn_ft_h36m_dbb"))
    np.savez(tmp_path / "data_3d_h36m.npz", positions_3d=np.array({"S9": {}}, object))
    with pytest.raises(ConfigError, match="S11"):
        list(samples(tmp_path, "gt"))
