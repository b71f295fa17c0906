"""A ZIP that is made while it is sent: on the disk there is only the list of the files that go into it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator, Iterator, Mapping
from io import RawIOBase
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from typing_extensions import Buffer

from pose3d.core.files import whole_file
from pose3d.core.objects import is_object
from pose3d.jobs.thin import PACKED_ALREADY, begins_with, is_thin, whole

LIST = b"pose3d: files of an archive\n"
"""How a list begins; names in the archive and paths from the list's folder follow, as JSON."""
BLOCK = 1 << 20
"""Bytes that are read at once."""
MODE = 0o644 << 16
"""Where a ZIP says who may read a file."""


def plan(archive: Path, files: Mapping[str, Path]) -> Path:
    """Lists the files by their names in the archive; returns its path. Raises OutputError where one is gone."""
    with whole_file(archive) as partial:
        for path in files.values():
            path.stat()
        listed = {name: os.path.relpath(path, archive.parent) for name, path in files.items()}
        partial.write_bytes(LIST + json.dumps(listed).encode())
    return archive


def is_plan(path: Path) -> bool:
    """Whether only `zipped` gives the archive. False where there is no such file."""
    return begins_with(path, LIST)


def zipped(archive: Path) -> Iterator[bytes]:
    """The archive, piece by piece, the same each time. Raises OSError at once where a file of it is gone."""
    listed = json.loads(archive.read_bytes().removeprefix(LIST))
    assert is_object(listed), archive
    members = {name: archive.parent / str(path) for name, path in listed.items()}
    return _packed([(_entry(name, path), path) for name, path in members.items()])


def _entry(name: str, path: Path) -> ZipInfo:
    found = path.stat()
    entry = ZipInfo(name, time.gmtime(found.st_mtime)[:6])
    entry.compress_type = ZIP_STORED if path.suffix in PACKED_ALREADY else ZIP_DEFLATED
    entry.external_attr = MODE
    entry.file_size = found.st_size
    return entry


def _packed(members: list[tuple[ZipInfo, Path]]) -> Generator[bytes]:
    pieces = _Pieces()
    with ZipFile(pieces, "w") as packed:
        for entry, path in members:
            with packed.open(entry, "w") as file:
                for content in _content(path):
                    file.write(content)
                    yield pieces.taken()
    yield pieces.taken()


def _content(path: Path) -> Iterator[bytes]:
    """Of a file as people get it, piece by piece."""
    if is_plan(path):
        yield from zipped(path)
    elif is_thin(path):
        yield whole(path)
    else:
        with path.open("rb") as file:
            yield from iter(lambda: file.read(BLOCK), b"")


class _Pieces(RawIOBase):
    """A file that cannot be sought in, which holds what was written since it was last asked."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def write(self, content: Buffer, /) -> int:
        self._held += content
        return memoryview(content).nbytes

    def taken(self) -> bytes:
        content, self._held = bytes(self._held), bytearray()
        return content
