"""Joints to the turning bones of a humanoid: where they point, how hinges and feet lie, and that nothing flips."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from pose3d.core.skeleton import H36M17
from pose3d.motion.ends import HEEL, SOLE, TOES, fade
from pose3d.motion.humanoid import BONES, HEAD_LEAN, NAMES, Humanoid, solve
from pose3d.motion.limbs import steady
from pose3d.motion.turns import within

EXAMPLES = Path(__file__).parent.parent / "assets" / "examples"
CLIPS = ("squats", "walk", "arm_raises", "jumping_jacks")
UP, AHEAD = np.eye(3)[1:]

T_POSE = {
    "Pelvis": (0, 0.95, 0), "Spine": (0, 1.2, 0), "Thorax": (0, 1.45, 0), "Neck": (0, 1.56, 0),
    "Head": (0, 1.56 + 0.12 * np.cos(HEAD_LEAN), 0.12 * np.sin(HEAD_LEAN)),
    "LHip": (0.12, 0.95, 0), "LKnee": (0.12, 0.52, 0), "LAnkle": (0.12, 0.09, 0),
    "RHip": (-0.12, 0.95, 0), "RKnee": (-0.12, 0.52, 0), "RAnkle": (-0.12, 0.09, 0),
    "LShoulder": (0.17, 1.45, 0), "LElbow": (0.45, 1.45, 0), "LWrist": (0.7, 1.45, 0),
    "RShoulder": (-0.17, 1.45, 0), "RElbow": (-0.45, 1.45, 0), "RWrist": (-0.7, 1.45, 0),
}  # fmt: skip
"""Metres."""
ALOFT = np.array([0.0, 2.0, 0.0])
"""Metres: where no foot meets the floor."""


def body(frames: int = 1, **moved: tuple[float, float, float]) -> np.ndarray:
    """(T, 17, 3): the T pose but for some joints; of a name without a side ("Knee") the left one, and its mirror."""
    places = dict(T_POSE)
    for name, place in moved.items():
        if name in places:
            places[name] = place
        else:
            places |= {f"L{name}": place, f"R{name}": tuple(np.multiply(place, (-1, 1, 1)))}
    return np.tile(np.array([places[joint] for joint in H36M17.joints], float), (frames, 1, 1))


def dance(frames: int, seed: int = 0) -> np.ndarray:
    """(T, 17, 3): every bone swings as it likes; bones keep their length, the pelvis is the middle of the hips."""
    random = np.random.default_rng(seed)
    rest, xyz = body()[0], np.zeros((frames, 17, 3))
    seconds = np.arange(frames)[:, None] / 30
    xyz[:, 0] = [0, 1, 0] + 0.3 * np.sin(seconds * random.uniform(0.5, 2, 3))
    turned = Rotation.from_rotvec(seconds * random.uniform(-2, 2, 3))
    for parent, joint in H36M17.edges:
        swung = turned * Rotation.from_rotvec(0.7 * np.sin(seconds * random.uniform(1, 4, 3) + random.uniform(0, 6, 3)))
        xyz[:, joint] = xyz[:, parent] + swung.apply(rest[joint] - rest[parent])
    left, right = H36M17.indices("LHip", "RHip")
    shift = 2 * xyz[:, 0] - xyz[:, right] - xyz[:, left]
    xyz[:, H36M17.indices("LHip", "LKnee", "LAnkle")] += shift[:, None]
    return xyz


def example(name: str) -> np.ndarray:
    """(T, 17, 3) metres, y up: the truth of a shipped clip."""
    return np.array(json.loads((EXAMPLES / f"{name}.json").read_text())["xyz"]) * [1, -1, -1]


def turn(humanoid: Humanoid, name: str) -> Rotation:
    """A bone's rotations against its parent."""
    return Rotation.from_quat(humanoid.rotations[:, NAMES.index(name)])


def turned(humanoid: Humanoid, name: str) -> Rotation:
    """A bone's rotations in the world."""
    bone = BONES[NAMES.index(name)]
    return turned(humanoid, bone.parent) * turn(humanoid, name) if bone.parent else turn(humanoid, name)


def degrees(humanoid: Humanoid, name: str) -> np.ndarray:
    """(3,) degrees: the rotation vector of a bone against its parent in the first frame."""
    return turn(humanoid, name).as_rotvec(degrees=True)[0]


