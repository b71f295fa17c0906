"""Joins the pieces of somebody who was lost for a moment while nobody else was near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pose3d.track.ends import End
from pose3d.track.state import State, body_size, middle
from pose3d.track.tracker import COMPANY, Piece

MOMENT = 0.5
"""Seconds unseen after which the last sight tells who it is, where nobody else is near."""
AROUND = 1.0
"""Seconds before and after in which nobody else may be near then."""


def continued(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, those made one of which one begins a moment later where the other ended, with nobody else near.

    Who comes close to the camera, bends or steps into a shadow looks ever less as usual; but much as a moment ago.
    """
    left = sorted(pieces, key=lambda piece: piece.times[0])
    whole: list[Piece] = []
    while left:
        after = left.pop(0)
        before = next((piece for piece in whole if _fits(piece, after)), None)
        if before is None or _company(before, after, [*whole, *left]):
            whole.append(after)
        else:
            whole[whole.index(before)] = before + after
    return whole


def _fits(before: Piece, after: Piece) -> bool:
    """Whether the one begins a moment after the other ended, and much as that ended."""
    until, since = float(before.times[-1]), float(after.times[0])
    if not 0 < since - until <= MOMENT:
        return False
    end, start = End.of(before.people, before.times, until), End.of(after.people, after.times, since)
    last = replace(State.of(before.people[-1], until), velocity=(end.velocity + start.velocity) / 2)
    return bool(np.isfinite(last.mismatch(after.people[0], since)))


def _company(before: Piece, after: Piece, everybody: Sequence[Piece]) -> bool:
    """Whether one of the others, who is there between the beginning of the one and the end of the other, was near."""
    since, until = before.times[-1] - AROUND, after.times[0] + AROUND
    others = [other for other in everybody if other is not before]
    there = [other for other in others if before.times[0] <= other.times[-1] and other.times[0] <= after.times[-1]]
    near = [
        np.linalg.norm(middle(someone) - middle(person)) < COMPANY * body_size(person)
        for other in there
        for someone, time in zip(other.people, other.times, strict=True)
        if since <= time <= until
        for person in (before.people[-1], after.people[0])
    ]
    return any(near)
