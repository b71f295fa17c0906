"""CanonicalPose3D as a lifter: Pose2D in, Pose3D with the network's own pelvis path out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from pose3d.core.arrays import Floats
from pose3d.core.models import ModelInfo
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.skeleton import H36M17
from pose3d.io.models.tensors import from_numpy, split, unflatten
from pose3d.io.models.weights import load_into, read_safetensors, sha256
from pose3d.lift.canonical_net import PoseNet, TrajectoryNet
from pose3d.lift.centring import centre, moving_scale
from pose3d.lift.even import EvenPose
from pose3d.lift.finish import finish
from pose3d.lift.lifter import Defaults, Progress, ignore
from pose3d.lift.root import smooth_path

FILTER_WIDTHS, CHANNELS, PATH_CHANNELS = (3, 3, 3, 3), 512, 96
"""Our own weights: a receptive field of 81 frames, 9 MB in half precision."""
CHUNK = 512
"""Frames lifted at once."""
WINDOWS = 32
"""Windows given to the trajectory network at once."""
JITTER = 0.03
"""Metres by which neighbouring answers of the trajectory network disagree, as a rule."""
MIRROR, FLIP = from_numpy(H36M17.mirror), torch.tensor([-1.0, 1.0, 1.0])


class CanonicalNets(torch.nn.Module):
    """The two networks, under the names that they have in a published checkpoint."""

    def __init__(self, pose: PoseNet, trajectory: TrajectoryNet):
        super().__init__()
        self.model_pos, self.model_traj = pose, trajectory

    @torch.inference_mode()
    def over_clip(self, seen: Tensor, placed: Tensor, device: str, progress: Progress) -> tuple[Tensor, Tensor]:
        """Poses (B, T, J, 3) and pelvis paths (B, T, 3) of clips of 2D joints (B, T, J, 2), in chunks of frames.

        seen: what the pose network is shown, placed: what the trajectory network is shown.
        """
        xyz, margin = self.poses(seen, device), self.model_pos.receptive_field - 1
        frames, placed = seen.shape[1], hold_ends(placed.flatten(2), margin, self.model_pos.causal)
        path: list[Tensor] = []
        for start in range(0, frames, CHUNK):
            stop = min(start + CHUNK, frames)
            windows = placed[:, start : stop + margin].unfold(1, margin + 1, 1).mT.flatten(0, 1)
            poses = xyz[:, start:stop].to(device).flatten(2).flatten(0, 1)
            path.append(unflatten(self._path(windows, poses), 0, (len(seen), -1)))
            progress(stop, frames)
        return xyz, torch.cat(path, 1)

    @torch.inference_mode()
    def poses(self, seen: Tensor, device: str) -> Tensor:
        """As the first of `over_clip`: the pose network alone, which takes a twentieth of the time of both."""
        frames, margin = seen.shape[1], self.model_pos.receptive_field - 1
        held = hold_ends(seen, margin, self.model_pos.causal)
        chunks = (held[:, start : min(start + CHUNK, frames) + margin] for start in range(0, frames, CHUNK))
        return torch.cat([self.model_pos(chunk.to(device)).cpu() for chunk in chunks], 1)

    def _path(self, windows: Tensor, poses: Tensor) -> Tensor:
        pairs = zip(split(windows, WINDOWS), split(poses, WINDOWS), strict=True)
        return torch.cat([self.model_traj(window.to(pose.device), pose).cpu() for window, pose in pairs])


def hold_ends(clip: Tensor, frames: int, causal: bool = False) -> Tensor:
    """(B, T, ...) to (B, T + frames, ...): the first and last frame held; where causal, only the first."""
    before = frames if causal else frames // 2
    index = torch.arange(-before, clip.shape[1] + frames - before).clamp(0, clip.shape[1] - 1)
    return clip[:, index]


def load(path: Path, device: str) -> CanonicalLifter:
    """The lifter with weights of our own format. Raises WeightsError when they are missing or do not fit."""
    nets = own_nets()
    load_into(nets, read_safetensors(path), path)
    return CanonicalLifter(nets.to(device), ModelInfo("canonical", sha256(path)), device)


def own_nets(dropout: float = 0.0) -> CanonicalNets:
    """Networks of the size of our own weights."""
    pose = PoseNet(FILTER_WIDTHS, CHANNELS, dropout=dropout)
    return CanonicalNets(pose, TrajectoryNet(pose.receptive_field, PATH_CHANNELS, dropout=dropout))


@dataclass(frozen=True)
class CanonicalLifter:
    """Our own weights: person-centred rays in; metres of an average adult, and the pelvis's distance, out.

    Rays are divided by their size, as it is around each frame. The trajectory network answers in the camera that looks
    at the pelvis, with the distance times that size, which is nearly the same for everybody wherever they stand.
    """

    nets: CanonicalNets
    info: ModelInfo
    device: str = "cpu"
    defaults: Defaults = field(default_factory=Defaults)

    def __call__(self, pose: Pose2D, height: float | None = None, progress: Progress = ignore) -> Pose3D:
        """As many poses out as in; height: the subject's stature in metres, if known."""
        even, asked = EvenPose.of(pose), self._asked(pose)
        xyz, paths = self.nets.over_clip(asked.both, asked.both, self.device, progress)
        root = (paths[0] + paths[1] * FLIP) / 2 / asked.scale[..., 0]
        path = smooth_path(even.back((root[:, None] @ asked.rotation)[:, 0].numpy()), JITTER, pose.times)
        return finish(pose, even.back(asked.joints(xyz)), height, path, steadied=True)

    def shapes(self, pose: Pose2D, progress: Progress = ignore) -> Floats:
        """(T, J, 3) metres of an average adult in camera axes, pelvis at 0, as the network answers."""
        asked = self._asked(pose)
        return EvenPose.of(pose).back(asked.joints(self.nets.poses(asked.both, self.device)))

    def _asked(self, pose: Pose2D) -> _Asked:
        centred = centre(from_numpy(pose.camera.rays(EvenPose.of(pose).pose.xy)))
        scale = moving_scale(centred.rays, self.nets.model_pos.receptive_field)
        plain = centred.rays / scale
        both = torch.stack([plain, plain[:, MIRROR] * FLIP[:2]])
        return _Asked(both, scale, centred.rotation)


