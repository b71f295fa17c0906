"""What the commands say on a terminal: errors in one sentence, progress as bars."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator
from typing import Any, NoReturn

import typer
from tqdm import tqdm

from pose3d.core.errors import ConfigError, Pose3DError
from pose3d.core.progress import Progress

BAD_INPUT, BAD_USAGE, INTERRUPTED = 1, 2, 130
"""Exit statuses."""


@contextlib.contextmanager
def clear_errors() -> Generator[None]:
    """One sentence on stderr instead of a traceback, and the exit status that says whose fault it was."""
    try:
        yield
    except ConfigError as e:
        stop(str(e), BAD_USAGE)
    except Pose3DError as e:
        stop(str(e), BAD_INPUT)
    except KeyboardInterrupt:
        stop("stopped", INTERRUPTED)


def stop(message: str, status: int) -> NoReturn:
    """One line on stderr, and the end."""
    complain(message)
    raise typer.Exit(status)


def complain(message: str) -> None:
    """One line on stderr."""
    typer.echo(f"pose3d: {' '.join(message.split())}", err=True)


@contextlib.contextmanager
def progress_bars() -> Generator[Progress]:
    """One bar per stage, on a terminal only."""
    bars: dict[str, tqdm[Any]] = {}

    def show(stage: str, done: int, total: int) -> None:
        bar = bars.setdefault(stage, tqdm(total=total, desc=stage, unit="frame", disable=None, file=sys.stderr))
        bar.update(done - bar.n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()
