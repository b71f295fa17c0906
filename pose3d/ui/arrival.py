"""Whoever comes to the page: in which language, with which settings or to which result their link leads; and links."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import gradio as gr

from pose3d.core.config import Language
from pose3d.jobs.process import store
from pose3d.ui import blocks
from pose3d.ui.ahead import whole
from pose3d.ui.answering import in_language, worded
from pose3d.ui.blocks import Inputs, Links, Outputs
from pose3d.ui.controls import CONTROLS, from_query
from pose3d.ui.handlers import paths, summary
from pose3d.ui.player import show
from pose3d.ui.takeaway import cards, cards_html, pack
from pose3d.ui.trouble import trouble
from pose3d.ui.untyped import query, root, skip
from pose3d.ui.verdict import judged
from pose3d.ui.wiring import QUIET, WIRING
from pose3d.ui.words import language_of, say, text
from pose3d.ui.work import Run, at_hand, kept

RESULT = "result"
"""What a link to a result calls its key."""

LINK = """(...values) => {
  const address = new URL(location.href);
  address.search = "";
  NAMES.forEach((name, n) => address.searchParams.set(name, values[n]));
  navigator.clipboard?.writeText(address.href).catch(() => {}); // the box beside it has it, too
  return address.href;
}"""


def wire(demo: gr.Blocks, links: Links, entered: Inputs, shown: Outputs, run: gr.State) -> None:
    """What a visitor sees first, and the links to come back by."""
    fields = {name: entered.controls[name] for name, control in CONTROLS.items() if control.linked}
    links.settings.click(None, list(fields.values()), links.address, js=_link(*fields), **QUIET)
    links.settings.click(_box("link_done"), None, links.address, **WIRING)
    links.result.click(_key, run, links.address, **WIRING).success(
        None, links.address, links.address, js=_link(RESULT), **QUIET
    )
    listed = [entered.preset, *entered.of("rotate"), entered.examples]
    demo.load(_settings, None, [*listed, *fields.values()], **WIRING)
    seen = [run, shown.trouble, shown.player, shown.clip, shown.status, shown.files, shown.verdict, shown.takeaway]
    first = demo.load(_first, None, [*seen, links.result], **WIRING)
    first.then(in_language(shown.tabs), run, worded(shown.tabs), **WIRING)


@functools.cache
def all_of_ahead(language: Language, above: str = "") -> str:
    """As `all_of`, of the example ahead."""
    return all_of(whole(language), language, above)


def all_of(run: Run, language: str, above: str) -> str:
    """HTML of what can be taken away of a run, and all of it in one file; above: the path below which the page is."""
    return cards_html(cards(run.files, language), pack(run.files, _packed_in(run)), language, above)


def _packed_in(run: Run) -> Path:
    """Where the archive is: not in the run's folder once something was made anew, which is not for all who see it."""
    if all(path.parent == run.folder for path in run.files):
        return run.folder
    return store().shown(run.folder, "\n".join(map(str, run.files)).encode())


def linked(run: Run) -> Any:
    """For the button that makes a link to the result: the example ahead needs none."""
    return gr.update(visible=run.key is not None)


def _link(*names: str) -> str:
    """A script that makes an address of the values of those names."""
    return LINK.replace("NAMES", json.dumps(names))


def _box(label: str) -> Any:
    return lambda: gr.update(visible=True, label=say(label))


def _key(run: Run | None, request: gr.Request) -> Any:
    """For the box in which the address will stand."""
    run = at_hand(run, language_of(request))
    return gr.update(value=run.key, visible=True, label=say("result_link_done"))


def _settings(request: gr.Request) -> list[Any]:
    """The visitor's language in the lists, too, and the settings that their link carries."""
    language, carried = language_of(request), from_query(query(request))
    values: dict[str, dict[str, Any]] = {name: {"value": value} for name, value in carried.items()}
    for name in ("level", "detector", "figure", "stills"):
        values.setdefault(name, {})["choices"] = blocks.choices_of(name, language)
    return [
        gr.update(choices=blocks.preset_names(language)),
        gr.update(choices=blocks.choices_of("rotate", language)),
        gr.update(sample_labels=blocks.example_names(language)),
        *(gr.update(**values[name]) if name in values else skip() for name, it in CONTROLS.items() if it.linked),
    ]


def _first(request: gr.Request) -> tuple[Any, ...]:
    """The result that the visitor's link leads to, else the example ahead in their language, whose clip is there.

    Returns the run, why it is not there, player, clip, status, files, verdict, what can be taken away, and
    the button for a link to it.
    """
    language, above = language_of(request), root(request)
    nothing = [skip()] * 4
    key = query(request).get(RESULT)
    if key is not None:
        return _found_again(key, language, above)
    run = whole(language)
    return run, *nothing, paths(run), judged(run.result, language), all_of_ahead(language, above), skip()


def _found_again(key: str, language: Language, above: str) -> tuple[Any, ...]:
    run = kept(key)
    if run is None:
        return skip(), trouble(text("not_kept", language)), *[skip()] * 7
    said = f"{text('kept', language)}  \n{summary(run.result, len(run.result), language)}"
    clip = run.clip and str(run.clip)
    offered = all_of(run, language, above)
    return run, skip(), show(run), clip, said, paths(run), judged(run.result, language), offered, linked(run)
