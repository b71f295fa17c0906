"""How far what is measured is from the truth: angles, steps, jumps, and the sway of who does not sway.

python -m benchmarks.measure [--data MOTION.npz] [--video] [--recordings FOLDER] [--out FOLDER]

Generated walks (benchmarks/walks.py): past the camera, towards it and along a curve, slowly, usually and briskly,
before five cameras, by two bodies whose height is given; true 2D joints, off as BlazePose's are, lifted and grounded.
Angles are held against the same angles of the true joints (tests/test_isb.py holds these against poses made by hand):
medians and nine tenths of frames, in degrees. Gait is held against what the walker was made with, in percent: medians
and nine tenths of clips, and the worst. Stance is held against the same rule on the true joints, in percent of the
stride: these walkers bring their feet forward 0.08 s before they strike, which people do not.

--data: recorded walks of CMU's motion capture (docs/training.md) through random cameras, true 2D joints; the lifters
were trained on all but those of holdout. Truth: steps by the same rule on the recorded joints, lengths by the recorded
way of the pelvis. --video: the example walk.mp4 from its pixels on. --recordings: real clips with triangulated truth as
in docs/evaluation.md. Jumps: centimetres that heights are off. Sway: what is told of who does not move at all.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from benchmarks.lifted import lifted, seen
from benchmarks.lifter import CAMERA
from benchmarks.real import RealClip
from benchmarks.walks import PATHS, Stroll, Tall, result_of, strolls
from pose3d import Pose2D, Result, load_lifter, pipeline
from pose3d.analysis.frames import UP
from pose3d.analysis.measuring import Measure, MeasureOptions, measure
from pose3d.analysis.measuring.gait import Walk, walks
from pose3d.analysis.measuring.isb import ISB
from pose3d.analysis.measuring.summary import Gait, gait
from pose3d.analysis.signals import Body, Signals
from pose3d.core.arrays import Floats
from pose3d.core.geometry import shortest_rotation
from pose3d.core.skeleton import H36M17
from pose3d.lift.lifter import Lifter
from pose3d.lift.root import stature
from pose3d.train.augment import film
from pose3d.train.motion import MotionClip, load_motion
from synthetic.clips import choose
from synthetic.exercises import GRAVITY, JumpingJacks
from synthetic.idle import Standing
from synthetic.kinematics import solve
from synthetic.motion import Motion, Stance
from synthetic.training import BODIES, CAMERAS, FACING

WALKS = ("cmu-act/walking", "cmu/07")
"""How the names of clips of people who walk begin."""
EXAMPLE = Path(__file__).parent.parent / "assets" / "examples" / "walk.mp4"
FLIGHTS, STANDS = (0.3, 0.45, 0.55), 10.0
"""Seconds in the air of the jumps, and of standing."""
RATE = 30.0


@dataclass(frozen=True)
class Judged:
    """A walk measured. group: what it is told with; angles: degrees off by name; gait: percent off by name."""

    name: str
    groups: tuple[str, ...]
    angles: dict[str, Floats]
    gait: dict[str, float]


def judge(name: str, groups: tuple[str, ...], found: Measure, joints: Floats, true: Gait | None) -> Judged:
    """joints: (T, 17, 3) metres, y up."""
    return Judged(name, groups, dict(_angles(found, joints)), _gait(found.gait, true))


def _angles(found: Measure, joints: Floats) -> Iterator[tuple[str, Floats]]:
    body = Body(joints, joints, H36M17)
    for chart in found.charts:
        sides = {"left": "L", "right": "R", "middle": "L"}
        off = np.concatenate([curve.values - ISB[chart.name].of(body, sides[curve.side]) for curve in chart.curves])
        yield chart.name, np.abs((off[np.isfinite(off)] + 180) % 360 - 180)


def _gait(found: Gait | None, true: Gait | None) -> dict[str, float]:
    """Nothing where no walk was found."""
    if found is None or true is None:
        return {}
    percent: Callable[[float, float], float] = lambda value, truth: 100 * (value / truth - 1)  # noqa: E731
    sides = [(found.sides[side], true.sides[side]) for side in found.sides]
    lengths = [percent(ours.step_length, theirs.step_length) for ours, theirs in sides]
    return {
        "cadence": percent(found.cadence, true.cadence),
        "step length": percent(found.step_length, true.step_length),
        "of one side": max(lengths, key=abs),
        "speed": percent(found.speed, true.speed),
        "stance": float(np.nanmean([ours.stance - theirs.stance for ours, theirs in sides])),
    }


def true_gait(joints: Floats, times: Floats) -> Gait | None:
    """Of true joints (T, 17, 3), y up: steps by the same rule, as long as the pelvis' way through their number."""
    found = walks(_TrueSignals(joints, times))
    return gait([_evenly(walk, joints, times) for walk in found])


