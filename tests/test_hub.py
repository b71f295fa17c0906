"""Published models in the cache; fetched with ModelScope's own client from a server like theirs on this machine."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch

from clips import pose2d
from golden import fill
from pose3d import load_lifter
from pose3d.core.errors import DownloadError, WeightsError
from pose3d.detect import load_detector
from pose3d.detect.hrnet_net import HRNet
from pose3d.io.models.cache import PUBLISHED, place
from pose3d.io.models.hub import convert, fetch
from pose3d.pipelines import check_model
from published import canonical_folder, hdformer_folder

os.environ["MODELSCOPE_DOWNLOAD_RETRY_MAX_DELAY_SECONDS"] = "1"
NAMES = dict(zip(("hdformer", "canonical", "hrnet"), PUBLISHED, strict=True))
NAME = NAMES["hdformer"]


def network_folder(kind, folder):
    if kind == "hrnet":
        folder.mkdir()
        torch.save({"state_dict": fill(HRNet()).state_dict()}, folder / "pytorch_model.pt")
        return folder
    return {"hdformer": hdformer_folder, "canonical": canonical_folder}[kind](folder)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("POSE3D_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("kind", ["hdformer", "canonical"])
def test_converted_folder_gives_the_same_poses(kind, cache, tmp_path):
    source = network_folder(kind, tmp_path / "published")
    convert(source, NAMES[kind], check_model)
    before, after = (load_lifter(model, "cpu")(pose2d(20)) for model in (str(source), NAMES[kind]))
    np.testing.assert_array_equal(before.xyz, after.xyz)
    assert not list(cache.rglob("*.pt"))


@pytest.mark.parametrize("kind", NAMES)
def test_nothing_is_kept_of_what_does_not_fit(kind, cache, tmp_path):
    source = network_folder(kind, tmp_path / "published")
    content = torch.load(source / "pytorch_model.pt", weights_only=True)
    state = next(iter(content.values()))
    del state[next(iter(state))]
    torch.save(content, source / "pytorch_model.pt")
    with pytest.raises(WeightsError, match="1 missing"):
        convert(source, NAMES[kind], check_model)
    assert not list(cache.iterdir())


@pytest.mark.parametrize("kind", NAMES)
def test_fetched_models_are_found_by_their_id(kind, cache, tmp_path):
    load, asked = (load_detector, "hrnet") if kind == "hrnet" else (load_lifter, NAMES[kind])
    with pytest.raises(WeightsError, match=f"pose3d fetch {NAMES[kind]}"):
        load(asked, "cpu")
    convert(network_folder(kind, tmp_path / kind), NAMES[kind], check_model)
    assert load(asked, "cpu")
    assert fetch(NAMES[kind], check_model).is_dir(), "what is there is not downloaded again"


class Hub(BaseHTTPRequestHandler):
    """Lists and serves a folder; while `cut` is set, a file ends after so many bytes and the line goes dead."""

    folder: Path
    cut: int | None = None
    sent = 0
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        asked = urlsplit(self.path)
        query = parse_qs(asked.query)
        if asked.path.endswith("/repo/files"):
            return self.answer(json.dumps({"Code": 200, "Success": True, "Data": {"Files": self.listing()}}).encode())
        if not asked.path.endswith("/repo"):
            return self.answer(b'{"Code": 404, "Success": false}', 404)
        content = (self.folder / query["FilePath"][0]).read_bytes()
        start = int(self.headers.get("Range", "bytes=0-").split("=")[1].split("-")[0])
        given = content[start:]
        if self.cut is not None:
            given = given[: max(self.cut - start, 0)]
        type(self).sent += len(given)
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        self.wfile.write(given)
        self.close_connection = True

    def answer(self, content, status=200):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def listing(self):
        return [
            {
                "Name": file.name,
                "Path": file.name,
                "Type": "blob",
                "Size": file.stat().st_size,
                "Sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            }
            for file in self.folder.iterdir()
        ]

    def log_message(self, format, *args):
        pass


@pytest.fixture
def server(cache, tmp_path, monkeypatch):
    handler = type("Here", (Hub,), {"folder": hdformer_folder(tmp_path / "published")})
    (handler.folder / "unasked.bin").write_bytes(bytes(1000))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    yield handler
    server.shutdown()


def test_a_download_that_was_cut_off_goes_on(server, cache):
    size = (server.folder / "pytorch_model.pt").stat().st_size
    server.cut = size // 2
    with pytest.raises(DownloadError, match=f"{NAME} cannot be downloaded; check the network"):
        fetch(NAME, check_model)
    assert not place(NAME).exists()
    server.cut, server.sent = None, 0
    folder = fetch(NAME, check_model)
    assert server.sent < 0.7 * size, "what was there is not downloaded again"
    assert list(cache.iterdir()) == [folder] == [place(NAME)]
    assert not (folder / "unasked.bin").exists()
    pose = pose2d(20)
    np.testing.assert_array_equal(load_lifter(NAME, "cpu")(pose).xyz, load_lifter(str(server.folder), "cpu")(pose).xyz)


@pytest.mark.parametrize(("name", "status"), [("damo/none", 2), (NAMES["hdformer"], 1)])
def test_fetch_without_id_or_network_is_one_sentence(name, status, cache, monkeypatch):
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", "http://127.0.0.1:9")
    done = subprocess.run([sys.executable, "-m", "pose3d", "fetch", name], capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert done.stderr.startswith("pose3d: ") and done.stderr.count("\n") == 1
    assert {1: "check the network", 2: "there are damo/"}[status] in done.stderr
