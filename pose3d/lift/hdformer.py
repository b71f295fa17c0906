"""HDFormer as a lifter: Pose2D in, Pose3D out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from pose3d.lift.centring import centre, window_scale
from pose3d.lift.hdformer_net import HDFormerNet
from pose3d.lift.root import reprojection_error, solve_root, stature
from pose3d.lift.windows import over_windows
from pose3d.poses import Pose2D, Pose3D
from pose3d.result import ModelInfo
from pose3d.weights import load_into, read_safetensors, sha256

WINDOW, STRIDE = 96, 48


def load(path: Path, device: str) -> HDFormerLifter:
    """The lifter with weights of our own format. Raises WeightsError when they are missing or do not fit."""
    net = HDFormerNet()
    load_into(net, read_safetensors(path), path)
    return HDFormerLifter(net.to(device), ModelInfo("hdformer", sha256(path)), device)


def ignore(done: int, total: int) -> None:
    """A progress callback that does nothing."""


@dataclass(frozen=True)
class HDFormerLifter:
    """Our own weights: person-centred rays in, metres of an average adult out."""

    net: HDFormerNet
    info: ModelInfo
    device: str = "cpu"

    def __call__(
        self, pose: Pose2D, height: float | None = None, progress: Callable[[int, int], None] = ignore
    ) -> Pose3D:
        """As many poses out as in; height: the subject's stature in metres, if known."""
        rays = pose.camera.rays(pose.xy)
        centred = centre(torch.from_numpy(rays))
        turned = over_windows(centred.rays, WINDOW, STRIDE, self._lift, progress)
        xyz = (turned @ centred.rotation).numpy()  # rows times R: back from turned to camera axes
        scale = height / stature(xyz, pose.skeleton) if height else 1.0
        xyz = (xyz * scale).astype(np.float32)
        root = solve_root(xyz, rays, pose.score, pose.fps)
        return Pose3D(
            xyz=xyz,
            root=root,
            score=pose.score,
            observed=pose.observed,
            reprojection_error=reprojection_error(xyz + root[:, None], pose),
            units="metre" if height else "relative",
            skeleton=pose.skeleton,
            fps=pose.fps,
            camera=pose.camera,
        )

    @torch.inference_mode()
    def _lift(self, rays: Tensor) -> Tensor:
        """(B, T, 17, 2) to (B, T, 17, 3), averaged over the windows and their mirror images."""
        mirror = torch.from_numpy(self.net.mirror)
        flip2, flip3 = torch.tensor([-1.0, 1.0]), torch.tensor([-1.0, 1.0, 1.0])
        inputs = rays / window_scale(rays)
        both = torch.cat([inputs, inputs[:, :, mirror] * flip2]).permute(0, 3, 1, 2).to(self.device)
        mean, std = torch.zeros(1, 3, 1, 1, device=self.device), torch.ones(1, 3, 1, 1, device=self.device)
        plain, mirrored = self.net(both, mean, std).permute(0, 2, 3, 1).cpu().chunk(2)
        return (plain + mirrored[:, :, mirror] * flip3) / 2
