"""PyTorch checkpoints of strangers, as plain tensors: no code in them runs."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pose3d.core.errors import WeightsError
from pose3d.core.objects import is_object

if TYPE_CHECKING:
    from torch import Tensor

DAMAGED = (
    OSError, RuntimeError, EOFError, ValueError, LookupError, TypeError, AttributeError, AssertionError, MemoryError,
    zipfile.BadZipFile, NotImplementedError,
)  # fmt: skip
"""What reading a damaged checkpoint raises: the unpickler trusts its order of things."""


def read_checkpoint(path: Path, *parts: str) -> dict[str, dict[str, Tensor]]:
    """The named state dicts of a PyTorch checkpoint, in single precision.

    A file that is itself a state dict passes for one that holds it as its only part.
    Raises WeightsError when the file is missing, too large, damaged, holds anything but tensors, or lacks a part.
    """
    from pose3d.io.models.sizes import check_file
    from pose3d.io.models.states import is_state, single_precision

    try:
        check_file(path)
        content = _content(path)
    except pickle.UnpicklingError as e:
        raise WeightsError("checkpoint_content", path=path, reason=e) from e
    except DAMAGED as e:
        raise WeightsError("checkpoint_file", path=path, reason=e) from e
    if len(parts) == 1 and is_object(content) and parts[0] not in content:
        content = {parts[0]: content}
    states: dict[str, dict[str, Tensor]] = {}
    for part in parts:
        state = content.get(part) if is_object(content) else None
        if not is_object(state) or not is_state(state):
            raise WeightsError("checkpoint_part", path=path, part=part)
        states[part] = single_precision(path, state)
    return states


def _content(path: Path) -> Any:
    """What is in the file. Arrays of a zip file, as which PyTorch has written since 2020, are looked at where they lie:
    a size that is not true then takes nothing, and packed ones, which may grow without end, are no arrays."""
    import torch

    return torch.load(path, map_location="cpu", weights_only=True, mmap=_checked_zip(path))


def _checked_zip(path: Path) -> bool:
    """Whether it is a zip file. Raises ValueError where anything in it is packed."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as packed:
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in packed.infolist()):
            raise ValueError("its parts are compressed")
    return True