def assert_rotations(humanoid: Humanoid) -> None:
    """Finite, of unit length, and no sign that changes without a turn."""
    np.testing.assert_allclose(np.linalg.norm(humanoid.rotations, axis=-1), 1, atol=1e-12)
    assert np.isfinite(humanoid.places).all()
    assert np.isfinite(humanoid.offsets).all()
    assert (np.sum(humanoid.rotations[1:] * humanoid.rotations[:-1], axis=-1) >= 0).all()


# --- where bones are ---


@pytest.mark.parametrize("frames", [1, 2, 5, 400])
def test_forward_kinematics_gives_the_joints_back(frames: int) -> None:
    xyz = dance(frames)
    humanoid = solve(xyz, H36M17)
    np.testing.assert_allclose(humanoid.joints(H36M17), xyz, atol=1e-9)
    starts = xyz[:, [H36M17.index(bone.start) for bone in BONES]]
    np.testing.assert_allclose(humanoid.starts(), starts, atol=1e-9)
    assert_rotations(humanoid)


def test_lengths_that_change_become_their_medians() -> None:
    xyz = dance(99)
    knee, ankle = H36M17.indices("LKnee", "LAnkle")
    shin = xyz[:, ankle] - xyz[:, knee]
    xyz[:, ankle] += 0.2 * np.sin(np.arange(99))[:, None] * shin
    found = solve(xyz, H36M17).joints(H36M17)
    length = np.median(np.linalg.norm(xyz[:, ankle] - xyz[:, knee], axis=-1))
    np.testing.assert_allclose(found[:, ankle] - found[:, knee], length * shin / np.linalg.norm(shin[0]), atol=1e-9)


def test_the_rest_pose_has_no_rotations() -> None:
    humanoid = solve(body(3), H36M17)
    np.testing.assert_allclose(humanoid.rotations, np.broadcast_to([0, 0, 0, 1], (3, 19, 4)), atol=1e-12)
    np.testing.assert_allclose(humanoid.rest + humanoid.places[0], humanoid.starts()[0], atol=1e-12)


@pytest.mark.parametrize(
    "turns",
    [(0, 0, 180), (180, 0, 0), (0, 180, 0), (90, 0, 0), (-90, 0, 0), (0, 0, 90), (120, 50, -70)],
    ids=["handstand", "head first", "from behind", "on the belly", "on the back", "on the side", "thrown"],
)
def test_a_body_that_lies_or_stands_on_its_hands_only_turns_its_hips(turns: tuple[float, float, float]) -> None:
    whole = Rotation.from_rotvec(turns, degrees=True)
    humanoid = solve(whole.apply(body(2).reshape(-1, 3)).reshape(2, 17, 3) + ALOFT, H36M17)
    np.testing.assert_allclose((whole.inv() * turn(humanoid, "hips")).magnitude(), 0, atol=1e-7)
    np.testing.assert_allclose(humanoid.rotations[:, 1:], np.broadcast_to([0, 0, 0, 1], (2, 18, 4)), atol=1e-7)


@pytest.mark.parametrize("frames", [1, 2, 30])
@pytest.mark.parametrize("gone", ["everything", "trunk", "hips", "shoulders", "limbs", "head"])
def test_bones_of_no_length_leave_unit_rotations(frames: int, gone: str) -> None:
    xyz = dance(frames)
    together = {
        "everything": H36M17.joints,
        "trunk": ("Pelvis", "Spine", "Thorax"),
        "hips": ("Pelvis", "LHip", "RHip"),
        "shoulders": ("LShoulder", "Thorax", "RShoulder"),
        "limbs": ("LShoulder", "LElbow", "LWrist"),
        "head": ("Neck", "Head"),
    }[gone]
    xyz[:, H36M17.indices(*together)] = xyz[:, H36M17.indices(together[0])]
    stands = np.ones((frames, 2), bool)
    assert_rotations(solve(xyz, H36M17, stands))


# --- hinges ---


def squat(turned_out: float = 0.0) -> np.ndarray:
    """(1, 17, 3): thighs ahead, turned out by so many degrees, shins down."""
    out = np.radians(turned_out)
    knee = np.array([0.12, 0.95, 0]) + 0.43 * np.array([np.sin(out), 0, np.cos(out)])
    return body(Knee=tuple(knee), Ankle=tuple(knee - [0, 0.43, 0]))


