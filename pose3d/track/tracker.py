"""Keeps people apart over time. Where it is not certain who is who, they count as lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from pose3d.core.arrays import Floats
from pose3d.detect.people import Detection, Person
from pose3d.track.state import State, body_size

CLEARER = 0.2
"""By how much the right person must fit better than any other, in units of `State.mismatch`, to be believed."""
FORGOTTEN = 3.0
"""Seconds: somebody unseen for longer is not waited for; `join` looks at the whole video."""
SAME_BODY = 0.12
"""Body sizes: detections that differ less in all joints, on average, are of one person."""
IMPOSSIBLE = 1e6
"""The cost of a pair that cannot be, for the assignment, which takes no infinite ones."""


@dataclass(frozen=True, eq=False)
class Track:
    """One person through a video. people: one per frame, None where the person was not seen, or not for certain."""

    people: tuple[Person | None, ...]

    def __len__(self) -> int:
        return len(self.people)

    @property
    def seen(self) -> np.ndarray:
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


@dataclass(eq=False)
class _Open:
    """Somebody who is being followed. people: by frame."""

    state: State
    people: dict[int, Person] = field(default_factory=dict)


def follow(detections: Iterable[Detection]) -> list[tuple[Track, float, float]]:
    """Everybody's track with the seconds of first and last sight; every track has as many frames as there were.

    Detections are assigned to the people they fit best (Kuhn 1955), by the place where those should be by now, size and
    colours. A detection that fits two people about as well is nobody's.
    """
    people: list[_Open] = []
    times: list[float] = []
    for row, detection in enumerate(detections):
        times.append(detection.time)
        here = [someone for someone in people if detection.time - someone.state.time <= FORGOTTEN]
        found = _distinct(detection.people)
        costs = np.array([[s.state.mismatch(p, detection.time) for p in found] for s in here]).reshape(
            len(here), len(found)
        )
        taken = _assigned(costs)
        for who, which in taken.items():
            _see(here[who], found[which], row, detection.time)
        claimed = set(taken.values()) | {n for n in range(len(found)) if np.isfinite(costs[:, n]).any()}
        for n, person in enumerate(found):
            if n not in claimed:
                people.append(_Open(State.of(person, detection.time), {row: person}))
    return [_closed(someone, times) for someone in people]


def _see(someone: _Open, person: Person, row: int, time: float) -> None:
    someone.state = someone.state.then(person, time)
    someone.people[row] = person


def _closed(someone: _Open, times: list[float]) -> tuple[Track, float, float]:
    rows = list(someone.people)
    track = Track(tuple(someone.people.get(row) for row in range(len(times))))
    return track, times[rows[0]], times[rows[-1]]


def _assigned(costs: Floats) -> dict[int, int]:
    """Person to detection, of costs (people, detections), infinite where it cannot be; uncertain pairs are left out."""
    if not costs.size:
        return {}
    pairs = zip(*linear_sum_assignment(np.where(np.isfinite(costs), costs, IMPOSSIBLE)), strict=True)
    return {int(a): int(b) for a, b in pairs if np.isfinite(costs[a, b]) and _certain(costs, a, b)}


def _certain(costs: Floats, who: int, which: int) -> bool:
    """Whether nobody else who is without a better detection fits this one about as well."""
    others = np.delete(costs[:, which], who)
    rivals = np.delete(costs, who, axis=0)
    elsewhere = np.delete(rivals, which, axis=1).min(1, initial=np.inf)
    free = others < elsewhere  # they would take this detection, too
    return bool((others[free] > costs[who, which] + CLEARER).all())


def _distinct(people: tuple[Person, ...]) -> list[Person]:
    """The people without those who were found twice; of two, the one with the higher scores stays."""
    kept: list[Person] = []
    for person in sorted(people, key=lambda person: -float(person.score.mean())):
        size = body_size(person)
        if all(np.linalg.norm(person.xy - other.xy, axis=-1).mean() > SAME_BODY * size for other in kept):
            kept.append(person)
    return kept
