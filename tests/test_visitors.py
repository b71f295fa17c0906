"""Many visitors at once, some of whom bring the worst: the others get their results, and nothing stays behind."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from pose3d.ui.controls import CONTROLS
from tests.faulty_app import KINDS
from tests.serving import ROOT, serving

STAGES = ("look", "detect", "lift", "write", "draw")
HONEST = 7
LIMIT = 12.0
"""Seconds that a task may take."""
SAID = {
    "crash": "broke off",
    "kill": "broke off",
    "swallow": "memory",
    "loop": "takes longer than",
}


class Told(str):
    """A sentence instead of a clip."""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """A page whose workers can be made to fall."""
    limits = {"POSE3D_WORK_SECONDS": str(LIMIT), "POSE3D_LOOK_SECONDS": str(LIMIT / 2), "POSE3D_WORKER_MB": "2500"}
    folder = tmp_path_factory.mktemp("visitors")
    with serving(folder, app="tests/faulty_app.py", PYTHONPATH=str(ROOT), **limits) as running:
        visit(running.address, ROOT / "assets/examples/squats.mp4")  # everything is loaded
        yield running
    assert "Traceback (most" not in running.log.read_text()


@pytest.fixture
def site(faulty):
    """Its address."""
    faulty.check()
    return faulty.address


@pytest.fixture
def cache(faulty):
    return faulty.folder


def visit(address, video, frames=5) -> tuple[Any, float]:
    """What a program does; the clip's path or what it is told instead, and the seconds that it took."""
    began = time.monotonic()
    try:
        _, clip, status, *_ = Client(address, verbose=False).predict(
            video=handle_file(video), max_frames=frames, api_name="/estimate"
        )
        told = clip or Told(status)
    except AppError as e:
        told = Told(e)
    return told, time.monotonic() - began


@pytest.mark.parametrize("kind", KINDS)
def test_who_brings_the_worst_is_told_and_all_others_are_served(site, cache, tmp_path, examples, kind):
    bad = [Path(shutil.copy(examples / "squats.mp4", tmp_path / f"{kind}-{stage}.mp4")) for stage in STAGES]
    before = left(cache)
    with ThreadPoolExecutor(len(bad) + HONEST) as pool:
        honest = [pool.submit(visit, site, examples / "squats.mp4") for _ in range(HONEST)]
        told = [future.result() for future in [pool.submit(visit, site, path) for path in bad]]
        served = [future.result()[0] for future in honest]
    for stage, (said, _) in zip(STAGES, told, strict=True):
        assert isinstance(said, Told) and SAID[kind] in said, f"{stage}: {said}"
    assert all(Path(clip).stat().st_size > 0 for clip in served)
    without_clip = kind == "swallow"  # the one whose clip alone could not be drawn has a result
    assert len(left(cache) - before) == HONEST + without_clip, "of those who fell there is nothing left"
    until(lambda: not list(cache.glob("**/task-*")), 60)  # the workers that were replaced have loaded their models


def test_who_goes_leaves_the_work_within_two_seconds(site, examples):
    """Whoever waits behind gets their turn; a connection that drops is enough."""
    long = uploaded(site, examples / "squats.mp4")
    with httpx.stream("GET", f"{site}/gradio_api/call/estimate/{asked(site, long)}", timeout=60):
        until(lambda: jobs(site) == (1, 0), 60)
    began = time.monotonic()
    until(lambda: jobs(site) == (0, 0), 60)
    assert time.monotonic() - began < 2.5, "two seconds, and those that it takes to ask"
    told, _ = visit(site, examples / "squats.mp4")
    assert Path(told).stat().st_size > 0


def test_who_goes_while_waiting_leaves_the_line(site, examples):
    path = uploaded(site, examples / "squats.mp4")
    with httpx.stream("GET", f"{site}/gradio_api/call/estimate/{asked(site, path)}", timeout=60):
        until(lambda: jobs(site) == (1, 0), 60)
        with httpx.stream("GET", f"{site}/gradio_api/call/estimate/{asked(site, path)}", timeout=60):
            until(lambda: jobs(site) == (1, 1), 60)
        until(lambda: jobs(site)[1] == 0, 5)
    until(lambda: jobs(site) == (0, 0), 60)


def test_nothing_remains_of_a_server_that_was_killed_but_what_it_promised(tmp_path, examples):
    """Killed amid a job, and started again with the same folder."""
    path = examples / "squats.mp4"
    with serving(tmp_path) as old:
        visit(old.address, path)
        (promised,) = old.folder.glob("**/run-*")
        number = asked(old.address, uploaded(old.address, path))
        with httpx.stream("GET", f"{old.address}/gradio_api/call/estimate/{number}"):
            until(lambda: list(old.folder.glob("**/task-*")), 60)
            workers = psutil.Process(old.process.pid).children(recursive=True)
            old.process.kill()
            old.process.wait()
    with serving(tmp_path) as new:
        until(lambda: len(list(new.folder.glob("pose3d/server-*/"))) == 1, 10)
        (house,) = new.folder.glob("pose3d/server-*/")
        assert not [path for path in house.iterdir() if not path.name.startswith(("run-", "page-", "stop-"))]
        assert (house / promised.name / "keypoints.json").is_file() and not promised.exists()
        assert not [child for child in workers if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


def uploaded(site, path):
    answer = httpx.post(f"{site}/gradio_api/upload", files={"files": (path.name, path.read_bytes())}, timeout=60)
    return answer.json()[0]


def asked(site, path):
    """The number of a job that would take a while."""
    values = [{"path": path, "meta": {"_type": "gradio.FileData"}}]
    values += [control.start for control in CONTROLS.values()]
    answer = httpx.post(f"{site}/gradio_api/call/estimate", json={"data": values}, timeout=60)
    return answer.json()["event_id"]


def jobs(site):
    """That are worked on, and that wait."""
    told = httpx.get(f"{site}/health", timeout=60).json()
    return told["running"], told["waiting"]


def until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def left(cache):
    """Folders of results."""
    return set(cache.glob("**/run-*"))
