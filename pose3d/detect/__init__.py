"""2D detectors: frames in, one detection per frame out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from pose3d.core.errors import ConfigError
from pose3d.core.poses import check_shape
from pose3d.core.skeleton import H36M17
from pose3d.io.models.cache import HRNET, fetched
from pose3d.io.video import Frame


@dataclass(frozen=True)
class Keypoints:
    """One person in one picture, the joints of H36M17."""

    xy: np.ndarray
    """(17, 2) float32 pixels."""
    score: np.ndarray
    """(17,) float32, 0 to 1."""

    def __post_init__(self) -> None:
        check_shape("xy", self.xy, len(H36M17), 2)
        check_shape("score", self.score, len(H36M17))


@dataclass(frozen=True)
class Detection:
    """What was found in the frame at `time` seconds; None where the person was not."""

    time: float
    keypoints: Keypoints | None


class Detector(Protocol):
    """Finds one person, the same one, in every frame."""

    def detect(self, frames: Iterable[Frame]) -> Iterator[Detection]:
        """One detection for each frame, in order; holds no more frames than it needs."""
        ...


def load_detector(name: str, device: str = "cpu") -> Detector:
    """A detector by name, or HRNet from a published model folder; device: cpu or cuda.

    Raises ConfigError listing the valid names, WeightsError when the weights are missing or damaged.
    """
    if name in DETECTORS:
        return DETECTORS[name](device)
    if Path(name).is_dir():
        return _load_hrnet(Path(name), device)
    raise ConfigError(
        f"no detector {name!r}; there are {', '.join(DETECTORS)}, or give the folder of a published HRNet"
    )


def _blazepose(device: str) -> Detector:
    from pose3d.detect.blazepose import BlazePose

    return BlazePose()


def _hrnet(device: str) -> Detector:
    return _load_hrnet(fetched(HRNET), device)


def _load_hrnet(folder: Path, device: str) -> Detector:
    from pose3d.detect.hrnet import load

    return load(folder, device)


DETECTORS: dict[str, Callable[[str], Detector]] = {"blazepose": _blazepose, "hrnet": _hrnet}
