"""The only decoder: frames out of any container that ffmpeg reads, each at the time at which players show it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from pose3d.core.arrays import Floats
from pose3d.core.errors import ConfigError, LimitError, VideoError
from pose3d.core.quotas import quotas
from pose3d.core.times import SAME_TIME, frame_ends
from pose3d.core.video import AS_STORED, WHOLE, Frame, Orientation, Span, VideoInfo
from pose3d.io.clock import Clock, read_clock
from pose3d.io.container import check_size, clock_start, decoded, moving_pictures, opened, packets, readable
from pose3d.io.picture import Display, Look

MISSING = 0.5
"""Seconds by which a file must fall short of what its header promises to count as one that ends early."""
BEYOND = 0.5
"""Seconds past the last frame that is wanted up to which a file's stamps are read, so that its own is among them."""
PROMISING = {"mov", "matroska", "avi", "flv"}
"""Formats whose headers state how long they last; of others ffmpeg guesses."""


def probe(path: str | Path, span: Span = WHOLE, orientation: Orientation = AS_STORED) -> VideoInfo:
    """Size and the times of the span's frames, decoding no more than the first frame.

    orientation: how the viewer wants the pictures turned, on top of what the file says. Raises VideoError when no
    picture can be had, LimitError when it is too large or the span too long, ConfigError when the span is empty.
    """
    path = readable(path)
    survey = _survey(path, span)
    times = survey.clock.times[_chosen(survey.clock, span, path)]
    stored = survey.look.orientation
    info = VideoInfo(
        path,
        *Display(survey.look, orientation).size,
        times,
        stored.rotate,
        stored.mirror,
        survey.offset,
        survey.ends_early,
    )
    if info.duration > quotas().video_seconds:
        raise LimitError("span_too_long", name=path.name, seconds=info.duration, limit=quotas().video_seconds)
    return info


def moments(path: str | Path) -> Floats:
    """(N,) seconds of all frames of a file, however many they are. Raises VideoError, LimitError as `probe`."""
    return _survey(readable(path), WHOLE).clock.times


def length(path: str | Path, span: Span = WHOLE) -> tuple[int, float]:
    """Frames and seconds of the span, however long it is. Raises VideoError, LimitError, ConfigError as `probe`."""
    path = readable(path)
    clock = _survey(path, WHOLE).clock
    chosen = _chosen(clock, span, path)
    ends = frame_ends(clock.times)[chosen]
    return len(ends), float(ends[-1] - clock.times[chosen][0])


def frames(
    path: str | Path, span: Span = WHOLE, orientation: Orientation = AS_STORED, size: tuple[int, int] | None = None
) -> Iterator[Frame]:
    """Decodes one frame after the other; only one is in memory. Their times are some of probe's, all in a sound file.

    size: width and height in pixels of the pictures, if not the video's own, which costs less than to scale them. What
    is damaged is left out; a video that ends early is used as far as it goes. Raises VideoError where nothing at all
    can be decoded, ConfigError when the span is empty.
    """
    path = readable(path)
    survey = _survey(path, span)
    yielded = False
    for frame in _shown(path, survey, Display(survey.look, orientation, size), _chosen(survey.clock, span, path)):
        yielded = True
        yield frame
    if not yielded:
        raise VideoError("damaged_video", name=path.name)


def frames_at(path: str | Path, times: Floats, orientation: Orientation = AS_STORED) -> Iterator[Frame]:
    """The frames at these times (N,) seconds, N > 0, growing, some of probe's; what cannot be decoded is left out.

    Decodes from the last keyframe before each, and no more. Raises VideoError, LimitError as `probe`.
    """
    path = readable(path)
    survey = _survey(path, Span(end=float(times[-1]) + BEYOND))
    display = Display(survey.look, orientation)
    for first in np.searchsorted(survey.clock.times, times - SAME_TIME).tolist():
        yield from _shown(path, survey, display, slice(first, min(first + 1, len(survey.clock.times))))


