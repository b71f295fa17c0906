"""How well repetitions are counted: generated training with exact truth, seen by a detector and lifted.

python -m benchmarks.count [--out FOLDER] [--only squat] [--model hdformer]

Nine exercises (synthetic/training.py) at three speeds, before five cameras, by two bodies: two sets each, with walking,
getting into position, scratching the head and swinging arms before, between and after. True 2D joints, off as
BlazePose's are, are lifted and grounded; nothing is rendered. --out keeps the results, so that counting anew takes
seconds.

exact: clips, in percent, whose count is right when asked for the exercise; most: by how many the worst is off; auto:
clips in which "auto" names the exercise and its count is right; any: whose count is right for "any". depth, time:
degrees (push-ups and pull-ups: centimetres of the shoulders' way) and seconds that the repetitions which were found are
off in the median, and percent of them within 10 degrees or centimetres and 0.15 s. Idle clips hold none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.lifted import result_of
from pose3d import Result, load_lifter
from pose3d.analysis import CountOptions, count
from pose3d.analysis.count import ANY, AUTO
from pose3d.analysis.repetitions import Repetition
from pose3d.core.arrays import Floats
from pose3d.core.skeleton import H36M17
from pose3d.lift.lifter import Lifter
from synthetic.kinematics import solve
from synthetic.training import BODIES, CAMERAS, PLANS, Training, Window, idle, trainings

CLOSE, SOON = 10.0, 0.15
"""Degrees, or centimetres, and seconds that a repetition may be off."""
ONSET = 0.1
"""Of the way from rest to turn: there a repetition starts and ends, by definition."""


@dataclass(frozen=True)
class Truth:
    """A repetition as it is. depth: degrees at the turn; way: from rest to there, in degrees or metres."""

    side: str
    start: float
    turn: float
    end: float
    depth: float
    way: float


def bend(xyz: Floats, *names: str) -> Floats:
    """(T,) degrees by which three joints are off a straight line."""
    a, b, c = (xyz[:, H36M17.index(name)] for name in names)
    u, v = b - a, c - b
    cosine = (u * v).sum(-1) / np.linalg.norm(u, axis=-1) / np.linalg.norm(v, axis=-1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def off_axis(xyz: Floats, start: str, end: str, axis: Floats) -> Floats:
    """(T,) degrees between the line from one joint to another and an axis (3,) or (T, 3)."""
    line = xyz[:, H36M17.index(end)] - xyz[:, H36M17.index(start)]
    cosine = (line * axis).sum(-1) / np.linalg.norm(line, axis=-1) / np.linalg.norm(axis, axis=-1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def above(xyz: Floats, joint: str, other: str) -> Floats:
    """(T,) metres of one joint above another."""
    return xyz[:, H36M17.index(joint), 1] - xyz[:, H36M17.index(other), 1]


def _trunk(xyz: Floats) -> Floats:
    return xyz[:, H36M17.index("Pelvis")] - xyz[:, H36M17.index("Thorax")]


METRES = {"push_up", "pull_up"}
"""Whose depth is how far the shoulders go, told in metres: of bent elbows that carry the body, little can be seen."""
DOWN = np.array([0.0, -1.0, 0.0])
DEPTH = {
    "squat": lambda xyz, s: bend(xyz, s + "Hip", s + "Knee", s + "Ankle"),
    "lunge": lambda xyz, s: bend(xyz, s + "Hip", s + "Knee", s + "Ankle"),
    "push_up": lambda xyz, s: above(xyz, s + "Wrist", s + "Shoulder"),
    "pull_up": lambda xyz, s: above(xyz, s + "Shoulder", s + "Wrist"),
    "biceps_curl": lambda xyz, s: bend(xyz, s + "Shoulder", s + "Elbow", s + "Wrist"),
    "sit_up": lambda xyz, s: 90 - off_axis(xyz, "Pelvis", "Thorax", -DOWN),
    "jumping_jack": lambda xyz, s: off_axis(xyz, s + "Shoulder", s + "Elbow", _trunk(xyz)),
    "arm_raise": lambda xyz, s: off_axis(xyz, s + "Shoulder", s + "Elbow", _trunk(xyz)),
    "high_knees": lambda xyz, s: off_axis(xyz, s + "Hip", s + "Knee", DOWN),
}
"""What the depth of each exercise is, of joints (T, 17, 3) in the world and a side: told apart from pose3d/analysis."""


def truths(training: Training) -> list[Truth]:
    """The repetitions of a clip, from its exact joints."""
    times = np.arange(0, training.clip.frames / training.clip.fps, 1 / 120)
    body, motion = training.clip.body, training.clip.motion
    xyz = solve(body, motion.controls(body, times)).joints
    lines = {side: DEPTH[training.exercise](xyz, side) for side in "LR"}
    lines["both"] = (lines["L"] + lines["R"]) / 2
    return [
        _truth(window, times, lines[{"left": "L", "right": "R"}.get(window.side, "both")])
        for window in training.windows
    ]


def _truth(window: Window, times: Floats, line: Floats) -> Truth:
    rows = np.flatnonzero((times >= window.start) & (times <= window.end))
    top = rows[line[rows].argmax()]
    before, after = np.arange(rows[0], top + 1), np.arange(top, rows[-1] + 1)
    starts, ends = (line[part].min() + ONSET * (line[top] - line[part].min()) for part in (before, after))
    start = times[before[line[before] <= starts][-1]]
    end = times[after[line[after] <= ends][0]]
    high = rows[line[rows] >= line[top] - ONSET * np.ptp(line[rows])]
    way = line[top] - (line[before].min() + line[after].min()) / 2
    turn = (times[high[0]] + times[high[-1]]) / 2
    return Truth(window.side, float(start), float(turn), float(end), float(line[top]), float(way))


@dataclass(frozen=True)
class Judged:
    """A clip counted."""

    training: Training
    off: int
    """Counted less true."""
    auto: str
    """What "auto" takes it for, or right."""
    anything: int
    """Counted as "any" less true."""
    depths: list[float]
    moments: list[float]
    """Degrees and seconds that repetitions are off."""


def judge(training: Training, result: Result) -> Judged:
    """A clip's counts against its truth."""
    true = truths(training)
    found = count(result, CountOptions(exercise=training.exercise))
    pairs = list(matched(true, [each for each in found.repetitions if each.counts]))
    auto, anything = count(result), count(result, CountOptions(exercise=ANY))
    named = auto.exercise if auto.exercise != training.exercise or auto.count != len(true) else "right"
    return Judged(
        training,
        found.count - len(true),
        named or "nothing",
        anything.count - len(true),
        [off_by(training.exercise, one, each) for one, each in pairs],
        [getattr(each, name) - getattr(one, name) for one, each in pairs for name in ("start", "turn", "end")],
    )


