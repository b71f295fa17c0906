"""Which device runs a network: that is another question to ONNX Runtime than to PyTorch."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable

from pose3d.core.errors import ConfigError
from pose3d.core.resources import ASSETS

DEVICES = ("auto", "cpu", "cuda")
CPU_BUILD = "+cpu"
"""The end of PyTorch's version where it was built without GPUs."""
SMALL = ASSETS / "blazepose" / "detector.onnx"
"""The graph that it is tried with whether ONNX Runtime can use a GPU."""


def choose_device(device: str) -> str:
    """For what ONNX Runtime runs: auto becomes cuda where ONNX Runtime has a GPU, else cpu. Raises ConfigError."""
    return _chosen(device, _onnx_has_gpu)


def torch_device(device: str) -> str:
    """For what PyTorch runs: auto becomes cuda where PyTorch has a GPU, else cpu. Raises ConfigError."""
    return _chosen(device, _torch_has_gpu)


def onnx_runs(device: str) -> bool:
    """Whether ONNX Runtime is to run what PyTorch could as well: always, but on a GPU that only PyTorch can use."""
    check_device(device)
    return device == "cpu" or _onnx_has_gpu() or not _torch_has_gpu()


def check_device(device: str) -> None:
    """Raises ConfigError where it is none of the names."""
    if device not in DEVICES:
        raise ConfigError("unknown_device", name=device, known=", ".join(DEVICES))


def _chosen(device: str, has_gpu: Callable[[], bool]) -> str:
    check_device(device)
    if device == "cpu":
        return device
    if not has_gpu():
        if device == "cuda":
            raise ConfigError("no_gpu")
        return "cpu"
    return "cuda"


def _onnx_has_gpu() -> bool:
    from pose3d.io.models.runner import gpu_works

    return gpu_works(SMALL)


def _torch_has_gpu() -> bool:
    if importlib.metadata.version("torch").endswith(CPU_BUILD):
        return False  # told without loading it
    import torch

    return torch.cuda.is_available()
