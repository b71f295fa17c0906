"""The whole way from a video to a Result; no other module knows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from pose3d.core.camera import Camera
from pose3d.core.errors import ConfigError
from pose3d.core.poses import Pose2D
from pose3d.core.result import Result
from pose3d.detect import Detection, Detector, load_detector
from pose3d.ground.up import upright
from pose3d.io.video import WHOLE, Span, VideoInfo, frames, probe
from pose3d.lift import Lifter, choose_device, load_lifter
from pose3d.track.refine import refine

Progress = Callable[[str, int, int], None]
"""Called with the stage (detect or lift), frames done and frames in all."""

TALLEST = 2.6
"""Metres: no stature above is accepted."""


def no_progress(stage: str, done: int, total: int) -> None:
    """The default progress callback."""


def never() -> bool:
    """The default answer to whether to stop."""
    return False


@dataclass(frozen=True)
class Found:
    """The person in the picture, frame by frame: what lifting starts from. seconds: wall time by stage."""

    video: VideoInfo
    pose2d: Pose2D
    seconds: dict[str, float]


@dataclass(frozen=True)
class Pipeline:
    """A detector and a lifter, loaded once and used for any number of videos."""

    detector: Detector
    lifter: Lifter

    def __call__(
        self,
        video: str | Path,
        *,
        span: Span = WHOLE,
        camera: Camera | None = None,
        fov: float | None = None,
        height: float | None = None,
        level: bool = False,
        progress: Progress = no_progress,
    ) -> Result:
        """One pose per frame of the span: `find`, then `lift`. Raises Pose3DError."""
        check_height(height)
        found = self.find(video, span=span, camera=camera, fov=fov, progress=progress)
        return self.lift(found, height=height, level=level, progress=progress)

    def find(
        self,
        video: str | Path,
        *,
        span: Span = WHOLE,
        camera: Camera | None = None,
        fov: float | None = None,
        progress: Progress = no_progress,
        stop: Callable[[], bool] = never,
    ) -> Found:
        """The person's joints in every frame of the span, or in those before `stop` said so. Raises Pose3DError.

        camera (any size, same shape as the video) or fov (degrees) if known; without either the lifter's own camera is
        taken, if it has one.
        """
        watch = Stopwatch()
        info = probe(video, span)
        lens = _camera(info, camera, fov, self.lifter.defaults.camera)
        with watch("detect"):
            detections = self._detect(info, span, progress, stop)
            pose2d = refine(detections, info.fps, lens)
        info = replace(info, timestamps=np.array([d.time for d in detections]))
        return Found(info, pose2d, watch.seconds)

    def lift(
        self, found: Found, *, height: float | None = None, level: bool = False, progress: Progress = no_progress
    ) -> Result:
        """A third dimension for all that was found. Raises ConfigError.

        height: the subject's stature in metres, which makes the result's units metres. level: undo the tilt of the
        camera, as `pose3d.ground.up` estimates it.
        """
        check_height(height)
        watch = Stopwatch()
        with watch("lift"):
            pose3d = self.lifter(found.pose2d, height, lambda done, total: progress("lift", done, total))
            pose3d = upright(pose3d) if level else pose3d
        return Result(found.video, found.pose2d, pose3d, found.seconds | watch.seconds, self.lifter.info)

    def _detect(self, info: VideoInfo, span: Span, progress: Progress, stop: Callable[[], bool]) -> list[Detection]:
        detections = []
        for detection in self.detector.detect(frames(info.path, span)):
            detections.append(detection)
            progress("detect", len(detections), max(len(info), len(detections)))
            if stop():
                break
        return detections


def check_height(height: float | None) -> None:
    """Raises ConfigError unless it is a person's, in metres."""
    if height is not None and not 0.3 <= height <= TALLEST:
        raise ConfigError(f"the subject's height must lie between 0.3 and {TALLEST} m, got {height:g}")


def pipeline(model: str = "hdformer", *, detector: str = "blazepose", device: str = "auto") -> Pipeline:
    """Loads a lifter and a detector by name; device: auto, cpu or cuda. Raises ConfigError, WeightsError."""
    return Pipeline(load_detector(detector, choose_device(device)), load_lifter(model, device))


def _camera(info: VideoInfo, camera: Camera | None, fov: float | None, default: Camera | None) -> Camera:
    if camera and fov is not None:
        raise ConfigError("give either a camera or a field of view, not both")
    if camera:
        return camera.scaled(info.width, info.height)
    if default and fov is None:
        return default.adapted(info.width, info.height)
    return Camera.from_fov(info.width, info.height, *([] if fov is None else [fov]))


@dataclass
class Stopwatch:
    """Seconds of wall time by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Adds the block's time to the stage."""
        start = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start
