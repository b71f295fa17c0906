"""A video by its path or its address on the web, as a file on this machine."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Generator
from email.message import Message
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx

from pose3d.core.errors import LimitError, VideoError
from pose3d.core.quotas import quotas
from pose3d.io.addresses import web

SCHEMES = ("http", "https")
OTHERS = ("ftp", "ftps", "rtmp", "rtsp", "s3", "gs")
"""Addresses that people have of videos, and that are not fetched."""
PAGES = ("text/html", "application/xhtml+xml")
PATIENCE = 30.0
"""Seconds without an answer, or without anything new of it."""
LONGEST_NAME = 60
"""Letters of a file's name; each can take 4 of the 255 bytes there are."""


@contextlib.contextmanager
def local_video(source: str) -> Generator[Path]:
    """The path itself, or the file behind an http(s) address, kept while the block runs.

    Raises VideoError when it cannot be fetched, LimitError when it is too large or comes too slowly.
    """
    scheme = source.partition("://")[0].lower()
    if scheme in OTHERS:
        raise VideoError("address_scheme", address=source)
    if scheme not in SCHEMES or "://" not in source:
        yield Path(source)
        return
    with tempfile.TemporaryDirectory(prefix="pose3d-") as folder:
        yield _fetched(source, Path(folder))


def _fetched(address: str, folder: Path) -> Path:
    start = time.monotonic()
    try:
        with web(PATIENCE) as client, client.stream("GET", address) as response:
            response.raise_for_status()
            _check(response, address)
            path = folder / _name(str(response.url), response.headers.get("content-disposition", ""))
            with path.open("wb") as file:
                for chunk in response.iter_bytes():
                    file.write(chunk)
                    _check_size(file.tell(), address)
                    _check_time(time.monotonic() - start, address)
            return path
    except VideoError as e:
        raise e.but(address=address) from e
    except httpx.HTTPStatusError as e:
        reason = f"{e.response.status_code} {e.response.reason_phrase}".strip()
        raise VideoError("address", address=address, reason=reason) from e
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as e:
        raise VideoError("address", address=address, reason=str(e) or type(e).__name__) from e


def _check(response: httpx.Response, address: str) -> None:
    """Raises by what the answer says of itself, before anything is fetched."""
    if response.headers.get("content-type", "").partition(";")[0].strip().lower() in PAGES:
        raise VideoError("address_is_page", address=address)
    size = response.headers.get("content-length", "")
    _check_size(int(size) if size.isdecimal() else 0, address)


def _check_size(size: int, address: str) -> None:
    if size > quotas().file_mb * 1e6:
        raise LimitError("address_too_large", address=address, limit=quotas().file_mb)


def _check_time(seconds: float, address: str) -> None:
    if seconds > quotas().work_seconds:
        raise LimitError("address_too_slow", address=address, limit=quotas().work_seconds)


def _name(address: str, disposition: str = "") -> str:
    """The file's name by the answer's Content-Disposition, else by the address; as every file system takes it."""
    header = Message()
    header["Content-Disposition"] = disposition
    given = header.get_filename() or unquote(urlsplit(address).path)
    last = given.replace("\\", "/").rpartition("/")[2]
    clean = "".join("_" if letter in '<>:"|?*' or not letter.isprintable() else letter for letter in last)
    name = Path(clean.strip(" .-") or "video")
    ending = name.suffix[: LONGEST_NAME // 4]
    return name.stem[: LONGEST_NAME - len(ending)] + ending
