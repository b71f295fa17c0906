"""Lifters: a Pose2D in, a Pose3D out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pose3d.core.errors import ConfigError
from pose3d.core.files import is_file, is_folder
from pose3d.core.resources import ASSETS
from pose3d.io.models.cache import PUBLISHED_LIFTERS, fetched
from pose3d.io.models.devices import check_device, choose_device
from pose3d.lift.lifter import Lifter, OwnLifter


def load_lifter(name: str = "hdformer", device: str = "auto") -> Lifter:
    """A lifter by name, from a published model's folder or the weights file in it, or by its id once fetched.

    device: auto, cpu or cuda. Raises ConfigError for an unknown name or device, WeightsError when the weights are
    missing or damaged.
    """
    if name in LIFTERS:
        return LIFTERS[name](choose_device(device))
    check_device(device)
    given = is_folder(name) or is_file(name)
    if not given and name not in PUBLISHED_LIFTERS:
        known = ", ".join((*LIFTERS, *PUBLISHED_LIFTERS))
        raise ConfigError("unknown_model", name=name, known=known)
    from pose3d.lift.published import load

    return load(Path(name) if given else fetched(name), device)


def _hdformer(device: str) -> OwnLifter:
    from pose3d.lift.hdformer import load

    return load(ASSETS / "hdformer.safetensors", device)


def _canonical(device: str) -> OwnLifter:
    from pose3d.lift.canonical import load

    return load(ASSETS / "canonical.safetensors", device)


LIFTERS: dict[str, Callable[[str], OwnLifter]] = {"hdformer": _hdformer, "canonical": _canonical}

SECOND = {"hdformer": "canonical"}
"""Name of a lifter to the one that is asked, too; beside all others it is HDFormer."""


def load_second(name: str, device: str = "auto") -> OwnLifter:
    """The lifter to ask beside the one of that name. Raises as `load_lifter`."""
    return LIFTERS[SECOND.get(name, "hdformer")](choose_device(device))


__all__ = ["LIFTERS", "load_lifter", "load_second"]
