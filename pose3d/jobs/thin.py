"""Files as they lie on a server's disk: without what all of them share, and compressed; whole again when they are sent.

Of skeleton.html and report.html nine tenths are Plotly and three.js, which are on the disk already. Where a page was
made by an older version, it gets the libraries of the one that sends it.
"""

from __future__ import annotations

import functools
import lzma
from collections.abc import Iterable
from pathlib import Path

from pose3d.core.files import write_bytes
from pose3d.core.result import KEYPOINTS
from pose3d.view import shared_parts

XZ = b"\xfd7zXZ\0"
"""How a compressed file begins, and no file of ours does."""
MARK = b"\0shared "
"""How the mark of a shared part begins; pages and data are texts, in which there is no zero."""
PACKED_ALREADY = (".mp4", ".zip")
"""Endings of files that no compression makes smaller."""


@functools.cache
def _shared() -> dict[bytes, bytes]:
    """Mark to part."""
    return {MARK + name.encode() + b"\0": part.encode() for name, part in shared_parts().items()}


def thin(path: Path) -> Path:
    """Makes the file as small as it can be; returns the path, where it lies as before. Raises OutputError."""
    content = path.read_bytes()
    if MARK in content:  # it could not be told from ours
        return path
    for mark, part in _shared().items():
        content = content.replace(part, mark)
    return write_bytes(path, lzma.compress(content))


def thin_all(files: Iterable[Path]) -> None:
    """As `thin`, where it is worth it: not keypoints.json, which is read often."""
    for path in files:
        if path.suffix not in PACKED_ALREADY and path.name != KEYPOINTS:
            thin(path)


def is_thin(path: Path) -> bool:
    """Whether only `whole` gives what was written. False where there is no such file."""
    return begins_with(path, XZ)


def begins_with(path: Path, mark: bytes) -> bool:
    """Whether the file does. False where there is no such file."""
    try:
        with path.open("rb") as file:
            return file.read(len(mark)) == mark
    except OSError:
        return False


def whole(path: Path) -> bytes:
    """What was written there, byte for byte, thin or not. Raises OSError."""
    content = path.read_bytes()
    if not content.startswith(XZ):
        return content
    content = lzma.decompress(content)
    for mark, part in _shared().items():
        content = content.replace(mark, part)
    return content
