"""What is pressed beside a finding: the controls are set to what may help."""

from __future__ import annotations

from typing import Any

import gradio as gr

from pose3d.ui.chosen import Chosen, choose_part, turn
from pose3d.ui.scrubber import whole
from pose3d.ui.untyped import skip
from pose3d.ui.verdict import remedy_of
from pose3d.ui.words import language_of
from pose3d.ui.work import Run, at_hand

CAMERA_FIELDS = 6
"""See lens.py."""
REMEDIED = ("rotate", "level", "start", "end")
"""The controls that a remedy may set, beside the person's number."""


def remedied(
    run: Run | None, looked_at: Chosen | None, fov: float, frames: float, event: gr.EventData, request: gr.Request
) -> list[Any]:
    """A button beside a finding was pressed: what is meant by it, in the fields.

    Returns the person's number, the Chosen, the scrubber's value, the line about the video, the controls of REMEDIED,
    and the camera's fields.
    """
    result = at_hand(run, language_of(request)).result
    offered = remedy_of(event.remedy, result)
    settings: dict[str, Any] = {"person": result.config.person} | (offered.settings if offered else {})
    shown = [looked_at, *[skip()] * CAMERA_FIELDS]
    if "rotate" in settings:
        shown = turn(looked_at, settings["rotate"], fov)
    scrub = line = skip()
    if "start" in settings and looked_at:
        scrub = whole(looked_at.duration, looked_at.offset) | {
            "start": settings["start"],
            "end": settings["end"] or 0.0,
        }
        line = choose_part(looked_at, scrub, frames, request)
    controls = [(settings[name] or 0) if name in settings else skip() for name in REMEDIED]
    return [settings["person"], shown[0], scrub, line, *controls, *shown[1:]]
