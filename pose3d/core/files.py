"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from pose3d.core.errors import OutputError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What a system says where there is no room: the disk is full, or what somebody may use of it."""


def refused(path: Path, error: OSError) -> OutputError:
    """What is told where the system refuses to write there."""
    if error.errno in FULL:
        return OutputError("disk_full", path=path)
    return OutputError("cannot_write", path=path, reason=error.strerror or error)


def is_full(error: object) -> bool:
    """Whether that went wrong because there is no room, be it by way of other errors."""
    if isinstance(error, OutputError):
        return error.code == "disk_full" or is_full(error.fields.get("reason"))
    return isinstance(error, OSError) and error.errno in FULL


def partial_path(path: Path) -> Path:
    """The name that a file has until it is whole; its ending stays, by which some writers go."""
    return path.with_name(f".part-{path.name}")


@contextmanager
def whole_file(path: Path) -> Generator[Path]:
    """Gives a temporary name beside the path to write to; renamed when the block ends well, else removed.

    The folder is made if it is missing. Raises OutputError where the system refuses any of it.
    """
    partial = partial_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as e:
        raise refused(path, e) from e


def write_bytes(path: Path, content: bytes) -> Path:
    """Writes a whole file in place of what was there; returns the path."""
    with whole_file(path) as partial:
        partial.write_bytes(content)
    return path


def write_text(path: Path, text: str) -> Path:
    """As `write_bytes`, in UTF-8."""
    return write_bytes(path, text.encode("utf-8"))
