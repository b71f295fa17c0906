"""2D detectors: frames in, everybody in each frame out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pose3d.core.errors import ConfigError
from pose3d.core.files import is_file, is_folder
from pose3d.detect.people import Detection, Detector, Person
from pose3d.io.models.cache import HRNET, fetched
from pose3d.io.models.devices import check_device, choose_device

__all__ = ["DETECTORS", "Detection", "Detector", "Person", "load_detector"]


def load_detector(name: str = "blazepose", device: str = "auto") -> Detector:
    """A detector by name, or HRNet from a published model's folder or the weights file in it.

    device: auto, cpu or cuda. Raises ConfigError listing the valid names, WeightsError when the weights are missing or
    damaged.
    """
    check_device(device)
    if name in DETECTORS:
        return DETECTORS[name](device)
    if is_folder(name) or is_file(name):
        return _load_hrnet(Path(name), device)
    raise ConfigError("unknown_detector", name=name, known=", ".join(DETECTORS))


def _blazepose(device: str) -> Detector:
    from pose3d.detect.blazepose import load

    return load("blazepose", "heavy", choose_device(device))


def _blazepose_full(device: str) -> Detector:
    from pose3d.detect.blazepose import load

    return load("blazepose-full", "full", choose_device(device))


def _hrnet(device: str) -> Detector:
    return _load_hrnet(fetched(HRNET), device)


def _load_hrnet(place: Path, device: str) -> Detector:
    from pose3d.detect.hrnet import load

    return load(place, device)


DETECTORS: dict[str, Callable[[str], Detector]] = {
    "blazepose": _blazepose,
    "blazepose-full": _blazepose_full,
    "hrnet": _hrnet,
}