def _shown(path: Path, survey: _Survey, display: Display, chosen: slice) -> Iterator[Frame]:
    """The chosen frames, as far as they can be decoded."""
    clock = survey.clock
    if chosen.start >= chosen.stop:
        return
    start = None if clock.counted or not chosen.start else int(clock.stamps[chosen.start])
    last = -1
    for frame in _decoded_from(path, start):
        index = clock.index(frame, last)
        if index is None:
            continue
        if index >= chosen.stop:
            break
        last = index
        if index >= chosen.start:
            yield Frame(float(clock.times[index]), display.picture(frame))


@dataclass(frozen=True)
class _Survey:
    """A file, as far as a span needs it."""

    clock: Clock
    look: Look
    offset: float
    """Seconds of the first picture on a player's clock."""
    ends_early: bool


def _survey(path: Path, span: Span) -> _Survey:
    """Of the file as it is now; reading the packets of a long one takes a while, and is done once."""
    state = path.stat()
    return _survey_once(path, span, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=8)
def _survey_once(path: Path, span: Span, changed: int, size: int) -> _Survey:
    with opened(path) as container:
        stream = moving_pictures(container, path)
        stream.thread_type = "NONE"  # each thread takes memory, even for pictures that turn out to be too large
        first = next(decoded(container, stream), None)
        if first is None:
            raise _no_first(stream, path)
        look = Look.of(stream, first)
        check_size(look.width, look.height, path)  # wide pixels become several
    with opened(path) as container:
        stream = moving_pictures(container, path)
        watched = _Watched(container, stream)
        clock = read_clock(watched, stream, first, span)
        offset = 0.0 if first.pts is None else float(first.pts * (stream.time_base or 1)) - clock_start(container)
        ends_early = watched.ended and watched.reached + MISSING < _promised(container)
        return _Survey(clock, look, max(offset, 0.0), ends_early)


def _no_first(stream: VideoStream, path: Path) -> VideoError:
    """Why nothing can be decoded; a size that is not told may be one that decoders refused."""
    if stream.codec_context.width:
        return VideoError("damaged_video", name=path.name)
    return VideoError("damaged_or_large", name=path.name, limit=quotas().megapixels)


class _Watched:
    """A stream's packets, while watching how far the file, all its streams, reaches."""

    def __init__(self, container: InputContainer, stream: VideoStream):
        self._container, self._index = container, stream.index
        self.reached = 0.0
        """Seconds."""
        self.ended = False

    def __iter__(self) -> Iterator[Packet[Stream]]:
        ticks = [float(stream.time_base or 0) for stream in self._container.streams]
        for packet in packets(self._container):
            stamp = packet.dts if packet.pts is None else packet.pts
            if stamp is not None:
                end = (stamp + (packet.duration or 0)) * ticks[packet.stream_index]
                self.reached = max(self.reached, end)
            if packet.stream_index == self._index:
                yield packet
        self.ended = True


def _promised(container: InputContainer) -> float:
    """Seconds at which the file should end; 0 where it does not say."""
    if not PROMISING & set(container.format.name.split(",")):
        return 0.0
    return (container.duration or 0) / 1e6


def _chosen(clock: Clock, span: Span, path: Path) -> slice:
    chosen = clock.chosen(span)
    if chosen.stop <= chosen.start:
        raise ConfigError("start_after_end", name=path.name, end=float(clock.times[-1]), start=span.start)
    return chosen


def _decoded_from(path: Path, stamp: int | None) -> Iterator[VideoFrame]:
    """Frames from the last keyframe at or before a stamp; from the first where there is none, or no way to go there."""
    if stamp is not None:
        with opened(path) as container:
            stream = moving_pictures(container, path)
            found = _sought(container, stream, stamp)
            if found:
                yield found
                yield from decoded(container, stream)
                return
    with opened(path) as container:
        yield from decoded(container, moving_pictures(container, path))


def _sought(container: InputContainer, stream: VideoStream, stamp: int) -> VideoFrame | None:
    """The first frame that can be decoded after going to a stamp, if it is not beyond it."""
    try:
        container.seek(stamp, stream=stream)
    except FFmpegError:
        return None
    frame = next(decoded(container, stream), None)
    return frame if frame and frame.pts is not None and frame.pts <= stamp else None
