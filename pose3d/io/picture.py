"""A decoded frame as players show it: turned, mirrored, with square pixels, in a usual screen's colours."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from pose3d.core.arrays import Picture
from pose3d.core.video import AS_STORED, Orientation
from pose3d.io.hdr import CURVES, tone_mapped

MAX_ASPECT = 10.0
"""Of a pixel, wide or high; what a file claims beyond is not believed."""
HD = 720
"""Pixels of the shorter side from which colours that are not declared are BT.709's, below BT.601's."""
UNDECLARED = 2
"""Matrix coefficients of ITU-T H.273."""
CONVERTED = {1, 4, 5, 6, 7, 9}
"""Those that ffmpeg converts."""
TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


@dataclass(frozen=True)
class Look:
    """What a file says of how its pictures are shown. width, height: pixels as stored, made square; before the turn."""

    width: int
    height: int
    orientation: Orientation
    transfer: int
    """Transfer characteristics of ITU-T H.273."""

    @classmethod
    def of(cls, stream: VideoStream, frame: VideoFrame) -> Look:
        """By a stream and its first frame, which is decoded: some formats tell of the pixels there only."""
        aspect = float(stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio or 1)
        if not 1 / MAX_ASPECT <= aspect <= MAX_ASPECT:
            aspect = 1.0
        width = max(round(frame.width * aspect), 1)
        return cls(width, frame.height, stored_orientation(frame), int(stream.codec_context.color_trc))


class Display:
    """Makes pictures of one size of a stream's frames. wish: how a viewer wants them turned, on top of the file's.

    size: width and height in pixels, if not the stream's own; colours are converted and pictures scaled in one step.
    """

    def __init__(self, look: Look, wish: Orientation, size: tuple[int, int] | None = None):
        self._look = look
        self._turn = look.orientation.then(wish)
        self._scaler, self._reformatter = VideoReformatter(), VideoReformatter()
        self.size = size or self._turned(look.width, look.height)
        """Width and height of what is shown, pixels."""
        self._stored = self._turned(*self.size)

    def _turned(self, width: int, height: int) -> tuple[int, int]:
        return (height, width) if self._turn.rotate % 180 else (width, height)

    def picture(self, frame: VideoFrame) -> Picture:
        """What is shown of a frame; one of another size than the first is brought to that."""
        width, height = self._stored
        larger = width > frame.width or height > frame.height
        scaling = Interpolation.BICUBIC if larger else Interpolation.BILINEAR
        matrix = _matrix(frame)
        if frame.format.name.startswith("yuv"):  # in its own colours, that takes half the time of both at once
            frame = self._scaler.reformat(frame, width, height, interpolation=scaling)
        rgb = self._reformatter.reformat(frame, width, height, "rgb24", src_colorspace=matrix, interpolation=scaling)
        image = np.asarray(rgb.to_ndarray(), np.uint8)
        if self._look.transfer in CURVES:
            image = tone_mapped(image, self._look.transfer)
        if self._turn.rotate:
            image = cv2.rotate(image, TURNS[self._turn.rotate])
        if self._turn.mirror:
            image = cv2.flip(image, 1)
        return np.ascontiguousarray(image, np.uint8)


def stored_orientation(frame: VideoFrame) -> Orientation:
    """What the file's display matrix asks for, the nearest of the eight ways to hold a picture."""
    data = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return AS_STORED
    # x' = a x + c y and y' = b x + d y; a mirror image, made last, changes the sign of x'
    a, b, _, c, d, *_ = np.frombuffer(bytes(data), "<i4").tolist()
    mirror = a * d - b * c < 0
    x, y = (-a, -c) if mirror else (a, c)
    return Orientation(round(np.degrees(np.arctan2(y, x)) / 90) * 90 % 360, mirror)


def _matrix(frame: VideoFrame) -> int | None:
    """The matrix from YUV to RGB as players choose it; None where there is nothing to convert."""
    if frame.format.is_rgb:
        return None
    if frame.colorspace in CONVERTED:
        return int(frame.colorspace)
    large = frame.colorspace == UNDECLARED and min(frame.width, frame.height) >= HD
    return int(Colorspace.ITU709 if large else Colorspace.ITU601)
