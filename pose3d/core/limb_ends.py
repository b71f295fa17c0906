"""The ends of the limbs in the picture: where feet and hands point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import ArrayEquality, Floats, check_shape
from pose3d.core.skeleton import LIMB_ENDS


@dataclass(frozen=True, eq=False)
class LimbEnds(ArrayEquality):
    """Heels, toes, wrists and knuckles over T frames, the columns of LIMB_ENDS."""

    xy: Floats
    """(T, 8, 2) float32 pixels."""
    score: Floats
    """(T, 8) float32, 0 to 1; 0 where the person or the end was not seen."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "xy", np.asarray(self.xy, np.float32))
        object.__setattr__(self, "score", np.asarray(self.score, np.float32))
        check_shape("xy", self.xy, len(self.score), len(LIMB_ENDS), 2)
        check_shape("score", self.score, len(self.xy), len(LIMB_ENDS))

    def column(self, name: str) -> tuple[Floats, Floats]:
        """xy (T, 2) and score (T,) of one of LIMB_ENDS."""
        end = LIMB_ENDS.index(name)
        return self.xy[:, end], self.score[:, end]
