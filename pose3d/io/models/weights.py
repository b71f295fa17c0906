"""Weights files: safe to load, never half-written."""
# pyright: reportUnknownVariableType=false
# safetensors leaves open of what its os.PathLike are

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pose3d.core.errors import OutputError, WeightsError
from pose3d.core.files import is_folder, whole_file
from pose3d.core.models import ModelInfo
from pose3d.io.models.checkpoint import read_checkpoint
from pose3d.io.models.fit import COUNTERS, check_fit, kind, part_of
from pose3d.io.models.sizes import check_file, check_header

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

CHECKPOINT, CONVERTED = "pytorch_model.pt", "model.safetensors"
"""In a published model folder, and in one that `pose3d.io.models.hub` made of it."""
CONVERTED_ENDING = Path(CONVERTED).suffix
PIECE = 1 << 20
"""Bytes of a file that are digested at once."""


def half(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Matrices in half precision; vectors (biases, batch-norm statistics) stay as they are. All are copies."""
    halved = {key: value.half() if value.ndim > 1 else value.clone() for key, value in state.items()}
    return {key: value.contiguous() for key, value in halved.items()}


def write_safetensors(path: Path, state: dict[str, Tensor]) -> None:
    """Writes a whole file in place of what was there. Raises OutputError."""
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    try:
        with whole_file(path) as partial:
            save_file(state, partial)
    except SafetensorError as e:
        raise OutputError("cannot_write", path=path, reason=e) from e


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """Reads a state dict in single precision. Raises WeightsError when the file is missing or damaged."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from pose3d.io.models.states import is_state, single_precision

    try:
        check_file(path)
        check_header(path)
        state = load_file(path)
    except (OSError, SafetensorError, ValueError, MemoryError) as e:
        raise WeightsError("weights_file", path=path, reason=e) from e
    if not is_state(state):
        raise WeightsError("weights_file", path=path, reason="it holds complex numbers")
    return single_precision(path, state)


def weights_file(place: Path) -> Path:
    """The file that `read_parts` reads: that of a published model folder, or the one given."""
    if not is_folder(place):
        return place
    folder = place
    return folder / CONVERTED if (folder / CONVERTED).is_file() else folder / CHECKPOINT


def read_parts(place: Path, *parts: str) -> dict[str, dict[str, Tensor]]:
    """The named state dicts of a published model folder or its weights file, converted or as it came.

    Raises WeightsError.
    """
    path = weights_file(place)
    if path.suffix != CONVERTED_ENDING:
        return read_checkpoint(path, *parts)
    together = read_safetensors(path)
    return {part: part_of(together, f"{part}/", path) for part in parts}


def write_parts(path: Path, states: dict[str, dict[str, Tensor]]) -> None:
    """One safetensors file of several state dicts, for `read_parts`. Raises OutputError."""
    # cloned: a tensor may be in a state dict under two names, which safetensors does not take
    flat = {f"{part}/{key}": value.clone() for part, state in states.items() for key, value in state.items()}
    write_safetensors(path, flat)


def load_into(network: Module, state: dict[str, Tensor], source: Path) -> Module:
    """Fills the network, every key must fit; returns it in eval mode. Raises WeightsError naming what does not fit.

    A network on the device "meta", which takes no memory, gets its memory here, once all fits.
    """
    import torch

    own = network.state_dict()
    state = {key: torch.zeros_like(own[key], device="cpu") for key in own if key.endswith(COUNTERS)} | state
    kinds, given = _kinds(own), _kinds(state)
    check_fit(type(network).__name__, kinds, given, source)
    if not all(bool(torch.isfinite(value).all()) for value in state.values()):
        raise WeightsError("not_finite", path=source)
    if any(value.is_meta for value in own.values()):
        network.to_empty(device="cpu")
    network.load_state_dict(state)
    return network.eval()


def _kinds(state: dict[str, Tensor]) -> dict[str, str]:
    return {key: kind(value.shape, not value.is_floating_point()) for key, value in state.items()}


def model_info(name: str, path: Path) -> ModelInfo:
    """What the weights in a file are, which is neither too large nor anything but a file. Raises WeightsError."""
    try:
        check_file(path)
        return ModelInfo(name, sha256(path))
    except OSError as e:
        raise WeightsError("weights_file", path=path, reason=e) from e


def sha256(path: Path) -> str:
    """Hex digest of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
