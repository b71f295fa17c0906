"""What is thin on the disk is whole for whoever may have it, and for nobody else."""

import lzma
from io import BytesIO
from zipfile import ZipFile

import gradio as gr
import numpy as np
import pytest
from fastapi.testclient import TestClient
from gradio.routes import App

from factory import walking
from pose3d.jobs.archive import plan
from pose3d.jobs.process import store
from pose3d.jobs.thin import MARK, is_thin, thin, whole
from pose3d.ui import launch_settings
from pose3d.ui.takeaway import SERVED
from pose3d.view import report_html, shared_parts, skeleton_html


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "cache"))
    return store()


@pytest.fixture
def client(here):
    with gr.Blocks() as demo:
        gr.HTML()
    return TestClient(App.create_app(demo, app_kwargs=launch_settings()["app_kwargs"]))


@pytest.fixture
def run(here, tmp_path):
    """The folder of a result, and its pages as they were before they were made thin."""
    result = walking(tmp_path / "walk.mp4", np.arange(6) / 10)
    pages = {"skeleton.html": skeleton_html(result), "report.html": report_html(result)}
    with here.job() as folder:
        for name, text in pages.items():
            (folder / name).write_text(text, "utf-8")
            thin(folder / name)
    return folder, {name: text.encode() for name, text in pages.items()}


def at(folder, *names):
    """The address of a file in a folder of the house."""
    return SERVED + "/".join(("/~cache", folder.name, *names))


def test_pages_come_out_byte_for_byte(client, run):
    folder, pages = run
    for name, content in pages.items():
        path = folder / name
        assert is_thin(path) and path.stat().st_size < len(content) / 20 and whole(path) == content
        sent = client.get(at(folder, name))
        assert sent.content == content and name in sent.headers["content-disposition"]
        assert client.get(at(folder, name), headers={"Range": "bytes=5-9"}).content == content
        assert client.head(at(folder, name)).status_code == 200
        assert client.get(at(folder, "..", folder.name, name)).content == content


def test_an_archive_is_made_of_whole_files_and_the_same_each_time(client, run):
    folder, pages = run
    within = plan(folder / "people.zip", {f"person_1/{name}": folder / name for name in pages})
    everything = plan(folder / "pose3d.zip", {"people.zip": within, "report.html": folder / "report.html"})
    first, second = (client.get(at(folder, everything.name)).content for _ in range(2))
    assert first == second
    with ZipFile(BytesIO(first)) as packed:
        assert packed.testzip() is None and packed.read("report.html") == pages["report.html"]
        with ZipFile(BytesIO(packed.read("people.zip"))) as people:
            assert {name: people.read(f"person_1/{name}") for name in pages} == pages
    assert client.head(at(folder, everything.name)).status_code == 200
    (folder / "report.html").unlink()
    assert client.get(at(folder, everything.name)).status_code == 404


def test_what_visitors_send_is_only_what_it_is(client, here, tmp_path):
    """A list of our files, or a bomb, is sent back as it came."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    folder = here.folder / ("a" * 64)
    folder.mkdir()
    bomb = folder / "bomb.html"
    bomb.write_bytes(lzma.compress(bytes(1_000_000)))
    listed = plan(folder / "pose3d.zip", {"secret": secret})
    for path in (bomb, listed):
        assert client.get(at(folder, path.name)).content == path.read_bytes()


def test_who_may_not_have_a_file_gets_gradio_s_answer(client, here, run):
    folder, _ = run
    lock = here.folder.with_name(here.folder.name + ".lock")
    assert lock.exists()
    for path in (lock, here.folder, here.folder.parent, folder, folder / "gone.html", folder / "skeleton.html"):
        assert client.get(f"{SERVED}{path}").status_code == 403, "by its path on this machine"
    for names in ((), ("gone.html",), ("..", "..", lock.name), ("..", folder.name)):
        assert client.get(at(folder, *names)).status_code == 403
    assert client.get("/gradio_api/nothing").status_code == 404


def test_a_file_that_looks_as_if_it_were_marked_is_left_as_it_is(tmp_path):
    path = tmp_path / "a.html"
    content = MARK + b"plotly\0" + shared_parts()["three"].encode()
    path.write_bytes(content)
    assert whole(thin(path)) == content == path.read_bytes()
