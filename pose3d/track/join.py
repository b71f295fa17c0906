"""Joins pieces of one person's way through a video, seen as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.detect.people import Person
from pose3d.track.state import RESIZED, body_size, colour_distance
from pose3d.track.tracker import Track

SAME_CLOTHES = 0.3
"""Hellinger distance of the usual colours up to which two pieces may be one person's."""
NEAR, PER_SECOND, FAR = 0.8, 1.0, 3.0
"""Body sizes that somebody may have gone unseen: at once, for each second, and at most."""
BRIEF = 0.2
"""Seconds: of pieces that are shorter nobody knows whether they are a person."""
FEW = 3
"""Frames: the same, of videos with few frames per second."""


@dataclass(frozen=True, eq=False)
class _Piece:
    track: Track
    start: float
    end: float

    @property
    def first(self) -> Person:
        return self.track.at(self.track.rows[0])

    @property
    def last(self) -> Person:
        return self.track.at(self.track.rows[-1])

    @property
    def colours(self) -> np.ndarray:
        return np.mean([person.appearance for person in self.track.people if person is not None], axis=0)


def joined(pieces: list[tuple[Track, float, float]]) -> list[Track]:
    """The tracks of people, pieces of the same person made one; what was seen only for a moment is left out.

    A piece goes on where exactly one earlier one may have ended: near enough for the time between, as large, dressed
    alike.
    """
    ways: list[_Piece] = []
    for piece in sorted((_Piece(*piece) for piece in pieces), key=lambda piece: piece.start):
        before = [n for n, way in enumerate(ways) if _may_go_on(way, piece)]
        if len(before) == 1:
            ways[before[0]] = _together(ways[before[0]], piece)
        else:
            ways.append(piece)
    lasting = [way for way in ways if way.end - way.start >= BRIEF and len(way.track.rows) >= FEW]
    return [way.track for way in lasting or ways]


def _may_go_on(way: _Piece, piece: _Piece) -> bool:
    if piece.start <= way.end:
        return False
    size = body_size(way.last)
    distance = float(np.linalg.norm(_middle(piece.first) - _middle(way.last))) / size
    near = distance <= min(NEAR + PER_SECOND * (piece.start - way.end), FAR)
    as_large = abs(np.log(body_size(piece.first) / size)) <= 2 * RESIZED
    return near and as_large and colour_distance(way.colours, piece.colours) <= SAME_CLOTHES


def _middle(person: Person) -> np.ndarray:
    return (person.box[:2] + person.box[2:]) / 2


def _together(way: _Piece, piece: _Piece) -> _Piece:
    people = tuple(a if a is not None else b for a, b in zip(way.track.people, piece.track.people, strict=True))
    return _Piece(Track(people), way.start, piece.end)
