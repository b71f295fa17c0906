"""How far the detector is off: per joint its bias, slow drift and jitter, in units of the lifter's input.

python -m benchmarks.noise

On the example clips, at their true intrinsics, after `refine`; a unit is about 0.55 m on a standing adult. The 2D noise
of the training (pose3d/train/noise.py) is drawn to cover these figures.
"""

from __future__ import annotations

import numpy as np
import typer
from scipy.ndimage import gaussian_filter1d

from pose3d.core.resources import ASSETS
from pose3d.core.skeleton import H36M17
from pose3d.detect import load_detector
from pose3d.io.video import frames, probe
from pose3d.lift.centring import centre, window_scale
from pose3d.track import refine, track
from synthetic.truth import Truth, load_truth

DRIFT = 4.0
"""Frames: standard deviation of the Gaussian that tells drift from jitter."""


def errors(truth: Truth) -> np.ndarray:
    """(T, 17, 2): detected minus true, both centred, in the unit of the true ones."""
    video = ASSETS / "examples" / f"{truth.name}.mp4"
    tracks = track(load_detector("blazepose", "cpu").detect(frames(video)))
    seen = refine(tracks[0], probe(video).times, truth.camera).xy
    found, told = (centre(truth.camera.rays(xy)).rays for xy in (seen, truth.xy))
    return (found - told) / window_scale(told)


def main() -> None:
    """Prints a line per joint: bias (x, y) averaged over clips, its spread among them, drift and jitter."""
    clips = [errors(load_truth(path)) for path in sorted((ASSETS / "examples").glob("*.json"))]
    means = np.stack([error.mean(0) for error in clips])
    rest = [error - mean for error, mean in zip(clips, means, strict=True)]
    slow = [gaussian_filter1d(error, DRIFT, axis=0) for error in rest]
    jitter = np.concatenate([r - s for r, s in zip(rest, slow, strict=True)])
    drift = np.concatenate(slow)
    print(f"{'joint':<10} {'bias x':>8} {'bias y':>8} {'spread':>8} {'drift':>8} {'jitter':>8}")
    for n, name in enumerate(H36M17.joints):
        x, y = means[:, n].mean(0)
        spread, moving, shaking = means[:, n].std(0).mean(), drift[:, n].std(), jitter[:, n].std()
        print(f"{name:<10} {x:>8.3f} {y:>8.3f} {spread:>8.3f} {moving:>8.3f} {shaking:>8.3f}")


if __name__ == "__main__":
    typer.run(main)
