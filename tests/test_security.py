"""What the page's server tells, gives away and takes, tried over the network. SECURITY.md says why."""

import http.client
import json
import random
import re
import select
import socket
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from fastapi import FastAPI

from pose3d.core.resources import ASSETS
from pose3d.ui.web.aliases import Aliases
from tests.serving import ROOT, serving

FILE_MB, JSON_MB = 2, 1
API = "/gradio_api"
GUESSES = 300
SEED = 7


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("security"), "--file-mb", str(FILE_MB), "--json-mb", str(JSON_MB)) as running:
        yield running


@pytest.fixture(scope="module")
def web(site):
    with httpx.Client(base_url=site.address, timeout=30) as client:
        yield client


def uploaded(web, name, content):
    """The path that the server gives to what was uploaded."""
    answer = web.post(f"{API}/upload", files={"files": (name, content)})
    assert answer.status_code == 200, answer.text
    return answer.json()[0]


def call(web, name, **body):
    return web.post(f"{API}/call/{name}", json=body)


ANSWERS = {
    "page": lambda web: web.get("/"),
    "head": lambda web: web.head("/"),
    "settings": lambda web: web.get("/config"),
    "endpoints": lambda web: web.get(f"{API}/info"),
    "style": lambda web: web.get("/theme.css"),
    "health": lambda web: web.get("/health"),
    "metrics": lambda web: web.get("/metrics"),
    "own file": lambda web: web.get(f"{API}/file=/~assets/player/player.js"),
    "upload": lambda web: web.post(f"{API}/upload", files={"files": ("a.txt", b"a")}),
    "call": lambda web: call(web, "measure", data=[1]),
    "no page": lambda web: web.get("/nothing"),
    "no file": lambda web: web.get(f"{API}/file=/etc/passwd"),
    "wrong method": lambda web: web.put("/config"),
    "wrong call": lambda web: call(web, "measure", data=["x"]),
    "too large": lambda web: web.post(f"{API}/call/measure", content=b" " * int(1.1e6 * JSON_MB)),
    "our fault": lambda web: web.post(
        f"{API}/component_server", json={"data": 1, "component_id": 10**9, "session_hash": "a", "fn_name": "x"}
    ),
}
"""Every kind of answer that there is."""


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_tells_browsers_what_it_may_do(web, kind):
    headers = ANSWERS[kind](web).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=(self)" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    if "file" in kind:
        assert policy.startswith("sandbox;") and "script" not in policy
    else:
        assert "object-src 'none'" in policy and "https://huggingface.co" in policy.split("frame-ancestors")[1]


def test_only_scripts_of_the_page_itself_have_its_number(web):
    """Another number with every answer; no script in attributes or from elsewhere may run."""
    first, second = web.get("/"), web.get("/")
    numbers = [re.findall(r"'nonce-([^']+)'", page.headers["content-security-policy"]) for page in (first, second)]
    assert len(numbers[0]) == 1 and numbers[0] != numbers[1]
    scripts = re.findall(r"<script[^>]*>", first.text)
    assert len(scripts) > 3 and all(f'nonce="{numbers[0][0]}"' in script for script in scripts)
    [scripted] = re.findall(r"script-src ([^;]+)", first.headers["content-security-policy"])
    assert "unsafe-inline" not in scripted and "http" not in scripted and "*" not in scripted


def test_who_may_frame_the_page_is_a_quota(tmp_path):
    with serving(tmp_path, "--frame-ancestors", "'none'") as running:
        policy = httpx.get(running.address).headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'none'")


@pytest.mark.parametrize(
    "path", ["/", "/config", f"{API}/info", f"{API}/openapi.json", f"{API}/file=/tmp/x", "/theme.css"]
)
def test_nobody_learns_where_things_lie(web, site, path):
    text = web.get(path).text
    secrets = {site.folder, ROOT, Path.home(), ASSETS, Path(httpx.__file__).parent.parent}
    assert [str(secret) for secret in secrets if f"{secret}/" in text] == []
    assert re.findall(r"/(?:tmp|home|root|usr|var)/[^\"\s]+", text) == []


def test_an_upload_is_found_again_by_the_name_that_it_was_given(web, site):
    path = uploaded(web, "say 1.txt", b"one")
    assert path.startswith("/~cache/") and str(site.folder) not in path
    answer = web.get(f"{API}/file={quote(path)}")
    assert (answer.status_code, answer.content) == (200, b"one")


def test_no_file_is_given_away_that_is_not_served(web, site):
    """Guesses at known files: absolute, through our folders' names, twice encoded, with other separators."""
    guesses = random.Random(SEED).sample(sorted(set(all_guesses(site))), GUESSES)
    assert [guess for guess in guesses if status_of(site, guess) < 400] == []


