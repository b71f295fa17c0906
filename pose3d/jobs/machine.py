"""What a server has for its visitors: workers, of whom each visitor has one at a time, and lookers for quick looks."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pose3d.core.errors import WorkError
from pose3d.core.quotas import Quotas
from pose3d.jobs.line import Line
from pose3d.jobs.workers import Process, Task, Worker

Answer = TypeVar("Answer")


class Machine:
    """line: hands out the workers. Nothing starts before it is needed."""

    def __init__(self, workers: Sequence[Worker], lookers: Sequence[Worker], quotas: Quotas):
        self.line = Line(workers, quotas.queue, quotas.waiting)
        self.workers, self.lookers = tuple(workers), tuple(lookers)
        self._patience = quotas.look_seconds
        self._free: queue.Queue[Worker] = queue.Queue()
        for looker in lookers:
            self._free.put(looker)

    @classmethod
    def of(cls, quotas: Quotas, folder: Callable[[], Path]) -> Machine:
        """With as many processes as the quotas say; folder: gives the place for what they leave to each other."""
        workers = [Process(quotas.worker_mb, folder) for _ in range(quotas.workers)]
        lookers = [Process(quotas.looker_mb, folder) for _ in range(quotas.lookers)]
        return cls(workers, lookers, quotas)

    def look(self, task: Task[Answer], *given: Any, patience: float | None = None) -> Answer:
        """The answer of a quick task, which passes by the line.

        patience: seconds to wait for a looker; as long as a look may take. Raises what the task raises, and WorkError
        where it takes too much or no looker comes free.
        """
        try:
            looker = self._free.get(timeout=self._patience if patience is None else patience)
        except queue.Empty:
            raise WorkError("busy") from None
        try:
            return looker.run(task, *given, seconds=self._patience)
        finally:
            self._free.put(looker)

    def end(self) -> None:
        """Ends all processes at once."""
        for worker in (*self.workers, *self.lookers):
            if isinstance(worker, Process):
                worker.end()
