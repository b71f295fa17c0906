"""How well a run went: faults made on purpose in a clean result, and the words for them."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from factory import STANDING, made_up, with_observed
from pose3d.analysis import Finding, analysed, quality
from pose3d.analysis.actions import HIDDEN as ACTION_HIDDEN
from pose3d.analysis.comparison import LESS, MIRROR, MORE
from pose3d.analysis.count import FROM_ABOVE, HIDDEN, WEAKEST
from pose3d.analysis.measuring.measure import ALONG_VIEW, LITTLE_SWAY, NO_WALK, NOTE, SCALE, UNSEEN
from pose3d.analysis.quality import CHECKS, GRADES, WORTH
from pose3d.analysis.whole import CHECKS as WHOLE_CHECKS
from pose3d.core.camera import Camera
from pose3d.core.people import PersonSeen
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.core.video import Orientation
from pose3d.core.words import LANGUAGES, say, table
from synthetic.trials import TRIALS
from synthetic.truth import load_truth

FRAMES, FPS = 100, 25.0
BAD = slice(40, 60)
"""From 1.6 s to 2.4 s."""
ANKLES, WRISTS, ARM = (H36M17.indices(*names) for names in (("LAnkle", "RAnkle"), ("LWrist",), ("LElbow", "LWrist")))
HEAD = H36M17.indices("Head")
LEGS = H36M17.indices("LKnee", "RKnee", "LAnkle", "RAnkle")


def still(times: np.ndarray) -> Result:
    """Someone who stands still 3.5 metres away, seen without an error, at times (T,)."""
    base = made_up(times, width=640, height=480)
    xyz = np.repeat(np.array([[STANDING[joint] for joint in H36M17.joints]], np.float32), len(times), axis=0)
    root = np.tile(np.array([0, 0, 3.5], np.float32), (len(times), 1))
    pose2d = replace(base.pose2d, xy=base.pose2d.camera.project(xyz + root[:, None]))
    pose3d = replace(base.pose3d, xyz=xyz, root=root)
    return with_observed(replace(base, pose2d=pose2d, pose3d=pose3d), np.ones(xyz.shape[:2], bool))


@pytest.fixture
def clean() -> Result:
    return still(np.arange(FRAMES) / FPS)


def codes(result: Result) -> list[str]:
    return [finding.code for finding in quality(result).findings]


def unseen(result: Result, rows, joints, xy=None) -> Result:
    """The result with joints that were not observed in some frames; xy: where the detector puts them."""
    observed, places = result.pose2d.observed.copy(), result.pose2d.xy.copy()
    observed[rows, joints] = False
    if xy is not None:
        places[rows, joints] = xy
    return with_observed(replace(result, pose2d=replace(result.pose2d, xy=places)), observed)


def of_error(result: Result, rows, percent: float) -> Result:
    """The result with a reprojection error of so many percent of the body's size."""
    size = np.linalg.norm(np.ptp(result.pose2d.xy[0], axis=0))
    error = result.pose3d.reprojection_error.copy()
    error[rows] = percent / 100 * size
    return replace(result, pose3d=replace(result.pose3d, reprojection_error=error))


def scaled(result: Result, rows, by: float) -> Result:
    """The result with a body that is `by` times as large in some frames."""
    xyz = result.pose3d.xyz.copy()
    xyz[rows] *= by
    return replace(result, pose3d=replace(result.pose3d, xyz=xyz))


def swollen(result: Result) -> Result:
    """The result with a body that grows by 2 percent a frame, up to 20, and is over 10 percent larger in BAD."""
    frame = np.arange(len(result))
    steps = np.minimum(frame - (BAD.start - 5.5), BAD.stop + 4.5 - frame)
    grown = 1 + np.clip(0.02 * steps, 0, 0.2).astype(np.float32)
    return replace(result, pose3d=replace(result.pose3d, xyz=result.pose3d.xyz * grown[:, None, None]))