def off_by(exercise: str, one: Truth, each: Repetition) -> float:
    """Degrees of the depth, or centimetres of the way."""
    return 100 * (each.range - one.way) if exercise in METRES else each.depth - one.depth


def matched(true: list[Truth], found: list[Repetition]) -> Iterator[tuple[Truth, Repetition]]:
    """Each true repetition with the nearest one found that turns within it, of its side."""
    for one in true:
        near = [each for each in found if one.start < each.turn < one.end and each.side in (one.side, "both")]
        if near:
            yield one, min(near, key=lambda each: abs(each.turn - one.turn))


def main(
    out: Annotated[Path | None, typer.Option(help="Keep the results here, and use those that are here.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Exercises.")] = None,
    model: str = "hdformer",
    every: Annotated[int, typer.Option(help="Only every so many clips.")] = 1,
) -> None:
    """Prints a line per exercise, and one per clip that is not exact."""
    lifter = load_lifter(model)
    chosen = tuple(only or PLANS)
    judged: list[Judged] = []
    for n, training in enumerate(trainings(chosen)):
        if n % every == 0:
            judged.append(judge(training, result_of(training.clip, lifter, out)))
            wrong(judged[-1])
    print(f"\n{'exercise':<14} clips  exact  most   auto    any  depth within   time within")
    for name in chosen:
        line(name, [each for each in judged if each.training.exercise == name])
    line("all", judged)
    if not only:
        idling(lifter, out)


def idling(lifter: Lifter, out: Path | None) -> None:
    """What is counted where there is no exercise."""
    results = [result_of(idle(view, body).clip, lifter, out) for view in CAMERAS for body in BODIES]
    for name in (*PLANS, AUTO):
        found = [count(result, CountOptions(exercise=name)).count for result in results]
        print(f"idle, asked for {name}: {sum(found)} in {len(found)} clips")


def wrong(each: Judged) -> None:
    """A line for a clip that is not exact."""
    if each.off or each.auto != "right":
        print(f"{each.training.clip.name:<32} off {each.off:+d}, auto: {each.auto}", flush=True)


def line(name: str, clips: list[Judged]) -> None:
    """One row of the table."""
    if not clips:
        return
    off = np.array([each.off for each in clips])
    depths, moments = (
        np.abs(np.concatenate([getattr(each, kind) for each in clips])) for kind in ("depths", "moments")
    )
    auto = np.mean([each.auto == "right" for each in clips])
    anything = np.mean([each.anything == 0 for each in clips])
    shares = f"{100 * (off == 0).mean():>6.1f} {np.abs(off).max():>5} {100 * auto:>6.1f} {100 * anything:>6.1f}"
    depth = f"{np.median(depths):>6.1f} {100 * (depths <= CLOSE).mean():>6.1f}"
    time = f"{np.median(moments):>6.3f} {100 * (moments <= SOON).mean():>6.1f}"
    print(f"{name:<14} {len(clips):>5} {shares} {depth} {time}")


if __name__ == "__main__":
    typer.run(main)
