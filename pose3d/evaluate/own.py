"""A folder of our own: NAME.json with xyz (T, 17, 3) metres in camera space, camera, fps and joint_names.

This is the truth beside the example clips. The 2D joints are the true ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pose3d.core.camera import Camera
from pose3d.core.errors import ConfigError
from pose3d.core.poses import Pose2D
from pose3d.core.skeleton import H36M17
from pose3d.evaluate.sample import Sample


def is_here(folder: Path) -> bool:
    """Whether the folder holds such files."""
    return any(folder.glob("*.json"))


def samples(folder: Path, keypoints: str) -> Iterator[Sample]:
    """A sample per file; its action is the file's name."""
    if keypoints != "gt":
        raise ConfigError("true_keypoints", path=folder, keypoints=keypoints)
    for path in sorted(folder.glob("*.json")):
        yield _sample(path)


def _sample(path: Path) -> Sample:
    try:
        content = json.loads(path.read_text())
        order = [content["joint_names"].index(name) for name in H36M17.joints]
        target = np.array(content["xyz"], np.float32)[:, order]
        camera, fps = Camera.from_fields(content["camera"]), float(content["fps"])
        xy = camera.project(target)
        full = np.ones(xy.shape[:2], np.float32)
        pose = Pose2D(xy, full, full > 0, H36M17, fps, camera)
        return Sample(pose, target, np.full(len(target), path.stem))
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as e:
        raise ConfigError("truth_file", path=path, reason=e) from e
