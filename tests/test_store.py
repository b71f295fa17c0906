"""What a server keeps on its disk: for how long, how much, and what becomes of it however the server ends."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from factory import walking
from pose3d.core.errors import OutputError
from pose3d.core.progress import StopWork
from pose3d.core.quotas import quotas
from pose3d.core.result import KEYPOINTS, Result
from pose3d.detect.lines import NO_LINES
from pose3d.export import EXPORTERS
from pose3d.jobs import process
from pose3d.jobs.archive import zipped
from pose3d.jobs.folders import HOUR, RUN, UNFINISHED, made
from pose3d.jobs.house import House
from pose3d.jobs.store import Store
from pose3d.jobs.thin import whole
from pose3d.jobs.workers import UNWATCHED, Here
from pose3d.pipelines import Found
from pose3d.ui import work

ROOT = Path(__file__).parent.parent
SERVER = """
import sys, time
from pose3d.jobs.process import store
here = store()
print(here.folder, flush=True)
exec(sys.stdin.readline())
print("ready", flush=True)
exec(sys.stdin.readline())
"""
"""Enters its house, and does what it is told, twice."""
WAIT = "time.sleep(60)"
JOB = work.Job(UNWATCHED, Here())
"""Whose work is done in this process."""
OLD = 1000 * HOUR
"""Seconds; longer than anything is kept."""


@contextmanager
def server(base, first="", then=WAIT):
    """A server's process and its house, once it has done what is to be done first."""
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("no signals")
    environment = os.environ | {"GRADIO_TEMP_DIR": str(base)}
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            assert child.stdin and child.stdout
            child.stdin.write(f"{first}\n{then}\n")
            child.stdin.flush()
            house = Path(child.stdout.readline().strip())
            assert child.stdout.readline() == "ready\n"
            yield child, house
        finally:
            child.kill()


def ended(child, number):
    child.send_signal(number)
    return child.wait(30)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """This process's store, below tmp_path."""
    monkeypatch.setenv(process.FOLDER, str(tmp_path / "base"))
    return process.store()


def fill(folder, age=0.0, size=100):
    """A result in a folder; returns that."""
    folder.mkdir(exist_ok=True)
    (folder / KEYPOINTS).write_bytes(b"x" * size)
    return aged(folder, age)


def aged(entry, seconds):
    """The entry, as if it had come so long ago."""
    then = time.time() - seconds
    for path in (*entry.rglob("*"), entry):
        os.utime(path, (then, then))
    return entry


def result(store, age=0.0, size=100):
    with store.job() as folder:
        fill(folder, size=size)
    return aged(folder, age)


def upload(store, name, age=0.0, size=100):
    """As Gradio keeps a file that was sent."""
    folder = store.folder / (name * 64)
    folder.mkdir()
    (folder / f"{name}.mp4").write_bytes(b"x" * size)
    return aged(folder, age) / f"{name}.mp4"


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_a_house_is_gradio_s_folder_and_nobody_else_s(here, tmp_path):
    assert os.environ["GRADIO_TEMP_DIR"] == str(here.folder) and process.store() is here
    assert here.folder.parent == tmp_path / "base" / "pose3d" and len(here.folder.name) == len("server-") + 22
    for folder in (here.folder, here.folder.parent):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert names(here.folder) == set(), "the lock, which would be served, is not in it"


def test_a_new_server_keeps_what_a_dead_one_promised_and_nothing_else(tmp_path):
    """Nor does it touch what a living one has."""
    with server(tmp_path) as (_, living), server(tmp_path) as (child, dead):
        store, alive = Store(dead), Store(living)
        promised, own = result(store), result(alive)
        everybody = store.folder / f"{RUN}{'e' * 22}"
        everybody.mkdir()
        fill(everybody / "person_1")
        fill(dead / f"{RUN}{'o' * 22}", age=OLD)
        fill(dead / f"{RUN}{'u' * 22}")
        (dead / f"{RUN}{'u' * 22}" / UNFINISHED).touch()
        (dead / f"{RUN}{'n' * 22}").mkdir()
        upload(store, "a")
        (dead / "stop-x.run").touch()
        assert ended(child, signal.SIGKILL) == -signal.SIGKILL and len(names(dead)) == 7
        start = time.monotonic()
        with server(tmp_path) as (_, house):
            assert time.monotonic() - start < 10
            assert names(house) == {promised.name, everybody.name}
            assert Store(house).result(promised.name.removeprefix(RUN)) == house / promised.name
            assert names(living) == {own.name}
            assert names(house.parent) == {house.name, living.name, "entering.lock"} | {
                f"{name}.lock" for name in (house.name, living.name)
            }


