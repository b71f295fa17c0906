"""Graphs that hold a network's structure alone, with weights from a file: of our own, or of whoever trained it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from pose3d.core.errors import WeightsError
from pose3d.core.models import ModelInfo
from pose3d.io.models.arrays import Arrays, read_arrays
from pose3d.io.models.fit import check_fit, kind, part_of
from pose3d.io.models.runner import Network, network_with
from pose3d.io.models.weights import model_info

WANTED = ".weights.json"
"""The ending of the list beside a graph: what its weights are called, and how large they are."""
EXTERNAL = "weights"
"""What a graph calls the file with its weights; there is none of this name."""


class Wanted(BaseModel):
    """The list beside a graph."""

    shapes: dict[str, list[int]]
    unused: list[str]
    """Names of weights that checkpoints have and the network's answers do not depend on."""

    @classmethod
    def beside(cls, graph: Path) -> Wanted:
        """That of a graph. Raises WeightsError."""
        try:
            return cls.model_validate_json(graph.with_suffix(WANTED).read_bytes())
        except (OSError, ValueError) as e:
            raise WeightsError("network_file", path=graph, reason=e) from e

    @property
    def used(self) -> set[str]:
        """Names of weights that the graph is given."""
        return self.shapes.keys() - set(self.unused)


def load_own(weights: Path, device: str, graphs: Mapping[str, str]) -> tuple[ModelInfo, list[Network]]:
    """What the weights are, and the networks of the graphs that lie beside them; device: cpu or cuda.

    graphs: their files' names, by what the names of their weights begin with. Raises WeightsError when anything is
    missing, damaged or does not fit.
    """
    info = model_info(weights.stem, weights)
    places = tuple((prefix, weights.with_name(name)) for prefix, name in graphs.items())
    return info, _loaded_once(weights, info.sha256, device, places)


@functools.cache
def _loaded_once(weights: Path, digest: str, device: str, graphs: tuple[tuple[str, Path], ...]) -> list[Network]:
    return load_graphs(weights, device, dict(graphs), weights)


def load_graphs(weights: Path, device: str, graphs: Mapping[str, Path], source: Path) -> list[Network]:
    """The networks of graphs with the weights in a safetensors file; device: cpu or cuda.

    graphs: by what the names of their weights begin with. source: where the weights came from, as an error names it.
    Raises WeightsError.
    """
    state = read_arrays(weights)
    return [_weighted(graph, part_of(state, prefix, source), device, source) for prefix, graph in graphs.items()]


def _weighted(graph: Path, state: Arrays, device: str, source: Path) -> Network:
    wanted = Wanted.beside(graph)
    own = {name: kind(shape) for name, shape in wanted.shapes.items()}
    given = {name: kind(value.shape, value.dtype != np.float32) for name, value in state.items()}
    check_fit(graph.stem, own, given, source)
    return network_with({name: state[name] for name in wanted.used}, graph, device, by_pieces=True)
