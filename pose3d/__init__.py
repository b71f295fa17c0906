"""Turns an ordinary video of a person into 3D motion."""

from pose3d.camera import Camera
from pose3d.errors import Pose3DError
from pose3d.lift import load_lifter
from pose3d.pipeline import pipeline
from pose3d.poses import Pose2D, Pose3D
from pose3d.result import Result
from pose3d.skeleton import H36M17, Skeleton
from pose3d.version import __version__
from pose3d.video import Span

__all__ = [
    "H36M17",
    "Camera",
    "Pose2D",
    "Pose3D",
    "Pose3DError",
    "Result",
    "Skeleton",
    "Span",
    "__version__",
    "load_lifter",
    "pipeline",
]
