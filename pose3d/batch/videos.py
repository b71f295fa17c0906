"""Which videos are meant, and each of them as a file on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pose3d.batch.names import file_name, folder_name
from pose3d.batch.storage import MARK, Stored, is_stored, plain, protocol, stored, telling
from pose3d.core.errors import VideoError
from pose3d.core.files import is_file, is_folder, read_limited
from pose3d.core.quotas import quotas
from pose3d.io.sources import SCHEMES, local_video

ENDINGS = (
    ".3g2", ".3gp", ".asf", ".avi", ".flv", ".gif", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts",
    ".ogv", ".ts", ".webm", ".wmv",
)  # fmt: skip
"""Of the files in a folder that are taken for videos."""
STDIN = "-"
FETCHED = "fetched"
"""The folder in a room with the video, where it was not here."""
COMMENT = "#"
"""Before lines of a list that are none of it."""


@dataclass(frozen=True)
class Clip:
    """One of the videos."""

    name: str
    """What tells it from the others: its path in the folder, or the line of the list."""
    source: str
    """A path, or an address."""

    @property
    def folder(self) -> str:
        """The name of its results' folder."""
        return folder_name(self.name)

    @property
    def is_here(self) -> bool:
        """Whether it is a file of this machine."""
        return MARK not in self.source

    def stamp(self) -> str:
        """Changes when the video does, as far as that can be told without reading it. Raises VideoError."""
        if protocol(self.source) in SCHEMES:
            return ""
        if not self.is_here:
            with telling(self.source):
                return stored(self.source).stamp()
        try:
            found = Path(self.source).stat()
        except (OSError, ValueError):
            return ""  # whoever opens it tells why
        return f"{found.st_size} {found.st_mtime_ns}"


def clip(video: str | Path) -> Clip:
    """The one at a path or an address. Raises VideoError for an address of no known kind."""
    return Clip(str(video), plain(str(video)))


def clips(source: str, out: str) -> list[Clip]:
    """Those in a folder or below a prefix, or of a list (a file with a path or an address a line, or -); or just one.

    out: where results go, which are not taken for videos. Raises VideoError where there are none.
    """
    found = list(dict.fromkeys(_found(plain(source), plain(out))))
    if not found:
        raise VideoError("batch_nothing", source=source, endings=" ".join(ENDINGS))
    return found


def _found(source: str, out: str) -> Iterator[Clip]:
    if source == STDIN:
        return _listed(sys.stdin.buffer.read())
    if protocol(source) in SCHEMES:
        return iter([clip(source)])
    if is_stored(source):
        with telling(source):
            return iter(list(_in_storage(stored(source), source, out)))
    if is_folder(source):
        return _in_folder(Path(source), out)
    if not is_file(source) or _is_video(source):
        return iter([clip(source)])
    try:
        return _listed(read_limited(Path(source), quotas().json_mb))
    except OSError as e:
        raise VideoError("batch_list", path=source, reason=e.strerror or e) from e


def _in_storage(place: Stored, address: str, out: str) -> Iterable[Clip]:
    if place.is_file():
        return [clip(address)] if _is_video(address) else _listed(place.read(quotas().json_mb))
    results = stored(out) if is_stored(out) else None
    below = results.path.rstrip("/") + "/" if results and results.system is place.system else None
    found = [(name, place / name) for name in place.files() if _is_video(name)]
    return [Clip(name, file.address) for name, file in found if below is None or not file.path.startswith(below)]


def _in_folder(folder: Path, out: str) -> Iterator[Clip]:
    """Links to folders are not followed: they may lead in a circle. Raises VideoError where results would lie in it."""
    results = None if is_stored(out) else Path(out).resolve()
    if results == folder.resolve():
        raise VideoError("batch_same_folder", path=folder)
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if _is_shown(name) and Path(top, name).resolve() != results)
        for path in (Path(top, name) for name in sorted(names) if _is_shown(name) and _is_video(name)):
            yield Clip(path.relative_to(folder).as_posix(), str(path))


def _listed(content: bytes) -> Iterator[Clip]:
    """Of a list's lines; those without a text, and comments, are left out."""
    for line in os.fsdecode(content).splitlines():
        if line.strip() and not line.startswith(COMMENT):
            yield clip(line.strip())


def _is_shown(name: str) -> bool:
    return not name.startswith(".")


def _is_video(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in ENDINGS


@contextmanager
def local(clip: Clip, folder: Path) -> Generator[Path]:
    """The video as a file of this machine; what is fetched from storage is put into the folder. Raises InputError."""
    if not is_stored(clip.source):
        with local_video(clip.source) as path:
            yield path
        return
    file = folder / FETCHED / file_name(clip.source)
    file.parent.mkdir()
    with telling(clip.source):
        stored(clip.source).download(file)
    yield file
