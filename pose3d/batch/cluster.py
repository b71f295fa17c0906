"""Workers of a Ray cluster: actors of Ray Data, each with a process of its own and its models loaded.

What kills the process costs its video one attempt; what kills the actor, or its machine, costs nothing but time: Ray
starts another, which finds on the shelf what is done.
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# Ray Data has hardly any types

from __future__ import annotations

import logging
import os
import socket
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from pose3d.batch.cores import claim
from pose3d.batch.rows import Row
from pose3d.batch.shelves import shelf
from pose3d.batch.storage import MEMORY, protocol
from pose3d.batch.videos import Clip, clip
from pose3d.batch.work import Order, attend, share
from pose3d.core.errors import ConfigError, DependencyError, Pose3DError, WorkError
from pose3d.core.quotas import quotas
from pose3d.jobs.workers import Process

MOST_BLOCKS = 4096
"""Blocks that a list of videos is cut into: more would cost Ray more than they spread the work."""
PATIENCE = 10.0
"""Seconds until a cluster must have answered."""
NAME, SOURCE = "video", "source"
"""Columns of a list of videos."""


class Attendant:
    """An actor: attends to one video after the other."""

    def __init__(self, order: Order, column: str, source: str | None, cores: int):
        self._order, self._column, self._source = order, column, source
        self._cores = claim(cores)
        self._folder = tempfile.TemporaryDirectory(prefix="pose3d-")
        self._worker = Process(quotas().worker_mb, lambda: Path(self._folder.name))
        self._shelf = shelf(order.out)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row, and what became of its video."""
        told = asdict(self._row(str(row[self._column]), row))
        del told[NAME]
        return {self._column: row[self._column], **row, **told}

    def _row(self, name: str, row: dict[str, Any]) -> Row:
        try:
            meant = Clip(name, str(row[self._source])) if self._source else clip(name)
        except Pose3DError as e:
            return Row(name, "failed", reason=e.worded(self._order.config.language))
        return attend(meant, self._order, self._shelf, self._worker)


def mapped(dataset: Any, order: Order, workers: int | None, column: str, source: str | None = None) -> Any:
    """A Dataset with a row for each of the videos; source: the column with where it is, if not that of its name."""
    ray = _ray()
    _check_shared(order.out)
    share(shelf(order.out))
    if not ray.is_initialized():
        ray.init(include_dashboard=False, log_to_driver=False)
    there = ray.cluster_resources()
    gpus = 0 if order.config.device == "cpu" else int(there.get("GPU", 0))
    cores = max(int(there.get("CPU", 1)), 1)
    count = workers or gpus or cores
    nodes = [node["Resources"]["CPU"] for node in ray.nodes() if node["Alive"] and "CPU" in node["Resources"]]
    each = max(min(cores // count, *map(int, nodes)), 1)  # an actor is on one machine
    return dataset.map(
        Attendant,
        fn_constructor_args=(order, column, source, each),
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=count, max_tasks_in_flight_per_actor=2),
        num_cpus=each,
        num_gpus=min(1.0, gpus / count) if gpus else None,
    )


def rows(clips: Sequence[Clip], order: Order, address: str, workers: int | None = None) -> Generator[Row]:
    """The rows of the videos, as they end, by the cluster at the address. Raises WorkError, DependencyError."""
    _check_shared(order.out)
    with shelf(order.out).taken(), _connected(address) as ray:
        items = [{NAME: clip.name, SOURCE: clip.source} for clip in clips]
        dataset = ray.data.from_items(items, override_num_blocks=min(len(items), MOST_BLOCKS))
        names = [field.name for field in fields(Row)]
        for row in mapped(dataset, order, workers, NAME, SOURCE).iter_rows():
            yield Row(**{name: row[name] for name in names})


def _check_shared(out: str) -> None:
    """Raises ConfigError where machines cannot share it."""
    if protocol(out) == MEMORY:
        raise ConfigError("batch_memory", path=out)


@contextmanager
def _connected(address: str) -> Generator[Any]:
    ray = _ray()
    try:
        _knock(address)
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (Exception, SystemExit) as e:
        raise WorkError("no_cluster", address=address, reason=f"{type(e).__name__}: {e}") from e
    try:
        yield ray
    finally:
        ray.shutdown()


def _knock(address: str) -> None:
    """Raises OSError where nobody answers: Ray would try for minutes, and then end the process."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), PATIENCE).close()


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # about people's videos nobody is told
    try:
        import ray
        import ray.data
    except ImportError as e:
        raise DependencyError("ray_package") from e
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    return ray
