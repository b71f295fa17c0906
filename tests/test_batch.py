"""Many videos: which are meant, each done once whatever dies, whole or not at all, here and in object storage."""

import csv
import io
import json
import os
import re
import signal
import string
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import fsspec
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from many import FILES, FRAMES, Killer, check_whole, copies, short_clip
from pose3d import RunConfig, map_videos
from pose3d.batch import cores, whole, work
from pose3d.batch.names import folder_name
from pose3d.batch.rows import Row, lines, table
from pose3d.batch.shelves import Folder, Seal, shelf
from pose3d.batch.storage import stored
from pose3d.batch.videos import Clip, clip, clips, local
from pose3d.cli.app import app
from pose3d.core.errors import LimitError, OutputError, VideoError, WorkError
from pose3d.core.result import Result
from pose3d.jobs.workers import Here
from pose3d.view import libraries

ROOT = Path(__file__).parent.parent
FAST = {"detector": "blazepose-full", "render": False}
"""Settings of most runs here."""


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return short_clip(tmp_path_factory.mktemp("clip") / "clip.mp4")


def batch(*words):
    return CliRunner().invoke(app, ["batch", *map(str, words), "--detector", "blazepose-full", "--no-render"])


def process(*words):
    """The command in a process of its own, in a group of its own."""
    command = [sys.executable, "-m", "pose3d", "batch", *map(str, words), "--no-render", "--detector", "blazepose-full"]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def rows_of(summary):
    return {row["video"]: row for row in csv.DictReader(io.StringIO(summary))}


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def sealed(out):
    return [path.parent.name for path in out.glob("[!.]*/batch.json")]


# which videos


def test_a_folder_is_searched_but_not_its_results_nor_through_links(tmp_path):
    for name in ("b.MP4", "sub/a.mov", "sub/a.txt", ".hidden.mp4", ".part-x/c.mp4", "out/x-1/render.mp4"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "sub" / "circle").symlink_to(tmp_path)
    assert [c.name for c in clips(str(tmp_path), str(tmp_path / "out"))] == ["b.MP4", "sub/a.mov"]
    assert [c.name for c in clips(f"file://{tmp_path}", str(tmp_path / "out"))] == ["b.MP4", "sub/a.mov"]


def test_a_list_has_a_video_a_line(tmp_path):
    content = b"a.mp4\n# not this\n\n  s3://bucket/b.mp4  \r\nhttps://example.org/c.mp4\na.mp4\n\xff.mp4\n"
    (tmp_path / "list.txt").write_bytes(content)
    found = clips(str(tmp_path / "list.txt"), str(tmp_path / "out"))
    assert [c.name for c in found] == ["a.mp4", "s3://bucket/b.mp4", "https://example.org/c.mp4", "\udcff.mp4"]


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.write_text("# nothing\n")])
def test_where_there_is_nothing_it_says_so(tmp_path, make):
    make(tmp_path / "in")
    with pytest.raises(VideoError) as caught:
        clips(str(tmp_path / "in"), str(tmp_path / "out"))
    assert caught.value.code == "batch_nothing"


def test_results_do_not_go_among_the_videos(tmp_path, example):
    with pytest.raises(VideoError) as caught:
        clips(str(example.parent), str(example.parent / "."))
    assert caught.value.code == "batch_same_folder"


def test_a_list_that_is_too_long_is_refused(tmp_path, allow):
    allow(json_mb=0.00001)
    (tmp_path / "list.txt").write_text("a.mp4\n" * 10)
    with pytest.raises(VideoError) as caught:
        clips(str(tmp_path / "list.txt"), str(tmp_path / "out"))
    assert caught.value.code == "batch_list"


@pytest.mark.parametrize(
    "line", ["zip://a::http://169.254.169.254/x.mp4", "ftp://h/a.mp4", "github://x/a.mp4", "s3://b/a::file:///etc"]
)
def test_what_would_fetch_past_the_checks_is_refused(line):
    with pytest.raises(VideoError) as caught:
        stored(line)
    assert caught.value.code == "storage_kind"


def test_addresses_of_the_own_network_are_refused_as_run_does(example, tmp_path):
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(example.parent))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        [row] = attended(clip(f"http://127.0.0.1:{server.server_port}/clip.mp4"), tmp_path)
        server.shutdown()
    assert row.state == "failed" and "POSE3D_PRIVATE_ADDRESSES" in row.reason


