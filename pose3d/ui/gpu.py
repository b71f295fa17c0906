"""Lends a GPU to the tasks that want one, on the Spaces that lend them; no effect anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ParamSpec, TypeVar

from pose3d.core.config import RunConfig
from pose3d.jobs import tasks
from pose3d.jobs.reins import Direct, Reins
from pose3d.jobs.workers import UNWATCHED, Task, Watch, Worker
from pose3d.ui.words import plainly

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")
Answer = TypeVar("Answer")

GPU_START, GPU_PER_FRAME = 20.0, 0.06
"""Seconds asked for on a lent GPU: to load the models there, and for each frame (the detector runs on the CPU)."""
WANTED: tuple[Task[Any], ...] = (tasks.find, tasks.lift)
"""By these tasks."""


def on_gpu(
    duration: Callable[..., float],
) -> Callable[[Callable[Parameters, Returned]], Callable[Parameters, Returned]]:
    """spaces.GPU where that package is installed: the function then runs in another process, which has the GPU.

    duration: seconds to ask for, from the function's own arguments. What goes in and comes out must be picklable, and
    errors must be gr.Error: of others only the class survives.
    """
    if not lends():
        return lambda function: function
    return import_module("spaces").GPU(duration=duration)


def lends() -> bool:
    """Whether this is a place that lends GPUs."""
    return find_spec("spaces") is not None


def gpu_seconds(_: Task[Any], __: Reins, ___: object, config: RunConfig, *____: object) -> float:
    """How long a GPU is wanted for."""
    return GPU_START + GPU_PER_FRAME * (config.max_frames or 0)


@on_gpu(gpu_seconds)
def lent(task: Task[Any], reins: Reins, given: object, config: RunConfig, *more: object) -> Any:
    """The task's answer. Raises gr.Error in the config's language, and nothing else."""
    with plainly(config.language):
        return task(reins, given, config, *more)


class Lender:
    """A worker that has the tasks which want a GPU done where one is lent, and all others by another worker.

    Models are loaded in this process, so that one with a GPU, forked from it, finds them loaded.
    """

    def __init__(self, other: Worker):
        self._other = other

    def run(self, task: Task[Answer], *given: Any, seconds: float, watch: Watch = UNWATCHED) -> Answer:
        """See Worker; who lends the GPU limits the time."""
        if task is tasks.warm:
            return task(Direct(watch.progress, watch.stopped), *given)
        if task in WANTED:
            tasks.models(given[1])
            return lent(task, Direct(watch.progress, watch.stopped), *given)
        return self._other.run(task, *given, seconds=seconds, watch=watch)

    @property
    def alive(self) -> bool:
        """See Worker."""
        return True
