"""The whole way from a video to a Result; no other module knows it."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.camera import Camera
from pose3d.core.config import RunConfig
from pose3d.core.lines import Lines
from pose3d.core.memory import give_back
from pose3d.core.models import ModelInfo
from pose3d.core.people import PersonSeen
from pose3d.core.prefetch import prefetch
from pose3d.core.progress import Progress, never, no_progress
from pose3d.core.result import Result
from pose3d.core.video import Frame, VideoInfo, camera_moves
from pose3d.detect import Detector, load_detector
from pose3d.detect.lines import PictureLines
from pose3d.detect.shift import PictureShift
from pose3d.ground import find_ground, find_up, level_poses, plant, standing_up
from pose3d.io.models.cache import HRNET
from pose3d.io.video import frames, probe
from pose3d.lift import load_lifter, load_second
from pose3d.lift.disagreement import disagreement
from pose3d.lift.lifter import Defaults, Lifter, OwnLifter
from pose3d.track import Track, choose, limb_ends, people_seen, refine, track
from pose3d.version import __version__

PACKAGES = ("numpy", "onnxruntime", "av")
"""Whose versions a result tells: of what our own networks are run by."""


@dataclass(frozen=True)
class Found:
    """Everybody in the video, frame by frame: what lifting starts from."""

    video: VideoInfo
    """Its times are those of the frames that were looked at."""
    tracks: tuple[Track, ...]
    """The largest and longest in view first."""
    people: tuple[PersonSeen, ...]
    """The same people in a few words."""
    shift: Floats
    """(T,) how far the background has moved: see Result."""
    lines: Lines
    detector: ModelInfo
    seconds: dict[str, float]
    """Wall time by stage."""


@dataclass(frozen=True)
class Pipeline:
    """A detector and a lifter, loaded once and used for any number of videos.

    second: a lifter that is asked, too, so that the verdict knows where both are unsure.
    """

    detector: Detector
    lifter: Lifter
    second: OwnLifter | None = None

    def __call__(
        self, video: str | Path, config: RunConfig | None = None, *, progress: Progress = no_progress, **settings: Any
    ) -> Result:
        """One pose per frame: `find`, then `lift`. Raises Pose3DError.

        config, or single settings by name (`pipeline()(path, height=1.72)`): those of RunConfig; its model, detector
        and device were chosen when the pipeline was loaded.
        """
        config = (config or RunConfig()).but(**settings)
        return self.lift(self.find(video, config, progress=progress), config, progress=progress)

    def find(
        self,
        video: str | Path,
        config: RunConfig,
        *,
        progress: Progress = no_progress,
        stop: Callable[[], bool] = never,
    ) -> Found:
        """Everybody's joints in every frame of the span, or in those before `stop` said so. Raises Pose3DError."""
        config = filled(config, self.lifter.defaults)
        watch = Stopwatch()
        info = probe(video, config.span, config.orientation)
        watched = _Watched(frames(video, config.span, config.orientation), len(info), progress, stop)
        with watch("detect"), closing(prefetch(watched)) as coming:
            tracks = track(self.detector.detect(coming))
        seen = replace(
            info,
            times=np.array(watched.times),
            ends_early=info.ends_early or (not watched.stopped and watched.fell_short),
        )
        give_back()
        people = people_seen(tracks, seen.times)
        shift, lines = watched.shift.at(seen.times), watched.lines.found
        return Found(seen, tracks, people, shift, lines, self.detector.info, watch.seconds)

    def everybody(
        self, video: str | Path, config: RunConfig | None = None, *, progress: Progress = no_progress, **settings: Any
    ) -> tuple[Result, ...]:
        """As a call, for each of the people in the video, the largest and longest in view first. Raises Pose3DError."""
        config = (config or RunConfig()).but(**settings)
        found = self.find(video, config, progress=progress)
        numbers = range(1, max(len(found.tracks), 1) + 1)  # where there is nobody, `lift` says so
        return tuple(self.lift(found, config.but(person=number), progress=progress) for number in numbers)

    def lift(self, found: Found, config: RunConfig, *, progress: Progress = no_progress) -> Result:
        """A third dimension for the person that config names, and the ground under them. Raises Pose3DError."""
        config = filled(config, self.lifter.defaults)
        watch = Stopwatch()
        chosen = choose(found.tracks, config.person)
        with watch("lift"):
            pose2d = refine(found.tracks[chosen - 1], found.video.times, _camera(found.video, config))
            pose3d = self.lifter(pose2d, config.height, lambda done, total: progress("lift", done, total))
            apart = disagreement(pose3d, self.second, pose2d) if self.second else None
            moves = camera_moves(found.shift)
            up = standing_up(pose3d) if moves else find_up(pose3d, found.lines)
            pose3d = level_poses(pose3d, up)
            ground = find_ground(pose3d, up, config.level)
            planted = None if moves else plant(pose3d, ground, limb_ends(found.tracks[chosen - 1]))
        give_back()
        return Result(
            video=found.video,
            config=config,
            pose2d=pose2d,
            pose3d=pose3d,
            ground=ground,
            planted=planted,
            camera_shift=found.shift,
            disagreement=apart,
            detector=found.detector,
            lifter=self.lifter.info,
            people=found.people,
            person=chosen,
            seconds=found.seconds | watch.seconds,
            versions=versions(),
        )