# names


@given(st.text(min_size=1))
def test_names_are_safe_whatever_the_video_is_called(text):
    name = folder_name(text)
    assert len(name.encode()) < 200 and not set(name) & set('/\\:*?"<>|\0\n') and name[0] not in ".-~"
    assert name == folder_name(text)


def test_names_tell_videos_apart_and_no_secrets():
    hostile = [
        "../../a.mp4",
        "/etc/a.mp4",
        "a.mp4",
        "A.mp4",
        "x/a.mp4",
        "x_a.mp4",
        "..",
        "\udcff.mp4",
        "con",
        "a" * 500,
    ]
    assert len({folder_name(text).lower() for text in hostile}) == len(hostile)
    word = "secret"
    assert word not in folder_name(f"https://me:{word}@host/a.mp4?token={word}")


# one video


def attended(video, out, config=None, everybody=False, worker=None, **order):
    """Rows of one video, worked on in this process."""
    config = (config or RunConfig()).but(**FAST)
    asked = whole.order(str(out), config, everybody, **order)
    return [work.attend(video, asked, shelf(asked.out), worker or Here())]


def test_everybody_has_a_folder(example, tmp_path):
    [row] = attended(clip(example), tmp_path / "out", everybody=True)
    assert row.state == "done" and row.frames == FRAMES
    assert {p.name for p in Path(row.folder).iterdir()} == {"person_1", "scene.html", "batch.json"}


@pytest.mark.parametrize(("everybody", "pages"), [(False, 2), (True, 3)])
def test_pages_share_their_libraries(example, tmp_path, everybody, pages):
    [row] = map_videos([example], tmp_path / "out", workers=1, everybody=everybody, report=True, **FAST)
    found = list(Path(row.folder).rglob("*.html"))
    assert len(found) == pages
    for page in found:
        assert page.stat().st_size < 1_000_000
        names = re.findall(r'<script src="([^"]+)"', page.read_text("utf-8"))
        there = [page.parent / name for name in names]
        assert {file.name: file.read_text("utf-8") for file in there} == libraries()
        assert {file.resolve().parent for file in there} == {tmp_path / "out"}
        assert "script-src 'self' file: 'unsafe-inline'" in page.read_text("utf-8")


def test_libraries_that_are_there_are_not_written_again(memory, monkeypatch):
    store = shelf("memory://out")
    work.share(store)
    assert {path.rpartition("/")[2] for path in memory.find("/out")} == set(libraries())
    monkeypatch.setattr(type(store), "write", lambda *_: 1 / 0)
    work.share(store)


def test_a_file_that_cannot_be_written_leaves_nothing(example, tmp_path, monkeypatch):
    monkeypatch.setattr("pose3d.outputs.skeleton_html", lambda result: 1 / 0)
    [row] = attended(clip(example), tmp_path / "out")
    assert row.state == "failed" and "skeleton.html" in row.reason and list((tmp_path / "out").iterdir()) == []


def test_what_nobody_foresaw_is_that_videos_alone(example, tmp_path, monkeypatch):
    monkeypatch.setattr(work, "quality", lambda result: 1 / 0)
    [row] = attended(clip(example), tmp_path / "out")
    assert row.state == "failed" and "ZeroDivisionError" in row.reason


class Dying(Here):
    """A worker that dies so many times."""

    def __init__(self, times, code="work_died"):
        self.times, self.code, self.asked = times, code, 0

    def run(self, task, *given, **watched):
        self.asked += 1
        if self.asked <= self.times:
            given[1].mkdir()
            raise WorkError(self.code, megabytes=1)
        return super().run(task, *given, **watched)


@pytest.mark.parametrize(
    ("worker", "state", "asked"),
    [(Dying(2), "done", 3), (Dying(9), "failed", 3), (Dying(9, "work_too_large"), "failed", 1)],
    ids=["tried again", "given up", "its own fault"],
)
def test_it_is_tried_again_where_the_worker_died(example, tmp_path, worker, state, asked):
    [row] = attended(clip(example), tmp_path / "out", worker=worker)
    assert (row.state, worker.asked) == (state, asked)


