"""The part of the video to use: two handles over its length, and the picture that follows the one that is moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from pose3d.core.words import LANGUAGES
from pose3d.ui.words import all_texts

SCRIPT = Path(__file__).with_name("scrubber.js")

TEMPLATE = """<div class="p3d-part" role="group" hidden>
  <div class="p3d-part-line"><span class="p3d-part-name"></span> <output></output></div>
  <div class="p3d-part-track"><div></div><input type="range" data-end="start"><input type="range" data-end="end"></div>
  <p class="p3d-part-sign" role="status"></p>
</div>"""

SAID = ("scrub", "scrub_start", "scrub_end", "scrub_span", "scrub_seeking", "scrub_counting", "scrub_blind")
"""Words of the page that the component's script needs."""


def scrubber(**settings: Any) -> gr.HTML:
    """The component. Its value comes from `whole`; a released handle changes it and raises `input`."""
    words = {
        language: {key: said for key, said in all_texts(language).items() if key in SAID} for language in LANGUAGES
    }
    return gr.HTML(
        None,
        html_template=TEMPLATE,
        js_on_load=SCRIPT.read_text("utf-8"),
        apply_default_css=False,
        words=words,
        **settings,
    )


def whole(duration: float, offset: float) -> dict[str, float]:
    """The component's value for another video, all of it chosen.

    duration: seconds; offset: seconds that a browser's player shows at the first picture. end is 0 where the part goes
    on to the video's end.
    """
    return {"duration": duration, "offset": offset, "start": 0.0, "end": 0.0}
