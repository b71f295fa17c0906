"""How far the lifter is off on recorded motion that it was not trained on, seen by random cameras, with true 2D.

python benchmarks/lifter.py MOTION.npz [--model hdformer] [--cameras 4]
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from pose3d import Camera, Pose2D, load_lifter
from pose3d.lift import Lifter
from pose3d.metrics import mpjpe, p_mpjpe
from pose3d.skeleton import H36M17
from pose3d.train.augment import film
from pose3d.train.motion import MotionClip, load_motion

CAMERA = Camera.from_fov(1000, 1000, 60)


def errors(lifter: Lifter, clip: MotionClip) -> np.ndarray:
    """(T, 2) millimetres: MPJPE and P-MPJPE over all 17 joints, through one random camera."""
    view = film(torch.from_numpy(clip.positions)[None])
    xyz = view.xyz[0].numpy()
    full = np.ones(xyz.shape[:2])
    pose = lifter(Pose2D(CAMERA.project(xyz), full.astype(np.float32), full > 0, H36M17, clip.fps, CAMERA))
    target = xyz - xyz[:, :1]
    return 1000 * np.stack([mpjpe(pose.xyz, target), p_mpjpe(pose.xyz, target)], -1)


def main(data: Path, model: str = "hdformer", cameras: Annotated[int, typer.Option(help="Per clip.")] = 4) -> None:
    """Prints a line per clip and the mean over all frames."""
    torch.manual_seed(7)
    lifter = load_lifter(model)
    rows = []
    print(f"{'validation clip':<28} {'frames':>6} {'MPJPE':>8} {'P-MPJPE':>8}  (mm, mean of {cameras} cameras)")
    for clip in (clip for clip in load_motion(data) if clip.holdout):
        found = np.concatenate([errors(lifter, clip) for _ in range(cameras)])
        rows.append(found)
        print(f"{clip.name:<28} {len(clip.positions):>6} {found[:, 0].mean():>8.1f} {found[:, 1].mean():>8.1f}")
    mean = np.concatenate(rows).mean(0)
    print(f"{'all':<28} {sum(map(len, rows)) // cameras:>6} {mean[0]:>8.1f} {mean[1]:>8.1f}")


if __name__ == "__main__":
    typer.run(main)
