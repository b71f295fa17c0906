"""HRNet that PyTorch runs: for a GPU that it alone has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from pose3d.core.arrays import Floats
from pose3d.detect.hrnet_net import HRNet
from pose3d.io.models.cache import STATE
from pose3d.io.models.tensors import from_numpy
from pose3d.io.models.weights import load_into, read_parts


def load_hrnet(path: Path, device: str) -> Callable[[Floats], Floats]:
    """The network in a checkpoint, as HRNetDetector has it; in half precision on a GPU. Raises WeightsError."""
    net = HRNet()
    load_into(net, read_parts(path, STATE)[STATE], path)
    dtype = torch.float16 if device == "cuda" else torch.float32
    net.to(device, dtype)

    @torch.inference_mode()
    def heatmaps(crops: Floats) -> Floats:
        answer: Tensor = net(from_numpy(crops).to(device, dtype))
        return answer.float().cpu().numpy()

    return heatmaps
