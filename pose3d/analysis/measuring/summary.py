"""What all of somebody's steps come to, for either side and for both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pose3d.analysis.measuring.gait import LETTERS, Side, Walk


@dataclass(frozen=True)
class SideOfGait:
    """Medians of one side; NaN where nothing is known."""

    steps: int
    step_time: float
    """Seconds from the other foot's strike to this one's."""
    step_length: float
    """Metres that this foot strikes ahead of the other."""
    stride_length: float
    """Metres from one strike of this foot to the next."""
    stance: float
    """Percent of the stride for which this foot is on the floor."""

    @property
    def swing(self) -> float:
        """Percent of the stride for which it is in the air."""
        return 100 - self.stance


@dataclass(frozen=True)
class Gait:
    """Of all walks of a motion."""

    steps: int
    cadence: float
    """Steps a minute."""
    step_length: float
    """Metres, mean of both sides' steps."""
    speed: float
    """Metres per second."""
    double_support: float
    """Percent of the time for which both feet are on the floor; below 0 where somebody runs, and none is."""
    on_the_spot: bool
    """Whether all walks are."""
    sides: dict[Side, SideOfGait]

    @property
    def runs(self) -> bool:
        """Whether there are moments without a foot on the floor."""
        return self.double_support < 0


def gait(walks: list[Walk]) -> Gait | None:
    """None without walks."""
    if not walks:
        return None
    steps = [step for walk in walks for step in walk.steps]
    known = [step for step in steps if np.isfinite(step.length)]
    sides: dict[Side, SideOfGait] = {side: _side(walks, side) for side in LETTERS}
    return Gait(
        steps=len(steps),
        cadence=60 * len(steps) / sum(step.seconds for step in steps),
        step_length=_mean(step.length for step in known),
        speed=_mean(step.length for step in known) / _mean(step.seconds for step in known),
        double_support=sum(side.stance for side in sides.values()) - 100,
        on_the_spot=all(walk.on_the_spot for walk in walks),
        sides=sides,
    )


def _side(walks: list[Walk], side: Side) -> SideOfGait:
    steps = [step for walk in walks for step in walk.steps if step.side == side]
    strides = [
        before.length + step.length
        for walk in walks
        for before, step in zip(walk.steps, walk.steps[1:], strict=False)
        if step.side == side
    ]
    return SideOfGait(
        steps=len(steps),
        step_time=_median(step.seconds for step in steps),
        step_length=_median(step.length for step in steps),
        stride_length=_median(strides),
        stance=100 * _median(share for walk in walks for share in walk.stances(side)),
    )


def _median(values: Iterable[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else float("nan")


def _mean(values: Iterable[float]) -> float:
    known = list(values)
    return float(np.mean(known)) if known else float("nan")
