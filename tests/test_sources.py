"""Videos from the web, served by a real server on this machine."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pose3d.core.errors import LimitError, VideoError
from pose3d.io import sources
from pose3d.io.sources import local_video

CONTENT = bytes(range(256)) * 1000


class Site(BaseHTTPRequestHandler):
    """/clip.mp4 moves to /real.mp4; there is nothing else."""

    def do_GET(self):
        path = self.path.split("?")[0]
        self.send_response({"/clip.mp4": 302, "/real.mp4": 200}.get(path, 404))
        if path == "/clip.mp4":
            self.send_header("Location", "/real.mp4")
        self.end_headers()
        if path == "/real.mp4":
            self.wfile.write(CONTENT)

    def log_message(self, format, *args):
        pass


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_address_becomes_a_file_for_a_while(site):
    with local_video(f"{site}/clip.mp4?token=1") as path:
        assert path.name == "clip.mp4" and path.read_bytes() == CONTENT
    assert not path.parent.exists()


@pytest.mark.parametrize(
    ("asked", "name"), [("", "video"), ("..", "video"), (300 * "a" + ".mp4", 56 * "a" + ".mp4"), ("a/b.mov", "b.mov")]
)
def test_any_name_can_be_written(asked, name):
    assert sources._name(f"http://127.0.0.1/{asked}") == name


@pytest.mark.parametrize("name", ["here.mp4", "odd: name.mp4", "C:/clip.mp4", "file://x.mp4"])
def test_anything_else_is_a_path(name):
    with local_video(name) as path:
        assert str(path) == str(type(path)(name))


@pytest.mark.parametrize("address", ["{site}/none.mp4", "http://127.0.0.1:9/clip.mp4", "http://[::1"])
def test_what_cannot_be_fetched_is_one_sentence(site, address):
    address = address.format(site=site)
    with pytest.raises(VideoError) as caught, local_video(address):
        pass
    assert str(caught.value).startswith(f"{address} cannot be fetched") and caught.value.code == "address"


def test_too_much_is_not_fetched_to_its_end(site, monkeypatch):
    monkeypatch.setattr(sources, "MAX_BYTES", len(CONTENT) - 1)
    with pytest.raises(LimitError, match=r"over the limit of 0 MB"), local_video(f"{site}/real.mp4"):
        pass
