"""Whether whoever asked is still there. Gradio knows, and tells nobody: the one place that asks its queue."""
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable

import gradio as gr
from gradio.context import LocalContext

from pose3d.core.progress import never


def gone() -> Callable[[], bool]:
    """For the event that is being handled: a function that says whether its client's connection has ended.

    Pages hold one while they wait, and so do programs; who calls a handler without Gradio never goes.
    """
    blocks, number = LocalContext.blocks.get(None), LocalContext.event_id.get(None)
    if blocks is None or number is None:
        return never
    at_work = [event for events in blocks._queue.active_jobs for event in events or ()]
    event = next((event for event in at_work if event._id == number), None)
    return never if event is None else lambda: not event.alive


def visitor(request: gr.Request | None) -> str:
    """The visit that a request belongs to."""
    return (request.session_hash if request else None) or ""


def address(request: gr.Request | None) -> str:
    """From where the request comes, as far as that is known."""
    client = request.client if request and request.request else None
    return client.host if client else ""
