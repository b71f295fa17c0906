"""What runs here, for whoever wants to say by which version a result was made."""

from __future__ import annotations

import functools
from pathlib import Path

import gradio as gr

from pose3d.core.models import ModelInfo
from pose3d.core.resources import ASSETS
from pose3d.io.models.weights import sha256
from pose3d.ui.words import say
from pose3d.version import __version__

DIGITS = 12
"""Of a digest, as it is shown; `sha256sum` of the file has all of them, and so has a result."""
WEIGHTS = ("*.safetensors", "blazepose/*.onnx")
"""The networks' files below assets/."""


@functools.cache
def weights() -> tuple[ModelInfo, ...]:
    """Of the networks that the page can use, by the names of their files."""
    files = sorted(path for pattern in WEIGHTS for path in ASSETS.glob(pattern))
    return tuple(ModelInfo(_name(path), sha256(path)) for path in files)


def _name(path: Path) -> str:
    return path.relative_to(ASSETS).as_posix()


def about() -> None:
    """Adds the folded lines at the page's end."""
    with gr.Accordion(say("versions"), open=False, elem_id="versions"):
        rows = "\n".join(f"| {model.name} | `{model.sha256[:DIGITS]}` |" for model in weights())
        gr.Markdown(say("limits"))
        gr.Markdown(
            f"pose3d {__version__} · Gradio {gr.__version__}\n\n| {say('weights')} | SHA-256 |\n|---|---|\n{rows}"
        )
