"""The only decoder: frames out of any container that ffmpeg reads, each at the time at which players show it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from pose3d.core.arrays import Ints
from pose3d.core.errors import ConfigError, LimitError, VideoError
from pose3d.core.times import frame_ends
from pose3d.core.video import AS_STORED, WHOLE, Frame, Orientation, Span, VideoInfo
from pose3d.io.clock import Clock, read_clock
from pose3d.io.container import MAX_BYTES, moving_pictures, opened, readable
from pose3d.io.picture import Display

MAX_SECONDS = 600.0
"""Of the part that is read."""
SAME_TIME = 1e-6
"""Seconds by which a span's ends may miss a frame."""

__all__ = ["MAX_BYTES", "MAX_SECONDS", "frames", "length", "probe"]


def probe(path: str | Path, span: Span = WHOLE, orientation: Orientation = AS_STORED) -> VideoInfo:
    """Size and the times of the span's frames, decoding no more than the first frame.

    orientation: how the viewer wants the pictures turned, on top of what the file says. Raises VideoError when it is
    no video, LimitError when it is too large or the span too long, ConfigError when there is nothing in the span.
    """
    path = readable(Path(path))
    clock = _clock(path)
    times = clock.times[_rows(clock, span, path)]
    with opened(path) as container:
        stream = moving_pictures(container, path)
        first = next(_decoded(container, stream), None)
        if first is None:
            raise VideoError("damaged_video", name=path.name)
        display = Display.of(stream, first, orientation)
        begin = (container.start_time or 0) / 1e6
    stored = display.turns[0]
    info = VideoInfo(path, *display.size, times, stored.rotate, stored.mirror, max(clock.start - begin, 0.0))
    if info.duration > MAX_SECONDS:
        raise LimitError("span_too_long", name=path.name, seconds=info.duration, limit=MAX_SECONDS)
    return info


def length(path: str | Path, span: Span = WHOLE) -> tuple[int, float]:
    """Frames and seconds of the span, however long it is. Raises VideoError, LimitError, ConfigError as `probe`."""
    path = readable(Path(path))
    clock = _clock(path)
    rows = _rows(clock, span, path)
    return len(rows), float(frame_ends(clock.times)[rows[-1]] - clock.times[rows[0]])


def frames(path: str | Path, span: Span = WHOLE, orientation: Orientation = AS_STORED) -> Iterator[Frame]:
    """Decodes one frame after the other; only one is in memory.

    What is damaged is left out; a video that ends early is used as far as it goes. Raises VideoError where nothing at
    all can be decoded, ConfigError when there is nothing in the span.
    """
    path = readable(Path(path))
    clock = _clock(path)
    wanted = _rows(clock, span, path)
    row = -1
    with opened(path) as container:
        stream = moving_pictures(container, path)
        stream.thread_type = "AUTO"
        _seek(container, stream, clock, wanted.start)
        counter, display = _Rows(clock), None
        for frame in _decoded(container, stream):
            display = display or Display.of(stream, frame, orientation)
            row = counter.of(frame)
            if row >= wanted.stop:
                return
            if row >= wanted.start:
                yield Frame(float(clock.times[row]), display.picture(frame))
    if row < 0:
        raise VideoError("damaged_video", name=path.name)


def _clock(path: Path) -> Clock:
    """Of the file as it is now; reading all packets of a long one takes a while, and is done once."""
    state = path.stat()
    return _read_clock(path, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=8)
def _read_clock(path: Path, changed: int, size: int) -> Clock:
    with opened(path) as container:
        stream = moving_pictures(container, path)
        clock = read_clock(_packets(container, stream), stream)
    if not len(clock):
        raise VideoError("damaged_video", name=path.name)
    return clock


def _rows(clock: Clock, span: Span, path: Path) -> range:
    """The frames of the span."""
    end = np.inf if span.end is None else span.end
    first, last = np.searchsorted(clock.times, [span.start - SAME_TIME, end - SAME_TIME]).tolist()
    if span.max_frames is not None:
        last = min(last, first + span.max_frames)
    if last <= first:
        raise ConfigError("start_after_end", name=path.name, end=float(clock.times[-1]), start=span.start)
    return range(first, last)


def _seek(container: InputContainer, stream: VideoStream, clock: Clock, row: int) -> None:
    """To a point from which the row can be decoded; the file's start where stamps do not tell."""
    if row == 0 or not clock.stamped:
        return
    try:
        container.seek(int(clock.stamps[row]), stream=stream, backward=True)
    except FFmpegError:
        container.seek(0)


class _Rows:
    """Which of the clock's frames a decoded one is: by its stamp, or by counting."""

    def __init__(self, clock: Clock):
        self._stamps: Ints = clock.stamps
        self._stamped = clock.stamped
        self._last = len(clock) - 1
        self._next = 0

    def of(self, frame: VideoFrame) -> int:
        """Grows from call to call; beyond the last, where a file shows more than it told."""
        row = self._next
        if self._stamped and frame.pts is not None:
            row = max(row, int(np.searchsorted(self._stamps, frame.pts)))
        self._next = row + 1
        return row


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """All frames that can be decoded; damaged packets are left out."""
    for packet in _packets(container, stream):
        try:
            yield from packet.decode()
        except FFmpegError:
            continue


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet]:
    """All packets, up to where the file is damaged beyond reading on, and the empty one that flushes the decoder."""
    try:
        yield from container.demux(stream)
    except FFmpegError:
        yield from _flush(stream)


def _flush(stream: VideoStream) -> Iterator[Packet]:
    packet = Packet()
    packet.stream = stream
    yield packet
