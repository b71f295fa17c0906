"""What is known of a video; reading one is `pose3d.io.video`'s work."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pose3d.core.arrays import ArrayEquality, Floats, Picture
from pose3d.core.errors import ConfigError
from pose3d.core.times import SAME_TIME, check_times, median_rate


@dataclass(frozen=True)
class Span:
    """Which part of a video is wanted. start, end: seconds; max_frames: at most so many."""

    start: float = 0.0
    end: float | None = None
    max_frames: int | None = None

    def __post_init__(self) -> None:
        if self.start < 0 or (self.end is not None and self.end <= self.start):
            raise ConfigError("span_order", start=self.start, end=self.end)
        if self.max_frames is not None and self.max_frames < 1:
            raise ConfigError("max_frames", value=self.max_frames)

    def within(self, times: Floats) -> slice:
        """Which of frames at times (T,), growing, are in the span."""
        start = int(np.searchsorted(times, self.start - SAME_TIME))
        end = len(times) if self.end is None else int(np.searchsorted(times, self.end))
        return slice(start, end if self.max_frames is None else min(end, start + self.max_frames))


WHOLE = Span()

CAMERA_MOVES = 0.05
"""Of the picture's longer side: a background that went no further is that of a camera that stands, or is held still."""


def camera_moves(shift: Floats | None) -> bool:
    """Whether a background that is shift (T,) away from where it was at first is that of a camera that moves."""
    return shift is not None and bool(len(shift)) and float(shift.max()) > CAMERA_MOVES


@dataclass(frozen=True)
class Orientation:
    """How a viewer wants the pictures turned, on top of what the file itself says.

    rotate: degrees counter-clockwise, 0, 90, 180 or 270, done first; mirror: left and right exchanged, done after it.
    """

    rotate: int = 0
    mirror: bool = False

    def __post_init__(self) -> None:
        if self.rotate not in (0, 90, 180, 270):
            raise ConfigError("rotation", value=self.rotate)

    def then(self, other: Orientation) -> Orientation:
        """This one and the other after it, as one."""
        turned = -other.rotate if self.mirror else other.rotate  # a mirror image turns the other way round
        return Orientation((self.rotate + turned) % 360, self.mirror != other.mirror)


AS_STORED = Orientation()


@dataclass(frozen=True, eq=False)
class VideoInfo(ArrayEquality):
    """A video as it is displayed: upright, with square pixels."""

    path: Path
    width: int
    """Pixels, after rotation and with square pixels."""
    height: int
    times: Floats
    """(T,) float64 seconds of each frame from the video's first picture, growing; real, also at a variable rate."""
    rotation: int = 0
    """Degrees counter-clockwise (0, 90, 180, 270) that the file asked for and that were applied."""
    mirrored: bool = False
    """Whether the file asked for a mirror image, after the rotation, which was made."""
    offset: float = 0.0
    """Seconds from the start of the file's clock, where its sound may begin, to the first picture: a player shows frame
    k at offset + times[k]."""
    ends_early: bool = False
    """Whether the file promised more pictures than could be decoded."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "times", np.asarray(self.times, np.float64))
        check_times(self.times)

    def __len__(self) -> int:
        return len(self.times)

    @property
    def fps(self) -> float:
        """Frames per second: the median rate."""
        return median_rate(self.times)

    @property
    def duration(self) -> float:
        """Seconds from the first frame to the end of the last."""
        return float(self.times[-1] - self.times[0]) + 1 / self.fps


@dataclass(frozen=True)
class Frame:
    """time: seconds from the video's first picture; image: (H, W, 3) uint8 RGB, upright."""

    time: float
    image: Picture
