"""How much faster two workers are than one, each on one core; and what it costs when workers are killed.

    python -m benchmarks.batch [--clips 40] [--frames 8] [--rounds 2]
    python -m benchmarks.batch --kills 20 [--cluster]

Clips are the first frames of an example, half as large, without a rendered clip. Times are of the whole way, from starting
the workers to the last file; one and two workers take turns, so that what else the machine does is shared fairly.
With --kills, workers are killed at random moments while two work on the clips, here or on a Ray cluster of two nodes on
this machine; then every clip must be there once and whole.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import psutil
import typer

from pose3d.batch import Row
from pose3d.batch.cores import available, keep_to
from pose3d.batch.videos import clips
from pose3d.batch.whole import here, order
from pose3d.core.config import RunConfig
from tests.many import Killer, check_whole, copies, short_clip

CONFIG = RunConfig(detector="blazepose-full", render=False)
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
        with Killer(psutil.Process(), kills, EVERY, mark) as killer:
            rows = work(source, out, address)
        check_whole(Path(out), count, frames)
        assert len({row.video for row in rows}) == len(rows) == count
        assert {row.state for row in rows} == {"done"}
        where = "on two Ray nodes" if cluster else "here"
        taken = time.monotonic() - began
        print(f"{count} clips {where}, {killer.killed} workers killed: each there once, whole, after {taken:.0f} s")


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
        yield cluster.address
        cluster.shutdown()


def main(
    count: Annotated[int, typer.Option("--clips")] = 40,
    frames: int = 8,
    rounds: int = 2,
    kills: int = 0,
    cluster: bool = False,
) -> None:
    """Prints the figures."""
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
