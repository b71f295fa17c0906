"""A teacher beside a learner: the same motion at another pace, turned, scaled or mirrored lies on the learner's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory import made_up, walk, with_observed
from pose3d.analysis import compare
from pose3d.core.ground import CAMERA_UP, Ground, Planted
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.ground import floor_height
from pose3d.view import pair_data, pair_html, player_data
from pose3d.view.pair import APART, TEACHER, THIN, Warp
from test_comparison import bent, turned

TIMES = np.arange(90) / 30
TRUNK = H36M17.indices("Pelvis", "LHip", "RHip", "LShoulder", "RShoulder", "Thorax")
LEFT_WRIST, RIGHT_WRIST = H36M17.indices("LWrist", "RWrist")


def standing(xyz: np.ndarray, times: np.ndarray = TIMES) -> Result:
    """Somebody whose joints (T, 17, 3) are those, on the floor below their feet."""
    result = made_up(times)
    pose = replace(result.pose3d, xyz=xyz.astype(np.float32))
    return replace(result, pose3d=pose, ground=Ground(CAMERA_UP, floor_height(pose, CAMERA_UP), 0.0))


def at_pace(speed: float) -> Result:
    times = np.arange(round(90 / speed)) / 30
    return standing(walk(times * speed)[0], times)


def on_one_side() -> np.ndarray:
    """A walker whose left arm alone is bent, so that the mirror image is another motion."""
    return bent(walk(TIMES)[0], 70)


def mirror(xyz: np.ndarray) -> np.ndarray:
    return xyz[:, H36M17.mirror] * [-1, 1, 1]


WALK, ONE_SIDED = walk(TIMES)[0], on_one_side()
PAIRS = {
    "the same": (standing(WALK), standing(WALK)),
    "turned and tall": (standing(1.2 * WALK @ turned(40).T), standing(WALK)),
    "backwards and small": (standing(0.8 * WALK @ turned(180).T), standing(WALK)),
    "slower": (standing(WALK), at_pace(0.5)),
    "faster": (standing(1.1 * WALK @ turned(-70).T), at_pace(1.5)),
    "mirrored": (standing(ONE_SIDED), standing(mirror(ONE_SIDED))),
    "mirrored and turned": (standing(0.9 * ONE_SIDED @ turned(130).T), standing(mirror(ONE_SIDED))),
}


def over(data: dict) -> tuple[np.ndarray, np.ndarray]:
    """Joints (T, J, 3) metres of learner and teacher, the teacher over the learner."""
    return np.array(data["joints"]), np.array(data["others"][0]["joints"]) + data["pair"]["over"]


def paired(teacher: Result, learner: Result) -> dict:
    return pair_data(teacher, learner, compare(teacher, learner))


@pytest.mark.parametrize(("teacher", "learner"), PAIRS.values(), ids=PAIRS)
def test_the_same_motion_coincides(teacher, learner):
    found = compare(teacher, learner)
    apart = np.linalg.norm(np.subtract(*over(pair_data(teacher, learner, found))), axis=-1)
    compared = (learner.times >= found.learner[0]) & (learner.times <= found.learner[-1])
    assert compared.mean() > 0.9
    assert np.median(apart[compared]) < 0.01 and np.quantile(apart[compared], 0.9) < 0.02


def test_a_difference_stays_where_it_is():
    teacher, learner = standing(WALK), standing(bent(WALK, 60))
    one, other = over(paired(teacher, learner))
    apart = np.linalg.norm(one - other, axis=-1).mean(0)
    assert apart[LEFT_WRIST] > 0.2 and np.delete(apart, LEFT_WRIST).max() < 0.06, (
        "the steps of the comparison's moments"
    )
    assert apart[list(TRUNK)].max() < 0.005, "an arm that is held otherwise turns nobody"


def test_beside_is_to_the_learner_s_left():
    teacher, learner = PAIRS["turned and tall"]
    data = paired(teacher, learner)
    beside = np.array(data["others"][0]["joints"]) - data["joints"]
    assert np.linalg.norm(data["pair"]["over"]) == pytest.approx(APART, abs=0.002) and data["pair"]["over"][2] == 0
    np.testing.assert_allclose(beside.mean(0), np.broadcast_to([APART, 0, 0], (17, 3)), atol=0.03)
    alone = np.array(player_data(learner)["joints"])
    moved = np.array(data["joints"]) - alone
    np.testing.assert_allclose(moved, np.broadcast_to(moved[0, 0], moved.shape), atol=0.002)
    assert np.ptp(np.array(data["joints"])[..., 2]) == pytest.approx(np.ptp(alone[..., 2]), abs=0.002)


def test_the_teacher_holds_still_before_and_after():
    times = np.arange(150) / 30
    late = np.repeat(walk(np.zeros(1))[0], 150, axis=0)
    late[45:135] = WALK
    teacher, learner = standing(WALK), standing(late, times)
    data = paired(teacher, learner)
    seconds, joints = np.array(data["teacher_times"]), np.array(data["others"][0]["joints"])
    assert np.all(np.diff(seconds) >= 0) and (seconds[0], seconds[-1]) == pytest.approx((0, TIMES[-1]), abs=0.1)
    assert np.all(seconds[:40] == seconds[0]) and np.all(seconds[-10:] == seconds[-1])
    still = joints - joints[:, :1]
    np.testing.assert_allclose(still[:40], np.broadcast_to(still[0], (40, 17, 3)), atol=0.002)


def test_the_teacher_s_times_are_those_of_their_video():
    teacher, learner = PAIRS["slower"]
    later = replace(teacher, video=replace(teacher.video, offset=0.7))
    seconds = np.array(paired(later, learner)["teacher_times"])
    assert np.abs(seconds - 0.7 - learner.times / 2)[15:-15].max() < 0.1


@pytest.mark.parametrize("kind", ["turned and tall", "mirrored and turned"])
def test_feet_hands_and_flags_go_along(kind):
    """Feet that point as shins do, and hands as forearms, still do; what was not seen is so on the other side."""
    teacher, learner = PAIRS[kind]
    ends = {"feet": ("Knee", "Ankle"), "hands": ("Elbow", "Wrist")}
    pointing = {name: bones(teacher.world, *ends[name]) for name in ends}
    stands = np.stack([np.arange(90) < 30, np.arange(90) >= 30], 1)
    observed = np.ones((90, 17), bool)
    observed[::3, LEFT_WRIST] = False
    teacher = with_observed(replace(teacher, planted=Planted(teacher.world, stands, **pointing)), observed)
    found = compare(teacher, learner)
    warp = Warp.of(teacher, learner, found)
    planted = warp.teacher.planted
    assert planted is not None
    for name, joints in ends.items():
        turn = np.abs(getattr(planted, name) - bones(warp.world, *joints))
        assert np.quantile(turn, 0.9) < 0.1, name
    first, last = planted.stands[3], planted.stands[-3]
    assert (first.tolist(), last.tolist()) == (
        [not found.mirrored, found.mirrored],
        [found.mirrored, not found.mirrored],
    )
    seen = warp.teacher.pose2d.observed.all(0)
    assert list(np.flatnonzero(~seen)) == [RIGHT_WRIST if found.mirrored else LEFT_WRIST]


def bones(world: np.ndarray, start: str, end: str) -> np.ndarray:
    """(T, 2, 3) unit vectors of the left and the right one."""
    starts, ends = (H36M17.indices(f"L{name}", f"R{name}") for name in (start, end))
    way = world[:, ends].astype(np.float64) - world[:, starts]
    return way / np.linalg.norm(way, axis=-1, keepdims=True)


def test_the_teacher_looks_otherwise_and_stands_nowhere():
    teacher, learner = PAIRS["the same"]
    teacher = replace(teacher, planted=Planted(teacher.world, np.ones((90, 2), bool)))
    data = paired(teacher, learner)
    (other,) = data["others"]
    assert other["ghost"] == TEACHER and other["pose2d"] is None and not any(other["stands"])
    assert "ghost" not in data and data["pose2d"] is not None
    traces = data["figure"]["data"][data["moving"] :]
    learner_s, teacher_s = traces[:4], traces[4:]
    assert {trace["line"]["color"] for trace in teacher_s[:3]} == {TEACHER}
    assert teacher_s[3]["marker"]["line"]["color"] == TEACHER
    assert teacher_s[0]["line"]["width"] == THIN * learner_s[0]["line"]["width"]
    assert teacher_s[3]["marker"]["size"] == [THIN * size for size in learner_s[3]["marker"]["size"]]
    path = data["figure"]["data"][2]
    assert len(path["x"]) == len(learner), "one way, which both go"


def test_who_stands_over_the_learner_is_nearer_to_look_at():
    teacher, learner = PAIRS["the same"]
    data = paired(teacher, learner)
    beside, above = data["views"]["front"], data["pair"]["views"]["front"]
    assert above["wide"] < beside["wide"] and above["direction"] == beside["direction"]


def test_the_teacher_stays_on_the_floor_when_the_learner_jumps():
    teacher, learner = standing(WALK), standing(WALK)
    root = learner.pose3d.root - np.float32(0.3) * np.sin(np.pi * TIMES / TIMES[-1])[:, None] * [0, 1, 0]
    jumping = replace(learner, pose3d=replace(learner.pose3d, root=root.astype(np.float32)))
    one, other = over(paired(teacher, jumping))
    assert np.ptp(other[:, 0, 2]) < 0.002 < 0.25 < np.ptp(one[:, 0, 2])
    np.testing.assert_allclose(one[:, 0, :2], other[:, 0, :2], atol=0.003)


@pytest.mark.parametrize("whose", ["teacher", "learner"])
def test_made_up_poses_of_who_is_gone_change_nothing(whose):
    """The first half second, in which nobody is seen: wild, far away, and turned."""
    observed = np.ones((90, 17), bool)
    observed[:15] = False
    people = {"teacher": standing(WALK), "learner": standing(WALK)}
    people[whose] = with_observed(people[whose], observed)
    expected = over(paired(*people.values()))
    root, xyz = people[whose].pose3d.root.copy(), people[whose].pose3d.xyz.copy()
    root[:15] += [50, 0, 90]
    xyz[:15] = 3 * xyz[:15] @ turned(90)
    people[whose] = replace(people[whose], pose3d=replace(people[whose].pose3d, root=root, xyz=xyz))
    for before, after in zip(expected, over(paired(*people.values())), strict=True):
        np.testing.assert_allclose(after - after[20, 0], before - before[20, 0], atol=0.0025)


def test_the_pace_is_kept_to_the_ends():
    teacher, learner = PAIRS["the same"]
    data = paired(teacher, learner)
    np.testing.assert_allclose(data["teacher_times"], TIMES, atol=0.005)


def test_a_few_frames_are_enough():
    one = made_up(np.arange(1) / 30)
    data = paired(one, one)
    np.testing.assert_allclose(*over(data), atol=0.002)


def test_the_file_says_who_and_how_near():
    teacher, learner = PAIRS["slower"]
    named = replace(teacher, video=replace(teacher.video, path=teacher.video.path.with_name("<teacher>.mp4")))
    found = compare(named, learner)
    page = pair_html(named, learner, found)
    assert "walk.mp4 beside &lt;teacher&gt;.mp4" in page and "<teacher>" not in page
    for language in ("en", "zh"):
        assert f'<p lang="{language}">{found.headline(language)}</p>' in page
