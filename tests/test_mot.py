"""OpenSim's motion file: known bends of known joints come back as angles of the right name, size and sign."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.export import export
from pose3d.motion.euler import euler
from pose3d.motion.gait_model import HANGING, PELVIS, coordinates
from pose3d.motion.humanoid import BONES, NAMES, Humanoid
from test_export import FAST_THEN_SLOW, FLOOR, FPS, LATE, even, filmed, positions, result_of, standing, without

SIDES = {"right": "r", "left": "l"}
COLUMNS = (
    "time", "pelvis_tilt", "pelvis_list", "pelvis_rotation", "pelvis_tx", "pelvis_ty", "pelvis_tz",
    "lumbar_extension", "lumbar_bending", "lumbar_rotation",
    *(
        f"{name}_{side}"
        for side in "rl"
        for name in (
            "hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle",
            "arm_flex", "arm_add", "arm_rot", "elbow_flex", "pro_sup",
        )
    ),
)  # fmt: skip
"""Coordinates of Rajagopal2016.osim (opensim-org/opensim-models), but for toes, heels, kneecaps and wrists."""
AHEAD, BACK, UP, DOWN = np.array([[0, 0, 1.0], [0, 0, -1.0], [0, 1.0, 0], [0, -1.0, 0]])
LEFT, RIGHT = np.array([[1.0, 0, 0], [-1.0, 0, 0]])
"""Of a person who faces the camera, in the world: x to the camera's right, y up, z to the camera."""


def read_mot(path: Path) -> dict[str, np.ndarray]:
    """Columns by name."""
    lines = path.read_text().splitlines()
    end = lines.index("endheader")
    assert lines[0] == "Coordinates"
    fields = dict(line.split("=") for line in lines[1:end])
    names = lines[end + 1].split("\t")
    table = np.array([line.split("\t") for line in lines[end + 2 :]], float)
    assert table.shape == (int(fields["nRows"]), int(fields["nColumns"]))
    assert fields["inDegrees"] == "yes"
    assert fields["version"] == "1"
    return dict(zip(names, table.T, strict=True))


def written(result: Result, folder: Path) -> dict[str, np.ndarray]:
    return read_mot(export(result, folder, ["mot"])[0])


# --- single bones, turned in the world ---


def turned_towards(start: np.ndarray, end: np.ndarray, degrees: float) -> Rotation:
    """The turn that moves what points to `start` by so much towards `end`."""
    return Rotation.from_rotvec(np.radians(degrees) * np.cross(start, end))


def posed(**turns: Rotation) -> dict[str, float]:
    """The coordinates of one who stands with hanging arms, faces the camera, and has turned bones in the world.

    Whatever hangs on a turned bone turns with it.
    """
    world = {name: HANGING.get(name, Rotation.identity()).inv() for name in NAMES}
    for bone, turn in turns.items():
        for name in NAMES:
            if bone in _line(name):
                world[name] = turn * world[name]
    relative = [world[bone.parent].inv() * world[bone.name] if bone.parent else world["hips"] for bone in BONES]
    quaternions = np.array([[turn.as_quat() for turn in relative]])
    offsets = np.zeros((len(NAMES), 3))
    humanoid = Humanoid(offsets, quaternions, np.array([[0.5, 0.9, -4.0]]), 0.2)
    return {found.name: float(found.values[0]) for found in coordinates(humanoid)}


def _line(name: str) -> list[str]:
    """A bone and those that it hangs on."""
    parent = BONES[NAMES.index(name)].parent
    return [name, *(_line(parent) if parent else [])]


NEUTRAL = {"pro_sup_r": 90, "pro_sup_l": 90}
"""Thumbs ahead. All other angles are 0."""


def assert_angles(found: dict[str, float], **expected: float) -> None:
    """Degrees; all that are not named are as in the neutral pose. The path does not count."""
    expected = {name: 0.0 for name in found} | NEUTRAL | expected
    path = ("pelvis_tx", "pelvis_ty", "pelvis_tz")
    assert {n: v for n, v in found.items() if n not in path} == pytest.approx(
        {n: v for n, v in expected.items() if n not in path}, abs=1e-6
    )


def test_who_stands_has_no_angles() -> None:
    found = posed()
    assert tuple(found) == COLUMNS[1:]
    assert_angles(found)


