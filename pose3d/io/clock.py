"""When each picture of a file is shown: the one place where time stamps are read and repaired."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from pose3d.core.arrays import Floats, Ints
from pose3d.core.times import USUAL_RATE
from pose3d.core.video import Span

MAX_GAP = 600.0
"""Seconds between two pictures; beyond, the clock was set anew."""

MAX_RATE = 1000.0
"""Frames per second that are believed of a file without time stamps."""

REORDERED = 32
"""Packets to read past the last wanted picture: more than any codec takes out of order (H.264: 16)."""


@dataclass(frozen=True)
class Clock:
    """The pictures of a file, or of its beginning, in the order in which they are shown."""

    times: Floats
    """(T,) float64 seconds from the first picture, growing."""
    stamps: Ints
    """(T,) int64 as in the file, growing; none where they cannot tell pictures apart, which are then counted."""

    @property
    def counted(self) -> bool:
        return not len(self.stamps)

    def chosen(self, span: Span) -> slice:
        """The pictures within a span."""
        return span.within(self.times)

    def index(self, frame: VideoFrame, last: int) -> int | None:
        """Which picture a decoded frame is, `last` being the one before it; None where it is none of them."""
        if self.counted:
            return last + 1
        if frame.pts is None or frame.pts <= (self.stamps[last] if last >= 0 else -np.inf):
            return None
        index = int(np.searchsorted(self.stamps, frame.pts))
        return index if index < len(self.stamps) and self.stamps[index] == frame.pts else None


def read_clock(packets: Iterable[Packet[Stream]], stream: VideoStream, first: VideoFrame, span: Span) -> Clock:
    """The clock of a stream as far as a span needs it, from its packets; first: the first frame that can be decoded.

    Headers claim rates and numbers of frames that are not so; the packets' stamps decide.
    """
    tick = float(stream.time_base or 1)
    pts, dts = _stamps(packets, stream, span, tick, first.pts)
    step = 1 / (_rate(stream) * tick)
    if not np.isfinite(pts).all():
        # only the times of decoding are known: the k-th picture is shown at the k-th of them, after a constant delay
        stamps, sound = _continuous(_filled(dts, step), tick), False
    else:
        stamps = _true(pts, dts, stream.codec_context.has_b_frames, tick)
        sound = np.array_equal(stamps, pts) and len(np.unique(pts)) == len(pts)
        if sound and first.pts is not None:
            stamps = stamps[stamps >= first.pts]  # what comes before cannot be decoded
    times = growing(stamps, step)
    return Clock((times - times[0]) * tick, np.sort(stamps).astype(np.int64) if sound else np.empty(0, np.int64))


def growing(stamps: Floats, step: float) -> Floats:
    """Stamps (T,) sorted, repeated ones spread evenly up to the next: (T,) that grow.

    Those at the end are a usual step apart; `step` where there is none.
    """
    values, counts = np.unique(stamps, return_counts=True)
    gaps = np.diff(values)
    usual = float(np.median(gaps)) if len(gaps) else step
    gaps = np.append(gaps, counts[-1] * usual)
    place = np.arange(len(stamps)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(values, counts) + place * np.repeat(gaps / counts, counts)


def shown(packet: Packet[Stream], codec: str) -> bool:
    """Whether a packet makes a picture that players show."""
    if packet.is_discard or not packet.size:
        return False
    if codec == "vp8":
        return bool(memoryview(packet)[0] & 0x10)  # show_frame, RFC 6386 section 9.1: others are only referred to
    return True


def _stamps(
    packets: Iterable[Packet[Stream]], stream: VideoStream, span: Span, tick: float, origin: int | None
) -> tuple[Floats, Floats]:
    """pts and dts (T,) of the shown packets in the file's order, NaN where unknown, as far as the span needs them."""
    start = span.start / tick + (origin or 0)
    end = np.inf if span.end is None else span.end / tick + (origin or 0)
    limit = np.inf if span.max_frames is None else span.max_frames
    codec = stream.codec_context.name
    shown_at: list[float] = []
    decoded_at: list[float] = []
    inside = beyond = 0
    for packet in packets:
        if not shown(packet, codec):
            continue
        pts, dts = packet.pts, packet.dts
        shown_at.append(np.nan if pts is None else pts)
        decoded_at.append(np.nan if dts is None else dts)
        stamp = shown_at[-1] if dts is None else dts
        inside += stamp >= start
        beyond += stamp >= end
        if inside > limit + REORDERED or beyond > REORDERED:
            break
    return np.array(shown_at, np.float64), np.array(decoded_at, np.float64)


def _rate(stream: VideoStream) -> float:
    """Frames per second that the codec claims, or the container."""
    rate = float(stream.codec_context.framerate or stream.guessed_rate or stream.average_rate or 0)
    return rate if 0 < rate <= MAX_RATE else USUAL_RATE


def _filled(stamps: Floats, step: float) -> Floats:
    """stamps (T,) with unknown ones (NaN) between their neighbours; all from `step` where none is known."""
    index = np.arange(len(stamps))
    known = np.isfinite(stamps)
    return np.interp(index, index[known], stamps[known]) if known.any() else index * step


def _true(pts: Floats, dts: Floats, reordered: bool, tick: float) -> Floats:
    """pts (T,) in the file's order without those that cannot be true; dts (T,) tells where pictures are reordered."""
    if not reordered:
        return _continuous(pts, tick)
    if not np.isfinite(dts).any():
        return pts
    decoding = _filled(dts, 1.0)
    delay = pts - decoding
    usual = np.median(delay)
    limit = REORDERED * np.median(np.diff(decoding)) if len(decoding) > 1 else np.inf
    delay = np.where(np.abs(delay - usual) > limit, usual, delay)
    true = _continuous(decoding, tick)
    return np.where((true == decoding) & (delay == pts - decoding), pts, true + delay)


def _continuous(stamps: Floats, tick: float) -> Floats:
    """Stamps (T,) in the order of decoding, never falling: single ones that stray are put between their neighbours, and
    where the clock was set anew it goes on."""
    stamps = stamps.copy()
    before, here, after = stamps[:-2], stamps[1:-1], stamps[2:]
    astray = (before <= after) & ((here < before) | (here > after))
    here[astray] = ((before + after) / 2)[astray]
    steps = np.diff(stamps)
    anew = (steps < 0) | (steps > MAX_GAP / tick)
    if anew.any():
        usual = np.median(steps[~anew]) if not anew.all() else 1 / tick / USUAL_RATE
        stamps[1:] += np.cumsum(np.where(anew, usual - steps, 0))
    return stamps
