"""State dicts as arrays, read without PyTorch."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# safetensors' reader has no types

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.errors import WeightsError
from pose3d.io.models.fit import COUNTERS, plain_names
from pose3d.io.models.sizes import check_file, check_header, check_numbers

Arrays = dict[str, Floats]
"""A network's weights by name, float32; counters of batches are none."""
NATIVE = {"F16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64", "BOOL"}
"""Kinds of numbers that NumPy has, as safetensors calls them."""


def read_arrays(path: Path) -> Arrays:
    """All floating-point tensors of a safetensors file, in single precision.

    Raises WeightsError when the file is missing, damaged or too large, or holds what is not finite.
    """
    from safetensors import SafetensorError, safe_open

    try:
        check_file(path)
        check_header(path)
        with safe_open(path, framework="numpy") as file:
            names = [name for name in file.keys() if not name.endswith(COUNTERS)]  # noqa: SIM118 - it is no dict
            slices = {name: file.get_slice(name) for name in names}
            check_numbers(path, sum(math.prod(part.get_shape()) for part in slices.values()))
            if any(part.get_dtype() not in NATIVE for part in slices.values()):
                return _by_torch(path)
            state = {key: file.get_tensor(key) for key in slices}
    except (OSError, SafetensorError, ValueError, MemoryError) as e:
        raise WeightsError("weights_file", path=path, reason=e) from e
    return _checked(path, plain_names(state))


def _checked(path: Path, state: Mapping[str, Floats]) -> Arrays:
    """What are whole numbers stay so, and fit no network. Raises WeightsError."""
    arrays = {key: _single(value) for key, value in state.items()}
    if not all(np.isfinite(value).all() for value in arrays.values()):
        raise WeightsError("not_finite", path=path)
    return arrays


def _single(value: Floats) -> Floats:
    return value.astype(np.float32, copy=False) if value.dtype.kind == "f" else value


def _by_torch(path: Path) -> Arrays:
    """Where numbers are of kinds that NumPy lacks."""
    from pose3d.io.models.weights import read_safetensors

    state = {key: value.numpy() for key, value in read_safetensors(path).items() if not key.endswith(COUNTERS)}
    return _checked(path, state)
