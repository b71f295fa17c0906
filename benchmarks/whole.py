"""What the whole way costs, from a video to its files, against the loop that mediapipe's users write.

    python -m benchmarks.whole [--frames 300] [--mediapipe PYTHON]

An example clip, stretched to 1920 x 1080 pixels, is taken through everything three times: seconds of wall time and of
all processors for people and skeleton, for all files but the clip, and for the clip. PYTHON is an interpreter with
mediapipe 0.10.21 (which wants Python 3.9 to 3.12 and has the landmark model "heavy" in its folder): in it runs a loop
that decodes with PyAV and calls mediapipe's Pose on every frame, with the same landmark model; then the ratios are
printed, too.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.readers.stretched import stretched
from pose3d import pipeline
from pose3d.core.resources import ASSETS
from pose3d.outputs import write_outputs
from pose3d.view import render_clip

CLIP = ASSETS / "examples" / "squats.mp4"
TIMES = 3
LOOP = """
import json, sys, time
import av, mediapipe
pose = mediapipe.solutions.pose.Pose(model_complexity=2)
wall, cpu = time.perf_counter(), time.process_time()
with av.open(sys.argv[1]) as container:
    container.streams.video[0].thread_type = "AUTO"
    seen = sum(
        pose.process(frame.to_ndarray(format="rgb24")).pose_landmarks is not None for frame in container.decode(video=0)
    )
print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu, seen]))
"""


@dataclass(frozen=True)
class Cost:
    """Seconds."""

    wall: float
    cpu: float
    """Of all processors."""

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall + other.wall, self.cpu + other.cpu)

    def __str__(self) -> str:
        return f"{self.wall:6.2f} s, of all processors {self.cpu:6.2f} s"


def cost(work: Callable[[], object]) -> Cost:
    """Of doing it once."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def median(costs: list[Cost]) -> Cost:
    """Of both figures."""
    return Cost(statistics.median(each.wall for each in costs), statistics.median(each.cpu for each in costs))


def once(video: Path, folder: Path) -> tuple[Cost, Cost, Cost]:
    """People and skeleton, files, clip; the networks are loaded."""
    whole_way = pipeline(device="cpu")
    results = []
    found = cost(lambda: results.append(whole_way(video, render=False)))
    return (
        found,
        cost(lambda: write_outputs(results[0], folder)),
        cost(lambda: render_clip(results[0], folder / "c.mp4")),
    )


def by_mediapipe(python: str, video: Path) -> Cost:
    """Of the loop."""
    done = subprocess.run([python, "-c", LOOP, video], capture_output=True, text=True, check=True)
    wall, cpu, seen = json.loads(done.stdout.splitlines()[-1])
    print(f"mediapipe saw somebody in {seen} frames")
    return Cost(wall, cpu)


def main(
    count: Annotated[int, typer.Option("--frames", help="Of the clip.")] = 300,
    mediapipe: Annotated[str | None, typer.Option(help="An interpreter that has it.")] = None,
) -> None:
    """Prints medians."""
    with tempfile.TemporaryDirectory() as folder:
        video = stretched(CLIP, Path(folder) / "video.mp4", 1920, 1080, count)
        runs, theirs = [], []
        for _ in range(TIMES):  # in turns: what else goes on meets both
            runs.append(once(video, Path(folder)))
            theirs += [by_mediapipe(mediapipe, video)] if mediapipe else []
    found, files, clip = (median(list(costs)) for costs in zip(*runs, strict=True))
    for name, each in {"people, skeleton": found, "files": files, "clip": clip}.items():
        print(f"{name:<17} {each}")
    if theirs:
        loop = median(theirs)
        print(f"{'mediapipe':<17} {loop}")
        for name, each in {"without the clip": found + files, "with it": found + files + clip}.items():
            ratio = f"{each.wall / loop.wall:.2f} of wall time, {each.cpu / loop.cpu:.2f} of processors' time"
            print(f"{name}: {ratio} of mediapipe's")


if __name__ == "__main__":
    typer.run(main)
