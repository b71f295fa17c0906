"""Turns an ordinary video of a person into 3D motion."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pose3d.version import __version__

if TYPE_CHECKING:
    from pose3d.batch.whole import map_videos
    from pose3d.core.camera import Camera
    from pose3d.core.config import RunConfig
    from pose3d.core.errors import Pose3DError
    from pose3d.core.poses import Pose2D, Pose3D
    from pose3d.core.result import Result
    from pose3d.core.skeleton import H36M17, Skeleton
    from pose3d.core.video import Span
    from pose3d.lift import load_lifter
    from pose3d.pipelines import pipeline

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

_HOMES = {
    "H36M17": "core.skeleton",
    "Camera": "core.camera",
    "Pose2D": "core.poses",
    "Pose3D": "core.poses",
    "Pose3DError": "core.errors",
    "Result": "core.result",
    "RunConfig": "core.config",
    "Skeleton": "core.skeleton",
    "Span": "core.video",
    "load_lifter": "lift",
    "map_videos": "batch.whole",
    "pipeline": "pipelines",
}
"""The module that is imported when a name is first asked for: nobody waits for what they do not use (PEP 562)."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
