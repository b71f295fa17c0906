"""The colours of the body's sides, the same in every view and file."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Floats

COLOURS = {"left": "#e66100", "right": "#1a85ff", "middle": "#868e99"}
"""By side; orange and blue stay apart for every kind of colour blindness, on white and on black."""


def linear(colour: str) -> tuple[float, float, float]:
    """ "#rrggbb" (sRGB) as linear red, green, blue, 0 to 1, as IEC 61966-2-1 defines it."""
    return tuple(_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))  # pyright: ignore[reportReturnType]


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def encoded(values: Floats) -> Floats:
    """Linear red, green, blue, 0 to 1, as sRGB, 0 to 1: the inverse of `linear`."""
    values = np.clip(values, 0, 1)
    return np.where(values <= 0.0031308, 12.92 * values, 1.055 * values ** (1 / 2.4) - 0.055)