class _TrueSignals(Signals):
    """Of joints that are all seen and not smoothed."""

    def __init__(self, joints: Floats, times: Floats):  # pyright: ignore[reportMissingSuperCall]
        self.times, self.body = times, Body(joints, joints, H36M17)

    def seen(self, *joints: str):
        return np.ones(len(self.times), bool)


def _evenly(walk: Walk, joints: Floats, times: Floats) -> Walk:
    rows = (times >= walk.steps[0].start) & (times <= walk.steps[-1].strike)
    way = np.linalg.norm(np.diff(joints[rows, 0][:, [0, 2]], axis=0), axis=-1).sum()
    share = (walk.steps[-1].strike - walk.steps[0].start) / np.ptp(times[rows])
    return replace(walk, steps=tuple(replace(step, length=way * share / len(walk.steps)) for step in walk.steps))


def generated(stroll: Stroll, result: Result) -> Judged:
    """Against what the walker was made with, and stance against the rule."""
    by_rule = true_gait(stroll.joints, stroll.times)
    assert by_rule is not None
    length = stroll.step_length
    sides = {name: replace(side, step_length=length, stride_length=2 * length) for name, side in by_rule.sides.items()}
    true = replace(
        by_rule, cadence=stroll.cadence, step_length=length, speed=stroll.speed_metres, sides=sides
    )  # fmt: skip
    found = measure(result, MeasureOptions(height=stroll.height))
    return judge(stroll.name, (stroll.view, stroll.path), found, stroll.joints, true)


def recorded(clip: MotionClip, lifter: Lifter) -> Judged:
    """Of motion capture, through a random camera."""
    positions = torch.from_numpy(clip.positions)[None]
    xy = film(positions).rays[0].numpy() * [CAMERA.fx, CAMERA.fy] + [CAMERA.cx, CAMERA.cy]
    full = np.ones(xy.shape[:2], np.float32)
    height = stature(clip.positions, H36M17)
    pose2d = Pose2D(xy.astype(np.float32), full, full > 0, H36M17, clip.fps, CAMERA)
    found = measure(lifted(Tall(lifter, height), pose2d))  # pyright: ignore[reportArgumentType]
    joints = clip.positions.astype(np.float64) * [1, -1, -1]
    part = "holdout" if clip.holdout else "trained on"
    return judge(clip.name, (part,), found, joints, true_gait(joints, np.arange(len(joints)) / clip.fps))


def example(model: str) -> Judged:
    """From pixels on."""
    (clip,) = choose([EXAMPLE.stem])
    found = measure(pipeline(model)(EXAMPLE, height=clip.body.stature))
    joints = clip.figure().joints
    return judge(clip.name, (clip.name,), found, joints, true_gait(joints, clip.times))


def real(folder: Path, model: str) -> Iterator[Judged]:
    """Clips of one real person each, whose truth is triangulated and knows which way is up; angles alone."""
    for path in sorted(folder.glob("*.json")):
        clip = RealClip.load(path) if path.with_suffix(".mp4").exists() else None
        if clip is not None and np.isfinite(clip.up).all():
            joints = clip.xyz.astype(np.float64) @ shortest_rotation(clip.up, UP).T
            yield judge(path.stem, (path.stem,), measure(pipeline(model)(path.with_suffix(".mp4"))), joints, None)


