"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import stat
from collections.abc import Callable, Generator
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


def is_folder(path: str | Path) -> bool:
    """Whether there is a folder; there is none where the system takes no such name, or does not tell."""
    return _is(path, Path.is_dir)


def is_file(path: str | Path) -> bool:
    """Whether there is a regular file, likewise."""
    return _is(path, Path.is_file)


def _is(path: str | Path, kind: Callable[[Path], bool]) -> bool:
    try:
        return kind(Path(path))
    except (OSError, ValueError):
        return False


def check_regular(path: Path) -> int:
    """Bytes of a regular file. Raises OSError where it is none: pipes and devices may never end."""
    try:
        found = path.stat()
    except ValueError as e:
        raise OSError(errno.EINVAL, str(e)) from e
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    return found.st_size


def read_limited(path: Path, megabytes: float) -> bytes:
    """The content of a regular file. Raises OSError where it is none, is larger, or cannot be read."""
    size = check_regular(path)
    if size > megabytes * 1e6:
        raise OSError(errno.EINVAL, f"it has {size / 1e6:.0f} MB, over the limit of {megabytes:g} MB")
    return path.read_bytes()


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
