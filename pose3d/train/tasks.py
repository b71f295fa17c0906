"""What each network is trained on: its inputs, its answers, its losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor, nn

from pose3d.io.models.tensors import from_numpy, norm
from pose3d.lift.canonical import held_frames
from pose3d.lift.canonical_net import own_nets
from pose3d.lift.hdformer_net import HDFormerNet
from pose3d.train.augment import View
from pose3d.train.centring import Centred, centre, moving_scale, window_scale
from pose3d.train.noise import add_noise

PATH_PAIRS = 2
"""Pairs of neighbouring frames in each window whose pelvis the trajectory network is asked for in a training step."""
PATH_WEIGHT = 0.2
"""Of the pelvis's error beside the joints'; it is in units of the apparent size, about twice as large as metres."""
STEP_WEIGHT = 5.0
"""Of the error of the pelvis's steps from frame to frame; frames are answered one by one, so the path trembles."""


def joint_error(predicted: Tensor, target: Tensor) -> Tensor:
    """Mean distance (metres) between joints (..., 3)."""
    return norm(predicted - target).mean()


def pose_loss(predicted: Tensor, target: Tensor, velocity_weight: float) -> Tensor:
    """Joint error of (B, T, 17, 3) plus the error of the joints' steps from frame to frame."""
    return joint_error(predicted, target) + velocity_weight * joint_error(predicted.diff(dim=1), target.diff(dim=1))


def narrow(device: str) -> torch.autocast:
    """Networks compute in bfloat16 on a GPU; the geometry around them never does."""
    return torch.autocast(device, torch.bfloat16, enabled=device != "cpu")


class Task(Protocol):
    """A lifter in training. Views come from the CPU, losses are on the network's device."""

    @property
    def net(self) -> nn.Module:
        """The network in training."""
        ...

    @property
    def parts(self) -> tuple[nn.Module, ...]:
        """Those modules of `net` that are called."""
        ...

    def loss(self, view: View, noise: float, velocity_weight: float) -> Tensor:
        """What a training step lowers; `noise` scales the 2D noise."""
        ...

    def error(self, net: nn.Module, view: View) -> Tensor:
        """Mean joint error in metres of `net`, a copy of the task's own, on true 2D."""
        ...


class HDFormerTask:
    """Person-centred rays of a window, of unit size, to metres in the camera turned to the pelvis."""

    def __init__(self, dropout: float, device: str):
        self.net = HDFormerNet(dropout=dropout).to(device)
        self.net.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] - torch omits it
        self.parts = (self.net,)
        self.device = device

    def loss(self, view: View, noise: float, velocity_weight: float) -> Tensor:
        centred = centre(view.rays)
        predicted = self._answer(self.net, add_noise(centred.rays / window_scale(centred.rays), noise))
        return pose_loss(predicted, _turned(view, centred).to(self.device), velocity_weight)

    def error(self, net: nn.Module, view: View) -> Tensor:
        centred = centre(view.rays)
        predicted = self._answer(net, centred.rays / window_scale(centred.rays))
        return joint_error(predicted.cpu(), _turned(view, centred))

    def _answer(self, net: nn.Module, inputs: Tensor) -> Tensor:
        mean, std = torch.zeros(1, 3, 1, 17, device=self.device), torch.ones(1, 3, 1, 17, device=self.device)
        with narrow(self.device):
            return net(inputs.permute(0, 3, 1, 2).to(self.device), mean, std).permute(0, 2, 3, 1).float()


class CanonicalTask:
    """Person-centred rays, of unit size around each frame, to metres; both networks at once.

    The trajectory network learns the pelvis in the camera turned to it, times the apparent size.
    """

    def __init__(self, dropout: float, device: str):
        self.net = own_nets(dropout).to(device)
        self.parts = (self.net.model_pos, self.net.model_traj)
        self.device = device
        self.margin = self.net.model_pos.receptive_field - 1

    def loss(self, view: View, noise: float, velocity_weight: float) -> Tensor:
        """Of the frames with a whole receptive field around them; windows must be longer than that."""
        centred = centre(view.rays)
        scale = moving_scale(centred.rays, self.margin + 1)
        seen = add_noise(centred.rays / scale, noise).to(self.device)
        inner = slice(self.margin // 2, seen.shape[1] - self.margin // 2)
        with narrow(self.device):
            predicted = self.net.model_pos(seen).float()
        value = pose_loss(predicted, _turned(view, centred)[:, inner].to(self.device), velocity_weight)
        path = (view.xyz[:, :, :1] @ centred.rotation.transpose(-1, -2))[:, :, 0] * scale[..., 0]
        return value + PATH_WEIGHT * self._path_error(seen, predicted.detach(), path[:, inner].to(self.device))

    def _path_error(self, seen: Tensor, poses: Tensor, target: Tensor) -> Tensor:
        frames = [int(t) for t in torch.randint(target.shape[1] - 1, (PATH_PAIRS,))]
        frames = [*frames, *(t + 1 for t in frames)]
        windows = torch.cat([seen[:, t : t + self.margin + 1].flatten(2) for t in frames])
        with narrow(self.device):
            found = self.net.model_traj(windows, torch.cat([poses[:, t].flatten(1) for t in frames])).float()
        error = found - torch.cat([target[:, t] for t in frames])
        now, then = error.chunk(2)
        return norm(error).mean() + STEP_WEIGHT * norm(then - now).mean()

    def error(self, net: nn.Module, view: View) -> Tensor:
        centred = centre(view.rays)
        seen = centred.rays / moving_scale(centred.rays, self.margin + 1)
        held = seen[:, from_numpy(held_frames(seen.shape[1], self.margin))]
        predicted = net.get_submodule("model_pos")(held.to(self.device))
        return joint_error((predicted - predicted[:, :, :1]).cpu(), _turned(view, centred))


def _turned(view: View, centred: Centred) -> Tensor:
    """(B, T, 17, 3): the joints from the pelvis, in the axes of the camera turned to it."""
    return (view.xyz - view.xyz[:, :, :1]) @ centred.rotation.transpose(-1, -2)


TASKS: dict[str, Callable[[float, str], Task]] = {"hdformer": HDFormerTask, "canonical": CanonicalTask}
