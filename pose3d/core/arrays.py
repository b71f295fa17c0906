"""Arrays in dataclasses: their shapes, and when two of them are equal."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypeIs

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]
Ints = NDArray[np.integer[Any]]
Picture = NDArray[np.uint8]
"""(H, W, 3) RGB, or a batch of them."""


def check_shape(name: str, array: NDArray[Any], *expected: int) -> None:
    """Raises ValueError unless the array has the expected shape."""
    if array.shape != expected:
        raise ValueError(f"{name} must have shape {expected}, got {array.shape}")


def runs(flags: Bools) -> list[slice]:
    """The stretches of True in flags (T,)."""
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False].astype(np.int8)))
    return [slice(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


class ArrayEquality:
    """For dataclasses that hold arrays (declared with eq=False): equal when all fields are, NaN equal to NaN."""

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(_equal(getattr(self, field.name), getattr(other, field.name)) for field in fields(self))  # pyright: ignore[reportArgumentType]

    __hash__ = None  # pyright: ignore[reportAssignmentType]


def _equal(a: Any, b: Any) -> bool:
    if _is_array(a):
        return _is_array(b) and a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    return bool(a == b)


def _is_array(value: object) -> TypeIs[NDArray[Any]]:
    return isinstance(value, np.ndarray)
