"""Networks with weights of our own: the graphs beside a weights file, which were made for it and no other."""

from __future__ import annotations

from pathlib import Path

from pose3d.core.errors import WeightsError
from pose3d.core.models import ModelInfo
from pose3d.io.models.runner import Network, load_network
from pose3d.io.models.weights import sha256


def load_own(weights: Path, device: str, *names: str) -> tuple[ModelInfo, list[Network]]:
    """What the weights are, and the graphs of these names that lie beside them; device: cpu or cuda.

    Raises WeightsError when anything is missing or damaged, or a graph was made for other weights.
    """
    try:
        digest = sha256(weights)
    except OSError as e:
        raise WeightsError("weights_file", path=weights, reason=e) from e
    networks = [load_network(weights.with_name(name), device, by_pieces=True) for name in names]
    for name, network in zip(names, networks, strict=True):
        if network.weights_sha256 != digest:
            raise WeightsError("other_weights", path=weights, graph=name)
    return ModelInfo(weights.stem, digest), networks
