"""How work that runs elsewhere tells how far it is, and learns that it shall stop."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pose3d.core.progress import Progress, StopWork

News = tuple[str, int, int]
"""Stage, frames done and frames in all."""


class Reins(Protocol):
    """Between a task and whoever waits for it. Picklable."""

    def tell(self, stage: str, done: int, total: int) -> None:
        """The task's word on how far it is."""
        ...

    def stopped(self) -> bool:
        """Whether the task shall end."""
        ...


def obeyed(reins: Reins) -> Progress:
    """A progress callback that tells, and raises StopWork once the task shall end."""

    def progress(stage: str, done: int, total: int) -> None:
        obey(reins)
        reins.tell(stage, done, total)

    return progress


def obey(reins: Reins) -> None:
    """Raises StopWork once the task shall end."""
    if reins.stopped():
        raise StopWork


@dataclass(frozen=True)
class Direct:
    """For a task in the process of whoever waits for it."""

    progress: Progress
    stop: Callable[[], bool]

    def tell(self, stage: str, done: int, total: int) -> None:
        """See Reins."""
        self.progress(stage, done, total)

    def stopped(self) -> bool:
        """See Reins."""
        return self.stop()


@dataclass(frozen=True)
class Files:
    """Through two files in a folder of the task's own: nothing that a process which dies could hold or break."""

    folder: Path

    def tell(self, stage: str, done: int, total: int) -> None:
        """See Reins."""
        new = self.folder / "news.part"
        with contextlib.suppress(OSError):  # nobody waits any more, or the disk is full: the work itself will tell
            new.write_text(json.dumps([stage, done, total]))
            new.replace(self.folder / "news")

    def stopped(self) -> bool:
        """See Reins."""
        return (self.folder / "stop").exists()

    def news(self) -> News | None:
        """What was told last."""
        try:
            stage, done, total = json.loads((self.folder / "news").read_bytes())
            return str(stage), int(done), int(total)
        except (OSError, ValueError, TypeError):
            return None

    def stop(self) -> None:
        """The task shall end."""
        with contextlib.suppress(OSError):
            (self.folder / "stop").touch()
