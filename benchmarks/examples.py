"""The whole pipeline on the example clips, against their exact truth, at the true intrinsics and stature.

    python -m benchmarks.examples [--model hdformer]

Errors over 14 joints (without Spine, Neck, Head); speed as processing time over the clip's duration.
"""

from __future__ import annotations

import numpy as np
import typer

from pose3d import pipeline
from pose3d.core.resources import ASSETS
from pose3d.core.skeleton import COMPARED_JOINTS, H36M17
from pose3d.evaluate.metrics import mpjpe, p_mpjpe, path_length
from synthetic.truth import load_truth

COMPARED = H36M17.indices(*COMPARED_JOINTS)


def main(model: str = "hdformer") -> None:
    """Prints a line per clip."""
    estimate = pipeline(model, device="cpu")
    print("clip           frames P-MPJPE mm  MPJPE mm  path m  true m  time/duration")
    for path in sorted((ASSETS / "examples").glob("*.json")):
        truth = load_truth(path)
        result = estimate(path.with_suffix(".mp4"), camera=truth.camera, height=truth.height)
        pose, target = result.pose3d.xyz[:, COMPARED], truth.xyz[:, COMPARED]
        figures = (1000 * p_mpjpe(pose, target).mean(), 1000 * mpjpe(pose, target).mean())
        paths = (path_length(result.pose3d.root), path_length(truth.xyz[:, 0]))
        share = np.sum(list(result.seconds.values())) / result.video.duration
        errors = f"{figures[0]:>10.1f} {figures[1]:>9.1f}"
        print(f"{path.stem:<14} {len(result):>6} {errors} {paths[0]:>7.2f} {paths[1]:>7.2f} {share:>14.2f}")


if __name__ == "__main__":
    typer.run(main)
