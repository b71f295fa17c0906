"""What goes wrong, told where the result would be instead of in a message over the page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import gradio as gr

from pose3d.ui.untyped import skip

NO_TROUBLE: dict[str, Any] = gr.update(value="", visible=False)


def trouble(message: str) -> dict[str, Any]:
    """message: a sentence that HTML leaves as it is (words.plain)."""
    return gr.update(value=f'<p role="alert">{message}</p>', visible=True)


def in_place(work: Callable[..., tuple[Any, ...]], outputs: int) -> Callable[..., tuple[Any, ...]]:
    """The handler of so many outputs with its error as one more."""

    @functools.wraps(work)
    def told(*given: Any) -> tuple[Any, ...]:
        try:
            return *work(*given), NO_TROUBLE
        except gr.Error as e:
            return *[skip()] * outputs, trouble(e.message)

    return told
