"""Who was seen in a video."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonSeen:
    """One of the people in a video; plain data."""

    number: int
    """From 1, the largest and longest in view first: what `RunConfig.person` names."""
    frames: int
    """In how many frames."""
    first: float
    """Seconds of the first of them."""
    last: float
    """Seconds of the last."""
    box: tuple[float, float, float, float]
    """Median left, top, right, bottom of the joints, pixels."""
