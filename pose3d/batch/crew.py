"""Workers of one machine, each a process with cores of its own and its models loaded."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from queue import SimpleQueue

from pose3d.batch.cores import Cores, keep_to, shares
from pose3d.batch.rows import Row
from pose3d.batch.shelves import shelf
from pose3d.batch.videos import Clip
from pose3d.batch.work import Order, attend
from pose3d.core.quotas import quotas
from pose3d.jobs.workers import Process, Watch

Tell = Callable[[str, str, int, int], None]
"""Called with the video, the stage, frames done and frames in all; by several threads."""
AHEAD = 2
"""Videos that are taken for each worker: the one that it works on, and the next."""


def quiet(video: str, stage: str, done: int, total: int) -> None:
    """Tells nobody."""


def rows(clips: Iterable[Clip], order: Order, workers: int, tell: Tell = quiet) -> Generator[Row]:
    """Has the videos done, so many at once; their rows as they end. Ending it early ends the work."""
    store = shelf(order.out)
    with _Crew.of(workers) as (crew, pool):

        def work(clip: Clip) -> Row:
            return attend(clip, order, store, crew.own, Watch(partial(tell, clip.name), gone=crew.over.is_set))

        rest = iter(clips)
        running = {pool.submit(work, clip) for clip in islice(rest, AHEAD * workers)}
        while running:
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                running |= {pool.submit(work, clip) for clip in islice(rest, 1)}
                yield future.result()


@dataclass
class _Crew:
    """Threads that each lead a worker."""

    cores: SimpleQueue[Cores]
    folder: Path
    """For the workers' reins."""
    over: threading.Event = field(default_factory=threading.Event)
    """Set when nobody waits any more."""
    led: threading.local = field(default_factory=threading.local)
    all: list[Process] = field(default_factory=list[Process])

    @classmethod
    @contextmanager
    def of(cls, workers: int) -> Generator[tuple[_Crew, ThreadPoolExecutor]]:
        """So many, and the pool of their threads; all end with the block."""
        cores: SimpleQueue[Cores] = SimpleQueue()
        for share in shares(workers):
            cores.put(share)
        with tempfile.TemporaryDirectory(prefix="pose3d-") as folder:
            crew = cls(cores, Path(folder))
            pool = ThreadPoolExecutor(workers, initializer=crew.begin)
            try:
                yield crew, pool
            finally:
                crew.over.set()
                pool.shutdown(cancel_futures=True)
                for worker in crew.all:
                    worker.end()

    def begin(self) -> None:
        """In a thread of the pool: the processes that it starts inherit its cores."""
        keep_to(self.cores.get())
        self.led.worker = Process(quotas().worker_mb, lambda: self.folder)
        self.all.append(self.led.worker)

    @property
    def own(self) -> Process:
        """The worker of this thread."""
        return self.led.worker
