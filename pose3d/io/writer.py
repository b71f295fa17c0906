"""The only encoder: H.264 that plays in a browser, with the sound of the video that the pictures were made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from typing_extensions import Self

from pose3d.core.files import partial_path
from pose3d.core.video import VideoInfo
from pose3d.io.container import opened
from pose3d.io.picture import Picture

CLOCK = 90_000
"""Ticks per second of written videos: exact for the usual frame rates, fine enough for variable ones."""
HIGHEST_RATE = 240
"""Frames per second that a header may claim."""
SOUND_RATE = 48_000
"""Samples per second."""


class VideoWriter:
    """Writes an MP4. Use as a context manager; the file appears when the block ends well.

    width, height: pixels, rounded up to even; fps: the nominal rate, the frames carry their own times; sound_of: the
    video whose sound goes with the pictures, from its first frame on.
    """

    def __init__(self, path: str | Path, width: int, height: int, fps: float, sound_of: VideoInfo | None = None):
        self.path = Path(path)
        self.partial = partial_path(self.path)
        self.size = (height + height % 2, width + width % 2)
        self.rate = Fraction(min(fps, HIGHEST_RATE)).limit_denominator(1001)
        self.sound_of = sound_of

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.container = av.open(str(self.partial.absolute()), "w", format="mp4", options={"movflags": "faststart"})
        self.stream = self.container.add_stream("libx264", rate=self.rate, options={"crf": "20", "preset": "veryfast"})
        self.stream.height, self.stream.width = self.size
        self.stream.pix_fmt = "yuv420p"
        self.stream.codec_context.time_base = Fraction(1, CLOCK)
        self.sound = _Sound.of(self.sound_of, self.container) if self.sound_of else None
        self.start: float | None = None
        return self

    def add(self, image: Picture, time: float) -> None:
        """image (H, W, 3) uint8 RGB; time in seconds, growing from frame to frame; the first frame's becomes 0."""
        self.start = time if self.start is None else self.start
        bottom, right = (want - have for want, have in zip(self.size, image.shape[:2], strict=True))
        if bottom or right:
            image = np.pad(image, ((0, bottom), (0, right), (0, 0)), mode="edge")
        frame = VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
        frame.pts = round((time - self.start) * CLOCK)
        frame.time_base = Fraction(1, CLOCK)
        self.container.mux(self.stream.encode(frame))
        if self.sound:
            self.sound.write_until(time - self.start)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                if self.sound:
                    self.sound.finish()
                self.container.mux(self.stream.encode(None))
            self.container.close()
            if kind is None:
                self.partial.replace(self.path)
        finally:
            self.partial.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Piece:
    """Some milliseconds of sound. start: seconds from the clip's first picture."""

    start: float
    frame: AudioFrame


class _Sound:
    """The sound of a video's part, written beside the pictures as they come."""

    def __init__(self, video: VideoInfo, stream: AudioStream, container: OutputContainer):
        self._end = video.duration
        self._pieces = _pieces(video)
        self._waiting: _Piece | None = next(self._pieces, None)
        self._stream, self._container = stream, container
        self._written = 0

    @classmethod
    def of(cls, video: VideoInfo, container: OutputContainer) -> _Sound | None:
        """None where the video has no sound that can be read."""
        first = next(_pieces(video), None)
        if first is None:
            return None
        stream = container.add_stream("aac", rate=SOUND_RATE)
        stream.layout = first.frame.layout
        return cls(video, stream, container)

    def write_until(self, seconds: float) -> None:
        """What sounds before so many seconds of the clip."""
        while self._waiting and self._waiting.start < min(seconds, self._end):
            frame = self._waiting.frame
            # sound that begins late, or has a hole, keeps its time; it never runs backwards
            self._written = max(self._written, round(self._waiting.start * SOUND_RATE))
            frame.pts, frame.time_base = self._written, Fraction(1, SOUND_RATE)
            self._written += frame.samples
            self._container.mux(self._stream.encode(frame))
            self._waiting = next(self._pieces, None)

    def finish(self) -> None:
        """The rest, and what the encoder still holds."""
        self.write_until(self._end)
        self._container.mux(self._stream.encode(None))


def _pieces(video: VideoInfo) -> Iterator[_Piece]:
    """The video's sound from its first frame on; nothing, where there is none that can be read."""
    try:
        with opened(video.path) as container:
            stream = container.streams.best("audio")
            if not isinstance(stream, AudioStream):
                return
            layout = "mono" if stream.codec_context.layout.nb_channels == 1 else "stereo"
            resampler = AudioResampler(format="fltp", layout=layout, rate=SOUND_RATE)
            zero = (container.start_time or 0) / 1e6 + video.offset + float(video.times[0])
            for decoded in container.decode(stream):
                for frame in resampler.resample(decoded):
                    start = frame.time - zero
                    if start >= 0:
                        yield _Piece(start, frame)
    except FFmpegError:
        return
