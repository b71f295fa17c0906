"""Fetches a video from the web."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import httpx

from pose3d.core.errors import LimitError, VideoError
from pose3d.io.container import MAX_BYTES

LONGEST_NAME = 60
"""Letters of a file's name; each can take 4 of the 255 bytes there are."""


@contextlib.contextmanager
def local_video(source: str) -> Iterator[Path]:
    """The path itself, or the file behind an http(s) URL, kept while the block runs.

    Raises VideoError when it cannot be fetched, LimitError when it is too large.
    """
    if not source.lower().startswith(("http://", "https://")):
        yield Path(source)
        return
    with tempfile.TemporaryDirectory(prefix="pose3d-") as folder:
        path = Path(folder) / _name(source)
        _fetch(source, path)
        yield path


def _name(url: str) -> str:
    """The file's name in the address, as much of its end as every file system takes."""
    try:
        name = PurePosixPath(urlsplit(url).path).name
    except ValueError as e:
        raise VideoError("address", address=url, reason=e) from e
    return name[-LONGEST_NAME:] if name.strip(".") else "video"


def _fetch(url: str, path: Path) -> None:
    try:
        with httpx.stream("GET", url, follow_redirects=True, timeout=30) as response, path.open("wb") as file:
            response.raise_for_status()
            for chunk in response.iter_bytes():
                file.write(chunk)
                if file.tell() > MAX_BYTES:
                    raise LimitError("address_too_large", address=url, limit=MAX_BYTES / 1e6)
    except (httpx.HTTPError, httpx.InvalidURL) as e:
        raise VideoError("address", address=url, reason=e) from e
