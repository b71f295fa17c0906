"""Whether weights are those of a network: each under its name, as large as it has to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from pose3d.core.errors import WeightsError

COUNTERS = ".num_batches_tracked"
"""The end of the names of batch norms' counters, which matter in training only and which old checkpoints lack."""
PARALLEL = "module."
"""What DataParallel puts before every name."""
LONGEST_NAME = 100
"""Letters of a weight's name that a sentence tells."""

Value = TypeVar("Value")


def plain_names(state: Mapping[str, Value]) -> dict[str, Value]:
    """Without what DataParallel puts before all of them."""
    parallel = bool(state) and all(key.startswith(PARALLEL) for key in state)
    return {key.removeprefix(PARALLEL) if parallel else key: value for key, value in state.items()}


def part_of(state: Mapping[str, Value], prefix: str, source: Path) -> dict[str, Value]:
    """The weights whose names begin so, by what is left of their names. Raises WeightsError where there are none."""
    found = {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}
    if not found:
        raise WeightsError("weights_part", path=source, part=prefix.rstrip("./"))
    return found


def kind(shape: Iterable[int], whole: bool = False) -> str:
    """What a weight has to agree in: its shape, and whether it holds whole numbers."""
    return f"{tuple(shape)}{' whole numbers' if whole else ''}"


def check_fit(network: str, own: Mapping[str, str], given: Mapping[str, str], source: Path) -> None:
    """own, given: kinds by name, of a network and of the weights from `source`. Raises WeightsError naming a few."""
    missing, unexpected = own.keys() - given.keys(), given.keys() - own.keys()
    unlike = {f"{key} {given[key]} != {own[key]}" for key in own.keys() & given.keys() if given[key] != own[key]}
    if missing:
        raise WeightsError("weights_missing", path=source, network=network, count=len(missing), keys=_some(missing))
    if unexpected:
        count = len(unexpected)
        raise WeightsError("weights_unexpected", path=source, network=network, count=count, keys=_some(unexpected))
    if unlike:
        raise WeightsError("weights_shape", path=source, network=network, count=len(unlike), keys=_some(unlike))


def _some(names: Iterable[str], most: int = 5) -> str:
    ordered = sorted(names)
    return ", ".join(name[:LONGEST_NAME] for name in ordered[:most]) + (", ..." if len(ordered) > most else "")