def shrunk(result: Result, rows) -> Result:
    """The result with a person who is a third as large in the picture in some frames."""
    xy = result.pose2d.xy.copy()
    xy[rows] = 300 + xy[rows] / 3
    return replace(result, pose2d=replace(result.pose2d, xy=xy))


def moved(result: Result, axis: int, metres: np.ndarray) -> Result:
    """The result with a body that is moved in camera space: metres (T,) along an axis."""
    root = result.pose3d.root.copy()
    root[:, axis] += metres
    return replace(result, pose3d=replace(result.pose3d, root=root))


def lifted(result: Result, frames: int) -> Result:
    """The result with a body that is 0.3 m above the floor in so many frames."""
    return moved(
        result, 1, np.where(np.arange(FRAMES) - BAD.start < frames, -0.3, 0) * (np.arange(FRAMES) >= BAD.start)
    )


def pushed(result: Result, speed: float) -> Result:
    """The result with a body that is pushed to the right in BAD, as it stands, in metres per second."""
    return moved(result, 0, speed * (result.times.clip(1.6, 2.36) - 1.6))


def thrown(result: Result, rows, metres: float) -> Result:
    """The result with a wrist that is thrown to and fro in some frames."""
    xyz = result.pose3d.xyz.copy()
    xyz[rows, WRISTS[0], 0] += metres * (-1.0) ** np.arange(len(xyz[rows]))
    return replace(result, pose3d=replace(result.pose3d, xyz=xyz))


def apart(result: Result, rows, millimetres: float) -> Result:
    """The result with another lifter that disagrees by so much in some frames."""
    metres = np.zeros(len(result), np.float32)
    metres[rows] = millimetres / 1000
    return replace(result, disagreement=metres)


SPOIL: dict[str, Callable[[Result], Result]] = {
    "lost": lambda result: unseen(result, BAD, slice(None)),
    "head_outside": lambda result: unseen(result, BAD, HEAD, (320, -4)),
    "hands_outside": lambda result: unseen(result, BAD, WRISTS, (639, 200)),
    "feet_outside": lambda result: unseen(result, np.arange(40, 60)[:, None], ANKLES, (300, 500)),
    "far_away": lambda result: shrunk(result, BAD),
    "doubtful_joints": lambda result: unseen(result, np.arange(40, 60)[:, None], ARM),
    "bone_lengths": swollen,
    "doubtful_depth": lambda result: apart(result, BAD, 45.0),
    "floats": lambda result: lifted(result, 20),
    "glides": lambda result: pushed(result, 1.05),
    "jumps": lambda result: thrown(result, BAD, 0.1),
}


def test_clean_input_has_no_findings(clean):
    found = quality(clean)
    assert (found.clear_share, found.error, found.overall, found.grade) == (1, 0, 1, "good")
    assert found.bone_variation == pytest.approx(0, abs=1e-4) and found.findings == ()


@pytest.mark.parametrize("code", SPOIL)
def test_each_fault_is_found_when_it_is(clean, code):
    (finding,) = quality(SPOIL[code](clean)).findings
    assert (finding.code, finding.start, finding.end) == (code, pytest.approx(1.6), pytest.approx(2.4))
    assert finding.severity == ("serious" if code in ("lost", "jumps") else "minor")


def test_a_wrong_camera_is_one_of_the_whole_clip(clean):
    assert quality(of_error(clean, BAD, 3)).findings == ()
    (finding,) = quality(of_error(clean, slice(30, 90), 3)).findings
    assert replace(finding, start=1.2, end=3.6) == Finding("camera_guess", 1.2, 3.6, "serious")
    assert (finding.start, finding.end) == (pytest.approx(1.2), pytest.approx(3.6))
    assert set(CHECKS) == {*SPOIL, "camera_guess", "lost_briefly"}


def test_who_leaps_does_not_float(clean):
    assert codes(lifted(clean, 18)) == ["floats"] and codes(lifted(clean, 17)) == []


