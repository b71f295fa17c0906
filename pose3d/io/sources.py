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


@contextlib.contextmanager
def local_video(source: str) -> Iterator[Path]:
    """The path itself, or the file behind an http(s) URL, kept while the block runs.

    Raises VideoError when it cannot be fetched, LimitError when it is too large.
    """
    address = urlsplit(source)
    if address.scheme not in ("http", "https"):
        yield Path(source)
        return
    with tempfile.TemporaryDirectory(prefix="pose3d-") as folder:
        path = Path(folder) / (PurePosixPath(address.path).name or "video")
        _fetch(source, path)
        yield path


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
