"""Lends a GPU to the functions that want one, on the Spaces that lend them; no effect anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")


def on_gpu(
    duration: Callable[..., float],
) -> Callable[[Callable[Parameters, Returned]], Callable[Parameters, Returned]]:
    """spaces.GPU where that package is installed: the function then runs in another process, which has the GPU.

    duration: seconds to ask for, from the function's own arguments. What goes in and comes out must be picklable, and
    errors must be gr.Error: of others only the class survives.
    """
    if find_spec("spaces") is None:
        return lambda function: function
    return import_module("spaces").GPU(duration=duration)
