"""PyTorch's functions that it leaves without types, with theirs."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor


def from_numpy(array: NDArray[Any]) -> Tensor:
    """A tensor on the CPU that shares the array's memory."""
    return torch.from_numpy(array)


def norm(vectors: Tensor, dim: int | tuple[int, ...] = -1, keepdim: bool = False) -> Tensor:
    """Lengths of vectors."""
    return vectors.norm(dim=dim, keepdim=keepdim)


def cross(a: Tensor, b: Tensor) -> Tensor:
    """Cross products of vectors (..., 3)."""
    return torch.linalg.cross(a, b, dim=-1)


def unflatten(x: Tensor, dim: int, sizes: tuple[int, ...]) -> Tensor:
    """One dimension made several."""
    return x.unflatten(dim, sizes)


def split(x: Tensor, size: int) -> tuple[Tensor, ...]:
    """Pieces of at most `size` along the first dimension."""
    return x.split(size)
