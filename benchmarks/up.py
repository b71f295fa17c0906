"""How far off up is, and what levelling the poses by the trodden floor changes, on motion that was not trained on.

python -m benchmarks.up MOTION.npz [--model hdformer] [--cameras 4]

Validation clips seen by random cameras, of which half look down steeply; 2D joints off as much as BlazePose's are. Up:
degrees, as standing tells it, and with the floor; P-MPJPE and N-MPJPE in mm before and after. By how steeply the camera
looks down.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from benchmarks.lifter import lifted
from pose3d import load_lifter
from pose3d.core.geometry import degrees_between, kabsch
from pose3d.evaluate.metrics import n_mpjpe, p_mpjpe
from pose3d.ground import find_up, level_poses
from pose3d.ground.standing import standing_up
from pose3d.train.augment import film
from pose3d.train.motion import load_motion
from pose3d.train.noise import detected

STEEPNESS = (-90, 10, 20, 30, 90)
"""Degrees by which cameras look down: the ends of the rows."""


def main(data: Path, model: str = "hdformer", cameras: Annotated[int, typer.Option(help="Per clip.")] = 4) -> None:
    """Prints a line per steepness."""
    torch.manual_seed(7)
    lifter = load_lifter(model)
    rows: list[list[float]] = []
    for clip in (clip for clip in load_motion(data) if clip.holdout):
        for _ in range(cameras):
            view = film(torch.from_numpy(clip.positions)[None])
            xyz, pose = view.xyz[0].numpy().astype(np.float64), lifted(lifter, detected(view.rays), clip.fps)
            found, up = find_up(pose), true_up(clip.positions, xyz)
            levelled = level_poses(pose, found)
            told = [float(degrees_between(each.direction, up)) for each in (standing_up(pose), found)]
            errors = [1000 * m(p.xyz, xyz).mean() for p in (pose, levelled) for m in (p_mpjpe, n_mpjpe)]
            rows.append([float(np.degrees(np.arctan2(-up[2], -up[1]))), levelled is not pose, *told, *errors])
    table = np.array(rows)
    print(f"{'looks down':<12} {'views':>5} {'levelled':>8} | up: standing, floor | before: P     N | after: P     N")
    for low, high in pairwise(STEEPNESS):
        line(f"{low} to {high}", table[(low <= table[:, 0]) & (table[:, 0] < high)])
    line("all", table)
    line("levelled", table[table[:, 1] > 0])


def true_up(world: np.ndarray, xyz: np.ndarray) -> np.ndarray:
    """(3,) up in camera axes, of joints (T, 17, 3) in the world (y down) and in camera axes."""
    a, b = (joints.reshape(-1, 3) - joints.reshape(-1, 3).mean(0) for joints in (world.astype(np.float64), xyz))
    rotation, _ = kabsch(a, b)
    return np.array([0.0, -1.0, 0.0]) @ rotation


def line(name: str, table: np.ndarray) -> None:
    """One row, the mean over views."""
    if not len(table):
        return
    _, share, standing, floor, p, n, p_after, n_after = table.mean(0)
    print(
        f"{name:<12} {len(table):>5} {share:>8.0%} |      {standing:5.1f}  {floor:5.1f} |"
        f"      {p:6.1f} {n:5.1f} |     {p_after:6.1f} {n_after:5.1f}",
        flush=True,
    )


if __name__ == "__main__":
    typer.run(main)
