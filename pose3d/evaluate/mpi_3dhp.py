"""The test set of MPI-INF-3DHP (Mehta et al. 2017): folders TS1 to TS6 with annot_data.mat."""
# pyright: reportMissingTypeStubs=false
# h5py has no types

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.camera import Camera
from pose3d.core.errors import ConfigError, DependencyError
from pose3d.core.poses import Pose2D
from pose3d.core.skeleton import H36M17
from pose3d.evaluate.sample import Sample

ANNOTATIONS = "annot_data.mat"
JOINTS = {
    "Head": 0, "Thorax": 1, "RShoulder": 2, "RElbow": 3, "RWrist": 4, "LShoulder": 5, "LElbow": 6, "LWrist": 7,
    "RHip": 8, "RKnee": 9, "RAnkle": 10, "LHip": 11, "LKnee": 12, "LAnkle": 13, "Pelvis": 14, "Spine": 15, "Neck": 16,
}  # fmt: skip
"""Ours by their number in the annotations."""
ACTIONS = ("Standing/Walking", "Exercise", "Sitting", "Crouch/Reach", "On the Floor", "Sports", "Miscellaneous")
"""Activity annotations 1 to 7."""
SIZES = {1: (2048, 2048), 2: (2048, 2048), 3: (2048, 2048), 4: (2048, 2048), 5: (1920, 1080), 6: (1920, 1080)}
FPS = 25.0


def is_here(folder: Path) -> bool:
    """Whether the folder holds the data set."""
    return any((folder / f"TS{number}" / ANNOTATIONS).is_file() for number in SIZES)


def samples(folder: Path, keypoints: str) -> Iterator[Sample]:
    """A sample per sequence, true 2D."""
    if keypoints != "gt":
        raise ConfigError("true_keypoints", path=folder, keypoints=keypoints)
    for number, size in SIZES.items():
        path = folder / f"TS{number}" / ANNOTATIONS
        if path.is_file():
            yield _sequence(path, size)


def _sequence(path: Path, size: tuple[int, int]) -> Sample:
    fields = _read(path, "annot2", "univ_annot3", "annot3", "valid_frame", "activity_annotation")
    order = [JOINTS[name] for name in H36M17.joints]
    frames = len(fields["annot2"])
    xy = fields["annot2"].reshape(frames, 17, 2)[:, order].astype(np.float32)
    target = fields["univ_annot3"].reshape(frames, 17, 3)[:, order].astype(np.float32) / 1000
    seen = fields["annot3"].reshape(frames, 17, 3)[:, order]
    valid, activity = fields["valid_frame"].reshape(-1) > 0, fields["activity_annotation"].reshape(-1)
    full = np.ones(xy.shape[:2], np.float32)
    pose = Pose2D(xy, full, full > 0, H36M17, FPS, solve_camera(seen[valid], xy[valid], size))
    names = np.array(["", *ACTIONS])
    return Sample(pose, target, np.where(valid, names[activity.astype(int).clip(0, len(ACTIONS))], ""))


def _read(path: Path, *names: str) -> dict[str, Floats]:
    """MATLAB 7.3 files are HDF5."""
    try:
        import h5py
    except ImportError as e:
        raise DependencyError("h5py_package") from e
    try:
        with h5py.File(path) as file:
            return {name: np.asarray(file[name]) for name in names}
    except (OSError, KeyError) as e:
        raise ConfigError("annotations_file", path=path, names=", ".join(names), reason=e) from e


def solve_camera(xyz: Floats, xy: Floats, size: tuple[int, int]) -> Camera:
    """The pinhole that sees points (N, J, 3) at pixels (N, J, 2): the files tell no intrinsics. Least squares."""
    (fx, cx), (fy, cy) = (_line((xyz[..., axis] / xyz[..., 2]).ravel(), xy[..., axis].ravel()) for axis in range(2))
    return Camera(*size, fx, fy, cx, cy)


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    """Slope and height at 0 of the line that lies nearest to points x (N,), y (N,)."""
    (slope, height), *_ = np.linalg.lstsq(np.stack([x, np.ones_like(x)], -1), y, rcond=None)
    return float(slope), float(height)
