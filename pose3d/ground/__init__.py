"""Which way is up, where the floor is, and what stands on it."""

from pose3d.ground.floor import clearance, floor_height
from pose3d.ground.ground import find_ground
from pose3d.ground.planted import plant
from pose3d.ground.shared import shared_world
from pose3d.ground.standing import Up, standing_up
from pose3d.ground.up import find_up, level_poses

__all__ = [
    "Up",
    "clearance",
    "find_ground",
    "find_up",
    "floor_height",
    "level_poses",
    "plant",
    "shared_world",
    "standing_up",
]
