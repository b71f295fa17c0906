"""Turns an ordinary video of a person into 3D motion."""

from typing import TYPE_CHECKING, Any

from pose3d.core.camera import Camera
from pose3d.core.config import RunConfig
from pose3d.core.errors import Pose3DError
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17, Skeleton
from pose3d.core.video import Span
from pose3d.lift import load_lifter
from pose3d.pipeline import pipeline
from pose3d.version import __version__

if TYPE_CHECKING:
    from pose3d.batch import map_videos

__all__ = [
    "H36M17",
    "Camera",
    "Pose2D",
    "Pose3D",
    "Pose3DError",
    "Result",
    "RunConfig",
    "Skeleton",
    "Span",
    "__version__",
    "load_lifter",
    "map_videos",
    "pipeline",
]


def __getattr__(name: str) -> Any:
    """What loads more packages than most need comes when it is used."""
    if name != "map_videos":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pose3d.batch import map_videos

    return map_videos