def table(judged: list[Judged], groups: Iterable[str]) -> None:
    """Angles, then gait; a column for each group."""
    parts = {group: [each for each in judged if group in each.groups] for group in groups} | {"all": judged}
    print(f"{'':20}" + "".join(f"{group:>15}" for group in parts))
    for name in ISB:
        off = [np.concatenate([each.angles[name] for each in some]) for some in parts.values()]
        print(f"{name:20}" + "".join(f"{_pair(values):>15}" for values in off))
    for name in ("cadence", "step length", "of one side", "speed", "stance"):
        off = [np.abs([each.gait[name] for each in some if each.gait]) for some in parts.values()]
        print(f"{name:20}" + "".join(f"{_triple(values):>15}" for values in off))
    found = [f"{sum(bool(each.gait) for each in some)} of {len(some)}" for some in parts.values()]
    print(f"{'walks found':20}" + "".join(f"{each:>15}" for each in found), "\n", flush=True)


def _pair(values: Floats) -> str:
    return f"{np.median(values):.1f} {np.quantile(values, 0.9):.0f}" if len(values) else "-"


def _triple(values: Floats) -> str:
    return f"{np.median(values):.1f} {np.quantile(values, 0.9):.1f} {values.max():.1f}" if len(values) else "-"


def moving(lifter: Lifter, motion: Motion, seconds: float, view: str, body: str) -> Measure:
    """A motion seen by a detector, lifted and measured."""
    times = np.arange(round(seconds * RATE)) / RATE
    camera, placement = CAMERAS[view]
    xyz = placement.to_camera(solve(BODIES[body], motion.controls(BODIES[body], times)).joints).astype(np.float32)
    pose2d = seen(xyz, times, camera, zlib.crc32(f"{motion} {view} {body}".encode()))
    return measure(lifted(Tall(lifter, BODIES[body].stature), pose2d))  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True)
class Frozen:
    """The first pose of standing."""

    facing: float

    def controls(self, body, times):
        return Standing(Stance(facing=self.facing)).controls(body, np.zeros(len(times)))


def jumping(lifter: Lifter) -> None:
    """Two hops each."""
    for view in CAMERAS:
        rises, by_times, found = [], [], 0
        for flight in FLIGHTS:
            hops = JumpingJacks(
                Stance(facing=FACING[view]), spread=0.24, contact=0.7, flight=flight, wait=0.8, repetitions=1, raised=20
            )
            true = GRAVITY * flight**2 / 8
            for body in BODIES:
                jumps = moving(lifter, hops, 4.5, view, body).jumps
                rises += [100 * abs(jump.rise - true) for jump in jumps]
                by_times += [100 * abs(jump.by_time - true) for jump in jumps]
                found += len(jumps)
        print(
            f"jumps, {view:8} {found} of {4 * len(FLIGHTS)}: by rise {_pair(np.array(rises))} cm off, by time", end=" "
        )
        print(f"{_pair(np.array(by_times))} cm", flush=True)


def standing(lifter: Lifter) -> None:
    """What sway and posture are told of who does not move."""
    for view in CAMERAS:
        made = [moving(lifter, Frozen(FACING[view]), STANDS, view, body) for body in BODIES]
        for each in made:
            sway = ", ".join(f"{1e4 * it.area:.1f} cm2, {1000 * it.speed:.0f} mm/s" for it in each.sways)
            posture = {name: round(value, 1) for name, value in each.posture.items()}
            print(f"stands, {view:8} sway {sway}; {posture}", flush=True)


def main(
    data: Annotated[Path | None, typer.Option(help="Motion capture, as for training.")] = None,
    video: Annotated[bool, typer.Option(help="The example clip, from its pixels.")] = False,
    recordings: Annotated[Path | None, typer.Option(help="Real clips with their truth.")] = None,
    model: str = "hdformer",
    out: Annotated[Path | None, typer.Option(help="Keep the generated results here, and use those there.")] = None,
) -> None:
    """Prints a table for each kind of walk, then jumps and standing."""
    lifter = load_lifter(model)
    made = [generated(stroll, result_of(stroll, lifter, out)) for stroll in strolls()]
    table(made, CAMERAS)
    table(made, PATHS)
    if data is not None:
        torch.manual_seed(7)
        clips = [clip for clip in load_motion(data) if clip.name.startswith(WALKS)]
        table([recorded(clip, lifter) for clip in clips], ("holdout", "trained on"))
    if video:
        table([example(model)], (EXAMPLE.stem,))
    if recordings is not None:
        table(list(real(recordings, model)), ())
    jumping(lifter)
    standing(lifter)


if __name__ == "__main__":
    typer.run(main)
