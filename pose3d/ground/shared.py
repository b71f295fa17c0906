"""Several people of one video in the world of one of them."""

from __future__ import annotations

from pose3d.core.arrays import Floats
from pose3d.core.result import Result
from pose3d.ground.floor import floor_height

SAME_FLOOR = (0.75, 1.33)
"""How many times as far away somebody may be as their own result says, to stand on the others' floor: statures are
assumed, and so are distances. Who would have to be moved farther stands on something else, or higher up."""


def shared_world(result: Result, other: Result) -> Floats:
    """(T, J, 3) float32 metres: `other`, of the same video, in the axes of `result.world`, on the same floor if it can.

    Seen from the camera, somebody who is twice as large and twice as far away looks the same, so that the floor tells.
    """
    ground, placed = result.ground, other.ground.camera_space(other.world)
    own = floor_height(other.pose3d, ground.up)
    scale = ground.floor / own if own else 0.0
    return ground.world(placed * (scale if SAME_FLOOR[0] <= scale <= SAME_FLOOR[1] else 1.0))