def test_the_same_is_skipped_and_what_changed_is_done_again(example, tmp_path):
    copy, out = tmp_path / "a.mp4", tmp_path / "out"
    copy.write_bytes(example.read_bytes())

    def state(**settings):
        [row] = attended(clip(copy), out, RunConfig(**settings))
        assert {p.name for p in Path(row.folder).iterdir()} == FILES and len(list(out.iterdir())) == 1
        return row.state, row.frames

    assert [state(), state()] == [("done", FRAMES), ("skipped", FRAMES)]
    assert [state(max_frames=4), state(max_frames=4)] == [("done", 4), ("skipped", 4)]
    os.utime(copy, (1, 1))
    assert state(max_frames=4) == ("done", 4), "it is another file"
    [seal] = out.glob("*/batch.json")
    seal.write_text("{}")
    assert state(max_frames=4) == ("done", 4), "a seal that is none"


@pytest.mark.parametrize("place", ["folder", "memory"])
def test_a_huge_seal_is_none(place, tmp_path, memory):
    seal = Seal(video="a" * 1_000_000, stamp="", fingerprint="", run="", frames=1, seconds=1, grade="")
    out = str(tmp_path / "out") if place == "folder" else "memory://out"
    with shelf(out).room() as room:
        (room / "made").mkdir()
        shelf(out).keep("a", room / "made", seal)
    assert shelf(out).seal("a") is None


def test_a_fetched_video_stays_in_its_room(memory, tmp_path):
    for name in ("a.mp4", "..\\..\\a\n.mp4"):
        memory.pipe_file(f"/in/{name}", b"video")
        room = tmp_path / folder_name(name)
        room.mkdir()
        with local(Clip(name, f"memory://in/{name}"), room) as file:
            assert file.parent == room / "fetched" and set(file.name) <= set(
                string.ascii_letters + string.digits + "._"
            )
            assert file.read_bytes() == b"video"


def test_weights_and_version_are_part_of_the_settings(monkeypatch):
    before = work.fingerprint(RunConfig(), False)
    assert work.fingerprint(RunConfig(), False) == before != work.fingerprint(RunConfig(), True)
    monkeypatch.setattr(work, "__version__", "0")
    assert work.fingerprint(RunConfig(), False) != before
    monkeypatch.undo()
    assert work.fingerprint(RunConfig(model="canonical"), False) != before


def test_whoever_comes_second_gives_way(tmp_path, monkeypatch):
    """Two workers had the same video, since one was taken for dead: while it is put in place the other is faster."""
    seal = Seal(video="a", stamp="s", fingerprint="f", run="r", frames=1, seconds=1, grade="good")
    store = Folder(tmp_path / "out")
    with store.room() as first, store.room() as second, monkeypatch.context() as patch:
        for room in (first, second):
            (room / "made").mkdir()
        store.keep("a", first / "made", seal)
        patch.setattr(Path, "exists", lambda path: False)  # when it looked, nothing was there
        assert Path(store.keep("a", second / "made", seal)).is_dir()
        (second / "made").joinpath("other").touch()
        with pytest.raises(OutputError):
            store.keep("a", second / "made", seal.model_copy(update={"stamp": "other"}))
    assert store.seal("a") == seal


# the command


def test_a_row_for_each_and_the_exit_status(example, tmp_path):
    source, out = copies(example, tmp_path / "in", 2), tmp_path / "out"
    (source / "bad.mp4").write_text("no video")
    done = batch(source, "-o", out, "--workers", 2)
    assert done.exit_code == 1 and "2 done, 1 failed" in done.stdout, done.output
    check_whole(out, 2)
    rows = rows_of((out / "summary.csv").read_text())
    assert [rows[name]["state"] for name in sorted(rows)] == ["done", "done", "failed"]
    assert "not a video" in rows["bad.mp4"]["reason"] and rows["00/clip.mp4"]["frames"] == str(FRAMES)
    assert Result.load(rows["00/clip.mp4"]["folder"]).video.path == source / "00" / "clip.mp4"
    with shelf(str(out)).taken():
        busy = batch(source, "-o", out)
    assert busy.exit_code == 1 and "another run" in busy.output


