"""How much faster two workers are than one, each on one core; and what it costs when workers are killed.

    python -m benchmarks.batch [--clips 40] [--frames 8] [--rounds 2]
    python -m benchmarks.batch --kills 20 [--cluster]
    python -m benchmarks.batch --stages

Clips are the first frames of an example, half as large, without a rendered clip. Times are of the whole way, from the
start of the workers to the last file; one and two workers take turns. Nothing else must be at work meanwhile.
With --kills, workers are killed at random moments while two work on the clips, here or on a Ray cluster of two nodes on
this machine; then every clip must be there once and whole. --stages: what each takes of one core.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import psutil
import typer

from pose3d.batch.cores import available, keep_to
from pose3d.batch.rows import Row
from pose3d.batch.videos import clips
from pose3d.batch.whole import here, order
from pose3d.core.config import RunConfig
from pose3d.core.resources import ASSETS
from pose3d.outputs import write_outputs
from pose3d.pipelines import pipeline
from tests.many import Killer, check_whole, copies, short_clip

CONFIG = RunConfig(detector="blazepose-full", render=False)
EXAMPLE = ASSETS / "examples" / "squats.mp4"
STAGE_FRAMES = 60
EVERY = (1.0, 6.0)
"""Seconds from one killing to the next."""
PATIENT = 1000
"""Attempts at a video where so many are killed that three may all be in vain."""
OBJECTS = 80_000_000
"""Bytes of shared memory for each node."""


def seconds(source: Path, workers: int, frames: int) -> float:
    """What it takes so many workers, one core each."""
    cores = available()
    keep_to(cores[:workers])
    try:
        with tempfile.TemporaryDirectory() as out:
            asked = order(out, CONFIG)
            began = time.monotonic()
            rows = list(here(clips(str(source), out), asked, workers))
            taken = time.monotonic() - began
            check_whole(Path(out), len(rows), frames)
    finally:
        keep_to(cores)
    stages = sum(row.seconds for row in rows)
    print(f"{workers} workers: {taken:.1f} s, {len(rows) * frames / taken:.2f} frames/s; work alone {stages:.1f} s")
    return taken


def kill(source: Path, count: int, frames: int, kills: int, cluster: bool) -> None:
    """Prints how long it took, and raises where a clip is missing or there twice."""
    mark = "ray::MapWorker" if cluster else "spawn_main"
    with tempfile.TemporaryDirectory() as out, two_nodes() if cluster else nullcontext() as address:
        began = time.monotonic()
        with Killer(psutil.Process(), Path(out), kills, EVERY, mark) as killer:
            rows = work(source, out, address)
        check_whole(Path(out), count, frames)
        assert len({row.video for row in rows}) == len(rows) == count
        assert {row.state for row in rows} == {"done"}
        where = "on two Ray nodes" if cluster else "here"
        taken = time.monotonic() - began
        print(f"{count} clips {where}, {killer.killed} workers killed: each there once, whole, after {taken:.0f} s")


def stages(frames: int) -> None:
    """Prints seconds of a core, after the models have been used once."""
    keep_to(available()[:1])
    for detector in ("blazepose", "blazepose-full"):
        models, config = pipeline(detector=detector, device="cpu"), RunConfig(max_frames=frames)
        models(EXAMPLE, config.but(max_frames=2))
        ends = [time.process_time()]
        found = models.find(EXAMPLE, config)
        ends.append(time.process_time())
        result = models.lift(found, config)
        ends.append(time.process_time())
        with tempfile.TemporaryDirectory() as out:
            for render in (False, True):
                write_outputs(replace(result, config=config.but(render=render)), out)
                ends.append(time.process_time())
        find, lift, files, clip = (late - early for early, late in pairwise(ends))
        each = {"find": find, "lift": lift, "clip": clip - files}
        told = ", ".join(f"{name} {1000 * taken / frames:.1f} ms" for name, taken in each.items())
        print(f"{detector}, a frame: {told}; the other files of a video: {files:.2f} s")


def work(source: Path, out: str, address: str | None) -> list[Row]:
    """By two workers."""
    asked, videos = order(out, CONFIG, retries=PATIENT), clips(str(source), out)
    if address is None:
        return list(here(videos, asked, 2))
    from pose3d.batch.cluster import rows

    return list(rows(videos, asked, address, 2))


@contextmanager
def two_nodes() -> Generator[str]:
    """A cluster's address."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster

    with tempfile.TemporaryDirectory(prefix="ray") as place:
        head = {"num_cpus": 1, "object_store_memory": OBJECTS, "temp_dir": place, "include_dashboard": False}
        cluster = Cluster(initialize_head=True, head_node_args=head)
        cluster.add_node(num_cpus=1, object_store_memory=OBJECTS)
        yield str(cluster.address)
        cluster.shutdown()


def main(
    count: Annotated[int, typer.Option("--clips")] = 40,
    frames: int = 8,
    rounds: int = 2,
    kills: int = 0,
    cluster: bool = False,
    by_stage: Annotated[bool, typer.Option("--stages")] = False,
) -> None:
    """Prints the figures."""
    if by_stage:
        stages(STAGE_FRAMES)
        return
    with tempfile.TemporaryDirectory() as place:
        source = copies(short_clip(Path(place) / "clip.mp4", frames), Path(place) / "in", count)
        if kills:
            kill(source, count, frames, kills, cluster)
            return
        taken = [[seconds(source, workers, frames) for workers in (1, 2)] for _ in range(rounds)]
        one, two = (sum(each) for each in zip(*taken, strict=True))
        print(f"two workers are {one / two:.2f} times as fast as one, over {rounds} rounds")


if __name__ == "__main__":
    typer.run(main)
