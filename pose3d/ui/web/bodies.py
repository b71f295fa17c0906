"""What is sent to the server: not more than is allowed, and calls of the API as its endpoints expect them."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pose3d.core.config import Language
from pose3d.core.errors import LimitError
from pose3d.core.quotas import quotas
from pose3d.jobs.workers import MEGABYTE
from pose3d.ui import vitals
from pose3d.ui.joblog import log_refusal
from pose3d.ui.web.asgi import TooLargeError, again, limited, media_type, whole
from pose3d.ui.web.calls import BadCallError, check
from pose3d.ui.words import capitalised, language_in

SENDING = ("POST", "PUT", "PATCH")
ENVELOPE = 100_000
"""Bytes that a form adds to the file in it, at most."""


class Bodies:
    """ASGI middleware. Forms (uploads) pass as they come; whatever else is sent is read whole first and checked."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in SENDING:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_form = media_type(headers) == "multipart/form-data"
        megabytes = quotas().file_mb if is_form else quotas().json_mb
        limit = int(megabytes * MEGABYTE) + (ENVELOPE if is_form else 0)
        language = language_in(headers)
        announced = headers.get("content-length", "0")
        try:
            if announced.isdecimal() and int(announced) > limit:
                raise TooLargeError
            if is_form:
                await self.app(scope, limited(receive, limit, _too_large_form(limit)), send)
            else:
                await self._checked(scope, receive, send, limit, language)
        except TooLargeError:
            vitals.refused("too_large")
            sentence = capitalised(LimitError("body_too_large", limit=megabytes).worded(language))
            await JSONResponse({"error": sentence, "detail": sentence}, 413)(scope, receive, send)

    async def _checked(self, scope: Scope, receive: Receive, send: Send, limit: int, language: Language) -> None:
        body = await whole(receive, limit)
        if body is None:
            return
        try:
            check(scope["app"].get_blocks(), scope["path"], body, language)
        except BadCallError as e:
            log_refusal(e.error.code, e.endpoint)
            await JSONResponse(_told(e, language), e.status)(scope, receive, send)
            return
        await self.app(scope, again(body, receive), send)


def _too_large_form(limit: int) -> Exception:
    """The error of which Gradio knows: it takes away what had come of the file, and answers 413."""
    return MultiPartException(f"The form exceeds the maximum allowed size of {limit} bytes")


def _told(bad: BadCallError, language: Language) -> dict[str, Any]:
    """error: for people; detail: in the form in which Gradio's clients look for what was wrong with a parameter."""
    sentence = capitalised(bad.error.worded(language))
    wrong = {"__type__": "validate", "is_valid": False, "parameter_name": bad.parameter, "message": sentence}
    return {"error": sentence, "detail": [wrong]}
