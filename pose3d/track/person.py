"""Follows one person: says which detections can be the same one, and where to look after a loss."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pose3d.detect import Keypoints

REACH = 0.6
"""How far a person's middle may be from the last one seen, in body lengths, plus what follows."""
SPEED = 1.0
"""Body lengths per second that a person may have moved meanwhile."""
RESIZE = 2.0
"""Largest change of apparent size, against the usual one, that the same person may show."""
HABIT = 0.9
"""How much of the usual size stays from one sighting to the next; one bad box must not change what is looked for."""


@dataclass(frozen=True)
class Sighting:
    """Where a person was seen. middle: (2,) px; size: usual length of the body's box diagonal, px; time: seconds."""

    middle: np.ndarray
    size: float
    time: float

    @classmethod
    def of(cls, keypoints: Keypoints, time: float) -> Sighting:
        """The box around all joints."""
        low, high = keypoints.xy.min(0), keypoints.xy.max(0)
        return cls((low + high) / 2, float(np.linalg.norm(high - low)), time)

    def then(self, later: Sighting) -> Sighting:
        """The same person's next sighting."""
        return replace(later, size=HABIT * self.size + (1 - HABIT) * later.size)

    def reach(self, time: float) -> float:
        """Pixels from here within which the person must be at `time`."""
        return self.size * (REACH + SPEED * max(time - self.time, 0.0))

    def may_be(self, other: Sighting) -> bool:
        """Whether `other`, later, can be the same person."""
        ratio = other.size / max(self.size, 1e-6)
        near = float(np.linalg.norm(other.middle - self.middle)) <= self.reach(other.time)
        return near and 1 / RESIZE <= ratio <= RESIZE

    def only_around(self, image: np.ndarray, time: float) -> np.ndarray:
        """A copy of the picture (H, W, 3), black where the person cannot be."""
        reach = self.reach(time) + self.size / 2
        left, top = np.maximum(self.middle - reach, 0).astype(int)
        right, bottom = np.maximum(self.middle + reach, 0).astype(int)
        masked = np.zeros_like(image)
        masked[top:bottom, left:right] = image[top:bottom, left:right]
        return masked
