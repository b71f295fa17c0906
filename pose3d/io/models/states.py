"""State dicts of strangers: plain tensors under names, no more of them than a model has."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

from pose3d.core.objects import is_object
from pose3d.io.models.fit import plain_names
from pose3d.io.models.sizes import check_numbers


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
    check_numbers(path, sum(value.numel() for value in state.values()))
    return {key: value.float() if value.is_floating_point() else value for key, value in plain_names(state).items()}


def _is_plain(value: Any) -> bool:
    return (
        isinstance(value, Tensor)
        and value.layout == torch.strided
        and value.device.type == "cpu"
        and not (value.is_quantized or value.is_complex())
    )
