"""What browsers are told about every answer: what a page of ours may load, run, ask for, and who may frame it."""

from __future__ import annotations

import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pose3d.core.quotas import quotas
from pose3d.ui.web.aliases import FILE
from pose3d.ui.web.asgi import Rewriting

POLICY = {
    "default-src": "'self'",
    # Gradio starts from scripts in its page, which get a number that nobody foresees, and makes functions of texts
    # (its own wiring, `js` of events, js_on_load); handlers in attributes, which strangers could slip in, do not run
    "script-src": "'self' 'nonce-{nonce}' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",  # Svelte and Plotly write styles into elements
    "img-src": "'self' data: blob:",  # icons in styles; pictures that are drawn in the browser
    "media-src": "'self' data: blob:",  # a video that was chosen, a recording of the camera
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",  # a recording is fetched from the browser itself
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
"""Content-Security-Policy of the page, without who may frame it."""

OF_FILES = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
"""Of files from strangers and of results, should somebody open one in place of the page: no script runs."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # a link to a result is a secret
    "Permissions-Policy": "camera=(self), clipboard-write=(self), fullscreen=(self), microphone=(), geolocation=()",
}


def policy(nonce: str) -> str:
    """The page's, for one answer."""
    directives = POLICY | {"frame-ancestors": quotas().frame_ancestors}
    return "; ".join(f"{name} {value}" for name, value in directives.items()).replace("{nonce}", nonce)


class SecurityHeaders:
    """ASGI middleware: headers on every answer, and the number of this answer on the page's own scripts."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        is_file = FILE.fullmatch(scope["path"])
        told = ALWAYS | {"Content-Security-Policy": OF_FILES if is_file else policy(nonce)}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                headers.update(told)
                message = {**message, "headers": headers.raw}
            await send(message)

        def numbered(kind: str, body: bytes) -> bytes:
            """What the page's HTML holds of texts is JSON in which no < is written as such."""
            return body.replace(b"<script", f'<script nonce="{nonce}"'.encode()) if kind == "text/html" else body

        await self.app(scope, receive, sending if is_file else Rewriting(sending, numbered))
