"""Joins the pieces of people's ways through a video, seen as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.scientific import cheapest_pairs
from pose3d.track.clothes import colour_distance, usual
from pose3d.track.continued import continued
from pose3d.track.ends import End
from pose3d.track.people import Track
from pose3d.track.state import COASTING, RESIZED, same_place
from pose3d.track.tracker import Piece

SAME_CLOTHES = 0.3
"""Hellinger distance of the usual colours up to which two pieces may be one person's."""
NEAR, PER_SECOND, FAR = 0.8, 1.0, 3.0
"""Body sizes that somebody may have gone unseen: at once, for each second, and at most."""
BRIEF = 0.2
"""Seconds: of pieces that are shorter nobody knows whether they are a person."""
FEW = 3
"""Frames: the same, of videos with few frames per second."""

OFF, OFF_PER_SECOND, OFF_MOST = 0.15, 0.5, 1.5
"""Body sizes by which people usually (standard deviation) are off their course: at once, for each second, at most."""
TURN, TURN_FORGOTTEN = 0.8, 1.0
"""Body sizes per second by which their velocity usually changes, and seconds after which it tells little."""
RESIZE = 0.25
"""Natural logarithm of how their apparent size usually changes: by their posture."""
FADE = 0.15
"""Hellinger distance by which their colours usually change: by the light, and what is in front of them."""
UNLINKED = 6.0
"""Natural logarithm of the odds from which a link is no better than none."""
SURE = 2.5
"""The same, by which the best links must be better than any others: 12 to 1."""

MOSTLY = 0.5
"""Share of a life on somebody else's trunk: limbs taken for another body."""


@dataclass(frozen=True, eq=False)
class _Way:
    """A piece, and what is compared of it."""

    piece: Piece
    first: End
    last: End
    colours: Floats
    """(P, D) usual ones."""

    @classmethod
    def of(cls, piece: Piece) -> _Way:
        people, times = piece.people, piece.times
        first, last = (End.of(people, times, float(times[row])) for row in (0, -1))
        return cls(piece, first, last, usual([person.appearance for person in people]))


def joined(pieces: Sequence[Piece], frames: int) -> list[Track]:
    """The tracks of people through a video of so many frames, pieces of the same person made one.

    A piece goes on as the one that begins a moment later where it ended, if nobody else is near; else as another one
    where all such links together are likelier, by far, than any others: by place and velocity, size and colours. What
    was seen only for a moment, or all the time on another body, is left out.
    """
    pieces = continued(pieces)
    lasting = _linked(continued([piece for piece in pieces if _lasts(piece)]))
    whole = _linked(lasting + [piece for piece in pieces if not _lasts(piece) and _alone(piece, lasting)])
    found = [piece for piece in whole if _lasts(piece)]
    return _without_phantoms([_track(piece, frames) for piece in found or whole])


def _lasts(piece: Piece) -> bool:
    return piece.times[-1] - piece.times[0] >= BRIEF and len(piece.rows) >= FEW


def _alone(piece: Piece, others: Sequence[Piece]) -> bool:
    """Whether none of the others, from their first sight to their last, is there at the time."""
    return all(piece.times[-1] < other.times[0] or other.times[-1] < piece.times[0] for other in others)


def _linked(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, those made one of which it is certain that they are the same person's."""
    ways = [_Way.of(piece) for piece in sorted(pieces, key=lambda piece: piece.times[0])]
    following = _links(np.array([[_surprise(a.last, b.first, a, b) for b in ways] for a in ways]))
    whole = {n: way.piece for n, way in enumerate(ways)}
    for n in range(len(ways)):
        if n in following:
            whole[following[n]] = whole.pop(n) + whole[following[n]]
    return list(whole.values())


def _track(piece: Piece, frames: int) -> Track:
    people = dict(zip(piece.rows, piece.people, strict=True))
    return Track(tuple(people.get(row) for row in range(frames)))


def _surprise(end: End, start: End, before: _Way, after: _Way) -> float:
    """How unlikely it is that somebody who ends so goes on so: minus log likelihood, infinite if it cannot be."""
    gap = start.time - end.time
    if gap <= 0:
        return np.inf
    size = float(np.sqrt(end.size * start.size))
    coasted = COASTING * (1 - np.exp(-gap / COASTING)) * (end.velocity + start.velocity) / 2
    off = float(np.linalg.norm(start.place - end.place - coasted)) / size
    resized = float(abs(np.log(start.size / end.size)))
    faded = colour_distance(before.colours, after.colours)
    if off > min(NEAR + PER_SECOND * gap, FAR) or resized > 2 * RESIZED or faded > SAME_CLOTHES:
        return np.inf
    turned = float(np.linalg.norm(start.velocity - end.velocity)) / size * np.exp(-gap / TURN_FORGOTTEN / 2)
    usual_off = min(OFF + OFF_PER_SECOND * gap, OFF_MOST)
    terms = np.array([off / usual_off, turned / TURN, resized / RESIZE, faded / FADE])
    return float((terms**2).sum() / 2)


def _links(costs: Floats) -> dict[int, int]:
    """From a piece to the one it goes on as, of costs (N, N); only what is certain."""
    if not costs.size:
        return {}
    gains = np.where(costs < UNLINKED, costs - UNLINKED, 0.0)
    alone = np.zeros((len(costs), len(costs)))  # the columns of those that do not go on
    pairs = cheapest_pairs(np.hstack([gains, alone]))
    links = {a: b for a, b in pairs if b < len(costs) and gains[a, b] < 0}
    return {a: b for a, b in links.items() if _certain(gains, links, a)}


def _certain(gains: Floats, links: dict[int, int], who: int) -> bool:
    """Whether the links are worse, by SURE, where this piece does not go on as it does, but another one so instead."""
    which, pieces = links[who], range(len(gains))
    kept = np.array([gains[piece, links[piece]] if piece in links else 0.0 for piece in pieces])
    swapped = np.array([gains[who, links[piece]] if piece in links else 0.0 for piece in pieces])
    worse = gains[:, which] + swapped - kept - kept[who]
    rivals = (gains[:, which] < 0) & (np.arange(len(gains)) != who)
    beginnings = np.setdiff1d(np.arange(len(gains)), list(links.values()))  # of those who go on from nobody
    others = gains[who, beginnings]
    return bool((worse[rivals] >= SURE).all() and (others[others < 0] - kept[who] >= SURE).all())


def _without_phantoms(tracks: list[Track]) -> list[Track]:
    """The tracks without those that lie, most of their life, on the body of somebody seen better."""
    ordered = sorted(tracks, key=_evidence, reverse=True)
    kept: list[Track] = []
    for track in ordered:
        if all(_together(track, other) < MOSTLY for other in kept):
            kept.append(track)
    return kept


def _evidence(track: Track) -> float:
    return sum(float(person.score.mean()) for person in track.people if person is not None)


def _together(track: Track, other: Track) -> float:
    """Share of a track's frames in which its trunk is where another one's is."""
    pairs = zip(track.people, other.people, strict=True)
    return sum(same_place(a, b) for a, b in pairs if a is not None and b is not None) / len(track.rows)
