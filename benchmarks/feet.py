"""Feet that stand, on generated videos against their exact truth: as lifted, and planted.

python -m benchmarks.feet [--out FOLDER] [--model hdformer]

On the clips of synthetic/trials.py (feet were adjusted with some in sight, see there), true cameras and statures.
up: degrees that the result's up is off; right: frames, in percent, in which a foot is said to stand as its sole does;
glide: cm/s, median speed of ankles whose whole foot stands; height: cm, median distance of such ankles from their true
height above the floor; P: P-MPJPE, mm; jitter: mean error of the joints' acceleration, m/s2. As lifted, and planted.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from pose3d import Result, pipeline
from pose3d.core.geometry import degrees_between
from pose3d.core.skeleton import COMPARED_JOINTS, H36M17
from pose3d.evaluate.metrics import mpjpe, p_mpjpe
from synthetic.clips import Clip
from synthetic.render import render_clip
from synthetic.trials import TRIALS

COMPARED = H36M17.indices(*COMPARED_JOINTS)
ANKLES = H36M17.indices("LAnkle", "RAnkle")
ON_FLOOR = 0.012
"""Metres: heel or ball of a foot that stands are not higher."""
STILL = 0.05
"""Metres per second: an ankle of a foot that stands as a whole is not faster."""


def soles(clip: Clip) -> tuple[np.ndarray, np.ndarray]:
    """(T, 2) bool each: whether some, and whether all of the left and the right sole is on the floor."""
    figure = clip.figure()
    some, whole = [], []
    for side in "LR":
        foot, ball = figure.bones[f"{side}Foot"], figure.bones[f"{side}Toes"].origin
        heel = foot.point(0, -clip.body.ankle_height, -clip.body.heel)
        down = np.stack([heel[:, 1], ball[:, 1]]) < ON_FLOOR
        some.append(down.any(0))
        whole.append(down.all(0) & (speeds(foot.origin, clip.times) < STILL))
    return np.stack(some, 1), np.stack(whole, 1)


def speeds(points: np.ndarray, times: np.ndarray) -> np.ndarray:
    """(T, ...) metres per second of points (T, ..., 3)."""
    return np.linalg.norm(np.gradient(points.astype(np.float64), times, axis=0), axis=-1)


def figures(clip: Clip, result: Result) -> list[float]:
    """up and right, then glide, height, P and jitter, as lifted and planted each."""
    assert result.planted is not None
    some, whole = soles(clip)
    up = float(degrees_between(result.ground.up, clip.placement.rotation @ [0.0, 1.0, 0.0]))
    row = [up, 100 * float((result.planted.stands == some).mean())]
    measured = [measures(clip, result, world, whole) for world in (result.as_lifted, result.world)]
    return row + [value for pair in zip(*measured, strict=True) for value in pair]


def measures(clip: Clip, result: Result, world: np.ndarray, whole: np.ndarray) -> list[float]:
    """glide, height, P, jitter of joints (T, 17, 3) in the world of a result."""
    truth = clip.truth().xyz.astype(np.float64)
    placed = result.ground.camera_space(world).astype(np.float64)
    accelerations = (np.diff(xyz[:, COMPARED], 2, axis=0) * clip.fps**2 for xyz in (placed, truth))
    pose, target = (xyz[:, COMPARED] - xyz[:, :1] for xyz in (placed, truth))
    return [
        100 * float(np.median(speeds(world[:, ANKLES], clip.times)[whole])),
        100 * float(np.median(np.abs(world[:, ANKLES, 1][whole] - clip.body.ankle_height))),
        1000 * float(p_mpjpe(pose, target).mean()),
        float(mpjpe(*accelerations).mean()),
    ]


def main(
    out: Annotated[Path | None, typer.Option(help="Keep the rendered clips here, and use those that are here.")] = None,
    model: str = "hdformer",
) -> None:
    """Prints a line per clip and their mean."""
    turn_into_3d = pipeline(model)
    rows: list[list[float]] = []
    print(f"{'clip':<22}   up right |     glide      |     height     |       P        |     jitter")
    with tempfile.TemporaryDirectory() as temporary:
        folder = out or Path(temporary)
        for trial in TRIALS:
            clip, video = trial.clip, folder / f"{trial.clip.name}.mp4"
            if not video.exists():
                render_clip(clip, folder, trial.room)
            result = turn_into_3d(video, camera=clip.camera, height=clip.body.stature)
            rows.append(figures(clip, result))
            line(clip.name, rows[-1])
    line("mean", np.mean(rows, 0).tolist())
    line("median", np.median(rows, 0).tolist())


def line(name: str, row: list[float]) -> None:
    """One row of the table."""
    up, right, *pairs = row
    cells = " | ".join(f"{pairs[n]:>6.2f} {pairs[n + 1]:>7.2f}" for n in range(0, len(pairs), 2))
    print(f"{name:<22} {up:>4.1f} {right:>5.1f} | {cells}", flush=True)


if __name__ == "__main__":
    typer.run(main)
