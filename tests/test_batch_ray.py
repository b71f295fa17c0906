"""The same through a Ray cluster of two nodes on this machine, whose workers are killed."""

import os
import tempfile

import psutil
import pytest
from typer.testing import CliRunner

from many import FRAMES, Killer, check_whole, copies, short_clip
from pose3d import map_videos
from pose3d.batch.cores import claim
from pose3d.cli.app import app

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
ray = pytest.importorskip("ray")
pytest.importorskip("ray.data")
from ray.cluster_utils import Cluster  # noqa: E402 - there may be no Ray

OBJECTS = 80_000_000
"""Bytes of shared memory for each node; the least that Ray takes is 75 MB."""


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return short_clip(tmp_path_factory.mktemp("clip") / "clip.mp4")


@pytest.fixture(scope="module")
def cluster():
    """Its address. Paths of sockets must be short: it lies right in the temporary folder."""
    with tempfile.TemporaryDirectory(prefix="ray") as place:
        head = {"num_cpus": 1, "object_store_memory": OBJECTS, "temp_dir": place, "include_dashboard": False}
        made = Cluster(initialize_head=True, head_node_args=head)
        made.add_node(num_cpus=1, object_store_memory=OBJECTS)
        yield made.address
        ray.shutdown()
        made.shutdown()


def test_actors_that_are_killed_cost_no_video(clip, cluster, tmp_path):
    source, out = copies(clip, tmp_path / "in", 5), tmp_path / "out"
    words = ["batch", source, "-o", out, "--address", cluster, "--no-render", "--detector", "blazepose-full"]
    with Killer(psutil.Process(), out, 2, (0.2, 1.5), mark="ray::MapWorker") as killer:
        done = CliRunner().invoke(app, list(map(str, words)))
    assert done.exit_code == 0, done.output
    assert killer.killed == 2
    check_whole(out, 5)


def test_a_dataset_of_paths_becomes_one_of_rows(clip, cluster, tmp_path):
    ray.init(address=cluster, log_to_driver=False)
    bad = tmp_path / "bad.mp4"
    bad.write_text("no video")
    videos = ray.data.from_items([{"path": str(path), "number": n} for n, path in enumerate([clip, bad])])
    rows = map_videos(videos, tmp_path / "out", workers=1, detector="blazepose-full", render=False).take_all()
    ray.shutdown()
    done, failed = sorted(rows, key=lambda row: row["number"])
    assert (done["path"], done["state"], done["frames"]) == (str(clip), "done", FRAMES)
    assert (failed["path"], failed["state"]) == (str(bad), "failed") and "not a video" in failed["reason"]
    check_whole(tmp_path / "out", 1)


def test_the_memory_of_one_process_is_no_place_for_a_cluster(clip):
    done = CliRunner().invoke(app, ["batch", str(clip), "-o", "memory://out", "--address", "local"])
    assert done.exit_code == 2 and "object storage" in done.output


def test_a_cluster_that_is_not_there_is_one_sentence(clip, tmp_path):
    done = CliRunner().invoke(app, ["batch", str(clip), "-o", str(tmp_path / "out"), "--address", "127.0.0.1:1"])
    assert done.exit_code == 1 and done.output.count("\n") == 1 and "--address local" in done.output


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores cannot be chosen here")
def test_workers_of_one_machine_take_different_cores(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = os.sched_getaffinity(0)
    try:
        first, mine = claim(1), os.sched_getaffinity(0)
        os.sched_setaffinity(0, before)
        others = claim(len(before))
        assert (len(first), len(mine), len(others)) == (1, 1, len(before) - 1)
        assert not others or mine.isdisjoint(os.sched_getaffinity(0))
    finally:
        os.sched_setaffinity(0, before)