OUT = {"left": LEFT, "right": RIGHT}
TURNED_OUT = {"left": (AHEAD, LEFT), "right": (AHEAD, RIGHT)}


@pytest.mark.parametrize("side", SIDES)
class TestEachSide:
    def test_hip(self, side: str) -> None:
        s, thigh = SIDES[side], f"{side}UpperLeg"
        assert_angles(posed(**{thigh: turned_towards(DOWN, AHEAD, 40)}), **{f"hip_flexion_{s}": 40})
        assert_angles(posed(**{thigh: turned_towards(DOWN, OUT[side], 25)}), **{f"hip_adduction_{s}": -25})
        assert_angles(posed(**{thigh: turned_towards(*TURNED_OUT[side], 15)}), **{f"hip_rotation_{s}": -15})

    def test_knee(self, side: str) -> None:
        assert_angles(posed(**{f"{side}LowerLeg": turned_towards(DOWN, BACK, 70)}), **{f"knee_angle_{SIDES[side]}": 70})

    def test_ankle(self, side: str) -> None:
        toes_up = turned_towards(AHEAD, UP, 12)
        assert_angles(posed(**{f"{side}Foot": toes_up}), **{f"ankle_angle_{SIDES[side]}": 12})

    def test_shoulder(self, side: str) -> None:
        s, arm = SIDES[side], f"{side}UpperArm"
        assert_angles(posed(**{arm: turned_towards(DOWN, AHEAD, 80)}), **{f"arm_flex_{s}": 80})
        assert_angles(posed(**{arm: turned_towards(DOWN, OUT[side], 60)}), **{f"arm_add_{s}": -60})
        assert_angles(posed(**{arm: turned_towards(*TURNED_OUT[side], 30)}), **{f"arm_rot_{s}": -30})

    def test_an_arm_that_was_raised_sideways_is_abducted_by_more_than_a_right_angle(self, side: str) -> None:
        raised = turned_towards(DOWN, OUT[side], 150)
        assert_angles(posed(**{f"{side}UpperArm": raised}), **{f"arm_add_{SIDES[side]}": -150})

    def test_elbow(self, side: str) -> None:
        bent = turned_towards(DOWN, AHEAD, 95)
        assert_angles(posed(**{f"{side}LowerArm": bent}), **{f"elbow_flex_{SIDES[side]}": 95})

    def test_forearm(self, side: str) -> None:
        """Thumbs from ahead to the outside: palms ahead, which is 0."""
        supinated = turned_towards(AHEAD, OUT[side], 90)
        assert_angles(posed(**{f"{side}LowerArm": supinated}), **{f"pro_sup_{SIDES[side]}": 0})

    def test_hip_angles_are_flexion_then_adduction_then_rotation(self, side: str) -> None:
        """About the pelvis' axis to the right, the thigh's ahead, the thigh's up: as the model turns it."""
        s, mirror = SIDES[side], 1 if side == "right" else -1
        steps = [(RIGHT, 40), (AHEAD, mirror * 10), (UP, mirror * -20)]
        turn = Rotation.identity()
        for axis, degrees in steps:
            turn = turn * Rotation.from_rotvec(np.radians(degrees) * axis)
        expected = {f"hip_flexion_{s}": 40, f"hip_adduction_{s}": 10, f"hip_rotation_{s}": -20}
        assert_angles(posed(**{f"{side}UpperLeg": turn}), **expected)


def test_pelvis() -> None:
    """Bent ahead, the right side up, turned to the left: the model's signs (z right, x ahead, y up)."""
    assert_angles(posed(hips=turned_towards(UP, AHEAD, 20)), pelvis_tilt=-20)
    assert_angles(posed(hips=turned_towards(LEFT, DOWN, 8)), pelvis_list=-8)
    assert_angles(posed(hips=turned_towards(AHEAD, LEFT, 120)), pelvis_rotation=120)


def test_lumbar() -> None:
    assert_angles(posed(chest=turned_towards(UP, AHEAD, 30)), **arms_along(lumbar_extension=-30))
    assert_angles(posed(chest=turned_towards(UP, RIGHT, 10)), **arms_along(lumbar_bending=10))
    assert_angles(posed(chest=turned_towards(AHEAD, LEFT, 25)), **arms_along(lumbar_rotation=25))


