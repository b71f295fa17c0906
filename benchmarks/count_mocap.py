"""How well repetitions are counted in recorded motion, seen by random cameras and lifted.

python -m benchmarks.count_mocap MOTION.npz [--model hdformer] [--cameras 2]

MOTION is that of training (docs/training.md), of CMU's motion capture: our lifters were trained on all of its clips but
those marked as holdout, which are told apart here. True 2D joints.

First what is no squat: counted when asked for squats, per minute, by kind of clip. Then clips in which something is
repeated, as CMU describes them, and how often: counted by eye and hand on curves of the raw recording (peaks of an
angle), before any of this was run on them. None of the clips holds squats, push-ups or jumping jacks.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from benchmarks.lifted import lifted
from benchmarks.lifter import CAMERA
from pose3d import Pose2D, Result, load_lifter
from pose3d.analysis import CountOptions, count
from pose3d.core.skeleton import H36M17
from pose3d.lift.lifter import Lifter
from pose3d.train.augment import film
from pose3d.train.motion import MotionClip, load_motion

NO_SQUATS = {
    "cmu-act/walking": "walking",
    "cmu/07": "walking",
    "cmu/03": "walking on uneven ground",
    "cmu/05": "dancing",
    "cmu/01": "climbing",
}
"""How the names of clips begin, to what CMU describes; those of 01 climb, hang, sit and jump about a playground."""
REPEATED = (
    ("cmu/02_06", "squat", 6, "six full knee bends, to scoop something up"),
    ("cmu/02_06", "any", 6, "the same"),
    ("cmu/02_10", "any", 4, "four bows, to wash"),
    ("cmu/02_05", "any", 9, "nine punches with the right hand"),
    ("cmu/06_10", "any", 11, "eleven dribbles with the right hand while walking"),
    ("cmu/06_11", "any", 11, "the same"),
)
"""Clip, what is asked for, how often it is there, and what it is: by the pelvis' height, knees and arms of the raw
recording."""


def seen(lifter: Lifter, clip: MotionClip) -> Result:
    """Through a random camera."""
    rays = film(torch.from_numpy(clip.positions)[None]).rays[0].numpy()
    xy = rays * [CAMERA.fx, CAMERA.fy] + [CAMERA.cx, CAMERA.cy]
    full = np.ones(xy.shape[:2], np.float32)
    return lifted(lifter, Pose2D(xy.astype(np.float32), full, full > 0, H36M17, clip.fps, CAMERA))


def main(
    data: Path, model: str = "hdformer", cameras: Annotated[int, typer.Option(help="Per clip with repetitions.")] = 5
) -> None:
    """Prints squats a minute where there are none, then counts of what is repeated."""
    torch.manual_seed(7)
    lifter, clips = load_lifter(model), {clip.name: clip for clip in load_motion(data)}
    no_squats(lifter, list(clips.values()))
    right = 0
    for name, asked, there, what in REPEATED:
        found = [count(seen(lifter, clips[name]), CountOptions(exercise=asked)).count for _ in range(cameras)]
        right += sum(each == there for each in found)
        print(
            f"{name}{' (holdout)' if clips[name].holdout else ''}, {asked}: {there} there, {found} found: {what}",
            flush=True,
        )
    print(f"exact: {right} of {cameras * len(REPEATED)}")


def no_squats(lifter: Lifter, clips: list[MotionClip]) -> None:
    """A line for each kind of clip and part of the data."""
    counted: dict[tuple[str, str], int] = defaultdict(int)
    minutes: dict[tuple[str, str], float] = defaultdict(float)
    for clip in clips:
        kind = next((kind for begin, kind in NO_SQUATS.items() if clip.name.startswith(begin)), None)
        if kind:
            key = kind, "holdout" if clip.holdout else "trained on"
            counted[key] += count(seen(lifter, clip), CountOptions(exercise="squat")).count
            minutes[key] += len(clip.positions) / clip.fps / 60
    for kind, part in sorted(counted):
        much, squats = minutes[kind, part], counted[kind, part]
        print(f"{kind}, {part}: {squats} squats in {much:.1f} minutes, {squats / much:.1f} a minute")


if __name__ == "__main__":
    typer.run(main)