def test_wrong_settings_are_told_before_anything_is_done(example, tmp_path):
    for words in (("--model", "none"), ("--export", "none"), ("--count", "none"), ("--fov", "1000")):
        done = batch(example, "-o", tmp_path / "out", *words)
        assert done.exit_code == 2 and not (tmp_path / "out").exists(), words


def test_options_are_those_of_run():
    text = CliRunner().invoke(app, ["batch", "--help"], env={"COLUMNS": "300"}).stdout
    for option in ("--model", "--person", "--fov", "--export", "--no-render", "--report", "--language", "--workers"):
        assert option in text
    assert "--focal" not in text


def test_cells_run_nothing_in_a_spreadsheet():
    rows = list(csv.reader(io.StringIO(table([Row("=cmd|'/C calc'!A0", "failed", reason='a, "b"\nc')]))))
    assert rows[1][0].startswith("'=") and rows[1][5] == 'a, "b"\nc'


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("video", ["bad.mp4", "sub/bad.mp4", "./bad.mp4", "/in/bad.mp4", "https://h/bad.mp4"])
def test_a_line_names_its_video_once(video, language):
    gone = (
        VideoError("address", address=video, reason="404")
        if "://" in video
        else VideoError("no_file", path=Path(video))
    )
    for error in (gone, VideoError("unreadable_video", name="bad.mp4"), WorkError("work_died", megabytes=1)):
        [line] = lines([Row(video, "failed", reason=error.worded(language))], language)
        assert video in line and line.count("bad.mp4") == 1, line


def test_a_name_writes_nothing_but_itself_on_a_terminal():
    video = "\x1b[2J\r\u202evideo\udcff.mp4"
    rows = [Row(video, "failed", reason=VideoError("no_file", path=Path(video)).worded("en")), Row(video, "done")]
    for line in lines(rows, "en"):
        assert line.isprintable() and line.count("video") == 1


def test_a_name_that_is_part_of_a_word_is_not_taken_for_it():
    [line] = lines([Row("vid", "failed", reason="the videos died")], "en")
    assert line == "failed  vid  the videos died"


# workers


def test_workers_share_the_cores():
    assert cores.shares(2, [0, 1, 2, 3, 4]) == [(0, 2, 4), (1, 3)]
    assert cores.shares(3, [0, 1]) == [(0,), (1,), (0,)]
    assert 1 <= cores.usual_workers() <= len(cores.available())


def test_an_iterable_is_read_as_it_is_needed(example, tmp_path):
    read = []

    def endless():
        while True:
            read.append(len(read))
            yield example if len(read) % 2 else tmp_path / "none.mp4"

    rows = map_videos(endless(), tmp_path / "out", workers=1, **FAST)
    assert read == []
    states = {next(rows).state for _ in range(3)}
    rows.close()
    assert states == {"done", "failed", "skipped"} or states == {"done", "failed"}
    assert len(read) <= 3 + 2 and not list((tmp_path / "out").glob(".part-*"))


def test_workers_that_are_killed_cost_no_video(example, tmp_path):
    """Every clip once, whenever it was; `python -m benchmarks.batch --kills 20` has twenty."""
    source, out = copies(example, tmp_path / "in", 4), tmp_path / "out"
    with Killer(psutil.Process(), out, 3, (0.1, 1.5)) as killer:
        done = batch(source, "-o", out, "--workers", 2, "--retries", 9)
    assert killer.killed == 3
    assert done.exit_code == 0, done.output
    check_whole(out, 4)


def test_ctrl_c_stops_with_a_sentence_and_the_next_run_goes_on(example, tmp_path):
    source, out = copies(example, tmp_path / "in", 3), tmp_path / "out"
    running = process(source, "-o", out, "--workers", 1)
    until(lambda: sealed(out))
    os.killpg(running.pid, signal.SIGINT)
    printed, said = running.communicate(timeout=30)
    assert running.returncode == 130 and said.startswith("pose3d: stopped: ") and said.count("\n") == 1, said + printed
    finished = sealed(out)
    assert 1 <= len(finished) < 3 and not list(out.glob(".part-*"))
    assert len(rows_of((out / "summary.csv").read_text())) <= len(finished)
    again = batch(source, "-o", out)
    assert again.exit_code == 0 and f"{len(finished)} done before" in again.stdout
    check_whole(out, 3)


