"""Videos by path and by address, from a server on this machine."""

import socket
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from clips import write_video
from pose3d.core.errors import LimitError, VideoError
from pose3d.io import addresses, sources
from pose3d.io.sources import local_video
from pose3d.io.video import probe


class Answers(SimpleHTTPRequestHandler):
    """Files of a folder, and some answers that people's addresses give."""

    def do_GET(self):
        kind = self.path.strip("/").partition("?")[0]
        if kind == "moved":
            self.send_response(302)
            self.send_header("Location", "/clip.mp4")
            self.end_headers()
        elif kind in NAMED:
            self.answer({"Content-Disposition": NAMED[kind][0]}, (Path(self.directory) / "clip.mp4").read_bytes())
        elif kind == "page":
            self.answer({"Content-Type": "text/html; charset=utf-8"}, b"<html>")
        elif kind == "endless":
            self.answer({}, bytes(300_000))
        elif kind == "cut":
            self.answer({"Content-Length": "5000"}, bytes(100))
        else:
            super().do_GET()

    def answer(self, headers, content):
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args):
        pass


# Content-Disposition, and the name that it gives
NAMED = {
    "plain": ('attachment; filename="my clip.mp4"', "my clip.mp4"),
    "utf8": ("attachment; filename*=UTF-8''%E8%B7%91.mp4", "跑.mp4"),
    "upwards": ('attachment; filename="../../etc/passwd.mp4"', "passwd.mp4"),
    "windows": ('attachment; filename="C:\\\\temp\\\\a.mp4"', "a.mp4"),
    "signs": ('attachment; filename="a:b?c|d.mp4"', "a_b_c_d.mp4"),
    "hidden": ('attachment; filename="..."', "video"),
    "long": (f'attachment; filename="{"x" * 300}.mp4"', "x" * 56 + ".mp4"),
    "nameless": ("inline", "nameless"),
}


@pytest.fixture
def server(tmp_path, allow):
    """The address of a server of tmp_path, with a clip.mp4 in it, from which may be fetched."""
    allow(private_addresses=True)
    write_video(tmp_path / "clip.mp4", [0, 0.1, 0.2])
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Answers, directory=str(tmp_path))) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


@pytest.mark.parametrize(
    "path, name", [("/clip.mp4", "clip.mp4"), ("/clip.mp4?x=a/b", "clip.mp4"), ("/moved", "clip.mp4")]
)
def test_fetched(server, path, name):
    with local_video(server + path) as file:
        assert file.name == name and len(probe(file)) == 3
    assert not file.exists() and not file.parent.exists()


@pytest.mark.parametrize(
    ("asked", "name"),
    [("", "video"), ("..", "video"), (300 * "a" + ".mp4", 56 * "a" + ".mp4"), ("a/b.mov", "b.mov"), ("a%20b", "a b")],
)
def test_the_name_in_the_address(asked, name):
    assert sources._name(f"http://127.0.0.1/{asked}") == name


@pytest.mark.parametrize("kind", NAMED)
def test_the_name_that_the_server_gives(server, kind):
    with local_video(f"{server}/{kind}") as file:
        assert file.name == NAMED[kind][1] and len(probe(file)) == 3


@pytest.mark.parametrize(
    "path, message", [("/none.mp4", "404"), ("/page", "is a web page"), ("/cut", "cannot be fetched")]
)
def test_not_fetched(server, path, message):
    with pytest.raises(VideoError, match=message) as caught, local_video(server + path):
        pass
    assert server + path in str(caught.value) and "\n" not in str(caught.value)


def test_what_is_fetched_is_no_video(server, tmp_path):
    (tmp_path / "text.mp4").write_text("hello " * 100)
    with local_video(f"{server}/text.mp4") as file, pytest.raises(VideoError, match="not a video"):
        probe(file)


@pytest.mark.parametrize("path", ["/endless", "/clip.mp4"], ids=["unannounced", "announced"])
def test_too_large(server, path, allow):
    allow(file_mb=0.001)
    with pytest.raises(LimitError, match="over the limit"), local_video(server + path):
        pass


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.mp4", "http://[::1/a.mp4", "https://nowhere.invalid/a.mp4"])
def test_nobody_there(address, allow):
    allow(private_addresses=True)
    with pytest.raises(VideoError, match="cannot be fetched"), local_video(address):
        pass


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]", "10.0.0.1", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_nothing_is_fetched_from_the_own_network(host):
    address = f"http://{host}/a.mp4"
    with pytest.raises(VideoError, match="POSE3D_PRIVATE_ADDRESSES=true") as caught, local_video(address):
        pass
    assert address in str(caught.value) and "\n" not in str(caught.value)


@pytest.fixture
def names(monkeypatch):
    """Host names to the addresses that they resolve to, one list after the other, the last one for ever."""
    known: dict[str, list[list[str]]] = {}

    def resolve(host, port, **_):
        answers = known[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port)) for address in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", resolve)
    return known


@pytest.fixture
def asked(monkeypatch):
    """The requests that would be sent; each is answered as `answers` says, else with a clip of three bytes."""
    requests = []

    def answer(_, request):
        requests.append(request)
        if request.url.path == "/moved":
            return httpx.Response(302, headers={"Location": "http://inside.test/a.mp4"})
        return httpx.Response(200, content=b"abc")

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    return requests


def test_a_name_is_looked_up_once_and_that_address_connected_to(names, asked):
    """What it resolves to a moment later, the own machine, is never asked."""
    names["outside.test"] = [["93.184.215.14"], ["127.0.0.1"]]
    with local_video("https://outside.test/a.mp4") as path:
        assert path.read_bytes() == b"abc"
    (request,) = asked
    assert request.url.host == "93.184.215.14" and request.headers["Host"] == "outside.test"
    assert request.extensions["sni_hostname"] == "outside.test", "the certificate must be the host's"


def test_of_several_addresses_public_ones_are_connected_to(names, asked):
    names["outside.test"] = [["10.0.0.1", "93.184.215.14"]]
    with local_video("http://outside.test/a.mp4"):
        assert [request.url.host for request in asked] == ["93.184.215.14"]


def test_a_redirect_leads_to_public_addresses_only(names, asked):
    names |= {"outside.test": [["93.184.215.14"]], "inside.test": [["192.168.1.1"]]}
    with pytest.raises(VideoError, match=r"inside\.test \(192\.168\.1\.1\)"), local_video("http://outside.test/moved"):
        pass
    assert [request.url.host for request in asked] == ["93.184.215.14"]


def test_what_comes_too_slowly_is_given_up(server, allow):
    allow(work_seconds=1e-6)
    with pytest.raises(LimitError, match="not here whole"), local_video(f"{server}/clip.mp4"):
        pass


@pytest.mark.parametrize("address", ["ftp://host/a.mp4", "rtsp://host/live"])
def test_other_addresses(address):
    with pytest.raises(VideoError, match="only http and https"), local_video(address):
        pass


@pytest.mark.parametrize(
    "path", ["clip.mp4", "a:b.mp4", "http:clip.mp4", "http", "/some/where.mp4", "C:/clip.mp4", "file://x.mp4"]
)
def test_paths_are_left_alone(path):
    with local_video(path) as file:
        assert file == Path(path)
