"""How work tells how far it is, and learns that it shall stop."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with the stage (detect, lift, render), frames done and frames in all."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


def never() -> bool:
    """The default answer to whether to stop."""
    return False
