"""Lets one event stop another of the same visitor, also when that one runs in another process."""

from __future__ import annotations

import re
from pathlib import Path

from gradio.utils import get_upload_folder


class StopWork(Exception):  # noqa: N818 - a wish, not an error
    """Raised out of work that was asked to stop."""


class StopSign:
    """A file that stands while a visitor wants their work to stop."""

    def __init__(self, session: str | None):
        folder = Path(get_upload_folder()) / "stop"
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / re.sub(r"\W", "", session or "none")

    def put_up(self) -> None:
        self.path.touch()

    def take_down(self) -> None:
        self.path.unlink(missing_ok=True)

    def stands(self) -> bool:
        return self.path.exists()
