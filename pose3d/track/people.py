"""One person through a whole video."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Bools
from pose3d.detect.people import Person


@dataclass(frozen=True, eq=False)
class Track:
    """One person through a video. people: one per frame, None where the person was not seen, or not for certain."""

    people: tuple[Person | None, ...]

    def __len__(self) -> int:
        return len(self.people)

    @property
    def seen(self) -> Bools:
        """(T,) bool."""
        return np.array([person is not None for person in self.people], bool)

    @property
    def rows(self) -> list[int]:
        """The frames in which the person was seen."""
        return np.flatnonzero(self.seen).tolist()

    def at(self, row: int) -> Person:
        """The person in a frame in which they were seen. Raises ValueError in another one."""
        person = self.people[row]
        if person is None:
            raise ValueError(f"the person was not seen in frame {row}")
        return person
