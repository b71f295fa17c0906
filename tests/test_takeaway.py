"""A run's files by what they are for, and all of them as one ZIP."""

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import quote, unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import gradio as gr
import numpy as np
import pytest
from fastapi.testclient import TestClient
from gradio.routes import App

from factory import walking
from pose3d.core.errors import OutputError
from pose3d.core.words import LANGUAGES, table
from pose3d.export import EXPORTERS
from pose3d.jobs.archive import zipped
from pose3d.jobs.process import store
from pose3d.jobs.thin import thin_all
from pose3d.outputs import CLIP, NAMES, SCENES, write_outputs
from pose3d.ui import launch_settings
from pose3d.ui.takeaway import CARDS, EVERYTHING, PEOPLE, SERVED, TABLE, Card, cards, cards_html, pack

RUN = list(NAMES)
WORDS = table(TABLE)


def made(folder, names):
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(name * 100)
    return [folder / name for name in names]


def opened(pieces):
    packed = ZipFile(BytesIO(b"".join(pieces)))
    assert packed.testzip() is None
    return packed


def unpacked(pieces):
    with opened(pieces) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


class Page(HTMLParser):
    """Links, and text by the element that holds it."""

    def __init__(self, text):
        super().__init__()
        self.links, self.texts, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        if tag == "a":
            self.links.append(dict(attrs))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.open[-1], data.strip()))

    def of(self, tag):
        return [text for where, text in self.texts if where == tag]


def test_every_file_is_on_a_card_and_no_card_names_another():
    assert {name for names in CARDS.values() for name in names} == {*NAMES, *SCENES, PEOPLE}


def test_all_is_worded_in_every_language():
    keys = {*CARDS, *(f"{purpose}_how" for purpose in CARDS), *NAMES, *SCENES, PEOPLE, "everything"}
    assert set(WORDS) == keys and list(WORDS) == sorted(WORDS)
    for texts in WORDS.values():
        assert set(texts) == set(LANGUAGES) and all(text == text.strip() and text for text in texts.values())


def test_purposes(tmp_path):
    found = cards(made(tmp_path, RUN), "en")
    assert {card.title: [path.name for path in card.files] for card in found} == {
        "Send to a colleague": ["report.html", "render.mp4", "skeleton.html"],
        "Excel": ["motion.csv"],
        "Blender": ["motion.glb", "motion.bvh"],
        "Unity and Unreal": ["motion.glb", "motion.vrma", "motion.bvh"],
        "OpenSim": ["motion.mot", "motion.trc"],
        "Web": ["motion.glb", "skeleton.html"],
        "Laboratory and own programs": ["motion.c3d", "keypoints.json"],
    }
    assert all(path.parent == tmp_path for card in found for path in card.files)
    assert found[0].how == WORDS["colleague_how"]["en"]
    assert cards(made(tmp_path, RUN), "zh")[0] == Card(
        "发给同事",
        WORDS["colleague_how"]["zh"],
        tuple(tmp_path / name for name in ("report.html", CLIP, "skeleton.html")),
    )


def test_what_could_not_be_made_is_left_out(tmp_path):
    left = [path for path in made(tmp_path, RUN) if path.name not in ("motion.csv", "motion.glb")]
    found = {card.title: [path.name for path in card.files] for card in cards(left, "en")}
    assert "Excel" not in found and found["Blender"] == ["motion.bvh"] and found["Web"] == ["skeleton.html"]
    assert cards([], "en") == cards([tmp_path / "notes.txt"], "en") == []


def test_everybody(tmp_path):
    found = cards(made(tmp_path, [PEOPLE, *SCENES]), "en")
    assert {card.title: {path.name for path in card.files} for card in found} == {
        "Send to a colleague": set(SCENES),
        "Web": {"scene.html"},
        "Each person": {PEOPLE},
    }


def test_links(tmp_path):
    folder = tmp_path / 'a "b" & <c> ü#?%'
    run = made(folder, RUN)
    page = Page(cards_html(cards(run, "en"), pack(run, folder), "en"))
    assert page.open == []
    for link in page.links:
        assert re.fullmatch(r"[\w/.%=~-]+", link["href"])
        path = unquote(link["href"].removeprefix(SERVED))
        assert path.startswith(str(folder)) and path.endswith("/" + link["download"])
    assert {link["download"] for link in page.links} == {*RUN, EVERYTHING}
    assert page.of("h3") == [card.title for card in cards(run, "en")]
    assert page.of("p")[:2] == [WORDS["colleague_how"]["en"], WORDS["excel_how"]["en"]]
    assert page.of("a")[-1] == "Everything as one ZIP" and page.of("a")[0] == "report.html"
    assert page.of("span")[0] == WORDS["report.html"]["en"]


