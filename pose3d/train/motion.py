"""Reads motion capture for training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.errors import ConfigError
from pose3d.core.skeleton import H36M17
from pose3d.train.bvh import FPS, read_bvh


@dataclass(frozen=True)
class MotionClip:
    """One recorded motion. positions: (T, 17, 3) float32, metres, x right, y down, z forward, floor near y = 0."""

    name: str
    positions: Floats
    fps: float
    holdout: bool


HOLDOUT_EVERY = 10
"""Of a folder's BVH files, every tenth, the first among them, is for validation."""


def load_motion(path: Path) -> list[MotionClip]:
    """The clips of an npz file (see `_load_npz`) or of the BVH files in a folder. Raises ConfigError."""
    clips = _load_folder(path) if path.is_dir() else _load_npz(path)
    if len({clip.holdout for clip in clips}) < 2:
        raise ConfigError("two_clips", path=path)
    return clips


def _load_folder(path: Path) -> list[MotionClip]:
    files = sorted(path.rglob("*.bvh"))
    if not files:
        raise ConfigError("no_bvh", path=path)
    return [
        MotionClip(file.relative_to(path).as_posix(), read_bvh(file), FPS, n % HOLDOUT_EVERY == 0)
        for n, file in enumerate(files)
    ]


def _load_npz(path: Path) -> list[MotionClip]:
    """Clips of an npz with positions (N, 17, 3) in metres with z up, clip_starts, clip_names, holdout, joints, fps."""
    try:
        with np.load(path, allow_pickle=False) as data:
            fields = {key: data[key] for key in data.files}
        joints = list(fields["joints"])
    except (OSError, ValueError, KeyError) as e:
        raise ConfigError("motion_file", path=path, reason=e) from e
    if joints != list(H36M17.joints):
        raise ConfigError("motion_joints", path=path, joints=", ".join(joints), expected=", ".join(H36M17.joints))
    x, y, z = np.moveaxis(fields["positions"].astype(np.float32), -1, 0)
    positions = np.stack([x, -z, y], -1)
    pieces = np.split(positions, fields["clip_starts"][1:])
    return [
        MotionClip(str(name), piece, float(fields["fps"]), bool(holdout))
        for name, piece, holdout in zip(fields["clip_names"], pieces, fields["holdout"], strict=True)
    ]