def status_of(site, path):
    """As it stands: other clients take .. out of a path."""
    connection = http.client.HTTPConnection(urlsplit(site.address).netloc, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def all_guesses(site):
    wanted = [
        "/etc/passwd", "/etc/hostname", "/proc/self/environ", "/proc/self/cmdline", "/dev/null", str(ROOT / "app.py"),
        str(ROOT / "requirements.txt"), str(ROOT / "configs/actions.yaml"), str(site.log), str(ASSETS / "avatar.npz"),
        str(ASSETS / "hdformer.safetensors"), str(Path(json.__file__)), str(ASSETS / "ahead/keypoints.json"),
        str(site.folder), "C:/Windows/win.ini", "//localhost/c$/x", "http://127.0.0.1/x", "http://169.254.169.254/",
        f"{site.address}/config", "file:///etc/passwd", "https://example.com/",
    ]  # fmt: skip
    names = [
        "",
        "/~cache",
        "/~cache/..",
        "/~assets",
        "/~assets/..",
        "/~scripts",
        "/~temporary",
        "/~nothing",
        "~cache",
        ".",
    ]
    steps = ["", "/", "/../../../../../../../..", "/..%2f..%2f..%2f..%2f..", "/....//....//....//....", "/%00", "/./"]
    spelled = [
        str,
        quote,
        lambda text: quote(quote(text)),
        lambda text: text.replace("/", "\\"),
        lambda t: t.replace("/", "%2f"),
    ]
    routes = [f"{API}/file=", f"{API}/file/", f"{API}/proxy=", "/static/", "/assets/", "/svelte/"]
    for route in routes:
        for name in names:
            for step in steps:
                for one in wanted:
                    yield from (route + name + step + spell(one) for spell in spelled)
                    yield route + name + step + "/" + Path(one).name


@pytest.mark.parametrize("name", ["page.html", "page.svg", "page.xml", "page.xhtml", "page.js", "page"])
def test_what_strangers_upload_is_no_page_of_ours(web, name):
    path = uploaded(web, name, b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>")
    headers = web.get(f"{API}/file={path}").headers
    assert headers["content-disposition"].startswith("attachment")
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_a_video_is_sent_in_parts(web):
    path = "/~assets/examples/walk.mp4"
    whole = (ASSETS / "examples/walk.mp4").read_bytes()
    for asked, first, last in (("0-99", 0, 100), ("1000-1999", 1000, 2000)):
        answer = web.get(f"{API}/file={path}", headers={"Range": f"bytes={asked}"})
        assert (answer.status_code, answer.content) == (206, whole[first:last])
        assert answer.headers["content-range"] == f"bytes {asked}/{len(whole)}"
    tail = web.get(f"{API}/file={path}", headers={"Range": f"bytes={len(whole) - 50}-"})
    assert (tail.status_code, tail.content) == (206, whole[-50:])


VIDEO = {"path": "/~assets/examples/walk.mp4", "meta": {"_type": "gradio.FileData"}}
WRONG = {
    "number": ({"data": ["tall"]}, "measure", ["height", "a number", '"tall"']),
    "a truth is no number": ({"data": [True]}, "measure", ["height", "a number", "true"]),
    "a list is no number": ({"data": [[1, 2]]}, "measure", ["height", "a number", "[1,2]"]),
    "choice": ({"data": ["sleeping"]}, "count", ["exercise", "one of auto", "sleeping"]),
    "file": ({"data": ["walk.mp4"]}, "compare", ["teacher", "a file that was uploaded", "walk.mp4"]),
    "somebody's file": ({"data": [{"path": "/etc/passwd"}]}, "compare", ["teacher", "a file that was uploaded"]),
    "boolean": ({"data": [1, "yes"]}, "choose_person", ["render", "true or false", "yes"]),
    "nothing given": ({"data": []}, "measure", ["1 values (height)", "not 0"]),
    "too few": ({"data": [VIDEO, 60]}, "estimate", ["23 values (video, fov", "not 2"]),
    "too many": ({"data": [1, 2, 3]}, "measure", ["1 values", "not 3"]),
    "no list": ({"data": 5}, "measure", ["1 values"]),
    "no values": ({}, "measure", ["1 values"]),
    "no endpoint": ({"data": []}, "fly", ['"/fly"', "/estimate, "]),
    "missing by name": ({"fov": 60}, "v2/estimate", ["video", "is missing"]),
    "unknown name": ({"video": VIDEO, "fow": 60}, "v2/estimate", ['"fow"', "video, fov"]),
    "type by name": ({"video": VIDEO, "fov": "wide"}, "v2/estimate", ["fov", "a number", '"wide"']),
}
"""Body and endpoint of a call that cannot be, and what the answer says."""


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_call_is_told_what_is_expected(web, site, case):
    body, name, said = WRONG[case]
    before = site.log.read_text()
    answer = call(web, name, **body)
    assert answer.status_code == (404 if case == "no endpoint" else 422)
    sentence = answer.json()["error"]
    assert [words for words in said if words not in sentence] == [], sentence
    assert len(answer.json()["detail"][0]["message"]) < 800
    lines = site.log.read_text().removeprefix(before).splitlines()
    assert len(lines) == 1 and json.loads(lines[0])["logger"] == "pose3d.refusals"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b'{"data": [NaN]}', b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_call_at_all_is_told_so(web, site, body):
    before = site.log.read_text()
    for path in ("call/measure", "call/v2/measure", "run/measure", "queue/join"):
        answer = web.post(f"{API}/{path}", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 422 and "JSON object" in answer.json()["error"]
    assert "Traceback" not in site.log.read_text().removeprefix(before)


def test_a_call_by_a_number_that_is_none_is_told_so(web):
    for number in (10**9, -1, "0", 1.5, True):
        answer = web.post(f"{API}/queue/join", json={"fn_index": number, "data": [], "session_hash": "a"})
        assert answer.status_code == 404 and "no endpoint" in answer.json()["error"]


def test_errors_of_calls_are_in_chinese(web):
    answer = web.post(f"{API}/call/measure", json={"data": ["x"]}, headers={"accept-language": "zh-CN"})
    assert "必须是数字" in answer.json()["error"]


def test_gradios_client_tells_what_is_wrong(site):
    from gradio_client import Client
    from gradio_client.exceptions import ValidationError

    with pytest.raises(ValidationError, match=r"height.* must be a number"):
        Client(site.address, verbose=False).predict("tall", api_name="/measure")


def test_what_nobody_foresaw_is_one_line_in_the_log(web, site):
    before = site.log.read_text()
    answer = ANSWERS["our fault"](web)
    assert answer.status_code == 500 and "Something went wrong" in answer.json()["error"]
    [line] = site.log.read_text().removeprefix(before).splitlines()
    assert json.loads(line)["traceback"].startswith("Traceback") and json.loads(line)["level"] == "error"


TYPES = {"call": "application/json", "form": "multipart/form-data; boundary=x"}
HEAD = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.mp4"\r\n\r\n'


@pytest.mark.parametrize(
    ("path", "kind", "megabytes"), [("call/measure", "call", JSON_MB), ("upload", "form", FILE_MB)]
)
def test_too_much_is_refused_at_once_where_it_is_announced(web, path, kind, megabytes):
    """Nothing of it is read: the connection's other end is not even sent a byte."""
    with socket.create_connection((web.base_url.host, web.base_url.port), timeout=10) as connection:
        length = int(megabytes * 1e9)
        head = (
            f"POST {API}/{path} HTTP/1.1\r\nHost: x\r\nContent-Type: {TYPES[kind]}\r\nContent-Length: {length}\r\n\r\n"
        )
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("path", "kind", "megabytes"), [("call/measure", "call", JSON_MB), ("upload", "form", FILE_MB)]
)
def test_too_much_is_refused_while_it_streams_in(web, site, path, kind, megabytes):
    """Chunks without an end: the answer comes after the limit, and nothing of it stays on the disk."""
    head = f"POST {API}/{path} HTTP/1.1\r\nHost: x\r\nContent-Type: {TYPES[kind]}\r\nTransfer-Encoding: chunked\r\n\r\n"
    sent, answer = 0, b""
    with socket.create_connection((web.base_url.host, web.base_url.port), timeout=10) as connection:
        connection.sendall(head.encode() + chunk(HEAD))
        while not answer and sent < 20e6 * megabytes:
            connection.sendall(chunk(bytes(65536)))
            sent += 65536
            if select.select([connection], [], [], 0.002)[0]:
                answer = connection.recv(100)
    assert answer.startswith(b"HTTP/1.1 413") and 1e6 * megabytes < sent < 10e6 * megabytes
    assert [file for file in site.folder.rglob("tmp*")] == []


def chunk(content):
    return b"%x\r\n%s\r\n" % (len(content), content)


def test_a_file_of_the_allowed_size_is_taken(web):
    uploaded(web, "large.bin", bytes(int(FILE_MB * 1e6)))


def test_folders_inside_others_and_with_odd_names_are_hidden(tmp_path):
    outer = tmp_path / "a folder"
    aliases = Aliases(FastAPI(), {"/~inner": outer / "内", "/~outer": outer})
    for spelled in (f"{outer}/内/x", json.dumps(f"{outer}/内/x")[1:-1], quote(f"{outer}/内/x")):
        assert aliases._hidden("", spelled.encode()) in (b"/~inner/x",)
    assert aliases._hidden("", f"{outer}/y".encode()) == b"/~outer/y"
    assert urlsplit(f"http://x{API}/file=/~inner/x").path.endswith("/~inner/x")