@pytest.mark.parametrize("metres, floating", [(0.17, True), (0.13, False)])
def test_how_high_is_off_the_floor(clean, metres, floating):
    up = moved(clean, 1, np.where(np.arange(FRAMES) < 60, 0.0, -metres))
    assert codes(up) == (["floats"] if floating else [])


def test_feet_glide_over_the_floor_not_above_it_nor_for_a_moment(clean):
    """0.15 m above the floor they hang; over the floor, 15 frames at one metre per second are 0.6 seconds."""
    hanging = moved(pushed(clean, 1.05), 1, np.where(np.arange(FRAMES) < 20, 0.0, -0.14))
    assert codes(hanging) == []
    assert codes(moved(clean, 0, (clean.times - 1.6).clip(0, 0.4))) == []
    assert codes(moved(clean, 0, (clean.times - 1.6).clip(0, 0.6))) == ["glides"]


def test_before_a_camera_that_moves_nobody_is_said_to_glide(clean):
    shift = np.linspace(0, 0.2, FRAMES, dtype=np.float32)
    assert codes(replace(pushed(clean, 1.05), camera_shift=shift)) == ["camera_moves"]


def test_a_foot_that_creeps_does_not_glide(clean):
    assert codes(pushed(clean, 0.45)) == []


def test_legs_that_were_never_seen_tell_of_no_floor(clean):
    """What is made up of them may hang anywhere."""
    for code in ("floats", "glides"):
        assert codes(unseen(SPOIL[code](clean), slice(None), LEGS)) == ["legs_unknown"]


def test_one_jump_is_enough(clean):
    (finding,) = quality(thrown(clean, [50], 0.1)).findings
    assert (finding.code, finding.start, finding.severity) == ("jumps", pytest.approx(2.0), "minor")
    assert codes(thrown(clean, [50], 0.05)) == [], "25 frames a second: 63 metres per second squared, a punch"


def test_a_pause_between_frames_is_no_jump():
    """A hand that goes on at 1.5 metres per second, in steps of 20 to 200 milliseconds."""
    times = np.cumsum(np.tile([0.02, 0.2, 0.04, 0.02], 15))
    result = still(times)
    xyz = result.pose3d.xyz.copy()
    xyz[:, WRISTS[0], 0] += 1.5 * np.abs(times - 2.0)
    assert "jumps" not in codes(replace(result, pose3d=replace(result.pose3d, xyz=xyz)))


def tilted(result: Result, degrees: float, confidence: float) -> Result:
    """The result with a body that leans to the side by so much; confidence: that of its up, the camera's own."""
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]], np.float32)
    pose = replace(result.pose3d, xyz=result.pose3d.xyz @ turn)
    return replace(result, pose3d=pose, ground=replace(result.ground, confidence=confidence))


@pytest.mark.parametrize("confidence, code", [(0.0, "not_levelled"), (0.8, "leans")])
def test_a_body_that_leans_while_it_stands(clean, confidence, code):
    leaning = quality(tilted(clean, 15, confidence)).findings
    assert [(finding.code, finding.fields) for finding in leaning] == [(code, {"degrees": 15})]
    assert codes(tilted(clean, 5, confidence)) == []
    assert ("Always" in leaning[0].worded("en")) == (code == "not_levelled")


def test_who_bends_all_the_time_does_not_lean(clean):
    assert "not_levelled" not in codes(tilted(clean, 60, 0.0))


def sitting(result: Result) -> Result:
    """The result with thighs that point ahead, the feet where they were."""
    xyz = result.pose3d.xyz.copy()
    xyz[:, LEGS, 1:] += np.array([-0.45, -0.45], np.float32)
    return moved(replace(result, pose3d=replace(result.pose3d, xyz=xyz)), 1, np.full(len(xyz), 0.45))


