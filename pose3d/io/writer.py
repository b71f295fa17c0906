"""The only encoder: H.264 that plays in a browser, with the sound of the video that the pictures were made of."""
# pyright: reportUnknownMemberType=false
# av's types leave open of which stream the packets are that are written

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import cast

import av
import cv2
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from typing_extensions import Self

from pose3d.core.arrays import Picture
from pose3d.core.files import whole_file
from pose3d.core.video import VideoInfo
from pose3d.io.sound import RATE, sound_frames, sound_layout

CLOCK = 90_000
"""Ticks per second of written videos: exact for the usual frame rates, fine enough for variable ones."""
LOWEST_RATE, HIGHEST_RATE = 1, 240
"""Frames per second that a header may claim."""
BT601, BT709 = 6, 1
"""ITU-T H.273: of the matrix, which is the one that OpenCV converts to; and of primaries and transfer. A player
guesses by the size where none is declared."""
LIMITED = 1
"""Range of the samples: 16 to 235."""
QUALITY = {"crf": "26", "preset": "ultrafast", "x264-params": "cabac=1:no-deblock=0:bframes=2"}
"""Of x264: about as like the pictures as "veryfast" at 20, in 0.4 of its time and twice its size at most (see
benchmarks.encoder)."""


class VideoWriter:
    """Writes an MP4. Use as a context manager; the file appears when the block ends well.

    width, height: pixels, rounded up to even; fps: the nominal rate, the frames carry their own times; sound_of: the
    video whose sound goes with the pictures, from its first frame on.
    """

    def __init__(self, path: str | Path, width: int, height: int, fps: float, sound_of: VideoInfo | None = None):
        self.path = Path(path)
        self.size = (height + height % 2, width + width % 2)
        self.rate = Fraction(min(max(fps, LOWEST_RATE), HIGHEST_RATE)).limit_denominator(1001)
        self.sound_of = sound_of

    def __enter__(self) -> Self:
        layout = sound_layout(self.sound_of) if self.sound_of else None
        with ExitStack() as opened:
            name = f"file:{opened.enter_context(whole_file(self.path)).absolute()}"
            self.container = av.open(name, "w", format="mp4", options={"movflags": "faststart"})
            opened.enter_context(self.container)
            self._add_streams(layout)
            self._opened = opened.pop_all()
        self.start: float | None = None
        self.last = -1
        return self

    def _add_streams(self, layout: str | None) -> None:
        self.stream = self.container.add_stream("libx264", rate=self.rate, options=dict(QUALITY))
        self.stream.height, self.stream.width = self.size
        self.stream.pix_fmt = "yuv420p"
        context = self.stream.codec_context
        context.time_base = Fraction(1, CLOCK)
        context.colorspace = BT601
        context.color_primaries = context.color_trc = BT709
        context.color_range = LIMITED
        self.sound = None
        if self.sound_of and layout:
            self.sound = _Sound(sound_frames(self.sound_of), self.container.add_stream("aac", RATE, layout=layout))

    def add(self, image: Picture, time: float) -> None:
        """image (H, W, 3) uint8 RGB; time in seconds, growing from frame to frame; the first frame's becomes 0."""
        self.start = time if self.start is None else self.start
        bottom, right = (want - have for want, have in zip(self.size, image.shape[:2], strict=True))
        if bottom or right:
            image = np.pad(image, ((0, bottom), (0, right), (0, 0)), mode="edge")
        planes = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2YUV_I420), np.uint8)
        frame = VideoFrame.from_numpy_buffer(planes, format="yuv420p")  # not copied
        frame.pts = self.last = max(round((time - self.start) * CLOCK), self.last + 1)
        frame.time_base = Fraction(1, CLOCK)
        self.container.mux(self.stream.encode(frame))
        if self.sound:
            self.sound.write_until(time - self.start)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as ended:
            ended.push(self._opened)
            if error is not None:
                raise error
            if self.sound:
                self.sound.finish()
            self.container.mux(self.stream.encode(None))


class _Sound:
    """Writes sound beside the pictures as they come."""

    def __init__(self, frames: Iterator[AudioFrame], stream: AudioStream):
        self._frames, self._stream = frames, stream
        self._written = 0.0

    def write_until(self, seconds: float) -> None:
        """What sounds before so many seconds of the clip, and a little more."""
        while self._written <= seconds and (frame := next(self._frames, None)):
            self._written = (frame.pts or 0) / RATE + frame.samples / RATE
            cast(OutputContainer, self._stream.container).mux(self._stream.encode(frame))

    def finish(self) -> None:
        """The rest, and what the encoder still holds."""
        self.write_until(float("inf"))
        cast(OutputContainer, self._stream.container).mux(self._stream.encode(None))
