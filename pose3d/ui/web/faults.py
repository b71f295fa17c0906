"""What nobody foresaw while a request was answered: one line in the log, one sentence for who asked."""

from __future__ import annotations

import logging

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pose3d.ui.words import language_in, text

log = logging.getLogger(__name__)


class Faults:
    """ASGI middleware: answers 500 for an exception, unless an answer has begun."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception:
            if scope["type"] != "http":
                raise
            log.exception("unexpected error in an answer")
            if not begun:
                language = language_in(Headers(scope=scope))
                await JSONResponse({"error": text("unexpected", language)}, 500)(scope, receive, send)
