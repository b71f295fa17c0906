"""A result as a humanoid: in its own frames, or at other times."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats, Ints
from pose3d.core.presence import absent, stand_ins
from pose3d.core.result import Result
from pose3d.motion.humanoid import Humanoid, solve


def animated(result: Result) -> Humanoid:
    """In the result's own frames. While nobody is there it holds its last pose, and its first before it comes."""
    return animated_at(result, result.world, np.arange(len(result)), result.pose3d.fps)


def animated_at(result: Result, world: Floats, source: Ints, fps: float) -> Humanoid:
    """The same in other frames, fps per second.

    world: (N, J, 3) metres; source: (N,) the result's frame whose flags hold there.
    """
    there = stand_ins(absent(result.pose2d)[source])
    world, planted = world[there], result.planted
    if planted is None:
        return solve(world, result.pose3d.skeleton, fps=fps)
    feet, hands = (None if ends is None else ends[source[there]] for ends in (planted.feet, planted.hands))
    return solve(world, result.pose3d.skeleton, planted.stands[source[there]], feet, hands, fps)
