"""Reads motion capture for training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pose3d.errors import ConfigError
from pose3d.skeleton import H36M17


@dataclass(frozen=True)
class MotionClip:
    """One recorded motion. positions: (T, 17, 3) float32, metres, x right, y down, z forward, floor near y = 0."""

    name: str
    positions: np.ndarray
    fps: float
    holdout: bool


def load_motion(path: Path) -> list[MotionClip]:
    """Clips of an npz with positions (N, 17, 3) in metres with z up, clip_starts, clip_names, holdout, joints, fps.

    Raises ConfigError when the file cannot be read or holds other joints.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            fields = {key: data[key] for key in data.files}
    except (OSError, ValueError) as e:
        raise ConfigError(f"{path} is not a motion file that can be read; pass the .npz file: {e}") from e
    if list(fields["joints"]) != list(H36M17.joints):
        raise ConfigError(f"{path} holds the joints {list(fields['joints'])}, expected {list(H36M17.joints)}")
    x, y, z = np.moveaxis(fields["positions"].astype(np.float32), -1, 0)
    positions = np.stack([x, -z, y], -1)
    pieces = np.split(positions, fields["clip_starts"][1:])
    return [
        MotionClip(str(name), piece, float(fields["fps"]), bool(holdout))
        for name, piece, holdout in zip(fields["clip_names"], pieces, fields["holdout"], strict=True)
    ]