def test_gradio_serves_what_the_links_name(tmp_path, monkeypatch):
    """And whole, whatever there is of it on the disk."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "cache"))
    here = store()
    with gr.Blocks() as demo:
        gr.HTML()
    with here.job() as folder:
        run = made(folder, RUN)
        content = {path.name: path.read_bytes() for path in run}
        thin_all(run)
    page = Page(cards_html(cards(run, "en"), pack(run, folder), "en"))
    client = TestClient(App.create_app(demo, app_kwargs=launch_settings()["app_kwargs"]))
    for link in page.links:
        sent = client.get(link["href"].replace(quote(str(here.folder)), "/~cache")).content
        assert unpacked([sent]) == content if link["download"] == EVERYTHING else sent == content[link["download"]]
    assert client.get(SERVED + str(made(tmp_path, ["keypoints.json"])[0])).status_code == 403


def test_all_is_escaped(tmp_path):
    path = tmp_path / CLIP
    shown = cards_html([Card("<b>&", '<i>"', (path,))], None, "zh", 'https://a.b/"<x>')
    page = Page(shown)
    assert page.open == [] and page.of("h3") == ["<b>&"] and page.of("p") == ['<i>"']
    assert "<b>" not in shown and "<i>" not in shown and "<x>" not in shown
    assert page.links[0]["href"].startswith('https://a.b/"<x>/gradio_api/file=/')
    assert html.escape(WORDS["web_how"]["en"]) in cards_html(cards([tmp_path / "scene.html"], "en"), None, "en")


def test_no_link_to_a_zip_that_is_not_there(tmp_path):
    assert EVERYTHING not in cards_html(cards([tmp_path / CLIP], "en"), None, "en")
    assert cards_html([], None, "en") == '<div class="p3d-cards"></div>'


def test_pack(tmp_path):
    run, clip = made(tmp_path / "run", ["keypoints.json", PEOPLE]), made(tmp_path / "view", [CLIP])
    archive = pack([*run, *clip], tmp_path / "run")
    assert archive == tmp_path / "run" / EVERYTHING and {p.name for p in archive.parent.iterdir()} == {
        EVERYTHING,
        PEOPLE,
        "keypoints.json",
    }
    assert unpacked(zipped(archive)) == {name: name.encode() * 100 for name in ("keypoints.json", PEOPLE, CLIP)}
    with opened(zipped(archive)) as packed:
        kinds = {info.filename: info.compress_type for info in packed.infolist()}
    assert kinds == {"keypoints.json": ZIP_DEFLATED, PEOPLE: ZIP_STORED, CLIP: ZIP_STORED}


def test_a_zip_is_whole_or_not_there(tmp_path):
    run = made(tmp_path, ["keypoints.json"])
    pack(run, tmp_path)
    before = (tmp_path / EVERYTHING).read_bytes()
    with pytest.raises(OutputError, match=r"pose3d\.zip"):
        pack([*run, tmp_path / "gone.csv"], tmp_path)
    assert (tmp_path / EVERYTHING).read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"keypoints.json", EVERYTHING}


def test_two_files_of_one_name(tmp_path):
    with pytest.raises(ValueError, match="same name"):
        pack([tmp_path / "a" / CLIP, tmp_path / "b" / CLIP], tmp_path)


def test_a_real_run(tmp_path):
    """What the page asks for: everything is made, on a card, and in the archive."""
    result = walking(tmp_path / "walk.mp4", np.arange(6) / 10)
    config = result.config.but(export=tuple(EXPORTERS), report=True)
    outputs = write_outputs(replace(result, config=config), tmp_path / "out")
    assert not outputs.failures
    shown = cards(outputs.files, "en")
    assert {path for card in shown for path in card.files} == set(outputs.files)
    with opened(zipped(pack(outputs.files, tmp_path / "out"))) as packed:
        assert set(packed.namelist()) == {path.name for path in outputs.files} == set(NAMES)
