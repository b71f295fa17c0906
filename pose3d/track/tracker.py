"""Keeps people apart over time, frame by frame. Where it is not certain who is who, they count as lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.scientific import cheapest_pairs
from pose3d.detect.people import Detection, Person
from pose3d.track.state import State, middle, same_place

CLEARER = 0.2
"""By how much the right person must fit better than any other, in units of `State.mismatch`, to be believed."""
FORGOTTEN = 3.0
"""Seconds: somebody unseen for longer is not waited for; `join` looks at the whole video."""
IN_COMPANY = 0.25
"""The same where somebody else is near, who may be taken for them."""
COMPANY = 1.0
"""Body sizes within which somebody else is near."""
IMPOSSIBLE = 1e6
"""The cost of a pair that cannot be, for the assignment, which takes no infinite ones."""


@dataclass(frozen=True, eq=False)
class Piece:
    """One person without a doubt, for a while. N frames, those in which they were seen."""

    rows: tuple[int, ...]
    """(N,) of the video."""
    times: Floats
    """(N,) seconds."""
    people: tuple[Person, ...]
    """(N,)"""

    def __add__(self, later: Piece) -> Piece:
        """The same person's, and later."""
        times = np.concatenate([self.times, later.times])
        return Piece(self.rows + later.rows, times, self.people + later.people)


@dataclass(eq=False)
class _Open:
    """Somebody who is being followed."""

    state: State
    rows: list[int]
    times: list[float]
    people: list[Person]
    company: bool = False
    """Whether somebody else was near since they were last seen."""

    @classmethod
    def at(cls, person: Person, row: int, time: float) -> _Open:
        return cls(State.of(person, time), [row], [time], [person])

    def see(self, person: Person, row: int, time: float) -> None:
        self.state = self.state.then(person, time)
        self.company = False
        self.rows.append(row)
        self.times.append(time)
        self.people.append(person)

    def miss(self, found: list[Person]) -> None:
        here, near = self.state.trunk.mean(0), COMPANY * self.state.size
        self.company |= any(np.linalg.norm(middle(person) - here) < near for person in found)

    def waited_for(self, time: float) -> bool:
        return time - self.state.time <= (IN_COMPANY if self.company else FORGOTTEN)


def follow(detections: Iterable[Detection]) -> tuple[list[Piece], int]:
    """Everybody's way through a video, in pieces that are certain, and the number of frames.

    Detections are assigned to the people they fit best (Kuhn 1955), by the place where those should be by now, size and
    colours. A detection that fits two people about as well is nobody's.
    """
    people: list[_Open] = []
    here: list[_Open] = []
    row = -1
    for row, detection in enumerate(detections):
        waited = [someone for someone in here if someone.waited_for(detection.time)]
        here = _followed(waited, row, detection)
        people += [someone for someone in here if someone.rows[0] == row]
    return [Piece(tuple(one.rows), np.array(one.times), tuple(one.people)) for one in people], row + 1


def _followed(before: list[_Open], row: int, detection: Detection) -> list[_Open]:
    """The people of the frames before who are still followed in this one, and new ones.

    Where two who are dressed alike become one, or one becomes two, nobody knows who goes on: pieces end and begin.
    """
    found, time = _distinct(detection.people), detection.time
    costs = np.array([[someone.state.mismatch(person, time) for person in found] for someone in before])
    costs = costs.reshape(len(before), len(found))
    taken = _assigned(costs)
    seen = {before[who]: found[which] for who, which in taken.items()}
    missed = [someone for someone in before if someone not in seen]
    claimed = [bool(np.isfinite(column).any()) for column in costs.T]
    new = [_Open.at(person, row, time) for person, known in zip(found, claimed, strict=True) if not known]
    here = list(new)
    for someone, person in seen.items():
        if any(other.state.touched_by(person) for other in [*missed, *new]):
            here.append(_Open.at(person, row, time))
        else:
            someone.see(person, row, time)
            here.append(someone)
    for someone in missed:
        someone.miss(found)
    return here + [someone for someone in missed if not any(someone.state.touched_by(p) for p in seen.values())]


def _assigned(costs: Floats) -> dict[int, int]:
    """Person to detection, of costs (people, detections), infinite where it cannot be; uncertain pairs are left out."""
    if not costs.size:
        return {}
    pairs = cheapest_pairs(np.where(np.isfinite(costs), costs, IMPOSSIBLE))
    return {a: b for a, b in pairs if np.isfinite(costs[a, b]) and _certain(costs, a, b)}


def _certain(costs: Floats, who: int, which: int) -> bool:
    """Whether nobody else who is without a better detection fits this one about as well."""
    others = np.delete(costs[:, which], who)
    rivals = np.delete(costs, who, axis=0)
    elsewhere = np.delete(rivals, which, axis=1).min(1, initial=np.inf)
    free = others < elsewhere  # they would take this detection, too
    return bool((others[free] > costs[who, which] + CLEARER).all())


def _distinct(people: tuple[Person, ...]) -> list[Person]:
    """The people without those whose trunk lies on that of somebody with higher scores.

    They are one person found twice, limbs taken for another body, or somebody who is hidden.
    """
    kept: list[Person] = []
    for person in sorted(people, key=lambda person: -float(person.score.mean())):
        if not any(same_place(person, other) for other in kept):
            kept.append(person)
    return kept
