"""A clip of any size and length, made of a shorter, smaller one that goes forth and back."""

from __future__ import annotations

import itertools
from pathlib import Path

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
