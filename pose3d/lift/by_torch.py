"""Published lifters that PyTorch runs, as functions of arrays: built otherwise, or for a GPU that it alone has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from pose3d.core.arrays import Floats
from pose3d.io.models.cache import PATH, POSES, STATE
from pose3d.io.models.tensors import from_numpy
from pose3d.io.models.weights import load_into, read_parts
from pose3d.lift.canonical import Networks
from pose3d.lift.canonical_net import CanonicalNets, PoseNet, TrajectoryNet
from pose3d.lift.folders import CanonicalSwitches, HDFormerSwitches
from pose3d.lift.hdformer import Windows
from pose3d.lift.hdformer_net import HDFormerNet


def load_hdformer(path: Path, device: str, switches: HDFormerSwitches, statistics: tuple[Floats, Floats]) -> Windows:
    """The network in a checkpoint; statistics: its answers' mean and deviation, (17, 3) each.

    Raises WeightsError, ValueError where the switches are of no network that is built.
    """
    net = HDFormerNet(**switches.model_dump())
    load_into(net, read_parts(path, STATE)[STATE], path)
    return hdformer_windows(net, *statistics, device)


def load_canonical(path: Path, device: str, switches: CanonicalSwitches) -> Networks:
    """Both networks in a checkpoint. Raises WeightsError, ValueError as `load_hdformer`."""
    with torch.device("meta"):  # without memory: `load_into` gives it to them where the weights are as large
        pose = PoseNet(switches.FILTER_WIDTHS, switches.CHANNELS, switches.CAUSAL, switches.DENSE, switches.DROPOUT)
        nets = CanonicalNets(pose, TrajectoryNet(pose.receptive_field, dropout=switches.DROPOUT))
    states = read_parts(path, POSES, PATH)
    load_into(nets.model_pos, states[POSES], path)
    load_into(nets.model_traj, states[PATH], path)
    return canonical_networks(nets, device)


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
