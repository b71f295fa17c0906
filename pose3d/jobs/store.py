"""What a server has on its disk: results, what they were made of, and what was sent; how long, and how much of it."""

from __future__ import annotations

import secrets
import tempfile
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import RLock

from pose3d.core.errors import OutputError
from pose3d.core.files import is_full
from pose3d.core.quotas import quotas
from pose3d.jobs.folders import KEY, OURS, PAGE, RUN, UNFINISHED, VIEW, born, files_in, is_over, made, remove

Sizes = dict[tuple[int, int], int]
"""Bytes of files by device and number: a file of two names counts once."""


class Store:
    """A house's contents. Safe to use from several threads.

    folder: the house's. An entry is what lies directly in it.
    """

    def __init__(self, folder: Path):
        self.folder = folder.absolute()
        self._lock = RLock()
        self._used: Counter[Path] = Counter()
        self.used = 0
        """Bytes, when it was last looked."""

    @contextmanager
    def job(self) -> Generator[Path]:
        """A new result's folder to write in, whole when the block ends well, else gone; its name holds its key.

        Raises OutputError("no_room") where the disk is full, or what others need leaves too little of the quota.
        """
        with self._keeping(self.folder / f"{RUN}{secrets.token_urlsafe(16)}") as folder:
            folder.mkdir(0o700)
            (folder / UNFINISHED).touch()
            yield folder
            (folder / UNFINISHED).unlink()

    @contextmanager
    def view(self, folder: Path) -> Generator[Path]:
        """A new folder for what is shown of the result in that folder: below it, beside it if that is not a result's.

        Else as `job`. A new one each time, because browsers keep what they got from an address.
        """
        with self.using(folder), self._keeping(Path(tempfile.mkdtemp(prefix=VIEW, dir=self._home(folder)))) as shown:
            yield shown

    def shown(self, folder: Path, what: bytes) -> Path:
        """The same, of which there is one for the same `what`; made by whoever writes the first file in it."""
        return self._home(folder) / f"{VIEW}{sha256(folder.name.encode() + what).hexdigest()}"

    def _home(self, folder: Path) -> Path:
        """Others than results' folders would never lose what is shown of them."""
        return folder if folder.name.startswith(RUN) else self.folder

    @contextmanager
    def adding(self, folder: Path) -> Generator[Path]:
        """The result's folder, to which more is written; what was in it stays if that fails. Else as `job`."""
        with self.using(folder), self._room():
            yield folder

    def page_folder(self) -> Path:
        """A new folder for what the page itself needs as long as it is served."""
        return Path(tempfile.mkdtemp(prefix=PAGE, dir=self.folder))

    @contextmanager
    def _keeping(self, folder: Path) -> Generator[Path]:
        """The folder is in use while the block runs, and gone if it fails."""
        with self.using(folder):
            try:
                with self._room():
                    yield folder
            except BaseException:
                remove(folder)
                raise

    @contextmanager
    def _room(self) -> Generator[None]:
        """For what the block writes. Raises OutputError where there is none."""
        try:
            self.make_room()
            yield
            self.make_room()
        except Exception as e:
            if is_full(e):
                raise OutputError("no_room") from e
            raise

    @contextmanager
    def using(self, *paths: Path) -> Generator[None]:
        """Whatever these lie in is not removed while the block runs; paths that are not of this house do not matter."""
        entries = [entry for path in paths if (entry := self._entry(path))]
        with self._lock:
            self._used.update(entries)
        try:
            yield
        finally:
            with self._lock:
                self._used.subtract(entries)

    def result(self, key: str) -> Path | None:
        """The folder of the result with that key, anybody's word."""
        folder = self.folder / f"{RUN}{key}"
        return folder if KEY.fullmatch(key) and made(folder) is not None else None

    def is_ours(self, path: Path) -> bool:
        """Whether a file lies in a folder that we made in this house; visitors' files lie in others."""
        entry = self._entry(path)
        return entry is not None and entry != path and entry.name.startswith(OURS)

    def sweep(self) -> None:
        """Removes what has been kept as long as was promised, and the oldest where there is too much."""
        with self._lock:
            for entry in self._entries():
                if self._is_free(entry) and is_over(born(entry)):
                    remove(entry)
            self._shrink()

    def make_room(self) -> None:
        """Removes the oldest results, then what else is oldest, until the quota is kept. Raises OutputError."""
        with self._lock:
            if self._shrink():
                raise OutputError("no_room")

    def _shrink(self) -> bool:
        """Whether even then there is too much."""
        sizes = {entry: _sizes(entry) for entry in self._entries()}
        names = Counter(file for files in sizes.values() for file in files)
        total = sum({file: size for files in sizes.values() for file, size in files.items()}.values())
        most = quotas().disk_mb * 1e6
        for entry in sorted(filter(self._is_free, sizes), key=lambda entry: (made(entry) is None, born(entry))):
            if total <= most:
                break
            remove(entry)
            names.subtract(sizes[entry].keys())
            total -= sum(size for file, size in sizes[entry].items() if not names[file])
        self.used = total
        return total > most

    def _entries(self) -> list[Path]:
        return list(self.folder.iterdir()) if self.folder.is_dir() else []

    def _entry(self, path: Path) -> Path | None:
        """What of this house the path lies in."""
        path = path.absolute()
        return self.folder / path.relative_to(self.folder).parts[0] if self.folder in path.parents else None

    def _is_free(self, entry: Path) -> bool:
        return not self._used[entry] and not entry.name.startswith(PAGE)


def _sizes(entry: Path) -> Sizes:
    return {key: size for path in files_in(entry) for key, size in _size(path).items()}


def _size(path: Path) -> Sizes:
    """Empty for what has gone meanwhile."""
    try:
        found = path.lstat()
    except OSError:
        return {}
    return {(found.st_dev, found.st_ino): found.st_size}
