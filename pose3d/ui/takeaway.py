"""A run's files by what people want them for: cards with links, and everything as one ZIP. Knows no component."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pose3d.core.result import KEYPOINTS
from pose3d.core.words import say
from pose3d.export import file_name
from pose3d.jobs.archive import plan
from pose3d.outputs import CLIP, REPORT, SCENE, SCENE_CLIP, SKELETON

TABLE = "takeaway"
PEOPLE = "people.zip"
"""Everybody's files, a folder for each person."""
EVERYTHING = "pose3d.zip"

CARDS: dict[str, tuple[str, ...]] = {
    "colleague": (REPORT, CLIP, SCENE_CLIP, SKELETON, SCENE),
    "people": (PEOPLE,),
    "excel": (file_name("csv"),),
    "blender": (file_name("glb"), file_name("bvh")),
    "engines": (file_name("glb"), file_name("vrma"), file_name("bvh")),
    "opensim": (file_name("mot"), file_name("trc")),
    "web": (file_name("glb"), SKELETON, SCENE),
    "laboratory": (file_name("c3d"), KEYPOINTS),
}
"""Purpose to the names of the files that serve it, the first choice first, in the order in which cards are shown."""

SERVED = "/gradio_api/file="
"""Before the path of a file that Gradio serves: one in its cache, or a static one."""


@dataclass(frozen=True)
class Card:
    """Files for one purpose, at least one. title and how: for people, in one language; how says how to open them."""

    title: str
    how: str
    files: tuple[Path, ...]


def cards(files: Iterable[Path], language: str) -> list[Card]:
    """Of a run's files; a purpose that none of them serves has no card. Files of other names are on none."""
    there = {path.name: path for path in files}
    served = {purpose: tuple(there[name] for name in names if name in there) for purpose, names in CARDS.items()}
    return [
        Card(say(TABLE, purpose, language), say(TABLE, f"{purpose}_how", language), found)
        for purpose, found in served.items()
        if found
    ]


def pack(files: Sequence[Path], folder: Path) -> Path:
    """Everything as one ZIP, made while it is sent (jobs.archive), in the folder; the files lie in it side by side.

    Raises OutputError where a file is gone or the folder takes none, ValueError for two files of one name.
    """
    if len({path.name for path in files}) < len(files):
        raise ValueError(f"files of the same name: {', '.join(map(str, files))}")
    return plan(folder / EVERYTHING, {path.name: path for path in files})


def cards_html(shown: Sequence[Card], everything: Path | None, language: str, root: str = "") -> str:
    """HTML of the cards, and a link to the ZIP if there is one.

    root: the page's own address or path, without a slash at its end, where it is served below another; "" where not.
    """
    sections = [_card(card, language, root) for card in shown]
    if everything:
        link = _link(everything, say(TABLE, "everything", language), root)
        sections.append(f'<p class="p3d-everything">{link}</p>')
    return f'<div class="p3d-cards">{"".join(sections)}</div>'


def _card(card: Card, language: str, root: str) -> str:
    lines = "".join(f"<li>{_link(path, path.name, root)}{_note(path, language)}</li>" for path in card.files)
    title, how = html.escape(card.title), html.escape(card.how)
    return f'<section class="p3d-card"><h3>{title}</h3><ul>{lines}</ul><p>{how}</p></section>'


def _link(path: Path, text: str, root: str) -> str:
    """It downloads, also what a browser could show: the same wherever the file lies."""
    address = html.escape(root + SERVED + quote(path.as_posix()))
    return f'<a href="{address}" download="{html.escape(path.name)}">{html.escape(text)}</a>'


def _note(path: Path, language: str) -> str:
    """What the file is, a few words."""
    return f" <span>{html.escape(say(TABLE, path.name, language))}</span>"
