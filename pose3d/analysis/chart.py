"""Lines over time that are worth plotting."""

from __future__ import annotations

from dataclasses import dataclass

from pose3d.core.arrays import ArrayEquality, Floats


@dataclass(frozen=True, eq=False)
class Curve(ArrayEquality):
    """One line. side: left, right or middle; values: (T,), NaN in frames without the person."""

    side: str
    values: Floats


@dataclass(frozen=True)
class Chart:
    """Lines over one time axis. name: what is plotted; unit: of the values; both keys of configs/words/charts.yaml."""

    name: str
    unit: str
    digits: int
    """Decimals that are worth writing down."""
    curves: tuple[Curve, ...]
