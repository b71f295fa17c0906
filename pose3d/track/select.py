"""Who of the people in a video is meant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.errors import ConfigError, NoPersonError
from pose3d.core.people import PersonSeen
from pose3d.track.people import Track
from pose3d.track.state import body_size


def ranked(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """The largest and longest in view first: by the sum over frames of apparent size times mean score."""
    return tuple(sorted(tracks, key=_weight, reverse=True))


def _weight(track: Track) -> float:
    return sum(body_size(person) * float(person.score.mean()) for person in track.people if person is not None)


def choose(tracks: Sequence[Track], number: int | None) -> int:
    """The number, from 1, of the person who is meant: the first where none is named.

    Raises NoPersonError where nobody was seen, ConfigError where there are not so many.
    """
    if not tracks:
        raise NoPersonError("nobody")
    if number is not None and number > len(tracks):
        raise ConfigError("no_such_person", number=number, people=len(tracks))
    return number or 1


def people_seen(tracks: Sequence[Track], times: Floats) -> tuple[PersonSeen, ...]:
    """The people in a few words, in the order of the tracks; times (T,) of the frames."""
    return tuple(_person_seen(number, track, times) for number, track in enumerate(tracks, 1))


def _person_seen(number: int, track: Track, times: Floats) -> PersonSeen:
    boxes = np.array([person.box for person in track.people if person is not None], np.float64)
    left, top, right, bottom = np.median(boxes, axis=0).tolist()
    rows = track.rows
    return PersonSeen(number, len(rows), float(times[rows[0]]), float(times[rows[-1]]), (left, top, right, bottom))
