"""Human3.6M in the files that the field shares: data_3d_h36m.npz and data_2d_h36m_*.npz (of VideoPose3D).

Subjects S9 and S11, all actions, all four cameras; the trials of an action ("Walking", "Walking 1") count together.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.camera import Camera
from pose3d.core.errors import ConfigError
from pose3d.core.objects import is_object
from pose3d.core.poses import Pose2D
from pose3d.core.resources import read_yaml
from pose3d.core.rotations import Rotation
from pose3d.core.skeleton import H36M17
from pose3d.evaluate.objects import read_object
from pose3d.evaluate.sample import Sample

TARGETS = "data_3d_h36m.npz"
KEPT = [0, 1, 2, 3, 6, 7, 8, 12, 13, 14, 15, 17, 18, 19, 25, 26, 27]
"""Our 17 among the recorded 32 joints."""
FPS = 50.0


def is_here(folder: Path) -> bool:
    """Whether the folder holds the data set."""
    return (folder / TARGETS).is_file()


def samples(folder: Path, keypoints: str) -> Iterator[Sample]:
    """keypoints: the 2D file's ending, "gt" or that of a detector, for example "cpn_ft_h36m_dbb"."""
    path = folder / f"data_2d_h36m_{keypoints}.npz"
    if not path.is_file():
        there = ", ".join(sorted(p.stem.removeprefix("data_2d_h36m_") for p in folder.glob("data_2d_h36m_*.npz")))
        raise ConfigError("no_keypoints_file", path=path, folder=folder, known=there or "-")
    targets, seen = read_object(folder / TARGETS, "positions_3d"), read_object(path, "positions_2d")
    calibration = read_yaml("human36m.yaml")
    for subject, places in calibration["subjects"].items():
        for action, world in _items(targets, subject, folder / TARGETS):
            views = dict(_items(seen, subject, path)).get(action)
            if views is None or len(views) < len(places):
                raise ConfigError("action_views", path=path, action=action, subject=subject, cameras=len(places))
            for lens, place, xy in zip(calibration["cameras"], places, views, strict=False):
                yield _sample(action.split(" ")[0], np.asarray(world), np.asarray(xy), lens, place)


def _items(content: Any, subject: str, path: Path) -> list[tuple[str, Any]]:
    actions = content.get(subject) if is_object(content) else None
    if not is_object(actions):
        raise ConfigError("no_subject", path=path, subject=subject)
    return list(actions.items())


def _sample(action: str, world: Floats, xy: Floats, lens: dict[str, Any], place: dict[str, Any]) -> Sample:
    """world (T, 32 or 17, 3) metres; xy (T' >= T, 17, 2) pixels, whose surplus at the end is dropped, as usual."""
    kept = world[:, KEPT] if world.shape[1] == 32 else world
    w, *axis = place["orientation"]
    to_camera = Rotation.from_quat([*axis, w]).inv()
    away = kept - np.array(place["position"]) / 1000
    target = to_camera.apply(away.reshape(-1, 3)).reshape(kept.shape).astype(np.float32)
    (width, height), (fx, fy), (cx, cy) = lens["size"], lens["focal"], lens["centre"]
    camera = Camera(width, height, fx, fy, cx, cy, tuple(lens["distortion"]))
    joints = xy[: len(target), :, :2].astype(np.float32)
    full = np.ones(joints.shape[:2], np.float32)
    pose = Pose2D(joints, full, full > 0, H36M17, FPS, camera)
    return Sample(pose, target, np.full(len(target), action))
