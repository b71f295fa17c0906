"""How well it is told what people do: generated clips with exact truth, and recorded motion by its descriptions.

python -m benchmarks.actions [--data MOTION.npz] [--out FOLDER] [--only everyday] [--model hdformer] [--cameras 2]

Generated (synthetic/acting.py): people walk, stand, wave, bend, squat, sit, jump, lie, run and fall, before five
cameras, by two bodies; then turned by 110 degrees, by two other bodies, at 25 frames a second, by which no rule
was chosen. True 2D joints, off as BlazePose's are, are lifted and grounded; nothing is rendered. On the way from one
action to the next, and within 0.25 s of a change, both are right. --out keeps the results, so that telling anew takes
less time.

Recorded: MOTION is that of training (docs/training.md), of CMU's motion capture; our lifters were trained on all of its
clips but those marked as holdout. Its descriptions say what is done in a clip, not when: a second is right where what
is told is one of what the description names. Random cameras, half of them looking down; 2D joints off as BlazePose's.

Tables: rows are what is done, columns what was told, in seconds. `unsure` is never right.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from benchmarks.lifted import lifted, result_of, seen
from benchmarks.lifter import CAMERA
from pose3d import load_lifter
from pose3d.analysis.actions import actions
from pose3d.analysis.stretches import Stretch
from pose3d.core.arrays import Bools, Floats
from pose3d.core.geometry import kabsch
from pose3d.core.skeleton import H36M17
from pose3d.core.times import frame_ends
from pose3d.lift.lifter import Lifter
from pose3d.train.augment import film
from pose3d.train.motion import MotionClip, load_motion
from synthetic.acting import ANY, OTHERS, PLANS, Acting, actings

NOBODY = "nobody"
STEEP = 20.0
"""Degrees that a camera looks down, from which it is told apart."""
OFF_FLOOR, AROUND_LEAP = 0.06, 0.35
"""Metres of both ankles above where they stand, of who is off the floor in a recording, and seconds around it that are
part of the leap."""
UP = 0.15
"""Arm lengths of a hand above its shoulder, of a raised arm in a recording."""


@dataclass(frozen=True)
class Kind:
    """What a description means. right: actions that it names; mixed: more than one, at times that it does not tell."""

    right: frozenset[str]
    mixed: bool = False


def _kind(*right: str) -> Kind:
    return Kind(frozenset(right), len(right) > 1)


WALK, RUN, STAND = _kind("walking"), _kind("running"), _kind("standing")
BALL = _kind("walking", "running", "standing")
JUMP = _kind("jumping", "standing", "squatting")
NAMED = {
    "walk": WALK, "slow walk": WALK, "brisk walk": WALK, "walking": WALK, "walking_extra": WALK,
    "walk on uneven terrain": WALK,
    "run/jog": RUN, "running": RUN,
    "jumping": JUMP, "jump, balance": JUMP,
    "punch/strike": STAND, "swordplay": STAND, "washwindow": STAND, "basketball_signal": STAND,
    "directing_traffic": STAND,
    "wash self": _kind("standing", "bending"),
    "bend over, scoop up, rise, lift arm": _kind("standing", "bending", "squatting"),
    "basketball": BALL, "soccer": BALL,
    "basketball - sideways dribble": BALL,
    "basketball - forward dribble, 90-degree left turns": BALL,
    "basketball - forward dribble, 90-degree right turns": BALL,
    "basketball - forward dribble, 90-degree right turns, crossover dribble": BALL,
    "basketball - crossover dribble, shoot": _kind("walking", "running", "standing", "jumping"),
    "basketball - dribble, shoot": _kind("walking", "running", "standing", "jumping"),
}  # fmt: skip
"""CMU's description to what is right. Of jumps: near to a leap of the recording only `jumping` is. Left out are dancing
(05) and climbing about a playground (01): most of what they name (arabesques, hanging) is none of the actions."""


@dataclass
class Tally:
    """Seconds by what is done and what was told, and how many of them are right."""

    told: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    right: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0, 0.0]))
    """Group to seconds right and in all."""

    def add(self, row: str, name: str, is_right: bool, seconds: float, groups: Iterable[str]) -> None:
        """One frame."""
        self.told[row][name] += seconds
        for group in groups:
            self.right[group][0] += is_right * seconds
            self.right[group][1] += seconds

    def show(self, title: str) -> None:
        """Prints the table, then a line per group."""
        columns = sorted({name for counter in self.told.values() for name in counter})
        print(f"\n{title:<28}" + "".join(f"{column:>10}" for column in columns))
        for row, counter in sorted(self.told.items()):
            print(
                f"{row[:27]:<28}"
                + "".join(f"{counter[column]:>10.1f}" if counter[column] else " " * 10 for column in columns)
            )
        for group, (right, whole) in self.right.items():
            print(f"{group}: {100 * right / whole:.1f} % of {whole:.0f} s right", flush=True)


def at_frames(stretches: Iterable[Stretch], times: Floats) -> list[str]:
    """(T,) what is told at each frame."""
    names = [NOBODY] * len(times)
    for each in stretches:
        first, last = np.searchsorted(times, [each.start - 1e-6, each.end - 1e-6])
        names[first:last] = [each.action] * (last - first)
    return names


def generated(chosen: Iterable[Acting], lifter: Lifter, folder: Path | None) -> dict[str, Tally]:
    """Of body and arms, against exact truth."""
    tallies = {"body": Tally(), "arms": Tally()}
    for acting in chosen:
        result = result_of(acting.clip, lifter, folder)
        found, lengths = actions(result), frame_ends(result.times) - result.times
        for part, tally in tallies.items():
            told = at_frames(getattr(found, part), result.times)
            for name, truth, seconds in zip(told, getattr(acting, part), lengths, strict=True):
                if ANY not in truth:
                    row = name if name in truth else " or ".join(sorted(truth))
                    tally.add(row, name, name in truth, seconds, ("all", acting.view, acting.plan))
    return tallies


def recorded(data: Path, lifter: Lifter, cameras: int) -> tuple[Tally, Tally]:
    """Of bodies by descriptions, and of raised arms by the recordings."""
    body, arms = Tally(), Tally()
    with np.load(data, allow_pickle=False) as fields:
        described = dict(zip(map(str, fields["clip_names"]), map(str, fields["action"]), strict=True))
    for clip in load_motion(data):
        for number in range(cameras):
            _judge(clip, described[clip.name], number, lifter, body, arms)
    return body, arms


def _judge(clip: MotionClip, described: str, number: int, lifter: Lifter, body: Tally, arms: Tally) -> None:
    xyz = film(torch.from_numpy(clip.positions)[None]).xyz[0].numpy().astype(np.float64)
    times = np.arange(len(xyz)) / clip.fps
    seed = zlib.crc32(f"{clip.name.replace('/', '_')}_{number}".encode())
    found = actions(lifted(lifter, seen(xyz, times, CAMERA, seed), name=clip.name))
    part = "holdout" if clip.holdout else "trained on"
    view = "looking down" if pitch(clip.positions, xyz) > STEEP else "level"
    raised = hands_up(clip.positions)
    for name, up in zip(at_frames(found.arms, times), raised, strict=True):
        if name != NOBODY:
            told = "up" if name in ("raised", "waving") else name
            row = "up" if up else "down"
            arms.add(row, told, told == row, 1 / clip.fps, ("all", part))
    kind = NAMED.get(described)
    if kind is None:
        return
    leaps = in_leaps(clip.positions, clip.fps) if kind is JUMP else np.zeros(len(xyz), bool)
    groups = ("all", part, view, f"{view}, {part}", "mixed" if kind.mixed else "one action", f"{described}, {part}")
    for name, leap in zip(at_frames(found.body, times), leaps, strict=True):
        right = name == "jumping" if leap else name in kind.right
        row = f"{described}{', in a leap' if leap else ''}"
        body.add(row, name, right, 1 / clip.fps, groups)


def pitch(world: Floats, xyz: Floats) -> float:
    """Degrees that the camera looks down which sees joints of the world (T, 17, 3), y down, as xyz (T, 17, 3)."""
    a, b = (points.reshape(-1, 3) - points.reshape(-1, 3).mean(0) for points in (world.astype(np.float64), xyz))
    rotation, _ = kabsch(a, b)
    return float(np.degrees(np.arcsin(-(np.array([0.0, -1.0, 0.0]) @ rotation)[2])))


def in_leaps(world: Floats, fps: float) -> Bools:
    """(T,) bool: both ankles are well above where they stand, or soon will be or were; world (T, 17, 3), y down."""
    lower = -world[:, H36M17.indices("LAnkle", "RAnkle"), 1].max(axis=1)
    off = np.flatnonzero(lower - np.percentile(lower, 25) > OFF_FLOOR)
    frames = np.arange(len(world))
    return np.array([(np.abs(off - frame) <= AROUND_LEAP * fps).any() for frame in frames])


def hands_up(world: Floats) -> Bools:
    """(T,) bool: a hand is above its shoulder."""
    up = np.zeros(len(world), bool)
    for side in "LR":
        shoulder, elbow, wrist = (world[:, H36M17.index(side + joint)] for joint in ("Shoulder", "Elbow", "Wrist"))
        arm = np.linalg.norm(elbow - shoulder, axis=-1) + np.linalg.norm(wrist - elbow, axis=-1)
        up |= (shoulder - wrist)[:, 1] > UP * arm
    return up


def main(
    data: Annotated[Path | None, typer.Option(help="Recorded motion, as of training.")] = None,
    out: Annotated[Path | None, typer.Option(help="Keep generated results here, and use those.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Plans of synthetic/acting.py.")] = None,
    model: str = "hdformer",
    cameras: Annotated[int, typer.Option(help="Per recorded clip.")] = 2,
) -> None:
    """Prints the tables."""
    torch.manual_seed(7)
    lifter, plans = load_lifter(model), tuple(only or PLANS)
    sets = {"generated": actings(plans), "generated, others": actings(plans, OTHERS)}
    for title, chosen in sets.items():
        for part, tally in generated(chosen, lifter, out).items():
            tally.show(f"{title}: {part}")
    if data:
        body, arms = recorded(data, lifter, cameras)
        body.show("recorded: body")
        arms.show("recorded: a hand up")


if __name__ == "__main__":
    typer.run(main)
