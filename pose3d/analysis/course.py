"""Which of several things is done when: the course that fits best, where each change has its price (Viterbi 1967)."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats, Ints

NEVER = 0.02
"""Of 1: how well what does not fit at all fits; a single frame must not rule out what fits all around it."""
CHANGE = 0.5
"""What a change costs: as much as an eighth of a second of what does not fit at all, so that what trembles about its
limit is told once."""


def best_course(fits: Floats, seconds: Floats) -> Ints:
    """(T,) which of A things is done at each frame; fits (T, A): 0..1; seconds (T,): how long each frame lasts."""
    gains: Floats = np.log(np.maximum(fits, NEVER)) * seconds[:, None]
    best: Floats = gains[0]
    came = np.zeros(fits.shape, int)
    for row in range(1, len(gains)):
        leader = int(best.argmax())
        changes = best[leader] - CHANGE > best
        came[row] = np.where(changes, leader, np.arange(len(best)))
        best = np.where(changes, best[leader] - CHANGE, best) + gains[row]
    return _traced(came, int(best.argmax()))


def _traced(came: Ints, last: int) -> Ints:
    """Back from the last frame."""
    course = np.empty(len(came), int)
    for row in range(len(came) - 1, -1, -1):
        course[row] = last
        last = came[row, last]
    return course
