"""Workers that die, hang, swell or are left alone: one visitor is told, the next finds another worker."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from pose3d.core.errors import NoPersonError, WorkError
from pose3d.core.progress import StopWork
from pose3d.core.quotas import Quotas
from pose3d.jobs.machine import Machine
from pose3d.jobs.workers import GRACE, Process, Watch
from tests import ending

ROOT = Path(__file__).parent.parent
LONG = 120.0
"""Seconds, more than anything here takes."""


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tasks")
    worker = Process(1500, lambda: folder)
    worker.run(ending.answer, 0, seconds=LONG)  # started
    yield worker
    worker.end()
    assert not list(folder.iterdir()), "nothing is left of any task"


@pytest.mark.parametrize(
    ("task", "seconds", "code"),
    [
        (ending.crash, LONG, "work_died"),
        (ending.kill, LONG, "work_died"),
        (ending.leave, 1.0, "work_too_long"),  # it says that all went well
        (ending.swallow, LONG, "work_too_large"),
        (ending.turn_for_ever, 1.0, "work_too_long"),
        (ending.sleep_deaf, 1.0, "work_too_long"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_worker_that_ends_is_told_and_replaced(worker, task, seconds, code):
    began = time.monotonic()
    with pytest.raises(WorkError) as caught:
        worker.run(task, seconds=seconds)
    assert caught.value.code == code and "\n" not in str(caught.value)
    if seconds < LONG:
        assert time.monotonic() - began < seconds + 5, "told within five seconds of the limit"
    assert worker.run(ending.answer, 7, seconds=LONG) == 7


def test_what_a_task_raises_comes_back_as_it_was(worker):
    for error in (NoPersonError("nobody"), StopWork(), ValueError("shape")):
        with pytest.raises(type(error)) as caught:
            worker.run(ending.raise_it, error, seconds=LONG)
        assert str(caught.value) == str(error)


def test_how_far_it_is_is_told(worker):
    told = []
    assert worker.run(ending.tell, 6, seconds=LONG, watch=Watch(progress=lambda *news: told.append(news))) == 6
    assert len(told) > 2 and told == sorted(told) and told[0][0] == "detect" and told[-1][2] == 6


def test_work_that_is_stopped_ends_by_itself(worker):
    began = time.monotonic()
    with pytest.raises(StopWork):
        worker.run(ending.wait, seconds=LONG, watch=Watch(stopped=lambda: time.monotonic() > began + 0.3))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("task", [ending.wait, ending.turn_for_ever], ids=["hears", "does not hear"])
def test_work_for_whoever_is_gone_ends_within_two_seconds(worker, task):
    began = time.monotonic()
    with pytest.raises(StopWork):
        worker.run(task, seconds=LONG, watch=Watch(gone=lambda: True))
    assert time.monotonic() - began < GRACE + 0.5
    assert worker.run(ending.answer, 7, seconds=LONG) == 7


def test_a_worker_that_ends_takes_no_other_task_with_it(worker):
    """Two at once: the second waits until there is a process for it."""
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(worker.run, ending.swallow, seconds=LONG)
        second = pool.submit(worker.run, ending.answer, 7, seconds=LONG)
        with pytest.raises(WorkError):
            first.result(LONG)
        assert second.result(LONG) == 7


def test_lookers_are_shared_and_come_back(tmp_path):
    before = processes()
    machine = Machine.of(Quotas(lookers=1, look_seconds=2), lambda: tmp_path)
    try:
        assert machine.look(ending.answer, 1) == 1
        with pytest.raises(WorkError) as caught:
            machine.look(ending.turn_for_ever)
        assert caught.value.code == "work_too_long" and machine.look(ending.answer, 2) == 2
    finally:
        machine.end()
    assert processes() <= before


def processes():
    """Workers of this process that live."""
    return {child.pid for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())}


def test_workers_do_not_outlive_a_server_that_is_killed(tmp_path):
    code = f"""
import sys, threading, time
from pathlib import Path
if __name__ == "__main__":
    from pose3d.jobs.workers import Process
    from tests import ending
    worker = Process(1500, lambda: Path({str(tmp_path)!r}))
    worker.run(ending.answer, 0, seconds=60)
    print("started", flush=True)
    worker.run(ending.sleep_deaf, seconds=600)
"""
    (tmp_path / "server.py").write_text(code)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([sys.executable, tmp_path / "server.py"], stdout=subprocess.PIPE, env=environment)
    assert server.stdout and server.stdout.readline() == b"started\n"
    workers = psutil.Process(server.pid).children(recursive=True)
    assert workers
    server.send_signal(signal.SIGKILL)
    server.wait()
    gone, alive = psutil.wait_procs(workers, timeout=10)
    assert gone and not alive