@pytest.mark.parametrize("bend", [20, 45, 90, 150])
def test_the_knee_bends_the_shin_backwards(bend: float) -> None:
    """A heel that is raised behind the body: the thigh stays, the shin turns about the knee's axis alone."""
    ankle = (0.12, 0.52 - 0.43 * np.cos(np.radians(bend)), -0.43 * np.sin(np.radians(bend)))
    humanoid = solve(body(Ankle=ankle), H36M17)
    for side in ("left", "right"):
        np.testing.assert_allclose(degrees(humanoid, f"{side}UpperLeg"), 0, atol=1e-6)
        np.testing.assert_allclose(degrees(humanoid, f"{side}LowerLeg"), [bend, 0, 0], atol=1e-6)


def test_knees_of_a_squat_point_where_the_thighs_do() -> None:
    humanoid = solve(squat(turned_out=25), H36M17)
    for side, sign in (("left", 1), ("right", -1)):
        front = turned(humanoid, f"{side}LowerLeg").apply(AHEAD)[0]
        np.testing.assert_allclose(front[1], 0, atol=0.01)
        assert np.degrees(np.arctan2(sign * front[0], front[2])) == pytest.approx(25, abs=2.5)
        assert degrees(humanoid, f"{side}LowerLeg")[0] == pytest.approx(90, abs=3)


@pytest.mark.parametrize("bend", [20, 60, 90, 145])
def test_a_curl_bends_the_elbow_alone(bend: float) -> None:
    """Upper arms down: hinges within a few degrees of straight ahead, where relaxed arms bend a little inwards."""
    height, ahead = 0.25 * np.cos(np.radians(bend)), 0.25 * np.sin(np.radians(bend))
    humanoid = solve(body(Elbow=(0.17, 1.17, 0), Wrist=(0.17, 1.17 - height, ahead)), H36M17)
    for side, sign in (("left", -1), ("right", 1)):
        hinge = degrees(humanoid, f"{side}LowerArm")
        assert sign * hinge[1] == pytest.approx(bend, abs=2)
        front = turned(humanoid, f"{side}UpperArm").apply(AHEAD)[0]
        assert front[2] > np.cos(np.radians(6))


def test_a_knee_that_seems_to_bend_the_wrong_way_keeps_pointing_ahead() -> None:
    for wrong in (5, 15, 40):
        ankle = (0.12, 0.52 - 0.43 * np.cos(np.radians(wrong)), 0.43 * np.sin(np.radians(wrong)))
        humanoid = solve(body(9, Ankle=ankle), H36M17)
        for side in ("left", "right"):
            assert turned(humanoid, f"{side}UpperLeg").apply(AHEAD)[0, 2] > 0.99
            assert turned(humanoid, f"{side}LowerLeg").apply(AHEAD)[0, 2] > np.cos(np.radians(wrong + 1))


SPIN = 2.2
"""Degrees about itself from frame to frame."""


def test_straight_limbs_do_not_spin_with_the_noise_of_their_joints() -> None:
    """Joints seen to a centimetre, which turns the plane of a straight limb all around."""
    xyz = body(200, Elbow=(0.25, 1.18, 0), Wrist=(0.32, 0.94, 0))
    limbs = [joint for joint in range(17) if H36M17.joints[joint][1:] in ("Elbow", "Wrist", "Knee", "Ankle")]
    xyz[:, limbs] += np.random.default_rng(3).normal(0, 0.006, (200, len(limbs), 3))
    humanoid = solve(xyz, H36M17)
    for name in ("leftUpperArm", "rightUpperArm", "leftUpperLeg", "rightUpperLeg"):
        still = turned(humanoid, name)
        axis = still.apply(BONES[NAMES.index(name)].rest)[1:]
        about_itself = np.sum((still[1:] * still[:-1].inv()).as_rotvec(degrees=True) * axis, axis=-1)
        assert np.abs(about_itself).max() < SPIN


@pytest.mark.parametrize("angle", np.radians([-180, -170, -90, -45, 0, 30, 45, 60, 135, 170, 180]))
def test_limits_are_kept_without_a_jump_at_the_half_turn(angle: float) -> None:
    limit = np.radians(45)
    found = within(np.array([angle, angle + 1e-6]), limit)
    assert np.abs(found).max() <= limit + 1e-12
    assert abs(found[1] - found[0]) < 2e-6
    if abs(angle) <= limit:
        assert found[0] == pytest.approx(angle)


# --- the trunk ---


