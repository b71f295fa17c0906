"""How large a model of strangers may be."""

from __future__ import annotations

from pathlib import Path

from pose3d.core.errors import WeightsError
from pose3d.core.files import check_regular
from pose3d.core.quotas import quotas

SINGLE = 4
"""Bytes of a number in single precision."""
LONGEST_HEADER = 4 << 20
"""Bytes of a safetensors file that name its tensors; a large network takes a tenth of it."""


def check_file(path: Path) -> None:
    """Raises OSError where it is no regular file, or cannot be read, WeightsError where it is too large."""
    check_size(path, check_regular(path))


def check_size(path: Path, size: int) -> None:
    """Raises WeightsError where so many bytes are more than a model may have."""
    if size > quotas().model_mb * 1e6:
        raise WeightsError("model_too_large", path=path, size=size / 1e6, limit=quotas().model_mb)


def check_numbers(path: Path, numbers: int) -> None:
    """Raises WeightsError where so many are too much in single precision: few bytes can stand for many."""
    check_size(path, SINGLE * numbers)


def check_header(path: Path) -> None:
    """Raises ValueError where a safetensors file's is longer than a network's can be: reading takes many times that."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
    if size > LONGEST_HEADER:
        raise ValueError(f"its header has {size} bytes")
