"""A motion at one constant rate, for formats whose frames have no times of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats, Ints
from pose3d.core.result import Result
from pose3d.core.times import nearest, nominal_rate, nominal_times, resampled


@dataclass(frozen=True)
class EvenMotion:
    """N frames, the first at 0 s: the first of the span. What a video showed at time t is at t less the span's start.

    Joint positions are resampled, not a rig's rotations: all files of a run then agree with each other, and no joint's
    place hangs on how its ancestors turned on the way.
    """

    rate: float
    """Frames per second."""
    world: Floats
    """(N, J, 3) float64 metres, as `Result.world`."""
    source: Ints
    """(N,) the result's frame that is nearest in time: whose flags hold here."""

    @classmethod
    def of(cls, result: Result) -> EvenMotion:
        """The result at the rate that its camera was set to."""
        rate = nominal_rate(result.times)
        wanted = nominal_times(result.times, rate)
        return cls(rate, resampled(result.times, result.world, wanted), nearest(result.times, wanted))

    def __len__(self) -> int:
        return len(self.world)

    @property
    def times(self) -> Floats:
        """(N,) float64 seconds."""
        return np.arange(len(self)) / self.rate