def test_shoulders_that_turn_twist_the_chest_and_half_of_it_the_spine() -> None:
    twist = Rotation.from_rotvec([0, 40, 0], degrees=True)
    upper = H36M17.indices("Head", "LShoulder", "LElbow", "LWrist", "RShoulder", "RElbow", "RWrist")
    xyz = body()
    xyz[:, upper] = twist.apply(xyz[0, upper])
    humanoid = solve(xyz, H36M17)
    np.testing.assert_allclose(degrees(humanoid, "hips"), 0, atol=1e-9)
    np.testing.assert_allclose(degrees(humanoid, "spine"), [0, 20, 0], atol=1e-9)
    np.testing.assert_allclose(degrees(humanoid, "chest"), [0, 20, 0], atol=1e-9)
    for name in ("neck", "head", "leftShoulder", "rightUpperArm"):
        np.testing.assert_allclose(degrees(humanoid, name), 0, atol=1e-6)


def test_a_nod_turns_the_face_down() -> None:
    humanoid = solve(body(Neck=(0, 1.55, 0.04), Head=(0, 1.63, 0.13)), H36M17)
    down = np.degrees(np.arcsin(-turned(humanoid, "head").apply(AHEAD)[0, 1]))
    assert down == pytest.approx(np.degrees(np.arctan2(0.09, 0.08) - HEAD_LEAN), abs=1e-6)


# --- motion ---


def steps(humanoid: Humanoid) -> np.ndarray:
    """(T - 1, N) degrees by which each bone turns against its parent from frame to frame."""
    cosines = np.sum(humanoid.rotations[1:] * humanoid.rotations[:-1], axis=-1)
    return np.degrees(2 * np.arccos(np.clip(cosines, -1, 1)))


@pytest.mark.parametrize("clip, fastest", list(zip(CLIPS, (15.5, 16, 11.5, 26), strict=True)))
def test_nothing_flips_in_the_examples(clip: str, fastest: float) -> None:
    """fastest: degrees in a frame, what the knees or arms themselves do."""
    humanoid = solve(example(clip), H36M17)
    assert steps(humanoid).max() < fastest
    assert_rotations(humanoid)


@pytest.mark.parametrize("clip, most", list(zip(CLIPS, (3.6, 1.6, 2.6, 7.2), strict=True)))
def test_bones_turn_little_more_than_their_direction_does(clip: str, most: float) -> None:
    """most: degrees in a frame."""
    xyz = example(clip)
    humanoid = solve(xyz, H36M17)
    found = {}
    for bone in BONES:
        if not bone.end:
            continue
        start, end = H36M17.indices(bone.start, bone.end)
        along = xyz[:, end] - xyz[:, start]
        along /= np.linalg.norm(along, axis=-1, keepdims=True)
        pointed = np.degrees(np.arccos(np.clip(np.sum(along[1:] * along[:-1], axis=-1), -1, 1)))
        turns = turned(humanoid, bone.name)
        found[bone.name] = (np.degrees((turns[1:] * turns[:-1].inv()).magnitude()) - pointed).max()
    assert max(found.values()) < most


@pytest.mark.parametrize("clip", CLIPS)
def test_knees_point_ahead_of_the_hips_in_the_examples(clip: str) -> None:
    humanoid = solve(example(clip), H36M17)
    for side in ("left", "right"):
        across = turn(humanoid, f"{side}UpperLeg").apply([1, 0, 0])
        assert across[:, 0].min() > np.cos(np.radians(46))
        bend = turn(humanoid, f"{side}LowerLeg").as_rotvec(degrees=True)
        assert bend[:, 0].min() > -2
        assert bend[:, 0].max() < 155


@pytest.mark.parametrize("clip", CLIPS)
def test_a_mirrored_motion_has_mirrored_rotations(clip: str) -> None:
    xyz = example(clip)
    stands = np.random.default_rng(1).random((len(xyz), 2)) < 0.5
    plain = solve(xyz, H36M17, stands)
    mirrored = solve((xyz * [-1, 1, 1])[:, H36M17.mirror], H36M17, stands[:, ::-1])
    other = [NAMES.index(_other_side(name)) for name in NAMES]
    expected = plain.rotations[:, other] * [1, -1, -1, 1]
    np.testing.assert_allclose(np.abs(np.sum(mirrored.rotations * expected, axis=-1)), 1, atol=1e-9)


def _other_side(name: str) -> str:
    for side, other in (("left", "right"), ("right", "left")):
        if name.startswith(side):
            return other + name.removeprefix(side)
    return name


