"""CanonicalPose3D as a lifter: Pose2D in, Pose3D with the network's own pelvis path out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from pose3d.lift import Defaults, Progress, ignore
from pose3d.lift.canonical_net import PoseNet, TrajectoryNet
from pose3d.lift.finish import finish
from pose3d.poses import Pose2D, Pose3D
from pose3d.result import ModelInfo

CHUNK = 512
"""Frames lifted at once."""
WINDOWS = 16
"""Windows given to the trajectory network at once."""


@dataclass(frozen=True)
class CanonicalLifter:
    """Screen coordinates to poses, canonical coordinates and poses to the pelvis path; metres.

    offsets, canonical: the published switches USE_2D_OFFSETS and USE_CANONICAL_COORDS.
    """

    pose_net: PoseNet
    trajectory_net: TrajectoryNet
    info: ModelInfo
    device: str
    defaults: Defaults
    offsets: bool
    canonical: bool

    def __call__(self, pose: Pose2D, height: float | None = None, progress: Progress = ignore) -> Pose3D:
        """As many poses out as in; height: the subject's stature in metres, if known."""
        screen = screen_coordinates(pose)
        seen = self._padded(_offsets(screen) if self.offsets else screen)
        placed = self._padded(pose.camera.pinhole_rays(pose.xy) if self.canonical else screen).flatten(1)
        xyz, root = [], []
        margin = self.pose_net.receptive_field - 1
        for start in range(0, len(pose), CHUNK):
            stop = min(start + CHUNK, len(pose))
            poses = self._poses(seen[start : stop + margin])
            xyz.append(poses)
            root.append(self._path(placed[start : stop + margin], poses))
            progress(stop, len(pose))
        joints = torch.cat(xyz).numpy()
        return finish(pose, joints - joints[:, :1], height, torch.cat(root).numpy() + joints[:, 0])

    def _padded(self, clip: np.ndarray) -> Tensor:
        """(T + receptive field - 1, ...): the first and last frame held, all of it in front where causal."""
        margin = self.pose_net.receptive_field - 1
        before = margin if self.pose_net.causal else margin // 2
        around = [(before, margin - before), *[(0, 0)] * (clip.ndim - 1)]
        return torch.from_numpy(np.pad(clip, around, mode="edge").astype(np.float32))

    @torch.inference_mode()
    def _poses(self, clip: Tensor) -> Tensor:
        return self.pose_net(clip[None].to(self.device))[0].cpu()

    @torch.inference_mode()
    def _path(self, clip: Tensor, poses: Tensor) -> Tensor:
        windows = clip.unfold(0, self.pose_net.receptive_field, 1).mT
        pairs = zip(windows.split(WINDOWS), poses.flatten(1).split(WINDOWS), strict=True)
        return torch.cat([self.trajectory_net(w.to(self.device), p.to(self.device)).cpu() for w, p in pairs])


def screen_coordinates(pose: Pose2D) -> np.ndarray:
    """(T, J, 2): -1 to 1 across the picture's width, the same scale downwards."""
    width, height = pose.camera.width, pose.camera.height
    return pose.xy / width * 2 - [1, height / width]


def _offsets(screen: np.ndarray) -> np.ndarray:
    """Joints relative to the pelvis, which is 0."""
    return screen - screen[:, :1]
