"""The player on the page: a gr.HTML whose script puts the input video beside the 3D skeleton."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr

from pose3d.core.files import write_text
from pose3d.core.words import LANGUAGES
from pose3d.jobs.thin import thin
from pose3d.ui.words import all_texts
from pose3d.ui.work import Run
from pose3d.view import PLAYER_SCRIPTS, THREE, player_data

EMBED = Path(__file__).with_name("embed.js")

TEMPLATE = """<div class="p3d-stage">
  <p class="p3d-empty"></p>
  <div class="p3d-pair" hidden><div class="p3d-source"></div><div class="p3d-skeleton"></div></div>
</div>"""

SAID = ("empty", "replaced", "turned", "no_player", "learner", "teacher")
"""Words of the page that the component's script needs."""


@functools.cache
def scripts() -> tuple[Path, ...]:
    """Served as they are; a browser runs them in this order."""
    return (Path(str(files("plotly"))) / "package_data" / "plotly.min.js", *PLAYER_SCRIPTS)


def player(value: dict[str, Any] | None = None, **settings: Any) -> gr.HTML:
    """The component; its value comes from `show`.

    The addresses of the scripts are properties, not tags in the page's head: Gradio puts its root path before the
    addresses of files in properties, so that they also work behind a proxy.
    """
    gr.set_static_paths([*scripts(), THREE])
    return gr.HTML(
        value,
        html_template=TEMPLATE,
        js_on_load=EMBED.read_text("utf-8"),
        apply_default_css=False,
        scripts=[static(path) for path in scripts()],
        three=static(THREE),
        words={language: {key: all_texts(language)[key] for key in SAID} for language in LANGUAGES},
        **settings,
    )


def show(run: Run) -> dict[str, Any]:
    """The component's value: the player's data, the input video, and the rendered clip should that one not play."""
    data = _kept(run.folder / "player.json", player_data(run.result, run.others))
    return {"data": _file(data), "video": _file(run.result.video.path), "clip": run.clip and _file(run.clip)}


def show_pair(data: dict[str, Any], folder: Path, video: Path, second: Path | None) -> dict[str, Any]:
    """The component's value: data (view.pair_data) kept in the folder, the learner's video, and the teacher's."""
    kept = _kept(folder / "pair.json", data)
    return {"data": _file(kept), "video": _file(video), "clip": None, "second": second and _file(second)}


def _kept(path: Path, data: dict[str, Any]) -> Path:
    return thin(write_text(path, json.dumps(data, separators=(",", ":"), allow_nan=False)))


def _file(path: Path) -> dict[str, Any]:
    """Gradio turns this into an address that a browser can fetch."""
    return gr.FileData(path=str(path)).model_dump()


def static(path: Path) -> dict[str, Any]:
    """As `_file`, of a static path, in a property: there Gradio adds nothing but the root."""
    return gr.FileData(path=str(path), url=f"/gradio_api/file={path.as_posix()}").model_dump()
