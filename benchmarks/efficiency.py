"""How large and how fast the networks are: parameters, GFLOP and latency per 96-frame window, at batch 1 and 16.

python -m benchmarks.efficiency [--device auto] [--repeats 10]

All in PyTorch, as published checkpoints are run; how our own are served is told by benchmarks/served.py.

A multiplication and its addition count as two FLOP. CanonicalPose3D as published sees 243 frames, ours 81; its
trajectory network answers for one frame at a time, so a window costs 96 of its answers.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from typing import Any

import torch
import typer
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from pose3d.detect.hrnet_net import HRNet
from pose3d.io.models.devices import torch_device
from pose3d.lift.canonical_net import PoseNet, TrajectoryNet, own_nets
from pose3d.lift.hdformer_net import HDFormerNet

FRAMES = 96

Call = Callable[[Any, int, str], Tensor]


def hdformer(net: HDFormerNet, batch: int, device: str) -> Tensor:
    mean, std = torch.zeros(1, 3, 1, 1, device=device), torch.ones(1, 3, 1, 1, device=device)
    return net(torch.randn(batch, 2, FRAMES, 17, device=device), mean, std)


def pose(net: PoseNet, batch: int, device: str) -> Tensor:
    return net(torch.randn(batch, FRAMES + net.receptive_field - 1, 17, 2, device=device))


def trajectory(net: TrajectoryNet, batch: int, device: str) -> Tensor:
    return net(torch.randn(batch, *net.shape_2d, device=device), torch.randn(batch, 51, device=device))


def hrnet(net: HRNet, batch: int, device: str) -> Tensor:
    return net(torch.randn(batch, 3, 128, 128, device=device))


NETWORKS: dict[str, tuple[Callable[[], nn.Module], Call]] = {
    "HDFormer, 96 frames": (HDFormerNet, hdformer),
    "CanonicalPose3D poses, 96 frames": (PoseNet, pose),
    "CanonicalPose3D path, 1 frame": (TrajectoryNet, trajectory),
    "the same, ours, poses, 96 frames": (lambda: own_nets().model_pos, pose),
    "the same, ours, path, 1 frame": (lambda: own_nets().model_traj, trajectory),
    "HRNet, 1 picture": (HRNet, hrnet),
}


@torch.inference_mode()
def measure(net: nn.Module, call: Call, batch: int, device: str, repeats: int) -> float:
    """Median seconds of a call after one to warm up."""
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        call(net, batch, device).sum().item()  # waits for a GPU to finish
        times.append(time.perf_counter() - start)
    return sorted(times[1:])[repeats // 2]


def main(device: str = "auto", repeats: int = 10) -> None:
    """Prints a line per network."""
    device = torch_device(device)
    where = torch.cuda.get_device_name() if device == "cuda" else f"{platform.machine()} CPU, {os.cpu_count()} cores"
    print(f"on {where}, torch {torch.__version__}, single precision, random weights")
    print(f"{'':<34} {'parameters':>11} {'GFLOP':>8} {'ms, batch 1':>12} {'ms each, batch 16':>18}")
    for name, (build, call) in NETWORKS.items():
        net = build().eval().to(device)
        with torch.inference_mode(), FlopCounterMode(display=False) as counter:
            call(net, 1, device)
        millions = sum(p.numel() for p in net.parameters()) / 1e6
        one, many = (1000 * measure(net, call, batch, device, repeats) / batch for batch in (1, 16))
        print(f"{name:<34} {millions:>9.2f} M {counter.get_total_flops() / 1e9:>8.3f} {one:>12.1f} {many:>18.1f}")


if __name__ == "__main__":
    typer.run(main)
