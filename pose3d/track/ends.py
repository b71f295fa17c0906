"""Where a piece of somebody's way begins and ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.detect.people import Person
from pose3d.track.state import body_size, middle

END = 0.3
"""Seconds of a piece that tell where it begins or ends, how fast, and of what size."""


@dataclass(frozen=True, eq=False)
class End:
    """The beginning or the end of a piece."""

    time: float
    place: Floats
    """(2,) pixels, middle of the trunk."""
    velocity: Floats
    """(2,) pixels per second."""
    size: float
    """Pixels."""

    @classmethod
    def of(cls, people: Sequence[Person], times: Floats, time: float) -> End:
        """At `time`, the first or last of times (N,)."""
        rows: list[int] = np.flatnonzero(np.abs(times - time) <= END).tolist()
        places = np.array([middle(people[row]) for row in rows])
        size = float(np.median([body_size(people[row]) for row in rows]))
        offsets = times[rows] - time
        if len(rows) < 2:
            return cls(time, places[0], np.zeros(2), size)
        velocity, place = np.polyfit(offsets, places, 1)
        return cls(time, place, velocity, size)
