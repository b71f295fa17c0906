"""The player on the page: a gr.HTML whose script puts the input video beside the 3D skeleton."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr

from pose3d.core.result import Result, write_text
from pose3d.ui.words import WORDS
from pose3d.view import PLAYER_SCRIPTS, player_data

PLOTLY = Path(str(files("plotly"))) / "package_data" / "plotly.min.js"
SCRIPTS = (PLOTLY, *PLAYER_SCRIPTS)
"""Served as they are; a browser runs them in this order."""

EMBED = Path(__file__).with_name("embed.js")

TEMPLATE = """<div class="p3d-stage">
  <p class="p3d-empty"></p>
  <div class="p3d-pair" hidden><div class="p3d-source"></div><div class="p3d-skeleton"></div></div>
</div>"""

SAID = ("empty", "replaced", "no_player")
"""Words of the page that the component's script needs."""


def player(value: dict[str, Any] | None = None, **settings: Any) -> gr.HTML:
    """The component; its value comes from `show`.

    The addresses of the scripts are properties, not tags in the page's head: Gradio puts its root path before the
    addresses of files in properties, so that they also work behind a proxy.
    """
    gr.set_static_paths(list(SCRIPTS))
    return gr.HTML(
        value,
        html_template=TEMPLATE,
        js_on_load=EMBED.read_text("utf-8"),
        apply_default_css=False,
        scripts=[_static(path) for path in SCRIPTS],
        words={language: {key: words[key] for key in SAID} for language, words in WORDS.items()},
        **settings,
    )


def show(result: Result, clip: Path, folder: Path) -> dict[str, Any]:
    """The component's value: the player's data, the input video, and the rendered clip should that one not play."""
    data = folder / "player.json"
    write_text(data, json.dumps(player_data(result), separators=(",", ":"), allow_nan=False))
    return {"data": _file(data), "video": _file(result.video.path), "clip": _file(clip)}


def _file(path: Path) -> dict[str, Any]:
    """Gradio turns this into an address that a browser can fetch."""
    return gr.FileData(path=str(path)).model_dump()


def _static(path: Path) -> dict[str, Any]:
    """As `_file`, of a static path, in a property: there Gradio adds nothing but the root."""
    return gr.FileData(path=str(path), url=f"/gradio_api/file={path.as_posix()}").model_dump()
