"""A decoded frame as players show it: turned, mirrored, with square pixels, high dynamic range brought to the usual."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import cv2
import numpy as np
from av.sidedata.sidedata import Type as SideData
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from pose3d.core.arrays import Floats
from pose3d.core.video import AS_STORED, Orientation

Picture = NDArray[np.uint8]
"""(H, W, 3) RGB."""

HLG, PQ = 18, 16
"""Transfer characteristics of ITU-T H.273: ARIB STD-B67 and SMPTE ST 2084."""
REFERENCE_WHITE = {HLG: 203 / 1000, PQ: 203 / 10000}
"""Of the brightest: white paper, 203 cd/m2 (ITU-R BT.2408), on a display of 1,000 cd/m2, or in PQ's 10,000."""
SHOULDER = 0.7
"""Of white: from here on what is brighter is pressed together, so that lamps and skies keep some shape."""
TO_BT709 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32)
"""BT.2020's primaries to BT.709's, linear light (ITU-R BT.2087)."""
STEPS = 4096
"""Of the table from linear light to 8 bits."""


def stored_orientation(frame: VideoFrame) -> Orientation:
    """What the file's display matrix asks for, all eight ways."""
    data = frame.side_data.get(SideData.DISPLAYMATRIX)  # pyright: ignore[reportArgumentType, reportCallIssue]
    if data is None:
        return AS_STORED
    a, b, _, c, d, *_ = np.frombuffer(bytes(data), "<i4")[:9].tolist()
    mirror = a * d - b * c < 0
    # of the turn that is left once the columns have been mirrored
    x, y = (-a, -c) if mirror else (a, c)
    return Orientation(round(np.degrees(np.arctan2(y, x)) / 90) * 90 % 360, mirror)


@dataclass(frozen=True)
class Display:
    """How the pictures of a stream are shown. width, height: as stored, with square pixels; then turned by `turns`."""

    width: int
    height: int
    turns: tuple[Orientation, ...]

    @classmethod
    def of(cls, stream: VideoStream, frame: VideoFrame, wish: Orientation) -> Display:
        """By a stream and its first frame; wish: what a viewer asked for, on top."""
        ratio = stream.sample_aspect_ratio
        wide = frame.width * float(ratio) if ratio else frame.width
        return cls(max(round(wide), 1), frame.height, (stored_orientation(frame), wish))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what is shown, pixels."""
        turned = sum(turn.rotate for turn in self.turns) % 180
        return (self.height, self.width) if turned else (self.width, self.height)

    def picture(self, frame: VideoFrame) -> Picture:
        """What is shown of a frame; one of another size than the first is brought to that."""
        image = _rgb(frame)
        if image.shape[:2] != (self.height, self.width):
            image = cv2.resize(image, (self.width, self.height), interpolation=cv2.INTER_LINEAR)
        for turn in self.turns:
            image = np.rot90(image, turn.rotate // 90)
            image = image[:, ::-1] if turn.mirror else image
        return np.ascontiguousarray(image, np.uint8)


def _rgb(frame: VideoFrame) -> Picture:
    curve = int(frame.color_trc)
    if curve not in REFERENCE_WHITE:
        return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
    return tone_mapped(np.asarray(frame.to_ndarray(format="rgb48le"), np.uint16), curve)


def tone_mapped(image: NDArray[np.uint16], curve: int) -> Picture:
    """(H, W, 3) BT.2020 signal of 16 bits, HLG or PQ, to 8 bits of BT.709, white where white paper is."""
    linear = cv2.transform(_to_light(curve)[image], TO_BT709)
    return _to_signal()[(np.clip(linear, 0, 1) * (STEPS - 1)).astype(np.int32)]


@functools.cache
def _to_light(curve: int) -> Floats:
    """(65536,) float32: signal to linear light, 1 for white, the brightest pressed below it (ITU-R BT.2100)."""
    signal = np.linspace(0, 1, 1 << 16)
    light = (_hlg_light(signal) if curve == HLG else _pq_light(signal)) / REFERENCE_WHITE[curve]
    pressed = SHOULDER + (1 - SHOULDER) * np.tanh((light - SHOULDER) / (1 - SHOULDER))
    return np.where(light < SHOULDER, light, pressed).astype(np.float32)


def _hlg_light(signal: Floats) -> Floats:
    """Inverse OETF, then the system gamma of a display of 1,000 cd/m2, per channel."""
    a = 0.17883277
    b, c = 1 - 4 * a, 0.5 - a * np.log(4 * a)
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return scene**1.2


def _pq_light(signal: Floats) -> Floats:
    """EOTF of ST 2084, 1 for 10,000 cd/m2."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = signal ** (1 / m2)
    return (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)


@functools.cache
def _to_signal() -> Picture:
    """(STEPS,) uint8: linear light to the signal of a usual display, gamma 2.4 (ITU-R BT.1886)."""
    return np.round(255 * np.linspace(0, 1, STEPS) ** (1 / 2.4)).astype(np.uint8)