def test_nobody_stands_so_that_nothing_tells_up(clean):
    found = quality(sitting(clean))
    assert [finding.code for finding in found.findings] == ["up_unknown"] and found.grade != "good"
    told = sitting(replace(clean, ground=replace(clean.ground, confidence=0.8)))
    assert codes(told) == []
    assert codes(unseen(sitting(clean), slice(None), LEGS)) == ["legs_unknown"], "which is why"


def test_an_arm_that_is_never_seen(clean):
    found = quality(unseen(clean, slice(None), WRISTS))
    assert [finding.code for finding in found.findings] == ["arms_unknown"] and found.grade != "good"


def test_seconds_are_those_of_the_source_video():
    (finding,) = quality(SPOIL["feet_outside"](still(10 + np.arange(FRAMES) / FPS))).findings
    assert (finding.start, finding.end) == (pytest.approx(11.6), pytest.approx(12.4))


def test_longest_stretch_over_short_interruptions(clean):
    rows = np.r_[2:12, 40:50, 53:60]  # the second and third are 0.12 s apart
    (finding,) = quality(unseen(clean, rows, slice(None))).findings
    assert (finding.start, finding.end) == (pytest.approx(1.6), pytest.approx(2.4))
    assert quality(unseen(clean, slice(50, 54), slice(None))).findings == ()  # 0.16 s


def test_a_moment_that_was_filled_in_is_not_called_left_out(clean):
    """12 frames are 0.48 s, 13 are 0.52."""
    assert codes(unseen(clean, slice(40, 52), slice(None))) == ["lost_briefly"]
    assert codes(unseen(clean, slice(40, 53), slice(None))) == ["lost"]


def test_serious_ones_come_first(clean):
    both = unseen(SPOIL["hands_outside"](clean), np.arange(60)[:, None], ANKLES, (300, 500))
    assert [(f.code, f.severity) for f in quality(both).findings] == [
        ("feet_outside", "serious"),
        ("hands_outside", "minor"),
    ]


def test_one_hidden_hand_is_no_fault_but_no_clear_view(clean):
    found = quality(unseen(clean, slice(0, 20), WRISTS))
    assert found.findings == () and found.clear_share == pytest.approx(0.8)
    assert found.overall == pytest.approx(0.8 + 0.2 * 0.95) and found.grade == "good"


def test_measures_by_hand(clean):
    found = quality(scaled(of_error(clean, slice(None), 2.0), slice(0, 50), 1.1))
    assert found.error == pytest.approx(2.0)
    assert found.bone_variation == pytest.approx(100 * 0.05 / 1.05, rel=1e-3)
    assert found.overall == pytest.approx(5 / 6) and found.grade == "good"


def test_limbs_that_vary_by_hand(clean):
    found = quality(scaled(clean, slice(0, 50), 1.3))
    assert found.bone_variation == pytest.approx(100 * 0.15 / 1.15, rel=1e-3)
    assert found.overall == pytest.approx(WORTH["jumps"] * (20 - 15 / 1.15) / (20 - 6), rel=1e-3)


def test_a_clip_is_trusted_as_far_as_its_bad_moments(clean):
    assert quality(of_error(clean, slice(0, 5), 2.0)).overall == 1
    found = quality(of_error(clean, slice(0, 15), 2.0))
    assert found.error == 0 and found.overall == pytest.approx(5 / 6)


@pytest.mark.parametrize("millimetres, overall", [(15, 1.0), (34.5, 0.7), (47.5, 0.5), (90, 0.0)])
def test_what_two_lifters_disagree_on_is_worth_less(clean, millimetres, overall):
    """However well both fit the picture."""
    found = quality(apart(clean, slice(None), millimetres))
    assert found.overall == pytest.approx(overall, abs=1e-3) and found.error == 0
    assert [finding.code for finding in found.findings] == ["doubtful_depth"] * (millimetres > 40)


def test_frames_without_the_person_are_not_asked_about(clean):
    gone = unseen(clean, slice(50, None), slice(None))
    assert quality(apart(gone, slice(50, None), 90)) == quality(apart(gone, slice(None), 0))


