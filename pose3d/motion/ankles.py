"""How feet turn: as they were seen, else flat where they stand, else square to the shin."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.scientific import Rotation
from pose3d.motion.turns import directions, further, relative, swing

UP, AHEAD = np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0])

FADE = 5
"""Frames in which a foot leaves the floor's plane, and what was seen of it fades."""
LOWEST, HIGHEST = np.radians([-30, -25, -25]), np.radians([50, 25, 25])
"""What an ankle can do about the foot's axes from the right, up and ahead: toes up and down, turned, tilted."""


def ankle(shin: Rotation, stands: Bools, toes: Floats) -> Rotation:
    """T rotations in the world. shin: of the lower leg; stands: (T,); toes: (T, 3) unit from the heel, 0 if unseen."""
    seen = np.linalg.norm(toes, axis=-1) > 0
    free = further(shin, _as_seen(shin, seen, toes))
    level = relative(shin, swing(free, UP, np.tile(UP, (len(toes), 1))))
    possible = np.clip(level, LOWEST, HIGHEST)
    possible += fade(seen)[:, None] * (level - possible)
    flat = further(shin, possible)
    return further(free, relative(free, flat) * fade(stands)[:, None])


def fade(flags: Bools) -> Floats:
    """(T,) 1 where flags (T,) say so, falling to 0 over FADE frames before and after."""
    marked = np.flatnonzero(flags)
    if not len(marked):
        return np.zeros(len(flags))
    frames = np.arange(len(flags))
    after = np.searchsorted(marked, frames)
    next_one, last_one = marked[np.minimum(after, len(marked) - 1)], marked[np.maximum(after - 1, 0)]
    distance = np.minimum(np.abs(next_one - frames), np.abs(frames - last_one))
    return np.maximum(0.0, 1 - distance / (FADE + 1))


def _as_seen(shin: Rotation, seen: Bools, toes: Floats) -> Floats:
    """(T, 3) rotation vectors of the foot against the shin; in gaps those on the way between, far from any 0."""
    frames = np.arange(len(toes))
    if not seen.any():
        return np.zeros((len(toes), 3))
    turns = relative(shin, swing(shin, AHEAD, directions(toes, shin.apply(AHEAD))))
    bridged: list[Floats] = [np.interp(frames, frames[seen], values) for values in turns[seen].T]
    return np.stack(bridged, axis=1) * fade(seen)[:, None]