def arms_along(**angles: float) -> dict[str, float]:
    """The arms are the trunk's: they keep their angles when it turns."""
    return angles


def test_the_pelvis_lies_where_the_model_has_its_origin() -> None:
    """The middle of the hips is at (0.5, 0.9, -4) in the world: 4 m behind the camera, half a metre to its right."""
    found = posed()
    assert [found["pelvis_tx"], found["pelvis_ty"], found["pelvis_tz"]] == pytest.approx(
        [-4 + PELVIS[0], 0.9 + PELVIS[1], -0.5]
    )


# --- triples of angles ---


def test_angles_make_the_rotation_again() -> None:
    turns = Rotation.random(200, rng=np.random.default_rng(3))
    again = Rotation.from_euler("ZXY", euler(turns, "ZXY"))
    assert (again.inv() * turns).magnitude().max() < 1e-9


def test_full_turns_are_counted() -> None:
    angles = np.linspace(0, 4 * np.pi, 100)
    turns = Rotation.from_rotvec(np.outer(angles, [0, 1, 0]))
    np.testing.assert_allclose(euler(turns, "ZXY"), np.outer(angles, [0, 0, 1]), atol=1e-9)


def test_an_arm_that_hangs_again_is_at_0_again() -> None:
    """Raised sideways and past the pole, brought down in front: taken to the next frame's nearest, it ends at 180."""
    up = Rotation.from_rotvec(np.outer(np.radians(np.linspace(0, 150, 40)), [-1, 0.05, 0]))
    down = Rotation.from_rotvec(np.outer(np.radians(np.linspace(175, 0, 40)), [0, 0, 1]))
    angles = np.degrees(euler(Rotation.concatenate([up, down]), "ZXY"))
    np.testing.assert_allclose(angles[39], [0, -150, 0], atol=20)
    np.testing.assert_allclose(angles[79], 0, atol=1e-6)
    np.testing.assert_allclose(angles[45, 1:], 0, atol=1e-6)


def test_a_tie_does_not_jump_to_and_fro() -> None:
    """An arm held near the pole, with a tremor: both triples are as far from 0."""
    tremor = np.radians(3) * np.random.default_rng(0).normal(size=(100, 3))
    turns = Rotation.from_euler("ZXY", [np.pi / 2 - 0.1, -np.pi / 2 + 0.3, np.pi / 2 - 0.1] + tremor)
    assert np.abs(np.diff(euler(turns, "ZXY"), axis=0)).max() < np.pi / 2


# --- the file ---


def test_a_squat_comes_back_from_joints(tmp_path: Path) -> None:
    """Thighs 60 and shins 25 degrees from the vertical, the trunk 20; elbows at a right angle."""
    xyz = np.repeat(standing().pose3d.placed.astype(np.float64), 20, axis=0)
    ahead, down = np.array([0, 0, -1.0]), np.array([0, 1.0, 0])  # the camera's axes: z into the picture, y down

    def lay(joint: str, parent: str, degrees: float, length: float) -> None:
        towards = np.cos(np.radians(degrees)) * down + np.sin(np.radians(degrees)) * ahead
        xyz[:, H36M17.index(joint)] = xyz[:, H36M17.index(parent)] + length * towards

    for side in "LR":
        lay(f"{side}Knee", f"{side}Hip", 60, 0.45)
        lay(f"{side}Ankle", f"{side}Knee", -25, 0.43)
    lean = Rotation.from_rotvec(np.radians(20) * np.cross(-down, ahead))
    upper = H36M17.indices("Spine", "Thorax", "Neck", "Head", "LShoulder", "RShoulder")
    xyz[:, upper] = xyz[:, :1] + (lean.apply((xyz[:, upper] - xyz[:, :1]).reshape(-1, 3))).reshape(20, -1, 3)
    for side in "LR":
        lay(f"{side}Elbow", f"{side}Shoulder", 0, 0.28)
        lay(f"{side}Wrist", f"{side}Elbow", 90, 0.25)
    found = written(result_of(xyz), tmp_path)
    trunk = found["pelvis_tilt"] + found["lumbar_extension"]
    np.testing.assert_allclose(trunk, -20, atol=0.01)
    for s in "rl":
        np.testing.assert_allclose(found["pelvis_tilt"] + found[f"hip_flexion_{s}"], 60, atol=0.01)
        np.testing.assert_allclose(found[f"knee_angle_{s}"], 85, atol=0.01)
        np.testing.assert_allclose(trunk + found[f"arm_flex_{s}"], 0, atol=0.01)
        np.testing.assert_allclose(found[f"elbow_flex_{s}"], 90, atol=0.01)
        np.testing.assert_allclose(found[f"hip_adduction_{s}"], 0, atol=0.01)


