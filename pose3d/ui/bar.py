"""The work's progress on the page's own bar."""

from __future__ import annotations

import time

import gradio as gr

from pose3d.jobs.line import Place
from pose3d.ui.words import text

PATIENCE = 2.0
"""Seconds of work before it says how long it will take."""
EVERY = 0.5
"""Seconds between two signs of progress: each makes the browser draw the page anew."""


class Bar:
    """A progress callback that tells of each stage and of the time left in it. Picklable as far as progress is."""

    def __init__(self, progress: gr.Progress, language: str):
        self._progress, self._language = progress, language
        self._since: dict[str, float] = {}
        self._last: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """See core.progress."""
        now = time.monotonic()
        if done < total and now - self._last.get(stage, -EVERY) < EVERY:
            return
        self._last[stage] = now
        words = text(stage, self._language)
        spent = now - self._since.setdefault(stage, now)
        if spent > PATIENCE and 0 < done < total:
            words += " · " + text("left", self._language, seconds=round(spent / done * (total - done)) + 1)
        self._progress((done, total), desc=words, unit=text("unit", self._language))

    def loading(self) -> None:
        """The work begins."""
        self._progress(0.0, desc=text("loading", self._language))

    def waiting(self, place: Place) -> None:
        """The work is in the line."""
        said = text("waiting", self._language, ahead=place.ahead, seconds=round(place.seconds) + 1)
        self._progress(0.0, desc=said)
