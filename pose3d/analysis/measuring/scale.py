"""Where lengths in metres come from: the person's height, or that of an average adult."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pose3d.core.config import RunConfig
from pose3d.core.result import Result
from pose3d.lift.root import stature

Source = Literal["height", "average_adult"]


@dataclass(frozen=True)
class Scale:
    """factor: what a result's metres are multiplied by; height: metres from the soles to the top of the head."""

    factor: float
    source: Source
    height: float


def scale_of(result: Result, height: float | None) -> Scale:
    """By a height in metres, or that which the result was made with. Raises ConfigError for one that nobody has."""
    RunConfig().but(height=height)
    tall = stature(result.pose3d.xyz, result.pose3d.skeleton)
    if height is not None:
        return Scale(height / tall, "height", height)
    return Scale(1.0, "height" if result.pose3d.units == "metre" else "average_adult", tall)