def test_servers_that_start_at_once_share_what_is_left(tmp_path):
    """Each result has one heir, and no server takes another that has just begun for a dead one."""
    with server(tmp_path) as (child, dead):
        left = {fill(dead / f"{RUN}{n:022}").name for n in range(40)}
        ended(child, signal.SIGKILL)
    with ExitStack() as started:
        houses = []

        def start():
            houses.append(started.enter_context(server(tmp_path))[1])

        threads = [threading.Thread(target=start) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(houses)) == 4 and all(house.is_dir() for house in houses)
        found = [name for house in houses for name in names(house)]
        assert sorted(found) == sorted(left) and not dead.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, None])
def test_only_what_is_promised_outlives_a_server(tmp_path, number):
    with server(tmp_path, then=WAIT if number else "pass") as (child, house):
        if number:
            promised = result(Store(house))
            result(Store(house), age=OLD)
            upload(Store(house), "a")
            assert ended(child, number) in (-number, 1, 130)
            assert names(house) == {promised.name}
        else:
            assert child.wait(30) == 0 and names(house.parent) == {"entering.lock"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_fork_neither_holds_nor_leaves_the_house(tmp_path):
    fork = "import os; pid = os.fork(); pid or (time.sleep(0.5), exit())"
    with server(tmp_path, fork, "pid and (os.waitpid(pid, 0), time.sleep(60))") as (child, house):
        kept = upload(Store(house), "a")
        time.sleep(2)
        assert kept.exists(), "the fork has ended, the server has not"
        ended(child, signal.SIGKILL)
    with server(tmp_path, "import os; pid = os.fork(); pid or time.sleep(9)") as (child, house):
        ended(child, signal.SIGKILL)
        with server(tmp_path):
            assert not house.exists(), "the fork lives, the server does not"


def test_a_worker_has_the_server_s_house(here):
    with server(here.folder) as (child, house):
        assert house == here.folder and ended(child, signal.SIGTERM) == -signal.SIGTERM
    assert here.folder.is_dir()


def test_a_place_that_a_stranger_made_is_not_moved_into(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(OutputError, match=f"{tmp_path}.* cannot be written"):
        House(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        House(tmp_path / "file")


def test_a_result_is_there_when_all_of_it_is(here):
    with here.job() as folder:
        fill(folder)
        assert here.result(folder.name.removeprefix(RUN)) is None
    key = folder.name.removeprefix(RUN)
    assert here.result(key) == folder and names(folder) == {KEYPOINTS}
    assert here.result("x" * 22) is here.result(f"../{folder.name}") is None


@pytest.mark.parametrize("error", [StopWork, ValueError("x"), KeyboardInterrupt])
def test_a_job_that_fails_leaves_nothing(here, error):
    with pytest.raises(type(error) if isinstance(error, Exception) else error), here.job() as folder:
        fill(folder)
        raise error
    with pytest.raises(type(error) if isinstance(error, Exception) else error), here.view(result(here)) as folder:
        fill(folder)
        raise error
    assert [names(entry) for entry in here.folder.iterdir()] == [{KEYPOINTS}]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_one_sentence(here, code):
    for writing in (here.job, lambda: here.view(here.folder), lambda: here.adding(here.folder)):
        with pytest.raises(OutputError, match="no room"), writing():
            raise OSError(code, "full")
    assert names(here.folder) == set()


def test_what_was_promised_ends(here, allow):
    allow(hours=2)
    fresh, old, in_use = result(here, 1.9 * HOUR), result(here, 2.1 * HOUR), result(here, 2.1 * HOUR)
    shown = here.shown(fresh, b"x")
    shown.mkdir()
    (fresh / "now").touch()
    (old / "now").touch()  # what is added later does not prolong it
    files = [upload(here, "a", 1.9 * HOUR), upload(here, "b", 2.1 * HOUR), upload(here, "c", 2.1 * HOUR)]
    page = aged(here.page_folder(), OLD)
    sign = here.folder / "stop-x.run"
    sign.touch()
    with here.using(in_use / "video.mp4", files[2], Path("/elsewhere")):
        here.sweep()
        left = {fresh.name, in_use.name, files[0].parent.name, files[2].parent.name, page.name, sign.name}
        assert names(here.folder) == left and shown.is_dir()
    here.sweep()
    assert names(here.folder) == left - {in_use.name, files[2].parent.name}


def test_sweeping_goes_on_after_an_error(here, monkeypatch, caplog):
    monkeypatch.setattr(Store, "sweep", lambda self: 1 / 0)
    naps = iter([None, None])
    monkeypatch.setattr(process.time, "sleep", lambda seconds: next(naps))
    with pytest.raises(StopIteration):
        process._sweep()
    assert len(caplog.records) >= 2 and all("\n" not in record.getMessage() for record in caplog.records)


def test_a_file_of_two_names_counts_once(here, allow):
    allow(disk_mb=1)
    sent = upload(here, "a", size=900_000)
    with here.job() as folder:
        fill(folder)
        os.link(sent, folder / "video.mp4")
    assert folder.exists() and sent.exists()
    sent.unlink()
    with here.using(folder), pytest.raises(OutputError, match="no room"), here.job() as other:
        fill(other, size=200_000)
    assert names(folder) == {KEYPOINTS, "video.mp4"} and not other.exists()


def test_the_oldest_results_make_room(here, allow):
    allow(disk_mb=1)
    sent = upload(here, "a", age=9)
    ages = {age: result(here, age, 300_000) for age in (5, 3, 4)}
    with here.job() as folder:
        fill(folder, size=500_000)
    assert [ages[age].exists() for age in (5, 4, 3)] == [False, False, True] and sent.exists()
    with here.job() as last:
        fill(last, size=999_990)
    assert names(here.folder) == {last.name}


@settings(deadline=None, max_examples=50)
@given(
    some.lists(some.tuples(some.booleans(), some.integers(0, 400), some.integers(1, 999), some.booleans()), max_size=8),
    some.integers(1, 1000),
)
def test_room_is_made_of_the_oldest_that_nobody_uses(tmp_path_factory, entries, most):
    """entries: whether a result or what was sent, kilobytes, seconds, whether in use; most: kilobytes."""
    store = Store(tmp_path_factory.mktemp("house"))
    with pytest.MonkeyPatch.context() as patch, ExitStack() as used:
        patch.setenv("POSE3D_DISK_MB", str(most / 1000))
        quotas.cache_clear()
        there = []
        for n, (is_result, size, age, in_use) in enumerate(entries):
            folder = store.folder / (f"{RUN}{n:022}" if is_result else f"{n:064}")
            fill(folder, age, size * 1000)
            there.append((folder, is_result, size, age, in_use))
            if in_use:
                used.enter_context(store.using(folder))
        try:
            store.make_room()
        except OutputError:
            assert sum(size for *_, size, _, in_use in there if in_use) > most
            assert all(folder.exists() == in_use for folder, *_, in_use in there)
        else:
            assert sum(size for folder, _, size, *_ in there if folder.exists()) <= most
        quotas.cache_clear()
    free = [(not is_result, -age, folder.exists()) for folder, is_result, _, age, in_use in there if not in_use]
    assert all(folder.exists() for folder, *_, in_use in there if in_use)
    gone = [it[:2] for it in free if not it[2]]
    kept = [it[:2] for it in free if it[2]]
    assert not gone or not kept or max(gone) <= min(kept)


def found(result: Result) -> work.Work:
    """What the models would have found."""
    seen = Found(result.video, (), result.people, np.zeros(len(result)), NO_LINES, result.detector, {"detect": 1.0})
    config = result.config.but(export=tuple(EXPORTERS), report=True)
    return work.Work(seen, (replace(result, config=config),), len(result))


@pytest.fixture
def done(here, tmp_path):
    """Work on a video that a visitor sent."""
    folder = here.folder / ("a" * 64)
    folder.mkdir()
    return found(walking(folder / "walk.mp4", np.arange(12) / 25))


def test_a_result_outlives_what_was_sent_and_the_server(here, done, tmp_path, monkeypatch):
    """And still plays its video, under the name that the visitor gave it."""
    run = work.write(done, JOB)
    sent = done.found.video.path
    assert run.result.video.path.samefile(sent), "no copy"
    sent.unlink()
    process._houses.pop()._lock.release()  # as the system does where a process ends
    monkeypatch.setenv(process.FOLDER, str(tmp_path / "base"))
    heir = process.store()
    assert heir is not here and run.key
    again = work.kept(run.key)
    assert again and again.result.pose3d == run.result.pose3d
    assert again.result.video.path == heir.folder / f"{RUN}{run.key}" / "video" / "walk.mp4"
    drawn = work.draw(again, JOB, azimuth=90.0)
    assert drawn.clip and drawn.clip.stat().st_size > 0 and again.folder in drawn.clip.parents
    assert b"walk.mp4" in whole(again.folder / "report.html")


def test_a_video_on_another_disk_is_copied(here, done, monkeypatch):
    def refuse(source, target):
        raise OSError(errno.EXDEV, "another disk")

    monkeypatch.setattr(os, "link", refuse)
    run = work.write(done, JOB)
    assert run.result.video.path.read_bytes() == done.found.video.path.read_bytes()


def test_nothing_of_a_job_is_kept_that_was_killed_while_it_was_written(tmp_path):
    half = "t = here.job(); f = t.__enter__(); (f / 'keypoints.json').write_text('{}')"
    with server(tmp_path, half) as (child, house):
        assert len(names(house)) == 1
        ended(child, signal.SIGKILL)
        with server(tmp_path) as (_, heir):
            assert names(heir) == set() and not house.exists()


LIMITED = """
import resource, sys
sys.path.insert(0, "tests")
from pathlib import Path
import numpy as np
from factory import walking
from pose3d.core.errors import OutputError
from pose3d.jobs.process import store
from pose3d.ui import work
from test_store import JOB, found
folder = store().folder / ("a" * 64)
folder.mkdir()
done = found(walking(folder / "walk.mp4", np.arange(12) / 25))
for most in sys.argv[1:]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), resource.RLIM_INFINITY))
    try:
        work.write(done, JOB)
    except OutputError as e:
        print(e)
    print(sorted(path.name for path in store().folder.rglob("*") if path.is_file()))
"""


def test_files_that_find_no_room_leave_nothing(tmp_path):
    """With so many bytes a file, which keypoints.json, motion.mot, motion.glb and nothing are too large for."""
    pytest.importorskip("resource")
    environment = os.environ | {"GRADIO_TEMP_DIR": str(tmp_path)}
    command = [sys.executable, "-c", LIMITED, "1000", "5000", "60000", "6500000"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    *failed, last = done.stdout.splitlines()
    assert failed == [str(OutputError("no_room")), "['walk.mp4']"] * 3
    assert KEYPOINTS in last and "render.mp4" in last and ".part-" not in last


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte, where this machine lets us have one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("no disk can be mounted")
    yield disk
    # lazily: of a clip whose head finds no room PyAV leaves the file open
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("free", [0, 8_000, 40_000, 300_000])
def test_a_disk_that_is_really_full(small_disk, tmp_path, monkeypatch, free):
    here, disk = Store(small_disk / "house"), os.statvfs(small_disk)
    here.folder.mkdir()
    monkeypatch.setattr(work, "store", lambda: here)
    done = found(walking(tmp_path / "walk.mp4", np.arange(12) / 25))
    (small_disk / "rest").write_bytes(bytes(disk.f_bavail * disk.f_bsize - free))
    with pytest.raises(OutputError, match="no room"):
        work.write(done, JOB)
    assert names(here.folder) == set()


def test_a_job_s_own_files_are_small_and_come_out_whole(here, done):
    """All but clip and video take less than a tenth of the pages that they hold."""
    run = work.write(done, JOB)
    own = [path for path in run.folder.rglob("*") if path.is_file() and path.suffix != ".mp4"]
    assert {path.name for path in own} == {path.name for path in run.files} - {"render.mp4"}
    assert sum(path.stat().st_size for path in own) < 700_000
    assert len(whole(run.folder / "skeleton.html")) > 5_000_000
    everything = work.plan(run.folder / "all.zip", {path.name: path for path in run.files})
    once, twice = b"".join(zipped(everything)), b"".join(zipped(everything))
    assert once == twice and everything.stat().st_size < 1000 < len(once)


def test_no_result_without_keypoints(here):
    with here.job() as folder:
        pass
    assert made(folder) is None and here.result(folder.name.removeprefix(RUN)) is None
