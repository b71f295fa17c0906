"""State dicts of strangers: plain tensors under names, no more of them than a model has."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

from pose3d.core.errors import WeightsError
from pose3d.core.files import check_regular
from pose3d.core.objects import is_object
from pose3d.core.quotas import quotas

PARALLEL = "module."
"""What DataParallel puts before every name."""
SINGLE = 4
"""Bytes of a number in single precision."""


def check_file(path: Path) -> None:
    """Raises OSError where it is no regular file, or cannot be read, WeightsError where it is too large."""
    check_size(path, check_regular(path))


def check_size(path: Path, size: int) -> None:
    """Raises WeightsError where so many bytes are more than a model may have."""
    if size > quotas().model_mb * 1e6:
        raise WeightsError("model_too_large", path=path, size=size / 1e6, limit=quotas().model_mb)


def is_state(content: object) -> bool:
    """Whether it is names with plain tensors: dense, in memory, of real numbers."""
    if not is_object(content):
        return False
    anything = cast("dict[Any, Any]", content)  # a pickled one's keys need not be names
    return all(isinstance(key, str) and _is_plain(value) for key, value in anything.items())


def single_precision(path: Path, state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The state dict in single precision, without the prefix of DataParallel.

    Raises WeightsError where its tensors are too large: a few bytes of a file can stand for any number of values.
    """
    check_size(path, SINGLE * sum(value.numel() for value in state.values()))
    parallel = bool(state) and all(key.startswith(PARALLEL) for key in state)
    return {
        key.removeprefix(PARALLEL) if parallel else key: value.float() if value.is_floating_point() else value
        for key, value in state.items()
    }


def _is_plain(value: Any) -> bool:
    return (
        isinstance(value, Tensor)
        and value.layout == torch.strided
        and value.device.type == "cpu"
        and not (value.is_quantized or value.is_complex())
    )
