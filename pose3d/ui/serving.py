"""Sends files whole that lie thin on the disk, and archives of which only the list does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pose3d.jobs.archive import is_plan, zipped
from pose3d.jobs.process import owner
from pose3d.jobs.store import Store
from pose3d.jobs.thin import is_thin, whole
from pose3d.ui.takeaway import SERVED

SENT = (200, 206)
"""Gradio's answers where a file may be had, in part or not. We send all of it, also where a part was asked for."""


class WholeFiles:
    """Middleware around Gradio's app: that one decides who gets which file, this one what is sent of ours."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = _asked(scope)
        store = owner(path) if path else None
        if path is None or store is None or not store.is_ours(path) or not (is_thin(path) or is_plan(path)):
            await self.app(scope, receive, send)
        elif await self._is_allowed(scope, receive, send):
            await (await _answer(path, store, scope["method"]))(scope, receive, send)

    async def _is_allowed(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Whether Gradio would send the file; if not, its own answer was sent."""
        allowed = False

        async def watch(message: Message) -> None:
            nonlocal allowed
            allowed = allowed or message.get("status") in SENT
            if not allowed:
                await send(message)

        await self.app(scope, receive, watch)
        return allowed


def _asked(scope: Scope) -> Path | None:
    """The file that a request is for."""
    if scope["type"] != "http":
        return None
    _, served, path = scope["path"].partition(SERVED)
    return Path(os.path.abspath(path)) if served else None  # noqa: PTH100, since ".." counts as it does for Gradio


async def _answer(path: Path, store: Store, method: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(path.name)}"}
    kind = "application/octet-stream"
    try:
        if is_thin(path):
            return Response(await run_in_threadpool(whole, path), headers=headers, media_type=kind)
        pieces = zipped(path) if method == "GET" else iter(())
        return StreamingResponse(_held(pieces, path, store), headers=headers, media_type=kind)
    except OSError:
        return PlainTextResponse("", 404)


def _held(pieces: Iterator[bytes], path: Path, store: Store) -> Iterator[bytes]:
    """Nothing of it goes while it is sent."""
    with store.using(path):
        yield from pieces
