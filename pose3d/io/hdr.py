"""Pictures of high dynamic range brought to a usual screen."""

from __future__ import annotations

import functools
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from pose3d.core.arrays import Floats

PQ, HLG = 16, 18
"""Transfer characteristics of ITU-T H.273: SMPTE ST 2084 and ARIB STD-B67."""
WHITE, PEAK = 203.0, 1000.0
"""cd/m2: white paper (ITU-R BT.2408), and the brightest that is still told apart from white."""
HLG_GAMMA = 1.2
"""System gamma of HLG on a display of PEAK (ITU-R BT.2100)."""
SCREEN_GAMMA = 2.4
"""Of a usual display (ITU-R BT.1886)."""
SHOULDER = 0.7
"""Of white: from here on what is brighter is pressed together, so that lamps and skies keep some shape."""
LUMINANCE = np.array([[0.2627, 0.6780, 0.0593]], np.float32)
"""Of BT.2020's primaries."""
TO_BT709 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32)
"""BT.2020's primaries to BT.709's, linear light (ITU-R BT.2087)."""
STEPS = 4096
"""Of the table from the root of linear light, finer in the dark than light itself, to 8 bits."""


def tone_mapped(image: NDArray[np.uint8], curve: int) -> NDArray[np.uint8]:
    """(H, W, 3) BT.2020 R'G'B', HLG or PQ, to BT.709 R'G'B' as a usual screen shows it, (H, W, 3)."""
    light = cv2.LUT(image, _to_light(curve))
    if curve == HLG:
        light *= cv2.pow(cv2.transform(light, LUMINANCE), HLG_GAMMA - 1)[..., None]
    light = cv2.transform(light, TO_BT709 * np.float32(WHITE / PEAK))
    root = cv2.sqrt(np.clip(light, 0, 1, out=light))
    return _to_signal()[(root * (STEPS - 1)).astype(np.uint16)]


def pq_light(signal: Floats) -> Floats:
    """PQ signal 0..1 to displayed light, 1 for white: the EOTF of ITU-R BT.2100."""
    m1, m2 = 2610 / 16384, 2523 / 32
    c1, c2, c3 = 3424 / 4096, 2413 / 128, 2392 / 128
    power = signal ** (1 / m2)
    return (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1) * 10_000 / WHITE


def hlg_light(signal: Floats) -> Floats:
    """HLG signal 0..1 to the scene's light: the inverse OETF of ITU-R BT.2100. Scaled so that the system gamma, applied
    after it, gives displayed light, 1 for white."""
    a = 0.17883277
    b, c = 1 - 4 * a, 0.5 - a * np.log(4 * a)
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return scene * (PEAK / WHITE) ** (1 / HLG_GAMMA)


CURVES: dict[int, Callable[[Floats], Floats]] = {PQ: pq_light, HLG: hlg_light}


@functools.cache
def _to_light(curve: int) -> NDArray[np.float32]:
    """(256,): 8-bit signal to light."""
    return CURVES[curve](np.linspace(0, 1, 256)).astype(np.float32)


@functools.cache
def _to_signal() -> NDArray[np.uint8]:
    """(STEPS,): root of light, 1 for PEAK, to an 8-bit signal."""
    light = np.linspace(0, 1, STEPS) ** 2 * PEAK / WHITE
    pressed = SHOULDER + (1 - SHOULDER) * np.tanh((light - SHOULDER) / (1 - SHOULDER))
    return np.round(255 * np.where(light < SHOULDER, light, pressed) ** (1 / SCREEN_GAMMA)).astype(np.uint8)
