"""Calibrates the smoothing of the pelvis path: error and length of the path for several accelerations.

    python -m benchmarks.root MOTION.npz

On training clips, seen by random cameras with detector-like noise, lifted with the shipped weights.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import torch
import typer

from pose3d import Camera, Pose2D, Pose3D, load_lifter
from pose3d.core.skeleton import H36M17
from pose3d.evaluate.metrics import path_length
from pose3d.lift import root
from pose3d.train.augment import film
from pose3d.train.motion import load_motion

CAMERA = Camera.from_fov(1000, 1000, 60)
CLIPS = 24
NOISE, BIAS = 1.5, 4.0
"""Pixels of independent and of constant 2D error per joint, about what the detector shows on the example clips."""


def main(data: Path) -> None:
    """Prints mean path error and the relative error of its length, for accelerations by axis; first those in use."""
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    lifter = load_lifter("hdformer", "cpu")
    clips = [clip for clip in load_motion(data) if not clip.holdout and 90 <= len(clip.positions) <= 200]
    cases: list[tuple[Pose2D, Pose3D, np.ndarray]] = []
    for clip in clips[:: max(len(clips) // CLIPS, 1)]:
        xyz = film(torch.from_numpy(clip.positions)[None]).xyz[0].numpy()
        noise = rng.normal(0, NOISE, (*xyz.shape[:2], 2)) + rng.normal(0, BIAS, (1, xyz.shape[1], 2))
        full = np.ones(xyz.shape[:2], np.float32)
        pose2d = Pose2D(CAMERA.project(xyz) + noise.astype(np.float32), full, full > 0, H36M17, clip.fps, CAMERA)
        cases.append((pose2d, lifter(pose2d), xyz[:, 0]))
    print(f"{'x':>7} {'y':>7} {'depth':>7} {'error mm':>9} {'length error':>13}  (m/s2, {len(cases)} clips)")
    others = [(across, across, depth) for across, depth in product((8.0, 16.0, 32.0), (0.25, 0.5, 1.0, 2.0))]
    for acceleration in (root.ACCELERATION, *others):
        root.ACCELERATION = acceleration
        paths = [root.solve_root(p3.xyz, CAMERA.rays(p2.xy), p2.score, p2.times) for p2, p3, _ in cases]
        pairs = [(path, truth) for path, (_, _, truth) in zip(paths, cases, strict=True)]
        error = np.mean([np.linalg.norm(path - truth, axis=-1).mean() for path, truth in pairs])
        length = np.mean([abs(path_length(path) / path_length(truth) - 1) for path, truth in pairs])
        x, y, depth = acceleration
        print(f"{x:>7g} {y:>7g} {depth:>7g} {1000 * error:>9.0f} {length:>13.3f}")


if __name__ == "__main__":
    typer.run(main)