def test_few_pixels_tell_less(clean):
    """Both fill the picture as much."""
    size = float(np.linalg.norm(np.ptp(clean.pose2d.xy[0], axis=0)))
    for pixels, overall in ((300, 1.0), (148, 0.85), (30, 0.7)):
        by = pixels / size
        video = replace(clean.video, width=round(640 * by), height=round(480 * by))
        pose = replace(clean.pose2d, xy=clean.pose2d.xy * by)
        assert quality(replace(clean, video=video, pose2d=pose)).overall == pytest.approx(overall, abs=0.005)


@pytest.mark.parametrize("degrees, overall", [(4, 1.0), (12.5, 0.7), (20, 0.4), (30, 0.4)])
def test_the_more_it_leans_the_less_it_is_worth(clean, degrees, overall):
    assert quality(tilted(clean, degrees, 0.8)).overall == pytest.approx(overall, abs=1e-3)


@pytest.mark.parametrize("lost, grade", [(0.1, "good"), (0.35, "fair"), (0.6, "poor"), (1.0, "poor")])
def test_grades_by_share_of_frames_without_the_person(clean, lost, grade):
    found = quality(unseen(clean, slice(0, round(lost * FRAMES)), slice(None)))
    assert found.overall == pytest.approx(1 - lost) and found.grade == grade


@pytest.mark.parametrize(
    "times, short",
    [(np.zeros(1), True), (np.arange(19) / 10, True), (np.arange(29) / 30, True), (np.arange(30) / 30, False)],
    ids=["one frame", "19 frames in 1.9 s", "29 frames in 0.97 s", "30 frames in 1 s"],
)
def test_too_few_frames_are_never_good(times, short):
    found = quality(still(times))
    assert codes(still(times)) == (["too_short"] if short else [])
    assert found.grade == ("fair" if short else "good")
    if short:
        assert f"only {len(times)} frames" in found.findings[0].worded("en")


def test_one_frame_without_anybody():
    single = still(np.zeros(1))
    found = quality(unseen(single, slice(None), slice(None)))
    lost = next(finding for finding in found.findings if finding.code == "lost")
    assert (lost.start, lost.end) == (0, pytest.approx(1 / 30)) and found.grade == "poor"


def test_a_video_that_ends_early_says_so(clean):
    broken = replace(clean, video=replace(clean.video, ends_early=True))
    (finding,) = quality(broken).findings
    assert (finding.code, finding.severity, finding.start, finding.end) == ("ends_early", "minor", 0, 4)
    assert quality(broken).overall == 1, "what could be read may be good"


def test_other_people_are_said(clean):
    one = clean.people[0]
    assert codes(replace(clean, people=(one, replace(one, number=2), replace(one, number=3)))) == ["another_person"]
    crowd = replace(clean, people=(one, replace(one, number=2), replace(one, number=3)))
    assert quality(crowd).findings[0].worded("en").startswith("3 people were seen")


@pytest.mark.parametrize("seen, unknown", [(0.05, True), (0.2, False)])
def test_legs_that_are_hardly_ever_seen_are_unknown(clean, seen, unknown):
    hidden = unseen(clean, np.arange(round(seen * FRAMES), FRAMES)[:, None], LEGS)
    found = quality(hidden)
    assert ("legs_unknown" in codes(hidden)) == unknown == ("doubtful_joints" not in codes(hidden))
    if unknown:
        assert found.grade != "good"
    knees, elbows = analysed(hidden)["movement"].charts[:2]
    assert all(np.isnan(curve.values).all() == unknown for curve in knees.curves)
    assert all(np.isfinite(curve.values).all() for curve in elbows.curves)


def test_legs_that_are_never_seen_do_not_leave_the_picture(clean):
    assert codes(unseen(clean, slice(None), LEGS, (300, 500))) == ["legs_unknown"]
    assert codes(unseen(clean, slice(20, None), ANKLES, (300, 500))) == ["feet_outside"]


