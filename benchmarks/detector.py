"""Seconds per frame of BlazePose beside mediapipe's loop, decoding included, on one clip in one run.

    python -m benchmarks.detector assets/examples/walk.mp4 [--models full heavy] [--rounds 3]

mediapipe is measured where it can be imported (0.10.21, the heavy model put there by `tools.golden_blazepose`): it
follows one person, we look for everybody. Rounds take turns, so that other work on the machine meets both alike.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from pose3d.core.video import Span
from pose3d.detect import blazepose
from pose3d.io.video import frames

COMPLEXITY = {"full": 1, "heavy": 2}
"""mediapipe's numbers of the models."""


def ours(model: str, clip: Path, span: Span) -> int:
    """Frames seen by our detector."""
    return sum(1 for _ in blazepose.load(model, model, "cpu").detect(frames(clip, span)))


def theirs(model: str, clip: Path, span: Span) -> int:
    """Frames seen by mediapipe's."""
    from mediapipe.python.solutions.pose import Pose  # pyright: ignore[reportMissingImports]

    with Pose(model_complexity=COMPLEXITY[model], smooth_landmarks=False) as tracker:
        return sum(1 for frame in frames(clip, span) if tracker.process(frame.image) is not None)


def per_frame(run: Callable[[str, Path, Span], int], model: str, clip: Path, span: Span) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    count = run(model, clip, span)
    return 1000 * (time.perf_counter() - start) / count


def has_mediapipe() -> bool:
    """Whether there is something to compare with."""
    try:
        import mediapipe  # noqa: F401  # pyright: ignore[reportMissingImports]
    except ImportError:
        return False
    return True


def main() -> None:
    """Prints a line per model: the median of the rounds and of their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--models", nargs="+", default=list(COMPLEXITY), choices=COMPLEXITY)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--max-frames", type=int)
    options = parser.parse_args()
    span = Span(max_frames=options.max_frames)
    runs = [ours, theirs] if has_mediapipe() else [ours]
    for model in options.models:
        for run in runs:
            run(model, options.clip, Span(max_frames=2))  # loads the networks
        rounds = np.array([[per_frame(run, model, options.clip, span) for run in runs] for _ in range(options.rounds)])
        line = f"{model}: {np.median(rounds[:, 0]):.1f} ms per frame"
        if len(runs) > 1:
            ratio = np.median(rounds[:, 0] / rounds[:, 1])
            line += f", mediapipe {np.median(rounds[:, 1]):.1f}, ratio {ratio:.2f}"
        print(line)


if __name__ == "__main__":
    main()
