"""Where results go: a folder of this machine, or object storage. Each video's files appear whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pose3d.batch.storage import Stored, is_stored, plain, stored
from pose3d.core.errors import LimitError, OutputError
from pose3d.core.files import is_file, read_limited, refused, write_bytes, write_text
from pose3d.jobs.folders import remove

SEAL = "batch.json"
"""The file with a Seal, written last: a folder with one is whole."""
SEAL_MB = 0.1
"""Megabytes beyond which a file is none."""
PART = ".part-"
"""Before the names of folders that are being worked in; whatever is left of them was killed."""
LOCK = ".lock"


class Seal(BaseModel):
    """What tells that a video was done, and how."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    video: str
    stamp: str
    """The video's, when it was done."""
    fingerprint: str
    """Of settings, weights and version."""
    run: str
    """Which run of the command it was."""
    frames: int = Field(ge=0)
    seconds: float = Field(ge=0)
    grade: str

    def fits(self, stamp: str, fingerprint: str) -> bool:
        """Whether the same would come of it now."""
        return (self.stamp, self.fingerprint) == (stamp, fingerprint)


class Shelf(Protocol):
    """Holds a folder for each video."""

    def seal(self, name: str) -> Seal | None:
        """That of the folder of this name, if it is there and whole."""
        ...

    def room(self) -> AbstractContextManager[Path]:
        """A folder to work in, removed at the end. Raises OutputError."""
        ...

    def keep(self, name: str, made: Path, seal: Seal) -> str:
        """Takes the files in `made`, a folder in a room, in place of what was there; says where they are.

        Raises OutputError.
        """
        ...

    def write(self, name: str, text: str) -> str:
        """A file beside the folders; says where it is. Raises OutputError."""
        ...

    def holds(self, name: str) -> bool:
        """Whether there is such a file beside the folders. Raises OutputError."""
        ...

    def place(self, name: str) -> str:
        """Path or address of a folder or file."""
        ...

    def taken(self) -> AbstractContextManager[None]:
        """While a run of the command works on it; what was left half done is swept. Raises OutputError."""
        ...


@dataclass(frozen=True)
class Folder:
    """A shelf on this machine, or on a disk that several share."""

    path: Path

    def seal(self, name: str) -> Seal | None:
        """See Shelf."""
        try:
            return _read(read_limited(self.path / name / SEAL, SEAL_MB))
        except OSError:
            return None

    @contextmanager
    def room(self) -> Generator[Path]:
        """See Shelf; on the disk of the results, so that they need only be renamed."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            room = Path(tempfile.mkdtemp(prefix=PART, dir=self.path))
        except OSError as e:
            raise refused(self.path, e) from e
        try:
            yield room
        finally:
            remove(room)

    def keep(self, name: str, made: Path, seal: Seal) -> str:
        """See Shelf."""
        home = self.path / name
        write_bytes(made / SEAL, _written(seal))
        try:
            if home.exists():
                home.rename(made.with_name("before"))
            made.rename(home)
        except OSError as e:
            there = self.seal(name)  # another worker, taken for dead, may have been first
            if not (there and there.fits(seal.stamp, seal.fingerprint)):
                raise refused(home, e) from e
        return self.place(name)

    def write(self, name: str, text: str) -> str:
        """See Shelf."""
        return str(write_text(self.path / name, text))

    def holds(self, name: str) -> bool:
        """See Shelf."""
        return is_file(self.path / name)

    def place(self, name: str) -> str:
        """See Shelf."""
        return str(self.path / name)

    @contextmanager
    def taken(self) -> Generator[None]:
        """See Shelf."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / LOCK, thread_local=False)
            lock.acquire(blocking=False)
        except Timeout as e:
            raise OutputError("batch_busy", path=self.path) from e
        except OSError as e:
            raise refused(self.path, e) from e
        try:
            self._sweep()
            yield
        finally:
            self._sweep()
            lock.release()

    def _sweep(self) -> None:
        for left in self.path.glob(f"{PART}*"):
            remove(left)


@dataclass(frozen=True)
class Bucket:
    """A shelf in object storage: the seal is uploaded last, and removed first."""

    base: Stored

    def seal(self, name: str) -> Seal | None:
        """See Shelf."""
        try:
            return _read((self.base / name / SEAL).read(SEAL_MB))
        except (FileNotFoundError, LimitError):
            return None
        except Exception as e:
            raise self._refused(name, e) from e

    @contextmanager
    def room(self) -> Generator[Path]:
        """See Shelf."""
        with tempfile.TemporaryDirectory(prefix="pose3d-") as room:
            yield Path(room)

    def keep(self, name: str, made: Path, seal: Seal) -> str:
        """See Shelf."""
        home = self.base / name
        try:
            (home / SEAL).remove()
            home.remove()
            for file in sorted(path for path in made.rglob("*") if path.is_file()):
                (home / file.relative_to(made).as_posix()).upload(file)
            (home / SEAL).write(_written(seal))
        except Exception as e:
            raise self._refused(name, e) from e
        return home.address

    def write(self, name: str, text: str) -> str:
        """See Shelf."""
        try:
            (self.base / name).write(text.encode())
        except Exception as e:
            raise self._refused(name, e) from e
        return self.place(name)

    def holds(self, name: str) -> bool:
        """See Shelf."""
        try:
            return (self.base / name).is_file()
        except Exception as e:
            raise self._refused(name, e) from e

    def place(self, name: str) -> str:
        """See Shelf."""
        return (self.base / name).address

    @contextmanager
    def taken(self) -> Generator[None]:
        """See Shelf. Storage knows no locks; two runs at once do each video twice at worst."""
        yield

    def _refused(self, name: str, error: Exception) -> OutputError:
        """Every kind of storage has errors of its own."""
        return OutputError("cannot_write", path=self.place(name), reason=f"{type(error).__name__}: {error}")


def shelf(out: str) -> Shelf:
    """That at a path or an address. Raises VideoError, DependencyError as `stored` does."""
    place = plain(out)
    return Bucket(stored(place)) if is_stored(place) else Folder(Path(place))


def _written(seal: Seal) -> bytes:
    return seal.model_dump_json(indent=1).encode()


def _read(content: bytes) -> Seal | None:
    """None where it is no seal: what it lies with is done again."""
    try:
        return Seal.model_validate_json(content)
    except ValidationError:
        return None