def test_a_command_that_is_killed_leaves_nothing_half_written(example, tmp_path):
    source, out = copies(example, tmp_path / "in", 1), tmp_path / "out"
    running = process(source, "-o", out, "--workers", 1)
    until(lambda: list(out.glob(".part-*/made/keypoints.json")))
    running.kill()
    running.communicate()
    assert not sealed(out) and not [path for path in out.glob("[!.]*") if path.is_dir()]
    with shelf(str(out)).taken():
        assert {path.name for path in out.iterdir()} == {".lock", *libraries()}, "the next run sweeps"


# storage


@pytest.fixture
def memory():
    system = fsspec.filesystem("memory")
    yield system
    system.store.clear()


def test_memory_holds_videos_and_results(example, memory):
    memory.pipe_file("/in/sub/a.mp4", example.read_bytes())
    memory.pipe_file("/in/out/x/render.mp4", b"")
    for state in ("done", "skipped"):
        done = batch("memory://in", "-o", "memory://in/out", "--workers", 1)
        assert done.exit_code == 0, done.output
        [row] = rows_of(memory.cat_file("/in/out/summary.csv").decode()).values()
        assert (row["video"], row["state"]) == ("sub/a.mp4", state)
    folder = row["folder"].removeprefix("memory:/")
    assert {path.rpartition("/")[2] for path in memory.find(folder)} == FILES
    saved = json.loads(memory.cat_file(f"{folder}/keypoints.json"))
    assert saved["video"]["path"] == "a.mp4", "not where it lay for a while"


def test_a_seal_is_the_last_to_come_and_the_first_to_go(example, tmp_path, memory, monkeypatch):
    """What is cut off while it is uploaded counts as not there, also where an older one had been."""
    made, seal = tmp_path / "made", Seal(video="a", stamp="", fingerprint="", run="", frames=1, seconds=1, grade="")
    made.mkdir()
    (made / "z.json").write_text("new")
    store = shelf("memory://out")
    store.keep("a", made, seal)
    assert store.seal("a") == seal
    monkeypatch.setattr(type(memory), "put_file", lambda *_: 1 / 0)
    with pytest.raises(OutputError):
        store.keep("a", made, seal)
    assert store.seal("a") is None


def test_what_is_larger_than_a_video_may_be_is_not_fetched_whole(memory, tmp_path, allow):
    allow(file_mb=0.5)
    memory.pipe_file("/in/a.mp4", bytes(10_000_000))
    with pytest.raises(LimitError):
        stored("memory://in/a.mp4").download(tmp_path / "a.mp4")
    assert (tmp_path / "a.mp4").stat().st_size < 3_000_000
    [row] = attended(Clip("a.mp4", "memory://in/a.mp4"), tmp_path / "out")
    assert row.state == "failed" and "0" in row.reason


@pytest.fixture
def bucket(monkeypatch):
    """A server of S3's kind on this machine, with a bucket."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(port=0, verbose=False)
    pytest.importorskip("s3fs")
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    system = fsspec.filesystem("s3", skip_instance_cache=True, use_listings_cache=False)
    system.mkdir("bucket")
    yield system
    server.stop()


def test_s3_holds_videos_and_results(example, bucket):
    bucket.pipe_file("bucket/in/one/a.mp4", example.read_bytes())
    bucket.pipe_file("bucket/in/two/a.mp4", example.read_bytes())
    bucket.pipe_file("bucket/in/bad.mp4", b"no video")
    for state in ("done", "skipped"):
        done = batch("s3://bucket/in", "-o", "s3://bucket/out", "--workers", 2)
        assert done.exit_code == 1, done.output
        rows = rows_of(bucket.cat_file("bucket/out/summary.csv").decode())
        assert [rows[name]["state"] for name in sorted(rows)] == ["failed", state, state]
    for name in ("one/a.mp4", "two/a.mp4"):
        assert {path.rpartition("/")[2] for path in bucket.find(rows[name]["folder"])} == FILES
    missing = batch("s3://nobody/in", "-o", "s3://bucket/out")
    assert missing.exit_code == 1 and missing.output.count("\n") == 1, missing.output
