"""Networks that PyTorch runs, as functions of arrays: those of published checkpoints, of whatever size they are."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from pose3d.core.arrays import Floats
from pose3d.io.models.tensors import from_numpy
from pose3d.lift.canonical import Networks
from pose3d.lift.canonical_net import CanonicalNets
from pose3d.lift.hdformer import Windows
from pose3d.lift.hdformer_net import HDFormerNet


def hdformer_windows(net: HDFormerNet, mean: Floats, std: Floats, device: str) -> Windows:
    """mean, std: of the answers, (17, 3)."""
    statistics = [from_numpy(values.T[None, :, None]).to(device) for values in (mean, std)]
    net.to(device)

    def answer(windows: Tensor) -> Tensor:
        return net(windows.permute(0, 3, 1, 2), *statistics).permute(0, 2, 3, 1)

    return _of_arrays(answer, device)


def canonical_networks(nets: CanonicalNets, device: str) -> Networks:
    """Both of them."""
    pose, trajectory = nets.to(device).model_pos, nets.model_traj
    return Networks(_of_arrays(pose, device), _of_arrays(trajectory, device), pose.receptive_field, pose.causal)


def _of_arrays(network: Callable[..., Tensor], device: str) -> Callable[..., Floats]:
    """The network, of arrays instead of tensors."""

    @torch.inference_mode()
    def called(*arrays: Floats) -> Floats:
        return network(*(from_numpy(array).to(device) for array in arrays)).cpu().contiguous().numpy()

    return called
