"""The pipeline's progress on the page's own bar."""

from __future__ import annotations

import time

import gradio as gr

from pose3d.core.progress import Progress
from pose3d.ui.stopping import StopSign
from pose3d.ui.words import text

PATIENCE = 2.0
"""Seconds of work before it says how long it will take."""
EVERY = 0.5
"""Seconds between two signs of progress: each makes the browser draw the page anew."""


def bar(progress: gr.Progress, language: str, sign: StopSign | None = None) -> Progress:
    """A callback that tells of each stage and of the time left in it. It raises StopWork where the sign stands."""
    since: dict[str, float] = {}
    last: dict[str, float] = {}

    def show_stage(stage: str, done: int, total: int) -> None:
        if sign:
            sign.obey()
        now = time.monotonic()
        if done < total and now - last.get(stage, -EVERY) < EVERY:
            return
        last[stage] = now
        words = text(stage, language)
        spent = now - since.setdefault(stage, now)
        if spent > PATIENCE and 0 < done < total:
            words += " · " + text("left", language, seconds=round(spent / done * (total - done)) + 1)
        progress((done, total), desc=words, unit=text("unit", language))

    return show_stage
