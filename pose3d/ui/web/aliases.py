"""Nobody learns where the server keeps its files, and nobody asks for others by their paths.

Gradio's protocol is full of the server's paths: in the page's settings, in answers of events and uploads, in
addresses of files. Here the folders that hold what is served get a name on the way out, and the name becomes the
folder on the way in. An address of a file that begins with none of these names is refused before Gradio sees it, also
those by which Gradio would fetch files of other servers.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from gradio.utils import get_upload_folder
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pose3d.core.resources import ASSETS
from pose3d.ui.web.asgi import Rewriting

FILE = re.compile(r"(.*/gradio_api/file[=/])(.*)", re.DOTALL)
"""A request's path for a file: what Gradio calls the route, and which file."""
ERROR = 400
"""The least status of an error: it names the file; what is in files is left alone."""


def served_folders() -> dict[str, Path]:
    """Name to folder, of all that is served from disk. Gradio keeps uploads and results, and decides itself which
    files of these folders it gives away."""
    return {
        "/~cache": Path(get_upload_folder()),
        "/~assets": ASSETS,
        "/~scripts": Path(str(files("plotly"))) / "package_data",
        "/~temporary": Path(tempfile.gettempdir()),
    }


def is_alias(path: str) -> bool:
    """Whether a visitor may name a file like that."""
    return path.startswith(tuple(f"{name}/" for name in served_folders()))


def _spellings(folder: Path) -> set[bytes]:
    """The folder's path with a separator, as it stands in JSON, in HTML and in addresses."""
    paths = {folder, folder.absolute(), folder.resolve()}
    plain = {f"{path.as_posix()}/" for path in paths} | {f"{path}\\" for path in paths}
    return {spelled.encode() for path in plain for spelled in (path, json.dumps(path)[1:-1], quote(path))}


class Aliases:
    """ASGI middleware; folders as `served_folders` gives them. Bodies of JSON must come in one message."""

    def __init__(self, app: ASGIApp, folders: Mapping[str, Path]):
        self.app, self.folders = app, folders
        self._out = {spelled: f"{name}/".encode() for name, path in folders.items() for spelled in _spellings(path)}
        longest_first = sorted(self._out, key=len, reverse=True)  # a folder may lie in another
        self._real = re.compile(b"|".join(map(re.escape, longest_first)))
        self._in = {
            f'"{name}/'.encode(): json.dumps(f"{path.as_posix()}/")[:-1].encode() for name, path in folders.items()
        }
        self._alias = re.compile(b"|".join(map(re.escape, self._in)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = FILE.fullmatch(scope["path"])
        if not asked:
            await self.app(scope, self._reading(scope, receive), Rewriting(send, self._hidden))
            return
        path = self._path(asked[2])
        if path is None:
            await JSONResponse({"detail": "File not allowed"}, 403)(scope, receive, send)
            return
        await self.app({**scope, "path": asked[1] + path}, receive, Rewriting(send, self._hidden, ERROR))

    def _path(self, alias: str) -> str | None:
        for name, folder in self.folders.items():
            if alias.startswith(f"{name}/"):
                return folder.as_posix() + alias.removeprefix(name)
        return None

    def _reading(self, scope: Scope, receive: Receive) -> Receive:
        async def receiving() -> Message:
            message = await receive()
            body = message.get("body", b"")
            return {**message, "body": self._alias.sub(lambda found: self._in[found[0]], body)} if body else message

        is_upload = any(name == b"content-type" and b"multipart/" in value for name, value in scope["headers"])
        return receive if is_upload else receiving

    def _hidden(self, kind: str, body: bytes) -> bytes:
        return self._real.sub(lambda found: self._out[found[0]], body)
