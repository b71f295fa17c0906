"""HDFormer as a lifter: Pose2D in, Pose3D out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.models import ModelInfo
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.skeleton import H36M17
from pose3d.io.models.graphs import load_own
from pose3d.lift.centring import centre, window_scale
from pose3d.lift.even import EvenPose
from pose3d.lift.finish import finish
from pose3d.lift.lifter import Defaults, Progress, ignore
from pose3d.lift.root import stature
from pose3d.lift.windows import over_windows

GRAPH = "hdformer.onnx"
WINDOW, STRIDE = 96, 48
ADULT = 1.7
"""Metres: the stature assumed where a published network, whose scale is that of its pictures, is not told one."""
FLIP_2D, FLIP_3D = np.array([-1, 1], np.float32), np.array([-1, 1, 1], np.float32)
"""Left to right, beside the exchange of the joints."""

Windows = Callable[[Floats], Floats]
"""A network: windows (B, T, 17, 2) to (B, T, 17, 3), float32."""


def load(path: Path, device: str) -> HDFormerLifter:
    """The lifter with weights of our own and the graph beside them. Raises WeightsError as `load_own`."""
    info, (network,) = load_own(path, device, {"": GRAPH})
    return HDFormerLifter(lambda windows: network(windows)["answer"], info)


def both_ways(network: Windows, inputs: Floats) -> Floats:
    """(B, T, 17, 2) to (B, T, 17, 3): the mean of the answers to a window and to its mirror image."""
    mirror = H36M17.mirror
    plain, mirrored = np.split(network(np.concatenate([inputs, inputs[:, :, mirror] * FLIP_2D])), 2)
    return (plain + mirrored[:, :, mirror] * FLIP_3D) / 2


@dataclass(frozen=True)
class HDFormerLifter:
    """Our own weights: person-centred rays in, metres of an average adult out."""

    network: Windows
    info: ModelInfo
    defaults: Defaults = field(default_factory=Defaults)

    def __call__(self, pose: Pose2D, height: float | None = None, progress: Progress = ignore) -> Pose3D:
        """As many poses out as in; height: the subject's stature in metres, if known."""
        return finish(pose, self.shapes(pose, progress), height, steadied=True)

    def shapes(self, pose: Pose2D, progress: Progress = ignore) -> Floats:
        """(T, J, 3) metres of an average adult in camera axes, pelvis at 0, as the network answers."""
        even = EvenPose.of(pose)
        centred = centre(pose.camera.rays(even.pose.xy))
        turned = over_windows(centred.rays, WINDOW, STRIDE, self._lift, progress)
        return even.back(turned @ centred.rotation)  # rows times R: back from turned to camera axes

    def _lift(self, rays: Floats) -> Floats:
        return both_ways(self.network, rays / window_scale(rays))


@dataclass(frozen=True)
class PublishedHDFormerLifter:
    """Published weights with their own statistics (mean and deviation of rays, (17, 2) each), window and stride."""

    network: Windows
    info: ModelInfo
    defaults: Defaults
    statistics: tuple[Floats, Floats]
    window: int
    stride: int

    def __call__(self, pose: Pose2D, height: float | None = None, progress: Progress = ignore) -> Pose3D:
        """As many poses out as in. The network's scale is that of its pictures, so an adult of 1.7 m is assumed."""
        mean, std = self.statistics
        inputs = ((pose.camera.pinhole_rays(pose.xy - 0.5) - mean) / std).astype(np.float32)
        xyz = over_windows(inputs, self.window, self.stride, self._lift, progress)
        return finish(pose, xyz * (ADULT / stature(xyz, pose.skeleton)), height)

    def _lift(self, inputs: Floats) -> Floats:
        return both_ways(self.network, inputs)