def test_frames_depend_on_none_that_are_far_away() -> None:
    some, many = solve(dance(300), H36M17), solve(dance(3000), H36M17)
    np.testing.assert_allclose(some.rotations[:280], many.rotations[:280], atol=1e-9)


# --- feet ---


def sole(humanoid: Humanoid, side: str) -> np.ndarray:
    """(T,) degrees between the sole's normal and up."""
    return np.degrees(np.arccos(np.clip(turned(humanoid, f"{side}Foot").apply(UP)[:, 1], -1, 1)))


def leaning(frames: int, lean: float) -> np.ndarray:
    """(T, 17, 3): the body leans ahead from the ankles, by degrees, on something high."""
    pivot = np.array([0, 0.09, 0])
    tilt = Rotation.from_rotvec([lean, 0, 0], degrees=True)
    return tilt.apply(body(frames).reshape(-1, 3) - pivot).reshape(frames, 17, 3) + pivot + ALOFT


def in_time(fps: float) -> np.ndarray:
    """(2, 20) a twist, and how much a foot is flat, a tenth of a second apart: bent and standing for 0.4 seconds."""
    times = np.arange(round(2 * fps)) / fps
    marked = (times > 0.79) & (times < 1.21)
    twist = steady(np.ones(len(times)), 0.5 * marked, np.zeros(len(times)), fps)
    return np.stack([twist, fade(marked, fps)])[:, :: round(fps / 10)]


@pytest.mark.parametrize("fps", [10.0, 60.0, 120.0])
def test_twists_and_fades_hang_on_seconds_not_on_frames(fps: float) -> None:
    twist, flat = np.abs(in_time(fps) - in_time(30.0)).max(axis=1)
    assert twist < 0.146 and flat < 0.046


def test_feet_that_stand_are_flat_and_others_square_to_the_shin() -> None:
    stands = np.zeros((60, 2), bool)
    stands[20:40, 0] = True
    humanoid = solve(leaning(60, 20), H36M17, stands)
    assert sole(humanoid, "left")[20:40].max() < 1e-4
    np.testing.assert_allclose(sole(humanoid, "right"), 20, atol=1e-4)
    np.testing.assert_allclose(sole(humanoid, "left")[np.r_[:15, 45:60]], 20, atol=1e-4)
    assert np.abs(np.diff(sole(humanoid, "left"))).max() < 20 / 6 + 1e-4
    toes = turned(humanoid, "leftFoot").apply(AHEAD)[30]
    np.testing.assert_allclose(toes, AHEAD, atol=1e-6)


@pytest.mark.parametrize("lean, ankle", [(25, -25), (60, -40), (-45, 45), (-70, 50)])
def test_an_ankle_bends_no_further_than_it_can(lean: float, ankle: float) -> None:
    humanoid = solve(leaning(3, lean), H36M17, np.ones((3, 2), bool))
    np.testing.assert_allclose(degrees(humanoid, "rightFoot"), [ankle, 0, 0], atol=1e-6)


def test_toes_that_were_seen_are_followed() -> None:
    random = np.random.default_rng(2)
    toes = np.zeros((50, 2, 3))
    toes[10:30] = [0.3, -0.4, 0.8] + random.normal(0, 0.1, (20, 2, 3))
    toes /= np.maximum(np.linalg.norm(toes, axis=-1, keepdims=True), 1e-9)
    humanoid = solve(body(50) + ALOFT, H36M17, feet=toes)
    for n, side in enumerate(("left", "right")):
        found = turned(humanoid, f"{side}Foot").apply(AHEAD)
        np.testing.assert_allclose(found[10:30], toes[10:30, n], atol=1e-9)
        np.testing.assert_allclose(found[40:], np.tile(AHEAD, (10, 1)), atol=1e-9)
        assert np.linalg.norm(np.diff(found[30:], axis=0), axis=-1).max() < 0.2


