"""Published checkpoints, as they came, for ONNX Runtime: PyTorch reads them once, then a copy in the cache is read."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from pose3d.core.errors import OutputError, WeightsError
from pose3d.io.models.cache import cache
from pose3d.io.models.graphs import load_graphs
from pose3d.io.models.runner import Network
from pose3d.io.models.weights import CONVERTED, CONVERTED_ENDING, read_parts, write_parts

COPIES = "converted"
"""The folder in the cache with copies, each named by the digest of the checkpoint that it was made of."""


def load_published(path: Path, digest: str, device: str, graphs: Mapping[str, Path]) -> list[Network]:
    """The networks of graphs with the weights in a published checkpoint; device: cpu or cuda.

    digest: the checkpoint's. graphs: by the parts of it that they run. Raises WeightsError naming what does not fit.
    """
    prefixed = {f"{part}/": graph for part, graph in graphs.items()}
    if path.suffix == CONVERTED_ENDING:
        return load_graphs(path, device, prefixed, path)
    kept = cache() / COPIES / f"{digest}{CONVERTED_ENDING}"
    if kept.is_file():
        try:
            return load_graphs(kept, device, prefixed, path)
        except WeightsError:  # whatever became of it, there is what it was made of
            kept.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="pose3d-") as folder:
        copy = _copy(path, kept, Path(folder) / CONVERTED, *graphs)
        try:
            return load_graphs(copy, device, prefixed, path)
        except WeightsError:
            copy.unlink(missing_ok=True)  # what does not fit must not be kept
            raise


def _copy(path: Path, kept: Path, otherwise: Path, *parts: str) -> Path:
    """Writes the checkpoint as safetensors, in the second place where the first cannot be written, and says where.

    Raises WeightsError, OutputError.
    """
    states = read_parts(path, *parts)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_parts(kept, states)
    except (OSError, OutputError):
        write_parts(otherwise, states)
        return otherwise
    return kept
