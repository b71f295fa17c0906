"""Results made up for tests: a stick figure that walks, and a small video of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from pose3d.core.camera import Camera
from pose3d.core.config import RunConfig
from pose3d.core.ground import CAMERA_UP, Ground
from pose3d.core.models import ModelInfo
from pose3d.core.people import PersonSeen
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.result import Result
from pose3d.core.skeleton import H36M17
from pose3d.core.video import VideoInfo
from pose3d.ground import floor_height
from pose3d.io.writer import VideoWriter

STANDING = {
    "Pelvis": (0, 0, 0), "Spine": (0, -0.25, 0), "Thorax": (0, -0.5, 0), "Neck": (0, -0.6, 0), "Head": (0, -0.75, 0),
    "RHip": (-0.13, 0, 0), "RKnee": (-0.13, 0.45, 0), "RAnkle": (-0.13, 0.9, 0),
    "LHip": (0.13, 0, 0), "LKnee": (0.13, 0.45, 0), "LAnkle": (0.13, 0.9, 0),
    "LShoulder": (0.17, -0.5, 0), "LElbow": (0.22, -0.22, 0), "LWrist": (0.24, 0.03, 0),
    "RShoulder": (-0.17, -0.5, 0), "RElbow": (-0.22, -0.22, 0), "RWrist": (-0.24, 0.03, 0),
}  # fmt: skip
"""Facing the camera, in camera axes: x right, y down, z forward."""

SWING = {"Knee": 0.2, "Ankle": 0.4, "Elbow": -0.15, "Wrist": -0.3}
"""Metres that a joint swings forward at most; the sides in turn."""


def walk(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Joints (T, 17, 3) with the pelvis at 0, and its path (T, 3), of someone who walks to the right at 1 m/s."""
    xyz = np.repeat(np.array([STANDING[j] for j in H36M17.joints], np.float32)[None], len(times), axis=0)
    for index, name in enumerate(H36M17.joints):
        sign = -1 if H36M17.sides[index] == "left" else 1
        xyz[:, index, 2] += sign * SWING.get(name[1:], 0) * np.sin(2 * np.pi * times)
    root = np.stack([times - times.mean(), 0 * times, 4 + 0 * times], axis=1)
    return xyz.astype(np.float32), root.astype(np.float32)


def made_up(times: np.ndarray, path: Path = Path("walk.mp4"), width: int = 160, height: int = 120) -> Result:
    """The walker as a result, without a video; every fifth left wrist was not observed."""
    camera = Camera.from_fov(width, height)
    xyz, root = walk(times)
    score, observed = np.ones(xyz.shape[:2], np.float32), np.ones(xyz.shape[:2], bool)
    observed[::5, H36M17.index("LWrist")] = False
    flat = camera.project(xyz + root[:, None])
    error = np.zeros(len(times), np.float32)
    pose3d = Pose3D(xyz, root, score, observed, error, "relative", H36M17, camera=camera, times=times)
    return Result(
        video=VideoInfo(path, width, height, times),
        config=RunConfig(),
        pose2d=Pose2D(flat, score, observed, H36M17, camera=camera, times=times),
        pose3d=pose3d,
        ground=Ground(CAMERA_UP.astype(np.float32), floor_height(pose3d, CAMERA_UP), 0.0),
        detector=ModelInfo("made up", "1" * 64),
        lifter=ModelInfo("made up", "0" * 64),
        people=(PersonSeen(1, len(times), float(times[0]), float(times[-1]), (60.0, 30.0, 100.0, 110.0)),),
        seconds={"detect": 1.0},
        versions={"pose3d": "0"},
    )


SQUAT = 1.5
"""Seconds from one squat to the next."""


def squatting(path: Path, flexions: tuple[float, ...], fps: float = 25.0) -> Result:
    """Somebody, filmed in grey, who squats once in SQUAT seconds, the knees bent by so many degrees at the lowest."""
    times = np.arange(round(len(flexions) * SQUAT * fps)) / fps
    result = walking(path, times)
    turn = np.array(flexions)[(times // SQUAT).astype(int)] * (1 - np.cos(2 * np.pi * times / SQUAT)) / 2
    half, thigh = np.radians(turn) / 2, STANDING["RKnee"][1]
    xyz = np.repeat(np.array([STANDING[j] for j in H36M17.joints], np.float64)[None], len(times), axis=0)
    for side in "LR":
        xyz[:, H36M17.index(f"{side}Knee"), 1:] = thigh * np.stack([np.cos(half), -np.sin(half)], -1)
        xyz[:, H36M17.index(f"{side}Ankle"), 1] = 2 * thigh * np.cos(half)
    up = xyz[..., 1] < 0  # the trunk leans half as far as the thighs
    xyz[..., 2] += np.where(up, xyz[..., 1], 0) * np.sin(half / 2)[:, None]
    xyz[..., 1] *= np.where(up, np.cos(half / 2)[:, None], 1)
    root = np.stack([0 * turn, 2 * thigh * (1 - np.cos(half)), 4 + 0 * turn], -1)
    pose = replace(result.pose3d, xyz=xyz.astype(np.float32), root=root.astype(np.float32))
    return replace(result, pose3d=pose)


def with_observed(result: Result, observed: np.ndarray) -> Result:
    """The same with other joints (T, 17) bool observed."""
    flat, solid = replace(result.pose2d, observed=observed), replace(result.pose3d, observed=observed)
    return replace(result, pose2d=flat, pose3d=solid)


def walking(path: Path, times: np.ndarray, width: int = 160, height: int = 120, start: float = 0.0) -> Result:
    """A result whose video, written to `path`, has grey frames at `times` (from 0); poses are from `start` on."""
    fps = 1 / float(np.diff(times).mean()) if len(times) > 1 else 25.0
    with VideoWriter(path, width, height, fps) as writer:
        for index, time in enumerate(times):
            writer.add(np.full((height, width, 3), 80 + index % 100, np.uint8), float(time))
    return made_up(times[times >= start - 1e-6], path, width, height)