@pytest.mark.parametrize("height", [0.02, 0.08, 0.15, 0.2, 0.3, 1.0])
@pytest.mark.parametrize("pitch", [-80, -30, 20, 60, 90])
def test_neither_toes_nor_heel_are_in_the_floor(height: float, pitch: float) -> None:
    """A foot that points up or down by degrees, its ankle so high: lower than that of a flat foot, it is flat."""
    joints = body(6)
    joints[..., 1] += height - joints[0, H36M17.index("LAnkle"), 1]
    sin, cos = np.sin(np.radians(pitch)), np.cos(np.radians(pitch))
    seen = np.tile([0.0, -sin, cos], (6, 2, 1))
    found = turned(solve(joints, H36M17, feet=seen), "leftFoot")
    shin = float(np.linalg.norm(joints[0, H36M17.index("LKnee")] - joints[0, H36M17.index("LAnkle")]))
    heel, toes = (height + found.apply(shin * np.array([0, -SOLE, ahead]))[0, 1] for ahead in (-HEEL, TOES))
    assert min(heel, toes) > min(height - SOLE * shin, 0) - 1e-9
    if min(height - shin * (SOLE * cos + max(TOES * sin, -HEEL * sin)), height - SOLE * shin) > 0:
        np.testing.assert_allclose(found.apply(AHEAD), seen[:, 0], atol=1e-9)


def test_toes_that_were_seen_give_a_flat_foot_its_direction() -> None:
    out = np.radians(35)
    toes = np.tile([[np.sin(out), 0, np.cos(out)], [-np.sin(out), 0, np.cos(out)]], (4, 1, 1))
    humanoid = solve(leaning(4, 15), H36M17, np.ones((4, 2), bool), toes)
    for n, side in enumerate(("left", "right")):
        assert sole(humanoid, side).max() < 1e-4
        np.testing.assert_allclose(turned(humanoid, f"{side}Foot").apply(AHEAD), toes[:, n], atol=1e-9)


def test_toes_unseen_for_a_moment_move_on_between_the_sightings() -> None:
    angles = np.radians(np.linspace(-30, 30, 21))
    toes = np.repeat(np.stack([np.sin(angles), 0 * angles, np.cos(angles)], axis=1)[:, None], 2, axis=1)
    toes[9:12] = 0
    humanoid = solve(body(21), H36M17, feet=toes)
    found = turned(humanoid, "rightFoot").apply(AHEAD)
    np.testing.assert_allclose(found[np.r_[:9, 12:21]], toes[np.r_[:9, 12:21], 1], atol=1e-9)
    assert np.abs(np.degrees(np.diff(np.arctan2(found[:, 0], found[:, 2])))).max() < 4


def test_the_knee_of_a_straight_leg_turns_half_as_far_as_its_toes() -> None:
    out = np.radians(30)
    toes = np.tile([[np.sin(out), 0, np.cos(out)], [-np.sin(out), 0, np.cos(out)]], (9, 1, 1))
    humanoid = solve(body(9), H36M17, feet=toes)
    for side, sign in (("left", 1), ("right", -1)):
        np.testing.assert_allclose(degrees(humanoid, f"{side}UpperLeg"), [0, sign * 15, 0], atol=1e-6)
        np.testing.assert_allclose(degrees(humanoid, f"{side}LowerLeg"), 0, atol=1e-6)
        np.testing.assert_allclose(degrees(humanoid, f"{side}Foot"), [0, sign * 15, 0], atol=1e-6)


def test_toes_change_nothing_about_a_knee_that_is_bent() -> None:
    toes = np.tile([0.5, 0, np.sqrt(0.75)], (9, 2, 1))
    bent = np.repeat(squat(turned_out=10), 9, axis=0)
    plain, seen = solve(bent, H36M17), solve(bent, H36M17, feet=toes)
    for name in ("leftUpperLeg", "rightUpperLeg"):
        between = (turn(plain, name).inv() * turn(seen, name)).magnitude()
        assert np.degrees(between).max() < 1


# --- hands ---


def test_knuckles_that_were_seen_are_followed() -> None:
    knuckles = np.zeros((30, 2, 3))
    knuckles[5:20, 0], knuckles[5:20, 1] = [0.6, -0.8, 0], [-0.6, 0, 0.8]
    humanoid = solve(body(30), H36M17, hands=knuckles)
    for n, (side, rest) in enumerate((("left", (1, 0, 0)), ("right", (-1, 0, 0)))):
        found = turned(humanoid, f"{side}Hand").apply(rest)
        np.testing.assert_allclose(found[5:20], knuckles[5:20, n], atol=1e-9)
        np.testing.assert_allclose(found[26:], np.tile(rest, (4, 1)), atol=1e-9)
    np.testing.assert_allclose(solve(body(30), H36M17).rotations[:, :7], humanoid.rotations[:, :7], atol=1e-12)
