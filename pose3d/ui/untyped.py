"""What Gradio leaves without types, with them."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gradio as gr


def skip() -> dict[str, Any]:
    """The answer of an event that leaves a field as it is."""
    return gr.skip()


def on(triggers: Sequence[Any], fn: Callable[..., Any] | None, *fields: Any, **options: Any) -> Any:
    """One event for several triggers; fields: inputs, then outputs."""
    return gr.on(triggers, fn, *fields, **options)


def headers(request: gr.Request | None) -> Mapping[str, str]:
    """What the browser tells with a request; programs that use the API may tell of none."""
    return request.headers or {} if request else {}


def root(request: gr.Request) -> str:
    """The path below which the page is served, without a slash at its end; "" where it is served at the top."""
    return str(request.request.scope.get("root_path", "")).rstrip("/") if request.request else ""


def query(request: gr.Request) -> Mapping[str, str]:
    """What the page's address carries after its question mark."""
    return request.query_params
