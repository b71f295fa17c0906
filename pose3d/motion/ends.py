"""How feet and hands turn: as they were seen, else feet square to the shin and hands along the forearm."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.geometry import unit
from pose3d.core.ground import HEIGHT
from pose3d.core.rotations import Rotation
from pose3d.motion.turns import directions, further, relative, swing

UP = np.array([0.0, 1.0, 0.0])

FADE = 0.2
"""Seconds in which a foot leaves the floor's plane, and what was seen of a foot or hand fades."""
SOLE, TOES, HEEL = 0.2, 0.43, 0.15
"""Of the shin: how far the sole is below the ankle, and reaches ahead of it and behind (synthetic/avatar_ends.py)."""
LOWEST, HIGHEST = np.radians([-40, -45, -35]), np.radians([50, 45, 35])
"""How far an ankle lets a foot lie flat, about the axes to the left, up and ahead: toes up and down, turned, tilted."""


def end(base: Rotation, rest: Floats, seen: Floats, fps: float) -> Rotation:
    """T rotations in the world of what a limb ends in, a hand or a foot that hangs free.

    base: of the limb's last bone; rest: (3,) where the end points if it does not turn against it; seen: (T, 3) unit
    vectors where it was seen to point, 0 elsewhere. There it moves on between the sightings, far from any not at all.
    fps: frames per second.
    """
    known = np.linalg.norm(seen, axis=-1) > 0
    if not known.any():
        return base
    turns = relative(base, swing(base, rest, directions(seen, base.apply(rest))))
    frames = np.arange(len(seen))
    bridged: list[Floats] = [np.interp(frames, frames[known], values) for values in turns[known].T]
    return further(base, np.stack(bridged, axis=1) * fade(known, fps)[:, None])


def on_floor(foot: Rotation, shin: Rotation, stands: Bools, fps: float) -> Rotation:
    """The same foot, but flat where it stands (T,), as far as the ankle lets it; fps: frames per second."""
    level = relative(shin, swing(foot, UP, np.tile(UP, (len(stands), 1))))
    flat = further(shin, np.clip(level, LOWEST, HIGHEST))
    return further(foot, relative(foot, flat) * fade(stands, fps)[:, None])


def above_floor(foot: Rotation, height: Floats, shin: float) -> Rotation:
    """The same foot with neither toes nor heel in the floor, which is at 0: at most flat, for the ankle is where it is.

    height: (T,) metres of the ankle; shin: metres.
    """
    lowest = -np.maximum(height, SOLE * shin)
    for ahead in (-HEEL, TOES):
        point = shin * np.array([0.0, -SOLE, ahead])
        reached = foot.apply(point)
        level = reached * [1, 0, 1]
        raised = np.maximum(reached[:, HEIGHT], lowest)
        flat = unit(level) * np.sqrt(np.maximum(point @ point - raised**2, 0))[:, None]
        end = unit(flat + raised[:, None] * UP)
        foot = swing(foot, unit(point), np.where((raised > reached[:, HEIGHT])[:, None], end, unit(reached)))
    return foot


def fade(flags: Bools, fps: float) -> Floats:
    """(T,) 1 where flags (T,) say so, falling to 0 over FADE seconds before and after."""
    marked = np.flatnonzero(flags)
    if not len(marked):
        return np.zeros(len(flags))
    frames = np.arange(len(flags))
    after = np.searchsorted(marked, frames)
    next_one, last_one = marked[np.minimum(after, len(marked) - 1)], marked[np.maximum(after - 1, 0)]
    distance = np.minimum(np.abs(next_one - frames), np.abs(frames - last_one))
    return np.maximum(0.0, 1 - distance / (FADE * fps))
