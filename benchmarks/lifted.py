"""Results without videos: true 2D joints through a camera, off as a detector's are, lifted and grounded."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np

from pose3d import Camera, Pose2D, Pose3D, Result, RunConfig
from pose3d.core.arrays import Bools, Floats
from pose3d.core.models import ModelInfo
from pose3d.core.skeleton import H36M17
from pose3d.core.smoothing import smooth
from pose3d.core.video import VideoInfo
from pose3d.ground import find_ground, find_up, level_poses, plant
from pose3d.lift.lifter import Lifter
from synthetic.clips import Clip

UNSTEADY = {"Hip": 0.9, "Knee": 1.05, "Ankle": 1.0, "Head": 0.7, "Shoulder": 0.85, "Elbow": 1.4, "Wrist": 1.35}
BIAS, DRIFT, JITTER = 0.03, 0.024, 0.012
"""Of UNIT, times UNSTEADY: BlazePose's own, which pose3d/train/noise.py has as DETECTOR_LEVEL of its figures."""
UNIT = 0.27
"""Of the diagonal of a body's box: the unit of those figures, 0.55 m of a standing adult."""
KNOTS = 0.27
"""Seconds between the knots of the drift."""
SHAKING = 0.02
"""Metres, standard deviation by axis."""
MIDDLES = {"Pelvis": ("LHip", "RHip"), "Thorax": ("LShoulder", "RShoulder")}
HALVES = {"Spine": ("Pelvis", "Thorax"), "Neck": ("Thorax", "Head")}


def seen(xyz: Floats, times: Floats, camera: Camera, seed: int | None = None, observed: Bools | None = None) -> Pose2D:
    """What a detector makes of joints xyz (T, 17, 3) in camera axes, smoothed as its poses are; no seed: the truth."""
    xy = camera.project(xyz)
    if seed is not None:
        xy = smooth(xy + _off(xy, times, np.random.default_rng(seed)), times)
    there = np.ones(xy.shape[:2], bool) if observed is None else observed
    return Pose2D(xy, there.astype(np.float32), there, H36M17, camera=camera, times=times)


def _off(xy: Floats, times: Floats, rng: np.random.Generator) -> Floats:
    """(T, 17, 2) pixels."""
    shape = xy.shape
    knots = np.arange(times[0], times[-1] + 2 * KNOTS, KNOTS)
    paths = rng.normal(size=(len(knots), shape[1] * 2))
    drift = np.stack([np.interp(times, knots, path) for path in paths.T], -1).reshape(shape)
    off = BIAS * rng.normal(size=shape[1:]) + DRIFT * drift + JITTER * rng.normal(size=shape)
    each = np.array([UNSTEADY.get(joint.lstrip("LR"), 0.0) for joint in H36M17.joints])
    size = float(np.median(np.linalg.norm(np.ptp(xy, axis=1), axis=-1)))
    off = off * each[:, None] * UNIT * size
    for middle, (one, other) in (MIDDLES | HALVES).items():
        off[:, H36M17.index(middle)] = off[:, H36M17.indices(one, other)].mean(1)
    return off


def lifted(lifter: Lifter, pose2d: Pose2D, name: str = "made up") -> Result:
    """As the pipeline makes a result of 2D joints, where no line in the picture tells which way is up."""
    return grounded(pose2d, lifter(pose2d), lifter.info, name)


def result_of(clip: Clip, lifter: Lifter, folder: Path | None = None) -> Result:
    """Of a generated clip, off as a detector is: lifted, or read from the folder, where it is kept."""
    kept = folder / clip.name if folder else None
    if kept and kept.exists():
        return Result.load(kept)
    xyz = clip.truth().xyz.astype(np.float64)
    result = lifted(lifter, seen(xyz, clip.times, clip.camera, zlib.crc32(clip.name.encode())), name=clip.name)
    if kept:
        result.save(kept)
    return result


def known(pose2d: Pose2D, xyz: Floats, seed: int) -> Result:
    """Without a lifter: joints xyz (T, 17, 3) in camera axes, each off by SHAKING, smoothed as lifted ones are."""
    shaken = xyz + SHAKING * np.random.default_rng(seed).normal(size=xyz.shape)
    shaken = smooth(shaken, pose2d.times)
    root, error = shaken[:, 0].copy(), np.zeros(len(xyz), np.float32)
    pose3d = Pose3D(
        shaken - root[:, None], root, pose2d.score, pose2d.observed, error, "relative", H36M17,
        camera=pose2d.camera, times=pose2d.times,
    )  # fmt: skip
    return grounded(pose2d, pose3d, ModelInfo("known", "0" * 64))


def grounded(pose2d: Pose2D, pose3d: Pose3D, lifter: ModelInfo, name: str = "made up") -> Result:
    """What the pipeline does after lifting."""
    up = find_up(pose3d)
    pose3d = level_poses(pose3d, up)
    ground = find_ground(pose3d, up, "auto")
    camera = pose2d.camera
    return Result(
        video=VideoInfo(Path(name), camera.width, camera.height, pose2d.times),
        config=RunConfig(),
        pose2d=pose2d,
        pose3d=pose3d,
        ground=ground,
        planted=plant(pose3d, ground),
        detector=ModelInfo("made up", "0" * 64),
        lifter=lifter,
    )
