"""HDFormer as a lifter: Pose2D in, Pose3D out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from pose3d.core.arrays import Floats
from pose3d.core.models import ModelInfo
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.io.models.tensors import from_numpy
from pose3d.io.models.weights import load_into, read_safetensors, sha256
from pose3d.lift.centring import centre, window_scale
from pose3d.lift.even import EvenPose
from pose3d.lift.finish import finish
from pose3d.lift.hdformer_net import HDFormerNet
from pose3d.lift.lifter import Defaults, Progress, ignore
from pose3d.lift.root import stature
from pose3d.lift.windows import over_windows

WINDOW, STRIDE = 96, 48
ADULT = 1.7
"""Metres: the stature assumed where a published network, whose scale is that of its pictures, is not told one."""


def load(path: Path, device: str) -> HDFormerLifter:
    """The lifter with weights of our own format. Raises WeightsError when they are missing or do not fit."""
    net = HDFormerNet()
    load_into(net, read_safetensors(path), path)
    return HDFormerLifter(net.to(device), ModelInfo("hdformer", sha256(path)), device)


@torch.inference_mode()
def both_ways(net: HDFormerNet, inputs: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """(B, T, 17, 2) to (B, T, 17, 3): the mean of the answers to a window and to its mirror image."""
    mirror = from_numpy(net.mirror)
    flip2, flip3 = torch.tensor([-1.0, 1.0]), torch.tensor([-1.0, 1.0, 1.0])
    both = torch.cat([inputs, inputs[:, :, mirror] * flip2]).permute(0, 3, 1, 2).to(mean.device)
    plain, mirrored = net(both, mean, std).permute(0, 2, 3, 1).cpu().chunk(2)
    return (plain + mirrored[:, :, mirror] * flip3) / 2


@dataclass(frozen=True)
class HDFormerLifter:
    """Our own weights: person-centred rays in, metres of an average adult out."""

    net: HDFormerNet
    info: ModelInfo
    device: str = "cpu"
    defaults: Defaults = field(default_factory=Defaults)

    def __call__(self, pose: Pose2D, height: float | None = None, progress: Progress = ignore) -> Pose3D:
        """As many poses out as in; height: the subject's stature in metres, if known."""
        return finish(pose, self.shapes(pose, progress), height, steadied=True)

    def shapes(self, pose: Pose2D, progress: Progress = ignore) -> Floats:
        """(T, J, 3) metres of an average adult in camera axes, pelvis at 0, as the network answers."""
        even = EvenPose.of(pose)
        centred = centre(from_numpy(pose.camera.rays(even.pose.xy)))
        turned = over_windows(centred.rays, WINDOW, STRIDE, self._lift, progress)
        return even.back((turned @ centred.rotation).numpy())  # rows times R: back from turned to camera axes

    def _lift(self, rays: Tensor) -> Tensor:
        mean, std = torch.zeros(1, 3, 1, 1, device=self.device), torch.ones(1, 3, 1, 1, device=self.device)
        return both_ways(self.net, rays / window_scale(rays), mean, std)


@dataclass(frozen=True)
class PublishedHDFormerLifter:
    """Published weights with their own statistics (mean and deviation, (17, 2) and (17, 3)), window and stride."""

    net: HDFormerNet
    info: ModelInfo
    device: str
    defaults: Defaults
    statistics_2d: tuple[Floats, Floats]
    statistics_3d: tuple[Floats, Floats]
    window: int
    stride: int

    def __call__(self, pose: Pose2D, height: float | None = None, progress: Progress = ignore) -> Pose3D:
        """As many poses out as in. The network's scale is that of its pictures, so an adult of 1.7 m is assumed."""
        mean, std = self.statistics_2d
        inputs = ((pose.camera.pinhole_rays(pose.xy - 0.5) - mean) / std).astype(np.float32)
        xyz = over_windows(from_numpy(inputs), self.window, self.stride, self._lift, progress).numpy()
        return finish(pose, xyz * (ADULT / stature(xyz, pose.skeleton)), height)

    def _lift(self, inputs: Tensor) -> Tensor:
        mean, std = (from_numpy(values.T[None, :, None]).to(self.device) for values in self.statistics_3d)
        return both_ways(self.net, inputs, mean, std)
