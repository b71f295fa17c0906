"""Lets one event stop another of the same visitor, also when that one runs in another process.

Two kinds of work can be stopped: a run, by the visitor, and the drawing of a clip, by the next run.
"""

from __future__ import annotations

import re

import gradio as gr

from pose3d.jobs.process import store

RUN, DRAWING = "run", "drawing"


class StopSign:
    """A file that stands while a visitor wants their work of a kind to stop."""

    def __init__(self, session: str | None, kind: str = RUN):
        name = re.sub(r"\W", "", session or "none")
        self.path = store().folder / f"stop-{name}.{kind}"

    @classmethod
    def of(cls, request: gr.Request | None, kind: str = RUN) -> StopSign:
        """The one of the visitor who asks."""
        return cls(request.session_hash if request else None, kind)

    def put_up(self) -> None:
        """Work shall stop."""
        self.path.touch()

    def take_down(self) -> None:
        """What was wanted of the last work does not hold for the next."""
        self.path.unlink(missing_ok=True)

    def stands(self) -> bool:
        """Whether work shall stop."""
        return self.path.exists()
