"""What a result says. Page and report go through the table and know no analysis by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pose3d.analysis.chart import Chart, Curve
from pose3d.analysis.finding import Finding
from pose3d.analysis.movement import movement
from pose3d.analysis.quality import quality
from pose3d.core.result import Result

__all__ = ["ANALYSES", "Analysis", "Chart", "Curve", "Finding", "analysed", "findings", "movement", "quality"]


class Analysis(Protocol):
    """What every analysis answers, a frozen dataclass, beside figures of its own."""

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Lines over the frames of the result."""
        ...

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is worth a sentence, the most serious first."""
        ...


ANALYSES: dict[str, Callable[[Result], Analysis]] = {"quality": quality, "movement": movement}
"""Name to analysis, in the order in which people read them."""


def analysed(result: Result) -> dict[str, Analysis]:
    """Every analysis of a result, by name."""
    return {name: analysis(result) for name, analysis in ANALYSES.items()}


def findings(result: Result) -> list[Finding]:
    """Of all analyses, in their order."""
    return [finding for analysis in analysed(result).values() for finding in analysis.findings]
