"""Object storage by its address, through fsspec."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# fsspec has no types

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from fsspec.core import url_to_fs

from pose3d.core.errors import DependencyError, LimitError, VideoError
from pose3d.core.quotas import quotas
from pose3d.io.sources import SCHEMES

MARK = "://"
LOCAL, MEMORY = "file", "memory"
PACKAGES = {
    LOCAL: "fsspec",
    MEMORY: "fsspec",
    "s3": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
}
"""What each kind of storage needs. Others are refused: fsspec would also fetch from the web, past our checks."""
CHANGED = ("ETag", "etag", "mtime", "LastModified", "updated", "last_modified", "created")
"""What kinds of storage call it that changes with a file."""
CHUNK = 1 << 20
"""Bytes that are copied at a time."""


@dataclass(frozen=True)
class Stored:
    """A place in some storage: a file, or a prefix of files. Its methods raise what the storage does."""

    system: Any
    """fsspec's."""
    path: str

    def __truediv__(self, name: str) -> Stored:
        return Stored(self.system, f"{self.path.rstrip('/')}/{name}")

    @property
    def address(self) -> str:
        """With the protocol."""
        return str(self.system.unstrip_protocol(self.path))

    def is_file(self) -> bool:
        """Whether a file lies there."""
        return bool(self.system.isfile(self.path))

    def files(self) -> list[str]:
        """Paths of all files below, from here, in the order of their names."""
        start = self.path.rstrip("/") + "/"
        return sorted(path[len(start) :] for path in map(str, self.system.find(self.path)) if path.startswith(start))

    def read(self, megabytes: float) -> bytes:
        """A file's content. Raises LimitError where it is larger."""
        with self.system.open(self.path, "rb") as file:
            content = bytes(file.read(int(megabytes * 1e6) + 1))
        if len(content) > megabytes * 1e6:
            raise LimitError("address_too_large", address=self.address, limit=megabytes)
        return content

    def write(self, content: bytes) -> None:
        """A file, whole or not at all."""
        self.system.pipe_file(self.path, content)

    def upload(self, file: Path) -> None:
        """As `write`, of a local file."""
        self.system.put_file(str(file), self.path)

    def download(self, file: Path) -> None:
        """To a local file. Raises LimitError where it is larger than a video may be."""
        limit = quotas().file_mb
        with self.system.open(self.path, "rb") as source, file.open("wb") as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)
                if target.tell() > limit * 1e6:
                    raise LimitError("address_too_large", address=self.address, limit=limit)

    def remove(self) -> None:
        """A file, or all below, as far as there is any."""
        if self.system.exists(self.path):
            self.system.rm(self.path, recursive=True)

    def stamp(self) -> str:
        """Changes when the file does."""
        info = dict[str, Any](self.system.info(self.path))
        return f"{info.get('size')} {next((info[name] for name in CHANGED if info.get(name)), '')}"


def is_stored(place: str) -> bool:
    """Whether it is an address of storage, local files among them; neither a path nor on the web."""
    return MARK in place and protocol(place) not in SCHEMES


def protocol(place: str) -> str:
    """What stands before ://, if anything does."""
    return place.partition(MARK)[0].lower() if MARK in place else ""


def stored(address: str) -> Stored:
    """What lies there. Raises VideoError for no known kind of address, DependencyError where its package is missing."""
    kind = protocol(address)
    if kind not in PACKAGES or "::" in address:
        raise VideoError("storage_kind", address=address, known=", ".join(f"{name}://" for name in PACKAGES))
    try:
        with telling(address):
            system, path = cast("tuple[Any, str]", url_to_fs(address, use_listings_cache=False))
    except ImportError as e:
        raise DependencyError("storage_package", address=address, package=PACKAGES[kind]) from e
    return Stored(system, path)


def plain(place: str) -> str:
    """A path where it is one in other words: file:///a.mp4 is /a.mp4."""
    return stored(place).path if protocol(place) == LOCAL else place


@contextmanager
def telling(address: str) -> Generator[None]:
    """Raises VideoError where the storage fails: every kind has errors of its own."""
    try:
        yield
    except (VideoError, LimitError, ImportError):
        raise
    except Exception as e:
        raise VideoError("storage", address=address, reason=f"{type(e).__name__}: {e}") from e