def test_one_leg_that_is_never_seen_leaves_the_other_s_angle(clean):
    hidden = unseen(clean, slice(None), H36M17.index("LAnkle"))
    left, right = analysed(hidden)["movement"].charts[0].curves
    assert np.isnan(left.values).all() and np.isfinite(right.values).all()
    assert "legs_unknown" in codes(hidden)


def turned(result: Result, orientation: Orientation) -> Result:
    """As if the file's picture had to be turned so to stand upright: its 2D joints the other way round."""
    xy, width, height = result.pose2d.xy, result.video.width, result.video.height
    x, y = xy[..., 0], xy[..., 1]
    places = {90: (height - y, x), 270: (y, width - x), 180: (width - x, height - y), 0: (x, y)}[orientation.rotate]
    size = (width, height) if orientation.rotate % 180 == 0 else (height, width)
    video = replace(result.video, width=size[0], height=size[1])
    return replace(result, video=video, pose2d=replace(result.pose2d, xy=np.stack(places, -1)))


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("clip", ["arm_raises", "jumping_jacks", "squats", "walk"])
def test_turned_pictures_are_told_from_upright_ones(clip, degrees, examples):
    """On the true 2D joints of the examples; squats hold the arms straight forward."""
    truth = load_truth(examples / f"{clip}.json")
    upright = filmed(truth.xyz, truth.fps, truth.camera)
    assert "turned" not in codes(upright)
    found = quality(turned(upright, Orientation(degrees)))
    assert [finding.fields for finding in found.findings if finding.code == "turned"] == [{"degrees": degrees}]
    assert found.grade == "poor"


def test_who_lies_down_half_way_is_no_turned_picture(clean):
    lying = turned(clean, Orientation(90))
    xy = np.concatenate([clean.pose2d.xy[:50], lying.pose2d.xy[50:]])
    assert "turned" not in codes(replace(clean, pose2d=replace(clean.pose2d, xy=xy)))


def filmed(xyz: np.ndarray, fps: float, camera: Camera) -> Result:
    """Joints (T, 17, 3) metres in camera space as a result that is exactly right."""
    base = made_up(np.arange(len(xyz)) / fps, width=camera.width, height=camera.height)
    full, error = np.ones(xyz.shape[:2]), np.zeros(len(xyz), np.float32)
    seen = full.astype(bool)
    pose2d = Pose2D(camera.project(xyz), full, seen, H36M17, fps, camera)
    pose3d = Pose3D(xyz - xyz[:, :1], xyz[:, 0], full, seen, error, "relative", H36M17, fps, camera)
    return replace(base, pose2d=pose2d, pose3d=pose3d)


PUSH_UP = {
    "Pelvis": (0, 0), "Spine": (0.25, 0), "Thorax": (0.5, 0), "Neck": (0.6, 0), "Head": (0.75, 0),
    "Hip": (0, 0), "Knee": (-0.43, 0.05), "Ankle": (-0.85, 0.1),
    "Shoulder": (0.5, 0.02), "Elbow": (0.5, 0.3), "Wrist": (0.5, 0.55),
}  # fmt: skip
"""Seen from the side with straight arms: metres along the body and down."""


@pytest.mark.parametrize("facing", [1, -1])
def test_push_ups_are_no_turned_picture(facing):
    body = np.array([PUSH_UP.get(joint) or PUSH_UP[joint[1:]] for joint in H36M17.joints])
    depth = [{"left": -0.15, "right": 0.15, "middle": 0.0}[side] for side in H36M17.sides]
    up = 0.5 + 0.5 * np.cos(2 * np.pi * np.arange(60) / 30)  # the arms' straightness
    xyz = np.zeros((60, 17, 3), np.float32)
    xyz[..., 0] = facing * body[:, 0]
    xyz[..., 1] = body[:, 1]
    xyz[..., 2] = np.array(depth) + 4
    for joint, reach in (("Elbow", 0.15), ("Wrist", 0.3)):
        for side in "LR":
            xyz[:, H36M17.index(side + joint), 1] = reach + (PUSH_UP[joint][1] - reach) * up
    xyz[..., 1] -= xyz[:, [H36M17.index("LWrist")], 1]
    assert "turned" not in codes(filmed(xyz, 30.0, Camera.from_fov(640, 480)))


