"""A clip of any size and length, made of a shorter, smaller one that goes forth and back."""

from __future__ import annotations

import itertools
from pathlib import Path

import av
import cv2
import numpy as np

from pose3d.io.video import frames
from pose3d.io.writer import VideoWriter

RATE = 30.0
"""Frames per second."""


def stretched(source: Path, target: Path, width: int, height: int, count: int) -> Path:
    """Writes `count` frames of so many pixels: the source's, as large as they fit, on black."""
    shown = [frame.image for frame in frames(source)]
    there_and_back = itertools.cycle([*shown, *shown[-2:0:-1]])
    with VideoWriter(target, width, height, RATE) as writer:
        for index, image in enumerate(itertools.islice(there_and_back, count)):
            scale = min(width / image.shape[1], height / image.shape[0])
            fitted = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
            across, down = (width - fitted.shape[1]) // 2, (height - fitted.shape[0]) // 2
            picture = np.zeros((height, width, 3), np.uint8)
            picture[down : down + fitted.shape[0], across : across + fitted.shape[1]] = fitted
            writer.add(picture, index / RATE)
    return target


def repeated(source: Path, target: Path, times: int) -> Path:
    """Writes a video's pictures so many times one after the other, without coding them again; no sound."""
    with av.open(str(source)) as read, av.open(str(target), "w") as written:
        stream = read.streams.video[0]
        copy = written.add_stream_from_template(stream)
        packets = [packet for packet in read.demux(stream) if packet.size]
        begins, ends = packets[0].pts or 0, max((packet.pts or 0) + (packet.duration or 0) for packet in packets)
        for number in range(times):
            for packet in packets:
                again = av.Packet(bytes(packet))
                again.stream, again.time_base, again.is_keyframe = copy, packet.time_base, packet.is_keyframe
                later = number * (ends - begins)
                again.pts, again.dts = (packet.pts or 0) + later, (packet.dts or 0) + later
                again.duration = packet.duration
                written.mux(again)
    return target
