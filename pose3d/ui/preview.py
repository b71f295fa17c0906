"""The page's live preview: what a visitor's camera shows goes to a looker, and its answer back."""

from __future__ import annotations

from typing import Any

import gradio as gr

from pose3d.core.errors import WorkError
from pose3d.jobs.preview import answer
from pose3d.ui import work
from pose3d.ui.words import language_of, plainly

BUSY: dict[str, Any] = {"code": "busy"}


def look(asked: Any, request: gr.Request) -> dict[str, Any]:
    """Who is in the picture that was sent, and what they have to do; see `answer`.

    {"code": "busy"} where all lookers are at work, {"trouble": a sentence} for what is no picture. Who comes in between
    is told to come again, so that no look waits.
    """
    try:
        with plainly(language_of(request)):
            return work.machine().look(answer, asked, patience=0)
    except gr.Error as e:
        return BUSY if isinstance(e.__cause__, WorkError) and e.__cause__.code == "busy" else {"trouble": e.message}
