"""/health for whoever restarts the page, /metrics for Prometheus. Neither tells anything about visitors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pose3d.jobs.workers import MEGABYTE
from pose3d.ui import vitals
from pose3d.ui.vitals import COUNTED, Vitals
from pose3d.version import __version__

READY, NOT_READY = 200, 503
"""HTTP's."""

GAUGES: dict[str, tuple[str, Callable[[Vitals], float]]] = {
    "pose3d_ready": ("1 where a job that comes now is worked on", lambda it: it.ready),
    "pose3d_models_loaded": ("1 where the models are in memory", lambda it: it.models_loaded),
    "pose3d_workers_alive": ("Workers that live", lambda it: it.workers_alive),
    "pose3d_workers_wanted": ("Workers that there should be", lambda it: it.workers_wanted),
    "pose3d_jobs_running": ("Jobs that are worked on", lambda it: it.running),
    "pose3d_jobs_waiting": ("Jobs that wait", lambda it: it.waiting),
    "pose3d_disk_bytes": ("Bytes of results and uploads", lambda it: it.disk_mb * MEGABYTE),
    "pose3d_disk_free_bytes": ("Bytes that the disk still has", lambda it: it.free_mb * MEGABYTE),
}
"""Name to what it is, and how it is read of Vitals."""


class Standing(Collector):
    """What stands now, as Prometheus has it."""

    def __init__(self, now: Vitals):
        self.now = now

    def collect(self) -> Iterator[Metric]:
        """One gauge after the other."""
        for name, (what, read) in GAUGES.items():
            yield GaugeMetricFamily(name, what, value=read(self.now))


def health(request: Request) -> JSONResponse:
    """What stands now; 503 where a job would not be worked on."""
    now = vitals.now()
    told = {"ready": now.ready, **asdict(now), "version": __version__}
    return JSONResponse(told, READY if now.ready else NOT_READY)


def metrics(request: Request) -> Response:
    """What stands now, and what was counted."""
    standing = CollectorRegistry(auto_describe=False)
    standing.register(Standing(vitals.now()))
    return Response(generate_latest(COUNTED) + generate_latest(standing), media_type=CONTENT_TYPE_LATEST)


ROUTES = (Route("/health", health), Route("/metrics", metrics))
"""For the page's server."""
