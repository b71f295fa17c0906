"""`pose3d batch`: many videos in, a folder of files out for each, on one machine or on a cluster.

Rooms that take long to load are entered when it is called.
"""

from __future__ import annotations

import inspect
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from pose3d.batch import RETRIES
from pose3d.batch.rows import Row, counted, lines, table
from pose3d.cli.console import BAD_INPUT, INTERRUPTED, clear_errors, stop
from pose3d.cli.run import ALL, run, settings
from pose3d.core.camera import Camera
from pose3d.core.words import say

if TYPE_CHECKING:
    from tqdm import tqdm

    from pose3d.batch.crew import Tell
    from pose3d.batch.videos import Clip
    from pose3d.batch.work import Order

SUMMARY = "summary.csv"
OF_ONE = ("video", "out", "focal", "center", "camera")
"""Parameters of `pose3d run` that are about one video, or are others here."""
CLUSTER = "Do it on a Ray cluster: its address, or local for one on this machine. Needs pose3d[ray]."


def batch(
    source: Annotated[
        str, typer.Argument(help="A folder, a list (a path or an address a line; - is stdin), or s3://...")
    ],
    out: Annotated[
        str, typer.Option("-o", "--out", help="Folder or storage for the results, a folder for each video.")
    ],
    workers: Annotated[int | None, typer.Option(min=1, help="Videos at once; default one for each core.")] = None,
    address: Annotated[str | None, typer.Option(help=CLUSTER)] = None,
    retries: Annotated[int, typer.Option(min=0, help="How often to try again where a worker died.")] = RETRIES,
    camera: Annotated[Path | None, typer.Option(help="A JSON file with width, height, fx, fy, cx, cy.")] = None,
    **given: Any,
) -> None:
    """Writes what `run` writes, for many videos; those that were done before with the same settings are skipped."""
    from pose3d.batch.shelves import shelf
    from pose3d.batch.videos import clips
    from pose3d.batch.whole import order

    language = str(given["language"])
    with clear_errors():
        config = settings(**given).but(camera=Camera.from_file(camera) if camera else None)
        meant = clips(source, out)
        asked = order(out, config, given["person"] == ALL, retries)
        rows, began = list[Row](), time.monotonic()
        try:
            _collect(rows, meant, asked, workers, address)
        except KeyboardInterrupt:
            stop(say("batch", "stopped", language, ended=len(rows), total=len(meant)), INTERRUPTED)
        finally:
            summary = shelf(asked.out).write(SUMMARY, table(rows))
        for line in (*lines(rows, language), _ended(rows, time.monotonic() - began, language), summary):
            typer.echo(line)
    if counted(rows)["failed"]:
        raise typer.Exit(BAD_INPUT)


def _collect(rows: list[Row], meant: Sequence[Clip], asked: Order, workers: int | None, address: str | None) -> None:
    """Adds each as it ends: what has ended is there, too, where the rest is stopped."""
    from tqdm import tqdm

    with tqdm(total=len(meant), unit="video", disable=None, file=sys.stderr) as line:
        bar = _Bar(line, asked.config.language)
        for row in _work(meant, asked, workers, address, bar.moved):
            rows.append(row)
            bar.ended(row)


def _work(meant: Sequence[Clip], asked: Order, workers: int | None, address: str | None, tell: Tell) -> Generator[Row]:
    if address is None:
        from pose3d.batch.whole import here

        return here(meant, asked, workers, tell)
    from pose3d.batch.cluster import rows

    return rows(meant, asked, address, workers)


def _ended(rows: Sequence[Row], seconds: float, language: str) -> str:
    states, frames = counted(rows), sum(row.frames for row in rows if row.state == "done")
    told = {state: states[state] for state in ("done", "failed", "skipped")}
    return say("batch", "ended", language, **told, seconds=seconds, rate=frames / seconds)


@dataclass
class _Bar:
    """The display: videos done and failed, frames a second, time left; on a terminal only."""

    bar: tqdm[Any]
    language: str
    began: float = field(default_factory=time.monotonic)
    failed: int = 0
    frames: int = 0
    """Of videos that have ended."""
    running: dict[str, int] = field(default_factory=dict[str, int])
    """Frames of those that are being worked on."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def moved(self, video: str, stage: str, done: int, total: int) -> None:
        """Called by several threads."""
        if stage == "detect":
            with self.lock:
                self.running[video] = done
                self._show()

    def ended(self, row: Row) -> None:
        """With a row."""
        with self.lock:
            self.running.pop(row.video, None)
            self.failed += row.state == "failed"
            self.frames += row.frames if row.state == "done" else 0
            self._show()
            self.bar.update()

    def _show(self) -> None:
        rate = (self.frames + sum(self.running.values())) / (time.monotonic() - self.began)
        self.bar.set_postfix_str(say("batch", "going", self.language, failed=self.failed, rate=rate), refresh=False)
        self.bar.refresh()


def _with_options(command: Callable[..., None], of: Callable[..., None]) -> None:
    """The command's parameters with those of the other that it leaves to `given`: one list of options for both."""
    own, hints = dict(inspect.signature(command).parameters), get_type_hints(command, include_extras=True)
    del own["given"]
    shared = {name: p for name, p in inspect.signature(of).parameters.items() if name not in OF_ONE}
    hints = get_type_hints(of, include_extras=True) | hints
    parameters = [p.replace(kind=Parameter.KEYWORD_ONLY, annotation=hints[name]) for name, p in (own | shared).items()]
    command.__signature__ = Signature(parameters)  # pyright: ignore[reportFunctionMemberAccess]
    command.__annotations__ = {p.name: p.annotation for p in parameters}


_with_options(batch, run)
