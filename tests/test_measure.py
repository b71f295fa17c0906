"""Measuring: walks, jumps and standing with exact truth, and what must be said where there is none."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from typer.testing import CliRunner

from benchmarks.lifted import known, seen
from benchmarks.walks import PATHS, Stroll, result_of, strolls
from factory import with_observed
from pose3d import load_lifter
from pose3d.analysis import QUESTIONS, Measure, MeasureOptions, answer_csv, answer_dict, measure
from pose3d.analysis.measuring.measure import ALONG_VIEW, LITTLE_SWAY, NO_WALK, NOTE, SCALE, UNSEEN
from pose3d.analysis.measuring.ranges import range_of, symmetry_index
from pose3d.analysis.measuring.summary import Gait
from pose3d.analysis.measuring.turns import ENDS, turns
from pose3d.cli.app import app
from pose3d.core.errors import ConfigError
from pose3d.core.ground import Planted
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.core.words import LANGUAGES
from synthetic.exercises import JumpingJacks
from synthetic.idle import Standing
from synthetic.kinematics import solve
from synthetic.motion import Stance
from synthetic.session import Part, Session
from synthetic.training import BODIES, CAMERAS, training, walking_in
from test_count import some_frames

CLOSE = {"cadence": 0.05, "length": 0.1, "speed": 0.1}
"""Of the truth."""


@cache
def stroll(path: str = "across", speed: str = "usual", view: str = "hip", body: str = "small") -> Stroll:
    return next(it for it in strolls() if (it.path, it.speed, it.view, it.body) == (path, speed, view, body))


@cache
def shaken(each: Stroll) -> Result:
    """Its true joints, each off by 2 cm."""
    return known(seen(each.in_view, each.times, each.camera), each.in_view, seed=1)


def by(result: Result, height: float | None):
    return measure(result, MeasureOptions(height=height))


def moving(motion, seconds: float, view: str = "hip", body: str = "small", fps: float = 30.0) -> Result:
    """A motion of synthetic/, each joint off by 2 cm."""
    times = np.arange(round(seconds * fps)) / fps
    camera, placement = CAMERAS[view]
    xyz = placement.to_camera(solve(BODIES[body], motion.controls(BODIES[body], times)).joints)
    return known(seen(xyz.astype(np.float32), times, camera), xyz, seed=2)


def steps_of(found: Measure) -> Gait:
    assert found.gait is not None
    return found.gait


def codes(found) -> list[str]:
    return [finding.code for finding in found.findings]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("speed", ["slow", "usual", "brisk"])
def test_a_walk(path, speed):
    each = stroll(path, speed)
    found = steps_of(by(shaken(each), each.height))
    assert not found.on_the_spot and not found.runs
    assert found.cadence == pytest.approx(each.cadence, rel=CLOSE["cadence"])
    assert found.step_length == pytest.approx(each.step_length, rel=CLOSE["length"])
    assert found.speed == pytest.approx(each.speed_metres, rel=CLOSE["speed"])
    for side in found.sides.values():
        assert side.step_length == pytest.approx(each.step_length, rel=2 * CLOSE["length"])
        assert side.stride_length == pytest.approx(2 * each.step_length, rel=CLOSE["length"])
        assert side.step_time == pytest.approx(60 / each.cadence, abs=0.05)
        assert 55 < side.stance < 75 and side.swing == pytest.approx(100 - side.stance)


def test_steps_are_told_when_they_are():
    """Feet are put down where they are farthest ahead, which these walkers do 0.08 s before they strike."""
    each = stroll()
    found = by(shaken(each), each.height)
    true = {side: np.array(each.strikes(side)) for side in ("left", "right")}
    steps = [event for event in found.events if event.code == "step"]
    assert len(steps) == steps_of(found).steps > 4
    for one, other in pairwise(steps):
        assert one.end == other.start and {one.fields["side"], other.fields["side"]} == {"left", "right"}
    for step in steps:
        strikes = true[str(step.fields["side"])]
        assert np.abs(strikes - step.end).min() < 0.12 and step.start <= step.turn <= step.end


@pytest.mark.parametrize("fps", [12, 25, 60])
def test_a_walk_at_any_rate(fps):
    each = replace(stroll(), fps=float(fps))
    found = steps_of(by(shaken(each), each.height))
    assert found.cadence == pytest.approx(each.cadence, rel=CLOSE["cadence"])
    assert found.step_length == pytest.approx(each.step_length, rel=CLOSE["length"])


def test_a_walk_there_and_back():
    """The steps of the turn have no length, and the others do not suffer from it."""
    there = walking_in(Stance(facing=90), 3.0)
    back = replace(walking_in(Stance(facing=-90), 3.0), turn=4.0)
    found = by(moving(Session((Part(there, 3.0), Part(back, 3.0, 1.2))), 7.2, "front"), BODIES["small"].stature)
    assert steps_of(found).step_length == pytest.approx(0.53, rel=0.15)
    assert steps_of(found).cadence == pytest.approx(96, rel=0.1)


def on_a_treadmill(each: Stroll) -> Result:
    """The pelvis stays over one place."""
    xyz = each.joints - each.joints[:, :1] * [1, 0, 1] + [0, 0, -1.0]
    xyz = each.placement.to_camera(xyz)
    return known(seen(xyz.astype(np.float32), each.times, each.camera), xyz, seed=3)


def test_a_treadmill():
    each = stroll("across", "usual")
    found = by(on_a_treadmill(each), each.height)
    assert steps_of(found).on_the_spot and steps_of(found).cadence == pytest.approx(each.cadence, rel=CLOSE["cadence"])
    assert steps_of(found).step_length == pytest.approx(each.step_length, rel=0.15)
    assert "on the spot" in found.headline("en")


def test_a_camera_that_goes_along_tells_no_way():
    each = stroll()
    shift = np.full(len(each.times), 1.0, np.float32)
    found = by(replace(shaken(each), camera_shift=shift), each.height)
    assert steps_of(found).on_the_spot and steps_of(found).step_length == pytest.approx(each.step_length, rel=0.2)


def test_who_comes_towards_the_camera_is_told_to_be_filmed_from_the_side():
    assert ALONG_VIEW in codes(measure(shaken(stroll("towards")))) and ALONG_VIEW not in codes(
        measure(shaken(stroll()))
    )


def trained(exercise: str, speed: str = "usual") -> Result:
    """Two sets of an exercise, each joint off by 2 cm."""
    clip = training(exercise, speed, "hip", "small").clip
    xyz = clip.truth().xyz
    return known(seen(xyz, clip.times, clip.camera), xyz, seed=1)


@pytest.mark.parametrize("exercise", ["squat", "jumping_jack", "lunge", "high_knees", "arm_raise", "push_up"])
def test_who_trains_does_not_walk(exercise):
    """But in and off again: by two steps, or three."""
    made, result = training(exercise, "usual", "hip", "small"), trained(exercise)
    start, end = made.windows[0].start, made.windows[-1].end
    trains = [walk for walk in measure(result).walks if start < walk.steps[-1].strike and walk.steps[0].start < end]
    assert trains == []


def test_lengths_go_by_the_height():
    result = shaken(stroll())
    small, tall = by(result, 1.5), by(result, 1.8)
    assert steps_of(tall).step_length == pytest.approx(1.2 * steps_of(small).step_length)
    assert (tall.scale.source, tall.scale.height, SCALE in codes(tall)) == ("height", 1.8, False)
    unknown = measure(result)
    assert unknown.scale.source == "average_adult" and SCALE in codes(unknown)
    given = measure(replace(result, pose3d=replace(result.pose3d, units="metre")))
    assert given.scale.source == "height" and given.scale.factor == 1
    knees = (found.ranges["knee_flexion"]["left"].greatest for found in (small, tall))
    assert next(knees) == pytest.approx(next(knees)), "angles have no scale"
    with pytest.raises(ConfigError, match="height"):
        by(result, 18.0)


@pytest.mark.parametrize("flight", [0.35, 0.5])
def test_a_jump_is_as_high_as_gravity_says(flight):
    hops = JumpingJacks(Stance(), spread=0.24, contact=0.7, flight=flight, wait=0.8, repetitions=1, raised=20)
    found = by(moving(hops, 4.5), BODIES["small"].stature)
    true = 9.81 * flight**2 / 8
    assert len(found.jumps) == 2 == sum(event.code == "jump" for event in found.events)
    for jump, takeoff in zip(found.jumps, (1.5, 1.5 + 0.7 + flight), strict=True):
        assert jump.rise == pytest.approx(true, abs=0.03) and jump.by_time == pytest.approx(true, abs=0.06)
        assert takeoff < jump.start < jump.top < jump.end < takeoff + flight
    assert f"{max(jump.rise for jump in found.jumps):.2f} m" in found.headline("en")


def test_who_gets_up_does_not_jump():
    made = training("squat", "fast", "hip", "small")
    assert (
        measure(known(seen(made.clip.truth().xyz, made.clip.times, made.clip.camera), made.clip.truth().xyz, 1)).jumps
        == ()
    )


@dataclass(frozen=True)
class Swaying:
    """Stands, and the pelvis goes round an ellipse of these half axes, in metres, every four seconds."""

    ahead: float
    aside: float

    def controls(self, body, times):
        made = Standing(Stance(facing=0.0)).controls(body, times)
        made.pelvis[:] = made.pelvis[0]
        made.pelvis[:, 0] += self.aside * np.sin(2 * np.pi * times / 4)
        made.pelvis[:, 2] += self.ahead * np.cos(2 * np.pi * times / 4)
        return made


def exactly(motion, seconds: float) -> Result:
    """As `moving`, with joints that are not off."""
    made = moving(motion, seconds)
    times, body = made.times, BODIES["small"]
    xyz = CAMERAS["hip"][1].to_camera(solve(body, motion.controls(body, times)).joints)
    root = xyz[:, 0].astype(np.float32)
    pose = replace(made.pose3d, xyz=(xyz - xyz[:, :1]).astype(np.float32), root=root)
    world = made.ground.world(pose.placed)
    return replace(made, pose3d=pose, planted=Planted(world, np.ones((len(times), 2), bool)))


def test_sway_is_that_of_an_ellipse():
    """Trunk, head and arms go with the pelvis, thighs and shins by a part of it."""
    found = measure(exactly(Swaying(0.03, 0.06), 12.0))
    (sway,) = found.sways
    share = 1 - 0.2 * (1 - 0.75) - 0.122 * (1 - 0.2)
    area = np.pi * 5.991 * (0.03 * share / 2**0.5) * (0.06 * share / 2**0.5)
    assert sway.area == pytest.approx(area, rel=0.12) and sway.seen
    ellipse = 2 * np.pi * np.sqrt((0.03**2 + 0.06**2) / 2) * share
    assert sway.path / ellipse == pytest.approx((sway.end - sway.start) / 4, rel=0.1)


def test_who_hardly_sways_is_told_so():
    found = measure(exactly(Swaying(0.0, 0.002), 8.0))
    assert LITTLE_SWAY in codes(found) and not found.sways[0].seen
    assert found.stands == pytest.approx(8.0, abs=0.5)


def test_posture_of_who_stands():
    found = by(exactly(Standing(Stance(width=0.3)), 3.0), BODIES["small"].stature)
    assert found.feet_apart == pytest.approx(0.3, abs=0.02) and "Stands still" in found.headline("en")
    assert abs(found.posture["trunk_flexion"]) < 4 and abs(found.posture["shoulder_list"]) < 3
    assert found.sways == (), "three seconds are too short"
    assert NO_WALK in codes(found) and found.gait is None and found.figures["gait"] is None


def test_nobody_and_a_single_frame():
    result = shaken(stroll())
    nobody = measure(with_observed(result, np.zeros((len(result), 17), bool)))
    assert nobody.headline("en") == "There was not enough to see to measure anything."
    assert {UNSEEN, NO_WALK, NOTE} <= set(codes(nobody)) and nobody.ranges == {} and nobody.tables == ()
    single = measure(some_frames(result, np.array([40])))
    assert single.gait is None and single.jumps == () and NOTE in codes(single)


def test_a_leg_that_is_never_seen():
    result = shaken(stroll())
    observed = result.pose2d.observed.copy()
    observed[:, H36M17.indices("LKnee", "LAnkle")] = False
    found = measure(with_observed(result, observed))
    (why,) = (finding for finding in found.findings if finding.code == NO_WALK)
    assert found.gait is None and "ankle" in why.worded("en")
    assert set(found.ranges["knee_flexion"]) == {"right"} and "elbow_flexion" in found.ranges


def test_turning_points():
    times = np.arange(301) / 100
    line = np.sin(2 * np.pi * times + 0.3) + 0.05 * np.sin(40 * times)
    found = turns(line, times, 1.0)
    assert [turn.high for turn in found] == [True, False, True, False, True, False]
    assert [turn.time for turn in found] == pytest.approx(np.arange(6) / 2 + 0.25 - 0.3 / 2 / np.pi, abs=0.06)
    line[120:130] = np.nan
    broken = turns(line, times, 1.0)
    assert 2 < len(broken) < 6 and all(abs(turn.time - 1.245) > 0.045 + ENDS for turn in broken)


def test_ranges_and_symmetry():
    times = np.arange(5) / 10
    found = range_of(np.array([np.nan, 3, 1, 9, 4]), times)
    assert found is not None
    assert (found.least, found.least_at, found.greatest, found.greatest_at, found.size) == (1, 0.2, 9, 0.3, 8)
    assert range_of(np.full(5, np.nan), times) is None
    assert symmetry_index(30, 20) == pytest.approx(40) and symmetry_index(20, 30) == pytest.approx(-40)
    assert symmetry_index(0, 0) == 0 and np.isnan(symmetry_index(np.nan, 1))


def test_the_answer_for_programs_and_people():
    found = by(shaken(stroll()), 1.6)
    for language in LANGUAGES:
        made = answer_dict(QUESTIONS["measure"], MeasureOptions(height=1.6), found, language)
        assert json.dumps(made, allow_nan=False) and made["gait"]["left"]["stance_percent"] > 0
        assert made["findings"][-1]["code"] == NOTE and all(event["text"] for event in made["events"])
    assert {table.name for table in found.tables} == {"gait", "range_of_motion"}
    rows = list(csv.reader(answer_csv(found).splitlines()))
    assert rows[0][:3] == ["time", "hip_flexion_left_degrees", "hip_flexion_right_degrees"]
    assert len(rows) == 1 + len(found.times) and float(rows[1][0]) == found.times[0]
    left = rows[0].index("knee_flexion_left_degrees")
    assert float(rows[41][left]) == pytest.approx(found.charts[2].curves[0].values[40], abs=0.05)


def test_the_command_writes_its_files(tmp_path):
    result = shaken(stroll())
    result.save(tmp_path)
    files = {name: tmp_path / f"out.{name}" for name in ("json", "csv", "mot")}
    options = [word for name, path in files.items() for word in (f"--{name}", str(path))]
    done = CliRunner().invoke(app, ["measure", str(tmp_path), "--height", "1.54", *options])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Walks") and "not for diagnosis" in done.stdout
    assert json.loads(files["json"].read_text())["height_source"] == "height"
    assert files["csv"].read_text().startswith("time,") and files["mot"].read_text().startswith("Coordinates")
    assert CliRunner().invoke(app, ["measure", str(tmp_path), "--height", "9"]).exit_code == 2


def test_a_walk_that_was_lifted():
    each = stroll("across", "brisk", "webcam", "broad")
    found = by(result_of(each, load_lifter("hdformer")), None)
    assert steps_of(found).cadence == pytest.approx(each.cadence, rel=CLOSE["cadence"])
    assert steps_of(found).step_length == pytest.approx(each.step_length, rel=CLOSE["length"])
