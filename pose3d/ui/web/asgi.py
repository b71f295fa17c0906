"""Bodies of requests and answers, as the middleware here handles them."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Send

EVENTS = "text/event-stream"
TEXTS = ("text/html", "text/plain", "application/json", EVENTS)
"""Media types of answers that tell something in words."""

Change = Callable[[str, bytes], bytes]
"""Media type and body to another body."""


class TooLargeError(Exception):
    """A body is larger than it may be."""


def media_type(headers: Headers) -> str:
    """For example text/html; "" where nothing is said."""
    return headers.get("content-type", "").split(";")[0].strip().lower()


async def whole(receive: Receive, limit: int) -> bytes | None:
    """A request's body, None if the client went away. Raises TooLargeError as soon as it has more bytes than limit."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > limit:
            raise TooLargeError
        if not message.get("more_body", False):
            return bytes(body)


def again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that begins with the body, in one message."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return first.pop() if first else await receive()

    return receiving


def limited(receive: Receive, limit: int, error: Exception) -> Receive:
    """A `receive` that raises the error as soon as a body has more bytes than limit."""
    seen = 0

    async def receiving() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise error
        return message

    return receiving


class Rewriting:
    """A `send` that gives answers in words to `change`: events one by one as they come, others whole.

    status: from which on; 400 leaves all alone that is not an error.
    """

    def __init__(self, send: Send, change: Change, status: int = 0):
        self._send, self._change, self._status = send, change, status
        self._type = ""
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is not None:
            await self._collect(message, self._start)
        elif self._type == EVENTS:
            await self._send({**message, "body": self._change(EVENTS, message.get("body", b""))})
        else:
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        meant = message["status"] >= self._status
        self._type = media_type(Headers(raw=message["headers"])) if meant else ""
        if self._type in TEXTS and self._type != EVENTS:
            self._start = message  # its length is not known yet
        else:
            await self._send(message)

    async def _collect(self, message: Message, start: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        body = self._change(self._type, bytes(self._body))
        headers = MutableHeaders(raw=list(start["headers"]))
        if self._body:  # the answer to HEAD has none, but tells the length of that to GET
            headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({**message, "body": body})
