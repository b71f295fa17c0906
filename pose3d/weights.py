"""Weights files: safe to load, never half-written."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pose3d.errors import WeightsError

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


def half(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Matrices in half precision; vectors (biases, batch-norm statistics) stay as they are."""
    return {key: (value.half() if value.ndim > 1 else value).contiguous() for key, value in state.items()}


def write_safetensors(path: Path, state: dict[str, Tensor]) -> None:
    """Writes to a temporary name, then renames."""
    from safetensors.torch import save_file

    partial = path.with_name(path.name + ".part")
    save_file(state, partial)
    partial.replace(path)


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """Reads a state dict in single precision. Raises WeightsError when the file is missing or damaged."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        state = load_file(path)
    except (OSError, SafetensorError) as e:
        raise WeightsError(f"the weights {path} cannot be read; install pose3d again or fetch them anew: {e}") from e
    return {key: value.float() if value.is_floating_point() else value for key, value in state.items()}


def load_into(network: Module, state: dict[str, Tensor], source: Path) -> Module:
    """Fills the network, every key must fit; returns it in eval mode. Raises WeightsError naming what does not fit."""
    try:
        network.load_state_dict(state, strict=True)
    except RuntimeError as e:
        raise WeightsError(f"the weights {source} do not fit {type(network).__name__}: {e}") from e
    return network.eval()


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
