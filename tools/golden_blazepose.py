"""Writes tests/data/golden_blazepose.npz: what mediapipe 0.10.21 sees in the first frames of the example clips.

    pip install mediapipe==0.10.21 av scipy pydantic pyyaml
    npm pack @mediapipe/pose@0.5.1675469404
    python -m tools.golden_blazepose mediapipe-pose-0.5.1675469404.tgz

The heavy model is put into mediapipe's own folder, where it looks for it. In the file: CLIP_full and CLIP_heavy, each
(FRAMES, 33, 3): x, y in pixels, visibility.
"""
# pyright: reportMissingImports=false
# mediapipe is for this program alone

from __future__ import annotations

import argparse
import tarfile
from pathlib import Path
from typing import Any

import mediapipe
import numpy as np
from mediapipe.python.solutions.pose import Pose

from pose3d.core.resources import ASSETS
from pose3d.core.video import Span
from pose3d.io.video import frames

FRAMES = 15
"""Of each clip, from its first."""
COMPLEXITY = {"full": 1, "heavy": 2}
GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "data" / "golden_blazepose.npz"
HEAVY = "pose_landmark_heavy.tflite"


def seen(clip: Path, model: str) -> np.ndarray:
    """(FRAMES, 33, 3): tracked from frame to frame, without smoothing."""
    rows = []
    with Pose(model_complexity=COMPLEXITY[model], smooth_landmarks=False) as tracker:
        for frame in frames(clip, Span(max_frames=FRAMES)):
            height, width = frame.image.shape[:2]
            landmarks = tracker.process(frame.image).pose_landmarks.landmark
            rows.append([(point.x * width, point.y * height, point.visibility) for point in landmarks])
    return np.array(rows, np.float32)


def _content(package: tarfile.TarFile, member: str) -> bytes:
    file = package.extractfile(member)
    if file is None:
        raise ValueError(f"{member} is no file")
    return file.read()


def main() -> None:
    """Runs both models over all clips."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="of @mediapipe/pose, as npm pack leaves it")
    with tarfile.open(parser.parse_args().package) as package:
        heavy = _content(package, f"package/{HEAVY}")
    (Path(mediapipe.__path__[0]) / "modules" / "pose_landmark" / HEAVY).write_bytes(heavy)
    clips = sorted((ASSETS / "examples").glob("*.mp4"))
    found: dict[str, Any] = {f"{clip.stem}_{model}": seen(clip, model) for clip in clips for model in COMPLEXITY}
    np.savez_compressed(GOLDEN, **found)


if __name__ == "__main__":
    main()
