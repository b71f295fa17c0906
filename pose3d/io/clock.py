"""When each picture of a file is shown: time stamps as they are, repaired where they repeat or are missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream

from pose3d.core.arrays import Floats, Ints

USUAL_RATE = 30
"""Frames per second where a file tells neither times nor a rate."""
UNORDERED = ("avi",)
"""Formats that stamp pictures in the order in which they are decoded, and leave it to guess when they are shown."""


@dataclass(frozen=True, eq=False)
class Clock:
    """The pictures that are shown, in the order in which they are."""

    stamps: Ints
    """(T,) in the stream's own unit, sorted; equal ones may follow each other."""
    times: Floats
    """(T,) float64 seconds from the first picture, growing."""
    start: float
    """Seconds of the first picture on the file's clock."""
    stamped: bool
    """Whether decoded frames carry these stamps; else they can only be counted."""

    def __len__(self) -> int:
        return len(self.times)


def read_clock(packets: Iterable[Packet], stream: VideoStream) -> Clock:
    """The clock of a stream from its packets, none of which is decoded. T is 0 where there are no pictures.

    Headers claim rates and numbers of frames that are not so; the packets' stamps decide.
    """
    shown = [packet for packet in packets if packet.size and not packet.is_discard]
    shown_at = [packet.pts for packet in shown]
    decoded_at = [packet.dts for packet in shown]
    tick = float(stream.time_base or 1)
    if shown_at and None not in shown_at and stream.container.format.name not in UNORDERED:
        stamps, stamped = np.sort(np.array(shown_at, np.int64)), True
    elif decoded_at and None not in decoded_at:
        stamps, stamped = np.sort(np.array(decoded_at, np.int64)), False
    else:
        rate = stream.average_rate or stream.guessed_rate or USUAL_RATE
        return Clock(np.arange(len(shown)), np.arange(len(shown)) / float(rate), 0.0, False)
    return Clock(stamps, growing((stamps - stamps[0]) * tick), float(stamps[0]) * tick, stamped)


def growing(times: Floats) -> Floats:
    """Sorted times (T,), repeated ones spread evenly up to the next: (T,) that grow.

    Those at the end are a usual step apart.
    """
    if not len(times):
        return times
    kept, first, counts = np.unique(times, return_index=True, return_counts=True)
    steps = np.diff(kept)
    usual = float(np.median(steps)) if len(steps) else 1 / USUAL_RATE
    lasts = np.append(steps, counts[-1] * usual)
    place = np.arange(len(times)) - np.repeat(first, counts)
    return np.repeat(kept, counts) + place * np.repeat(lasts / counts, counts)
