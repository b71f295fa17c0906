"""Reads the object arrays of the usual Human3.6M files without running what a stranger may have hidden in them."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from pose3d.core.errors import ConfigError

HARMLESS = {
    (module, name)
    for module in ("numpy", "numpy.core.multiarray", "numpy._core.multiarray")
    for name in ("ndarray", "dtype", "_reconstruct", "scalar")
}
"""All that arrays within lists and dicts are made of."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in HARMLESS:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return super().find_class(module, name)


def read_object(path: Path, name: str) -> Any:
    """The object that an .npz file holds under a name: arrays within lists and dicts. Raises ConfigError."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(f"{name}.npy") as file:
            return _read(file)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, pickle.UnpicklingError, EOFError) as e:
        raise ConfigError("plain_arrays", path=path, name=name, reason=e) from e


def _read(file: IO[bytes]) -> Any:
    version = np.lib.format.read_magic(file)
    read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in read:
        raise ValueError(f"version {version} of the format is unknown")
    shape, _, dtype = read[version](file)
    if shape != () or not dtype.hasobject:
        raise ValueError("it is no single object")
    return _Unpickler(file).load().item()
