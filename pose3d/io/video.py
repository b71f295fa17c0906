"""The only decoder and encoder: frames out of any container that ffmpeg reads, H.264 back in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from typing_extensions import Self

from pose3d.core.errors import ConfigError, LimitError, VideoError

MAX_BYTES = 500_000_000
MAX_SECONDS = 600.0
CLOCK = 90_000
"""Ticks per second of written videos: exact for the usual frame rates, fine enough for variable ones."""


@dataclass(frozen=True)
class Span:
    """Which part of a video is wanted. start, end: seconds; max_frames: at most so many."""

    start: float = 0.0
    end: float | None = None
    max_frames: int | None = None

    def __post_init__(self) -> None:
        if self.start < 0 or (self.end is not None and self.end <= self.start):
            raise ConfigError(f"start must lie before end and not below 0, got start {self.start:g}, end {self.end}")
        if self.max_frames is not None and self.max_frames < 1:
            raise ConfigError(f"max frames must be at least 1, got {self.max_frames}")


WHOLE = Span()


@dataclass(frozen=True)
class VideoInfo:
    """A video as it is displayed."""

    path: Path
    width: int
    """Pixels, after rotation."""
    height: int
    fps: float
    """Average frame rate; 29.97 stays 29.97."""
    timestamps: np.ndarray
    """(T,) float64 seconds of each frame from the start of the video, real also at variable frame rate."""
    rotation: int
    """Degrees counter-clockwise (0, 90, 180, 270) that were applied to the stored frames."""

    def __len__(self) -> int:
        return len(self.timestamps)

    @property
    def duration(self) -> float:
        """Seconds from the first frame to the end of the last."""
        return float(self.timestamps[-1] - self.timestamps[0]) + 1 / self.fps


@dataclass(frozen=True)
class Frame:
    """time: seconds from the start of the video; image: (H, W, 3) uint8 RGB, upright."""

    time: float
    image: np.ndarray


def probe(path: str | Path, span: Span = WHOLE) -> VideoInfo:
    """Size, rate and the span's timestamps, decoding no more than the first frame.

    Raises VideoError when it is not a whole video, LimitError when it is too large or the span too long.
    """
    path = Path(path)
    _check_file(path)
    with _opened(path) as container:
        stream = container.streams.video[0]
        times = _packet_times(container, stream)
        if not times or len(times) < stream.frames:
            raise _damaged(path, times[-1] if times else 0.0)
        fps = float(stream.average_rate or stream.guessed_rate or 0) or len(times) / max(times[-1], 1e-3)
    with _opened(path) as container:
        turn = _turn(_first_frame(container, path))
        width, height = stream.width, stream.height
    timestamps = _within(np.array(times), span, path)
    info = VideoInfo(path, *((height, width) if turn % 180 else (width, height)), fps, timestamps, turn)
    if info.duration > MAX_SECONDS:
        raise LimitError(
            f"{path.name} lasts {info.duration:.0f} s, over the limit of {MAX_SECONDS:.0f} s; choose a shorter part"
        )
    return info


def frames(path: str | Path, span: Span = WHOLE) -> Iterator[Frame]:
    """Decodes one frame after the other; only one is in memory. Raises VideoError where the file is damaged."""
    path = Path(path)
    _check_file(path)
    with _opened(path) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        if span.start > 0:
            container.seek(int((span.start + _offset(stream)) / _tick(stream)), stream=stream)
        count = 0
        for frame in _decoded(container, stream, path):
            time = frame.time - _offset(stream)
            if time < span.start - 1e-6:
                continue
            if (span.end is not None and time >= span.end) or count == span.max_frames:
                return
            count += 1
            yield Frame(max(time, 0.0), _upright(frame))


class VideoWriter:
    """Writes H.264 that plays in a browser. Use as a context manager; the file appears when the block ends well.

    width, height: pixels, rounded up to even; fps: the nominal rate, the frames carry their own times.
    """

    def __init__(self, path: str | Path, width: int, height: int, fps: float):
        self.path = Path(path)
        self.partial = self.path.with_name(f".{self.path.stem}.part.mp4")
        self.size = (height + height % 2, width + width % 2)
        self.rate = Fraction(fps).limit_denominator(1001)

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.container = av.open(str(self.partial), "w", options={"movflags": "faststart"})
        options = {"crf": "20", "preset": "veryfast"}
        self.stream = self.container.add_stream("libx264", rate=self.rate, options=options)
        self.stream.height, self.stream.width = self.size
        self.stream.pix_fmt = "yuv420p"
        self.stream.codec_context.time_base = Fraction(1, CLOCK)
        self.start: float | None = None
        return self

    def add(self, image: np.ndarray, time: float) -> None:
        """image (H, W, 3) uint8 RGB; time in seconds, growing from frame to frame; the first frame's becomes 0."""
        self.start = time if self.start is None else self.start
        bottom, right = (want - have for want, have in zip(self.size, image.shape[:2], strict=True))
        if bottom or right:
            image = np.pad(image, ((0, bottom), (0, right), (0, 0)), mode="edge")
        frame = VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
        frame.pts = round((time - self.start) * CLOCK)
        frame.time_base = Fraction(1, CLOCK)
        self.container.mux(self.stream.encode(frame))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.container.mux(self.stream.encode(None))
            self.container.close()
            if kind is None:
                self.partial.replace(self.path)
        finally:
            self.partial.unlink(missing_ok=True)


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise VideoError(f"there is no file {path}; check the name")
    size = path.stat().st_size
    if size == 0:
        raise VideoError(f"{path.name} is empty; upload or copy it again")
    if size > MAX_BYTES:
        raise LimitError(
            f"{path.name} has {size / 1e6:.0f} MB, over the limit of {MAX_BYTES / 1e6:.0f} MB; cut or compress it"
        )


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    try:
        container = av.open(str(path), metadata_errors="ignore")
    except (FFmpegError, OSError) as e:
        raise VideoError(
            f"{path.name} is not a video that can be read, or it is cut off; export it again as MP4"
        ) from e
    with container:
        if not container.streams.video:
            raise VideoError(f"{path.name} has no picture, only sound; choose a video")
        yield container