@dataclass(frozen=True, eq=False)
class _Asked:
    """What our own networks are shown at even times. both: (2, T, J, 2), joints and their mirror image."""

    both: Tensor
    scale: Tensor
    """(T, 1, 1), by which rays were divided."""
    rotation: Tensor
    """(T, 3, 3) from camera axes to those that look at the pelvis, of rows."""

    def joints(self, xyz: Tensor) -> Floats:
        """(T, J, 3) in camera axes, pelvis at 0: the mean of both answers (2, T, J, 3)."""
        joints = (xyz[0] + xyz[1][:, MIRROR] * FLIP) / 2
        return ((joints - joints[:, :1]) @ self.rotation).numpy()


@dataclass(frozen=True)
class PublishedCanonicalLifter:
    """Published weights: screen coordinates to poses, canonical coordinates and poses to the pelvis path; metres.

    offsets, canonical: the published switches USE_2D_OFFSETS and USE_CANONICAL_COORDS.
    """

    nets: CanonicalNets
    info: ModelInfo
    device: str
    defaults: Defaults
    offsets: bool
    canonical: bool

    def __call__(self, pose: Pose2D, height: float | None = None, progress: Progress = ignore) -> Pose3D:
        """As many poses out as in; height: the subject's stature in metres, if known."""
        screen = screen_coordinates(pose)
        seen = screen - screen[:, :1] if self.offsets else screen
        placed = pose.camera.pinhole_rays(pose.xy) if self.canonical else screen
        found = self.nets.over_clip(_clip(seen), _clip(placed), self.device, progress)
        xyz, path = (answer[0].numpy() for answer in found)
        return finish(pose, xyz - xyz[:, :1], height, path + xyz[:, 0])


def _clip(values: Floats) -> Tensor:
    return from_numpy(values.astype(np.float32))[None]


def screen_coordinates(pose: Pose2D) -> Floats:
    """(T, J, 2): -1 to 1 across the picture's width, the same scale downwards."""
    width, height = pose.camera.width, pose.camera.height
    return pose.xy / width * 2 - [1, height / width]
