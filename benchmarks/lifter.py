"""How far the lifter is off on recorded motion that it was not trained on, seen by random cameras.

python -m benchmarks.lifter MOTION.npz [--model hdformer] [--cameras 4]

With true 2D joints, and with 2D joints that are off as BlazePose's are (pose3d/train/noise.py); all 17 joints. Whole
clips, and then short pieces lifted on their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from torch import Tensor

from pose3d import Camera, Pose2D, Pose3D, load_lifter
from pose3d.core.skeleton import H36M17
from pose3d.evaluate.metrics import mpjpe, p_mpjpe
from pose3d.lift.lifter import Lifter
from pose3d.train.augment import View, film
from pose3d.train.motion import load_motion
from pose3d.train.noise import detected

CAMERA = Camera.from_fov(1000, 1000, 60)
PIECES = (1, 10, 30, 96)
"""Frames."""
GAP = 300
"""Frames from one piece to the next."""


def lifted(lifter: Lifter, rays: Tensor, fps: float) -> Pose3D:
    """The motion that is seen as rays (1, T, 17, 2)."""
    xy = rays[0].numpy() * [CAMERA.fx, CAMERA.fy] + [CAMERA.cx, CAMERA.cy]
    full = np.ones(xy.shape[:2], np.float32)
    return lifter(Pose2D(xy.astype(np.float32), full, full > 0, H36M17, fps, CAMERA))


def errors(lifter: Lifter, xyz: np.ndarray, rays: Tensor, fps: float) -> np.ndarray:
    """(T, 2) millimetres: MPJPE and P-MPJPE of the lifted rays (1, T, 17, 2)."""
    pose = lifted(lifter, rays, fps)
    target = xyz - xyz[:, :1]
    return 1000 * np.stack([mpjpe(pose.xyz, target), p_mpjpe(pose.xyz, target)], -1)


def both(lifter: Lifter, view: View, fps: float, span: slice = slice(None)) -> np.ndarray:
    """(T, 4): errors with true, then with detector-like 2D, of the frames in the span."""
    xyz, rays = view.xyz[0, span].numpy(), view.rays[:, span]
    return np.concatenate([errors(lifter, xyz, seen, fps) for seen in (rays, detected(rays))], -1)


def pieces(frames: int, length: int) -> Iterator[slice]:
    return (slice(start, start + length) for start in range(0, frames - length + 1, GAP))


def main(data: Path, model: str = "hdformer", cameras: Annotated[int, typer.Option(help="Per clip.")] = 4) -> None:
    """Prints a line per clip, the mean over all frames, and the means over short pieces."""
    torch.manual_seed(7)
    lifter = load_lifter(model)
    whole: list[np.ndarray] = []
    short: dict[int, list[np.ndarray]] = {length: [] for length in PIECES}
    print(f"{'validation clip':<28} {'frames':>6} |  true 2D: MPJPE P-MPJPE | detector-like: MPJPE P-MPJPE  (mm)")
    for clip in (clip for clip in load_motion(data) if clip.holdout):
        views = [film(torch.from_numpy(clip.positions)[None]) for _ in range(cameras)]
        found = np.concatenate([both(lifter, view, clip.fps) for view in views])
        whole.append(found)
        line(clip.name, len(clip.positions), found)
        for length, collected in short.items():
            collected += [both(lifter, v, clip.fps, s) for v in views for s in pieces(len(clip.positions), length)]
    line("all", sum(map(len, whole)) // cameras, np.concatenate(whole))
    for length, collected in short.items():
        line(f"pieces of {length}", sum(map(len, collected)), np.concatenate(collected))


def line(name: str, frames: int, found: np.ndarray) -> None:
    true_m, true_p, noisy_m, noisy_p = found.mean(0)
    print(f"{name:<28} {frames:>6} | {true_m:>15.1f} {true_p:>7.1f} | {noisy_m:>20.1f} {noisy_p:>7.1f}", flush=True)


if __name__ == "__main__":
    typer.run(main)
