"""Weights files: safe to load, never half-written."""
# pyright: reportUnknownVariableType=false
# safetensors leaves open of what its os.PathLike are

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import TYPE_CHECKING

from pose3d.core.errors import OutputError, WeightsError
from pose3d.core.files import whole_file
from pose3d.core.objects import is_object

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

CHECKPOINT, CONVERTED = "pytorch_model.pt", "model.safetensors"
"""In a published model folder, and in one that `pose3d.io.models.hub` made of it."""
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

    try:
        state = load_file(path)
    except (OSError, SafetensorError) as e:
        raise WeightsError("weights_file", path=path, reason=e) from e
    return {key: value.float() if value.is_floating_point() else value for key, value in state.items()}


def read_checkpoint(path: Path, *parts: str) -> dict[str, dict[str, Tensor]]:
    """The named state dicts of a PyTorch checkpoint from a stranger, in single precision; no pickled code runs.

    A file that is itself a state dict passes for one that holds it as its only part.
    Raises WeightsError when the file is missing, damaged, holds anything but tensors, or lacks a part.
    """
    import torch

    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as e:
        raise WeightsError("checkpoint_content", path=path, reason=e) from e
    except (OSError, RuntimeError, EOFError, ValueError, KeyError) as e:
        raise WeightsError("checkpoint_file", path=path, reason=e) from e
    if len(parts) == 1 and is_object(content) and parts[0] not in content:
        content = {parts[0]: content}
    states: dict[str, dict[str, Tensor]] = {}
    for part in parts:
        state = content.get(part) if is_object(content) else None
        if not is_object(state) or not all(isinstance(value, torch.Tensor) for value in state.values()):
            raise WeightsError("checkpoint_part", path=path, part=part)
        states[part] = {key: value.float() if value.is_floating_point() else value for key, value in state.items()}
    return states


def weights_file(folder: Path) -> Path:
    """The file that `read_parts` reads."""
    return folder / CONVERTED if (folder / CONVERTED).is_file() else folder / CHECKPOINT


def read_parts(folder: Path, *parts: str) -> dict[str, dict[str, Tensor]]:
    """The named state dicts of a published model folder, converted or as it came. Raises WeightsError."""
    path = weights_file(folder)
    if path.name == CHECKPOINT:
        return read_checkpoint(path, *parts)
    together = read_safetensors(path)
    states = {part: _part(together, part) for part in parts}
    for part, state in states.items():
        if not state:
            raise WeightsError("weights_part", path=path, part=part)
    return states


def write_parts(folder: Path, states: dict[str, dict[str, Tensor]]) -> None:
    """One safetensors file of several state dicts, for `read_parts`."""
    # cloned: a tensor may be in a state dict under two names, which safetensors does not take
    flat = {f"{part}/{key}": value.clone() for part, state in states.items() for key, value in state.items()}
    write_safetensors(folder / CONVERTED, flat)


def _part(together: dict[str, Tensor], part: str) -> dict[str, Tensor]:
    return {key.removeprefix(f"{part}/"): value for key, value in together.items() if key.startswith(f"{part}/")}


def load_into(network: Module, state: dict[str, Tensor], source: Path) -> Module:
    """Fills the network, every key must fit; returns it in eval mode. Raises WeightsError naming what does not fit."""
    own = network.state_dict()
    missing, unexpected = own.keys() - state.keys(), state.keys() - own.keys()
    shapes = {
        f"{key} {tuple(state[key].shape)} != {tuple(value.shape)}"
        for key, value in own.items()
        if key in state and state[key].shape != value.shape
    }
    name = type(network).__name__
    if missing:
        raise WeightsError("weights_missing", path=source, network=name, count=len(missing), keys=_some(missing))
    if unexpected:
        count = len(unexpected)
        raise WeightsError("weights_unexpected", path=source, network=name, count=count, keys=_some(unexpected))
    if shapes:
        raise WeightsError("weights_shape", path=source, network=name, count=len(shapes), keys=_some(shapes))
    network.load_state_dict(state)
    return network.eval()


def _some(names: set[str], most: int = 5) -> str:
    return ", ".join(sorted(names)[:most]) + (", ..." if len(names) > most else "")


def sha256(path: Path) -> str:
    """Hex digest of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