def _packet_times(container: InputContainer, stream: VideoStream) -> list[float]:
    """Seconds of all frames from the start of the video, sorted, from the container alone."""
    try:
        stamps = [p.pts for p in container.demux(stream) if p.pts is not None and not p.is_discard]
    except FFmpegError:
        return []
    return [stamp * _tick(stream) - _offset(stream) for stamp in sorted(stamps)]


def _offset(stream: VideoStream) -> float:
    return (stream.start_time or 0) * _tick(stream)


def _tick(stream: VideoStream) -> float:
    """Seconds per unit of the stream's time stamps."""
    return float(stream.time_base or 1)


def _within(times: np.ndarray, span: Span, path: Path) -> np.ndarray:
    end = np.inf if span.end is None else span.end
    chosen = times[(times >= span.start - 1e-6) & (times < end)][: span.max_frames]
    if not len(chosen):
        raise ConfigError(
            f"{path.name} ends at {times[-1]:.1f} s, before the start at {span.start:g} s; choose an earlier one"
        )
    return np.maximum(chosen, 0.0)


def _first_frame(container: InputContainer, path: Path) -> VideoFrame:
    for frame in _decoded(container, container.streams.video[0], path):
        return frame
    raise _damaged(path, 0.0)


def _decoded(container: InputContainer, stream: VideoStream, path: Path) -> Iterator[VideoFrame]:
    time = 0.0
    try:
        for frame in container.decode(stream):
            time = frame.time
            yield frame
    except FFmpegError as e:
        raise _damaged(path, time) from e


def _damaged(path: Path, seconds: float) -> VideoError:
    return VideoError(f"{path.name} is damaged or cut off after {seconds:.1f} s; export or download it again")


def _turn(frame: VideoFrame) -> int:
    return round(frame.rotation / 90) * 90 % 360


def _upright(frame: VideoFrame) -> np.ndarray:
    return np.ascontiguousarray(np.rot90(frame.to_ndarray(format="rgb24"), _turn(frame) // 90))
