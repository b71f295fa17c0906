"""Lifters: a Pose2D in, a Pose3D out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pose3d.config import ASSETS
from pose3d.errors import ConfigError
from pose3d.poses import Pose2D, Pose3D
from pose3d.result import ModelInfo

Progress = Callable[[int, int], None]
"""Called with frames done and frames in all."""


class Lifter(Protocol):
    """Gives every 2D pose a third dimension."""

    @property
    def info(self) -> ModelInfo:
        """Its name and the digest of its weights."""
        ...

    def __call__(self, pose: Pose2D, height: float | None = None, progress: Progress = ...) -> Pose3D:
        """As many poses out as in; height: the subject's stature in metres, if known."""
        ...


def load_lifter(name: str = "hdformer", device: str = "auto") -> Lifter:
    """A lifter by name, its weights loaded. device: auto, cpu or cuda.

    Raises ConfigError for an unknown name or device, WeightsError when the weights are missing or damaged.
    """
    if name not in LIFTERS:
        raise ConfigError(f"no model {name!r}; there are {', '.join(LIFTERS)}")
    return LIFTERS[name](choose_device(device))


def choose_device(device: str) -> str:
    """auto becomes cuda where there is a GPU, else cpu."""
    import torch

    if device not in ("auto", "cpu", "cuda"):
        raise ConfigError(f"no device {device!r}; there are auto, cpu, cuda")
    available = torch.cuda.is_available()
    if device == "cuda" and not available:
        raise ConfigError("there is no CUDA GPU here; choose the device cpu or auto")
    return ("cuda" if available else "cpu") if device == "auto" else device


def _hdformer(device: str) -> Lifter:
    from pose3d.lift.hdformer import load

    return load(ASSETS / "hdformer.safetensors", device)


LIFTERS: dict[str, Callable[[str], Lifter]] = {"hdformer": _hdformer}

__all__ = ["LIFTERS", "Lifter", "choose_device", "load_lifter"]