class _Watched:
    """Frames on their way to the detector: tells how far they are, keeps what all tell, ends where work shall stop."""

    def __init__(self, source: Iterator[Frame], total: int, progress: Progress, stop: Callable[[], bool]):
        self._source, self._total, self._progress, self._stop = source, total, progress, stop
        self.times: list[float] = []
        self.shift, self.lines = PictureShift(), PictureLines()
        self.stopped = False

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._source:
            self.times.append(frame.time)
            self.shift.see(frame)
            self.lines.see(frame)
            yield frame
            self._progress("detect", len(self.times), max(self._total, len(self.times)))
            self.stopped = self._stop()
            if self.stopped:
                return

    @property
    def fell_short(self) -> bool:
        """Whether there were fewer frames than the file promised."""
        return len(self.times) < self._total


def pipeline(model: str = "hdformer", *, detector: str = "blazepose", device: str = "auto") -> Pipeline:
    """Loads lifters and a detector by name; device: auto, cpu or cuda. Raises ConfigError, WeightsError."""
    lifters = load_lifter(model, device), load_second(model, device)
    return Pipeline(load_detector(detector, device), *lifters)


def check_model(name: str, folder: Path) -> None:
    """Loads a published model's folder, to see whether it is one. Raises WeightsError."""
    if name == HRNET:
        load_detector(str(folder))
    else:
        load_lifter(str(folder))


def filled(config: RunConfig, defaults: Defaults) -> RunConfig:
    """The settings with the model's own where its user says nothing."""
    own = {
        "max_frames": defaults.max_frames,
        "azimuth": defaults.azimuth,
        "elevation": defaults.elevation,
        "camera": None if config.fov is not None else defaults.camera,
    }
    return config.but(**{name: value for name, value in own.items() if getattr(config, name) is None})


def versions() -> dict[str, str]:
    """Version by package, of those that make a result what it is."""
    return {"pose3d": __version__, "python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def _camera(video: VideoInfo, config: RunConfig) -> Camera:
    if config.camera is not None:
        return config.camera.fitted(video.width, video.height)
    if config.fov is not None:
        return Camera.from_fov(video.width, video.height, config.fov)
    return Camera.from_fov(video.width, video.height)


@dataclass
class Stopwatch:
    """Seconds of wall time by stage."""

    seconds: dict[str, float] = field(default_factory=dict[str, float])

    @contextmanager
    def __call__(self, stage: str) -> Generator[None]:
        """Adds the block's time to the stage."""
        start = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start
