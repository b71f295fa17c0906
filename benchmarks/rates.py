"""The same motion at other frame rates: error of the whole way, and of the lifter alone with true 2D joints.

    python -m benchmarks.rates [--model hdformer] [--clip squats]

The example clips are rendered anew at every rate, frame by frame, and at one that varies between 8 and 120 a second;
P-MPJPE over 14 joints in mm, at the true intrinsics, each over the same seconds.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import typer

from pose3d import Pose2D, pipeline
from pose3d.core.skeleton import COMPARED_JOINTS, H36M17
from pose3d.evaluate.metrics import p_mpjpe
from pose3d.io.writer import VideoWriter
from synthetic.clips import Clip, choose
from synthetic.kinematics import solve
from synthetic.mannequin import build_mannequin
from synthetic.room import DEFAULT_ROOM
from synthetic.scene import build_scene

RATES = (30, 10, 15, 24, 25, 29.97, 50, 60, 120)
STEPS = (1 / 120, 1 / 60, 1 / 30, 1 / 15, 1 / 8)
"""Seconds between frames where the rate varies wildly."""
SECONDS = 4.0
COMPARED = H36M17.indices(*COMPARED_JOINTS)


@dataclass(frozen=True)
class Filmed:
    """A clip at some times. xyz: (T, 17, 3) metres in camera axes, exact."""

    clip: Clip
    times: np.ndarray
    xyz: np.ndarray

    @classmethod
    def of(cls, clip: Clip, times: np.ndarray) -> Filmed:
        """The clip's motion at these times (T,)."""
        figure = solve(clip.body, clip.motion.controls(clip.body, times))
        return cls(clip, times, clip.placement.to_camera(figure.joints).astype(np.float32))

    def video(self, path: Path) -> Path:
        """Rendered; the file's own times are these."""
        clip = self.clip
        figure = solve(clip.body, clip.motion.controls(clip.body, self.times))
        mannequin = build_mannequin(clip.body, clip.clothes)
        scene = build_scene(mannequin, clip.camera, clip.placement, DEFAULT_ROOM)
        with VideoWriter(path, clip.camera.width, clip.camera.height, 30.0) as writer:
            for frame, time in enumerate(self.times):
                writer.add(scene.render(mannequin.posed(figure, frame)), float(time))
        return path

    def pose2d(self) -> Pose2D:
        """True 2D joints."""
        full = np.ones(self.xyz.shape[:2], np.float32)
        camera = self.clip.camera
        return Pose2D(camera.project(self.xyz), full, full > 0, H36M17, camera=camera, times=self.times)

    def error(self, xyz: np.ndarray) -> float:
        """Millimetres."""
        return float(1000 * p_mpjpe(xyz[:, COMPARED], self.xyz[:, COMPARED]).mean())


def all_times() -> dict[str, np.ndarray]:
    """Name of a rate to its frames' times."""
    wild = np.cumsum(np.random.default_rng(1).choice(STEPS, 500))
    even = {f"{rate:g}": np.arange(round(SECONDS * rate)) / rate for rate in RATES}
    return even | {"wild": wild[wild < SECONDS] - wild[0]}


def main(model: str = "hdformer", clip: list[str] | None = None) -> None:
    """Prints a line per clip and rate; the first rate is what the others are compared with."""
    estimate = pipeline(model, device="cpu")
    print(f"{'clip':<14} {'rate':>6} {'frames':>6} {'whole way':>10} {'to 30':>6} {'true 2D':>9} {'to 30':>6}  (mm)")
    for chosen in choose(clip or []):
        first: tuple[float, float] | None = None
        for rate, times in all_times().items():
            filmed = Filmed.of(chosen, times)
            with tempfile.TemporaryDirectory() as folder:
                result = estimate(filmed.video(Path(folder) / "clip.mp4"), camera=chosen.camera)
            if len(result) != len(times):
                raise ValueError(f"{chosen.name} at {rate}: {len(result)} poses for {len(times)} frames")
            whole, lifted = filmed.error(result.pose3d.xyz), filmed.error(estimate.lifter(filmed.pose2d()).xyz)
            first = first or (whole, lifted)
            differences = f"{whole:>10.1f} {whole - first[0]:>+6.1f} {lifted:>9.1f} {lifted - first[1]:>+6.1f}"
            print(f"{chosen.name:<14} {rate:>6} {len(times):>6} {differences}", flush=True)


if __name__ == "__main__":
    typer.run(main)
