"""How work tells how far it is, and learns that it shall stop."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with the stage (detect, lift, render), frames done and frames in all."""


class StopWork(Exception):  # noqa: N818 - a wish, not an error
    """Raised by a progress callback to end the work; nothing that is being written stays half-written."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


def never() -> bool:
    """The default answer to whether to stop."""
    return False