def test_who_boxes_in_a_turned_picture_does_not_lie_on_the_hands():
    """The arms point down in the picture nearly all the time."""
    clip = next(trial.clip for trial in TRIALS if trial.clip.name == "punches_far")
    upright = filmed(clip.truth().xyz, clip.fps, clip.camera)
    assert "turned" not in codes(upright)
    assert "turned" in codes(turned(upright, Orientation(90)))


def test_a_loaded_result_is_analysed_as_the_fresh_one(clean, tmp_path):
    for spoil in SPOIL.values():
        fresh = replace(spoil(clean), people=(clean.people[0], PersonSeen(2, 9, 0.0, 1.0, (1.0, 2.0, 3.0, 4.0))))
        fresh.save(tmp_path)
        loaded = analysed(Result.load(tmp_path))
        for name, analysis in analysed(fresh).items():
            assert loaded[name].findings == analysis.findings
            for chart, same in zip(analysis.charts, loaded[name].charts, strict=True):
                for curve, other in zip(chart.curves, same.curves, strict=True):
                    np.testing.assert_array_equal(curve.values, other.values)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


FIELDS: dict[str, set[str]] = {
    "too_short": {"frames"}, "turned": {"degrees"}, "another_person": {"people"},
    "leans": {"degrees"}, "up_unknown": set(), "not_levelled": {"degrees"},
    "arms_unknown": set(), "legs_unknown": set(), "ends_early": set(), "camera_moves": set(),
} | {code: {"start", "end"} for code in (*CHECKS, HIDDEN, ACTION_HIDDEN)}  # fmt: skip
MEASURED: dict[str, set[str]] = {
    NOTE: set(), SCALE: {"height"}, NO_WALK: {"why"}, ALONG_VIEW: {"start", "end"}, UNSEEN: {"what"},
    LITTLE_SWAY: {"area"},
}  # fmt: skip
ASKED = {HIDDEN, FROM_ABOVE, WEAKEST, ACTION_HIDDEN, MIRROR, MORE, LESS, *MEASURED}
"""Codes of what only those find who ask; reports have no picture of it."""
FIELDS |= {WEAKEST: {"start", "number", "far"}, FROM_ABOVE: {"degrees"}}
FIELDS |= {MIRROR: set()} | {code: {"start", "joint", "degrees", "teacher"} for code in (MORE, LESS)}
FIELDS |= MEASURED


def test_every_finding_has_its_sentence_and_no_sentence_is_left_over():
    assert set(table("findings")) == {*CHECKS, *WHOLE_CHECKS, *ASKED} == set(FIELDS) == {*table("moments"), *ASKED}
    assert set(WORTH) <= {*CHECKS, *WHOLE_CHECKS}
    for code, words in table("findings").items():
        assert {language: placeholders(text) for language, text in words.items()} == dict.fromkeys(
            LANGUAGES, FIELDS[code]
        )
    assert all(worth < GRADES["good"] for worth in WORTH.values()), "never good"
    assert set(table("grades")) == set(GRADES)


@pytest.mark.parametrize("name", ["grades", "moments", "report", "player"])
def test_words_are_complete_in_both_languages(name):
    for key, words in table(name).items():
        assert set(words) == set(LANGUAGES) and all(words.values()), key
        assert len({frozenset(placeholders(text)) for text in words.values()}) == 1, key


def test_sentence():
    finding = Finding("feet_outside", 3.2, 4.0, "minor")
    assert finding.worded("en") == "The feet leave the picture from 3.2 s to 4.0 s; film from further away."
    assert finding.worded("zh").startswith("从 3.2 秒到 4.0 秒")
    assert say("grades", "good", "zh").startswith("良好")
