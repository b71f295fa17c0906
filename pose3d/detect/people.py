"""What a detector answers: the people in a frame, nobody's identity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from pose3d.core.arrays import ArrayEquality, Floats, check_shape
from pose3d.core.models import ModelInfo
from pose3d.core.skeleton import H36M17, LIMB_ENDS
from pose3d.core.video import Frame


@dataclass(frozen=True, eq=False)
class Person(ArrayEquality):
    """One person in one picture, the joints of H36M17."""

    xy: Floats
    """(17, 2) float32 pixels."""
    score: Floats
    """(17,) float32, 0 to 1."""
    appearance: Floats
    """(P, D) float32: colours of the clothes. Each part sums to 1, or is 0 where it is not in the picture.

    P is 0 where the detector has none.
    """
    ends: Floats = field(default_factory=lambda: np.zeros((len(LIMB_ENDS), 3), np.float32))
    """(8, 3) float32: x, y in pixels and score of LIMB_ENDS; the score is 0 where the detector does not see them."""

    def __post_init__(self) -> None:
        check_shape("xy", self.xy, len(H36M17), 2)
        check_shape("score", self.score, len(H36M17))
        check_shape("ends", self.ends, len(LIMB_ENDS), 3)

    @property
    def box(self) -> Floats:
        """(4,) left, top, right, bottom of the joints, pixels."""
        return np.concatenate([self.xy.min(0), self.xy.max(0)])


@dataclass(frozen=True)
class Detection:
    """Everybody who was found in the frame at `time` seconds, in no order that means anything."""

    time: float
    people: tuple[Person, ...] = ()


class Detector(Protocol):
    """Finds people in pictures."""

    @property
    def info(self) -> ModelInfo:
        """Its name and the digest of its weights."""
        ...

    def detect(self, frames: Iterable[Frame]) -> Iterator[Detection]:
        """One detection for each frame, in order; holds no more frames than it needs."""
        ...
