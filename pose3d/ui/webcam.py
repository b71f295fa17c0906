"""Recording with the visitor's camera: a live preview that says what to do, three-two-one, and the video."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from pose3d.core.words import LANGUAGES
from pose3d.jobs.preview import BONES, LONGER_SIDE
from pose3d.ui.controls import FRAMES
from pose3d.ui.preview import look
from pose3d.ui.words import all_texts

SCRIPT = Path(__file__).with_name("webcam.js")

TEMPLATE = """<div class="p3d-webcam">
  <button type="button" class="p3d-webcam-open"></button>
  <p class="p3d-webcam-sign" role="status"></p>
  <dialog class="p3d-camera">
    <div class="p3d-camera-told"><p class="p3d-camera-say" role="status"></p><p class="p3d-camera-more"></p></div>
    <div class="p3d-camera-stage">
      <video muted playsinline></video><canvas hidden></canvas>
      <output class="p3d-camera-count" aria-live="off"></output>
    </div>
    <div class="p3d-camera-bar">
      <label><span></span> <select></select></label>
      <span class="p3d-camera-time" role="timer"></span>
      <button type="button" data-do="record"></button>
      <button type="button" data-do="stop"></button>
      <button type="button" data-do="other"></button>
      <button type="button" data-do="cancel" autofocus></button>
    </div>
  </dialog>
</div>"""

SAID = "webcam_"
"""Before the words of the page that the component's script needs."""
RATE = 30
"""Frames a second that the camera is asked for."""
LENGTH = FRAMES // RATE
"""Seconds of a recording unless something else is chosen: what is read unless more frames are asked for."""
LENGTHS = (5, LENGTH, 20, 30, 60)
"""Seconds to choose from: no more frames than can be read at once."""
CAMERA = {"width": {"ideal": 1280}, "height": {"ideal": 720}, "frameRate": {"ideal": RATE}}
"""More pixels than that only cost time."""


def webcam(**settings: Any) -> gr.HTML:
    """The component. A recording becomes its value, a file of the video's field, and raises `input`.

    Its script is told by the event `chosen` that the page knows the video in that field; if that is the recording, it
    raises `submit`.
    """
    words = {
        language: {key: said for key, said in all_texts(language).items() if key.startswith(SAID)}
        for language in LANGUAGES
    }
    return gr.HTML(
        None,
        html_template=TEMPLATE,
        js_on_load=SCRIPT.read_text("utf-8"),
        apply_default_css=False,
        server_functions=[look],
        words=words,
        bones=BONES,
        longer_side=LONGER_SIDE,
        camera=CAMERA,
        length=LENGTH,
        lengths=list(LENGTHS),
        **settings,
    )