@pytest.mark.parametrize("frames", [1, 2, 60])
def test_columns_rows_and_times(frames: int, tmp_path: Path) -> None:
    found = written(filmed(even(frames)), tmp_path)
    assert tuple(found) == COLUMNS
    np.testing.assert_allclose(found["time"], np.arange(frames) / FPS, atol=1e-6)
    assert all(np.isfinite(values).all() for values in found.values())


def test_the_path_is_the_worlds(tmp_path: Path) -> None:
    """x ahead of who faces the camera: the world's z; z to the right of it: the world's left."""
    result = result_of(positions(even(30), sway=0.0, turn=0.0))
    found, hips = written(result, tmp_path), result.world[:, 0]
    np.testing.assert_allclose(found["pelvis_tx"], hips[:, 2] + PELVIS[0], atol=1e-5)
    np.testing.assert_allclose(found["pelvis_ty"], hips[:, 1] + PELVIS[1], atol=1e-5)
    np.testing.assert_allclose(found["pelvis_tz"], -hips[:, 0], atol=1e-5)
    assert FLOOR < 0 < found["pelvis_ty"].min()


def test_a_changing_rate_becomes_one(tmp_path: Path) -> None:
    found = written(filmed(FAST_THEN_SLOW), tmp_path)
    np.testing.assert_allclose(found["time"], np.arange(148) / 30, atol=1e-6)


def test_it_holds_while_nobody_is_there(tmp_path: Path) -> None:
    result = filmed(even(120))
    found = written(without(result, LATE), tmp_path)
    whole = written(result, tmp_path)
    for name in COLUMNS[1:]:
        assert np.ptp(found[name][:30]) < 0.01, name  # a turn may be led over by the frames around it
    np.testing.assert_allclose(found["pelvis_tx"][:40], whole["pelvis_tx"][40], atol=1e-5)
    np.testing.assert_allclose(found["pelvis_tx"][40:], whole["pelvis_tx"][40:], atol=1e-5)


def test_angles_of_joints_that_are_never_seen_are_left_out(tmp_path: Path) -> None:
    """Only the upper body is in the picture: the model's legs stay as they are."""
    legs = np.zeros((120, 17), bool)
    legs[:, H36M17.indices("LKnee", "RKnee", "LAnkle", "RAnkle")] = True
    found = written(without(filmed(even(120)), legs), tmp_path)
    gone = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle")
    assert set(COLUMNS) - set(found) == {f"{name}_{s}" for s in "rl" for name in gone}


@pytest.mark.parametrize(
    "joint, gone",
    {
        "LWrist": {"elbow_flex_l", "pro_sup_l"},
        "RElbow": {"arm_flex_r", "arm_add_r", "arm_rot_r", "elbow_flex_r", "pro_sup_r"},
        "RAnkle": {"knee_angle_r", "ankle_angle_r"},
        "LKnee": {"hip_flexion_l", "hip_adduction_l", "hip_rotation_l", "knee_angle_l", "ankle_angle_l"},
        "Head": set(),
    }.items(),
)
def test_what_hangs_on_a_joint_goes_with_it(joint: str, gone: set[str], tmp_path: Path) -> None:
    unseen = np.zeros((20, 17), bool)
    unseen[:, H36M17.index(joint)] = True
    found = written(without(filmed(even(20)), unseen), tmp_path)
    assert set(COLUMNS) - set(found) == gone


def test_a_result_in_which_nobody_was_ever_seen_has_a_pelvis(tmp_path: Path) -> None:
    found = written(without(filmed(even(5)), np.ones(5, bool)), tmp_path)
    assert tuple(found) == COLUMNS[:7]
