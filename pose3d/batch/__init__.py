"""Many videos, on one machine or on many."""

from pose3d.batch.rows import Row
from pose3d.batch.whole import map_videos

__all__ = ["Row", "map_videos"]
