"""The sound of a video, or of a part of it, in step with its pictures."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray

from pose3d.core.video import VideoInfo
from pose3d.io.container import clock_start, has_decoder, opened, packets

RATE = 48_000
"""Samples per second."""
LAYOUTS = {1: "mono", 2: "stereo"}
"""By the number of channels; more are mixed to two."""
JITTER = 0.04
"""Seconds by which stamps may stray before sound is moved: they are rounded, and less is not noticed."""
RUN_UP = 5.0
"""Seconds before a part at which reading begins, where the part lies later in the file than that."""

Samples = NDArray[np.float32]
"""(C, N), -1 to 1; C is 1 or 2."""


@dataclass(frozen=True)
class _Piece:
    """place: of its first sample, 0 being at the video's first frame."""

    place: int
    samples: Samples


def sound_layout(video: VideoInfo) -> str | None:
    """ "mono" or "stereo"; None where there is no sound that can be read."""
    piece = next(_pieces(video), None)
    return piece and LAYOUTS[len(piece.samples)]


def sound_frames(video: VideoInfo) -> Iterator[AudioFrame]:
    """The sound that belongs to the video's frames, pts 0 being the first one's time; silence where there is none in
    between. Ends with the last frame, or earlier with the sound."""
    position, end = 0, round(video.duration * RATE)
    for piece in _pieces(video):
        place, samples = piece.place, piece.samples
        if position and abs(place - position) < JITTER * RATE:
            place = position
        samples = samples[:, max(position - place, 0) : max(end - place, 0)]
        if not samples.shape[1]:
            continue
        silence = np.zeros((len(samples), max(place - position, 0)), np.float32)
        samples = np.ascontiguousarray(np.hstack([silence, samples]))
        frame = AudioFrame.from_ndarray(samples, format="fltp", layout=LAYOUTS[len(samples)])
        frame.sample_rate, frame.pts, frame.time_base = RATE, position, Fraction(1, RATE)
        yield frame
        position += samples.shape[1]


def _pieces(video: VideoInfo) -> Iterator[_Piece]:
    """Sound as it is decoded; none where there is none that can be read."""
    with opened(video.path) as container:
        stream = container.streams.best("audio")
        if not isinstance(stream, AudioStream) or not has_decoder(stream):
            return
        layout = LAYOUTS[min(stream.codec_context.channels, 2)]
        zero = clock_start(container) + video.offset + float(video.times[0])
        if video.times[0] > RUN_UP:
            with contextlib.suppress(FFmpegError):
                container.seek(int((zero - RUN_UP) * 1e6))
        for frame in _resampled(_decoded(container, stream), layout):
            if frame.time is not None:
                yield _Piece(round((frame.time - zero) * RATE), frame.to_ndarray().astype(np.float32))


def _resampled(sound: Iterator[AudioFrame], layout: str) -> Iterator[AudioFrame]:
    """As floats, at RATE; sound that changes its kind on the way, as that of a damaged file may, goes on."""
    before, resampler = None, AudioResampler()
    for frame in sound:
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != before:
            before, resampler = kind, AudioResampler(format="fltp", layout=layout, rate=RATE)
        yield from resampler.resample(frame)


def _decoded(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    for packet in packets(container, stream):
        with contextlib.suppress(FFmpegError):
            yield from packet.decode()
