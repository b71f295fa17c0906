"""How the page is doing: what stands now, and what was counted since it started. Nothing about who uses it.

Whoever runs the work says with `watch` how its figures are read, and counts with `finished`, `restarted` and `refused`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from gradio.utils import get_upload_folder
from prometheus_client import CollectorRegistry, Counter, Histogram

from pose3d.jobs.workers import MEGABYTE

Outcome = Literal["done", "stopped", "refused", "crashed", "timed_out"]
"""How a job ends. refused: its input was at fault; crashed: we were."""


@dataclass(frozen=True)
class Vitals:
    """What stands now. models_loaded: whether a job would find them in memory; running, waiting: jobs;
    disk_mb: megabytes of results and uploads; free_mb: megabytes that the disk still has."""

    models_loaded: bool
    workers_alive: int
    workers_wanted: int
    running: int
    waiting: int
    disk_mb: float
    free_mb: float

    @property
    def ready(self) -> bool:
        """Whether a job that comes now is worked on."""
        return self.models_loaded and (self.workers_alive > 0 or self.workers_wanted == 0)


COUNTED = CollectorRegistry()
"""What was counted since the start of this process."""
JOBS = Counter("pose3d_jobs", "Jobs that have ended", ["outcome"], registry=COUNTED)
STAGES = Histogram(
    "pose3d_stage_seconds",
    "Seconds that a stage of a job took",
    ["stage"],
    buckets=(0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000),
    registry=COUNTED,
)
RESTARTS = Counter("pose3d_workers_restarted", "Workers that were replaced", registry=COUNTED)
REFUSALS = Counter(
    "pose3d_refused", "Uploads and calls that were refused before they were jobs", ["reason"], registry=COUNTED
)

for _outcome in get_args(Outcome):
    JOBS.labels(_outcome)  # so that a rate can be told from the first one on


def finished(outcome: Outcome, seconds: Mapping[str, float]) -> None:
    """A job has ended; seconds: by stage."""
    JOBS.labels(outcome).inc()
    for stage, value in seconds.items():
        STAGES.labels(stage).observe(value)


def restarted() -> None:
    """A worker was replaced."""
    RESTARTS.inc()


def refused(reason: str) -> None:
    """An upload or a call was not let in; reason: a code, one of few."""
    REFUSALS.labels(reason).inc()


def _alone() -> Vitals:
    """Of a page that works in its own process."""
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    used = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Vitals(True, 0, 0, 0, 0, used / MEGABYTE, shutil.disk_usage(folder).free / MEGABYTE)


_read: Callable[[], Vitals] = _alone


def watch(read: Callable[[], Vitals]) -> None:
    """From now on `now()` is what read gives, in any thread, within milliseconds."""
    global _read
    _read = read


def now() -> Vitals:
    """What stands now."""
    return _read()
