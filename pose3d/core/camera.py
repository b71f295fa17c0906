"""Pinhole cameras: made from a field of view, a preset, intrinsics or a calibration file."""

from __future__ import annotations

import functools
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from typing_extensions import Self

from pose3d.core.arrays import Floats
from pose3d.core.errors import ConfigError
from pose3d.core.files import read_limited
from pose3d.core.resources import read_yaml

DEFAULT_FOV = 60.0
"""Degrees across the longer side: a little less than a phone's main camera, which crops for video."""

NARROWEST, WIDEST = 5.0, 160.0
"""Degrees: the fields of view that a pinhole camera is taken for."""
MAX_SIDE = 100_000
"""Pixels of a picture's side."""
MIN_FOCAL, MAX_FOCAL = 0.01, 1e7
"""Pixels: one pixel at the widest field of view has more, the largest side at the narrowest has less."""
MAX_CENTRE = 1e6
"""Pixels by which the principal point may lie from the corner, on either side: of a small part of a picture it may be
far outside."""
MAX_DISTORTION = 1e3
"""Of a coefficient."""
COEFFICIENTS = (4, 5)
"""How many there may be."""
SAME_SHAPE = 0.01
"""By how much the ratios of two pictures' sides may differ: rounding, and rows that encoders add."""


FILE_MB = 1.0
"""Megabytes of a camera file, which has a few hundred bytes."""


def _within(value: object, low: float, high: float) -> bool:
    """Whether it is a number in these limits; JSON files and programs give anything."""
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


@functools.cache
def presets() -> dict[str, float]:
    """Name to field of view in degrees across the picture's longer side: configs/cameras.yaml."""
    return {name: float(fov) for name, fov in read_yaml("cameras.yaml").items()}


@dataclass(frozen=True)
class Camera:
    """Intrinsics in pixels of a width x height picture; pixel (0, 0) is the corner, x right, y down.

    distortion: OpenCV's k1, k2, p1, p2 and optionally k3, or None.
    """

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    distortion: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if not all(_within(side, 1, MAX_SIDE) for side in (self.width, self.height)):
            raise ConfigError("camera_size", width=self.width, height=self.height, most=MAX_SIDE)
        if not all(_within(focal, MIN_FOCAL, MAX_FOCAL) for focal in (self.fx, self.fy)):
            raise ConfigError("focal_length", fx=self.fx, fy=self.fy, low=MIN_FOCAL, high=MAX_FOCAL)
        if not all(_within(middle, -MAX_CENTRE, MAX_CENTRE) for middle in (self.cx, self.cy)):
            raise ConfigError("camera_centre", cx=self.cx, cy=self.cy, most=MAX_CENTRE)
        given = self.distortion or ()
        if given and len(given) not in COEFFICIENTS:
            raise ConfigError("distortion", least=min(COEFFICIENTS), most=max(COEFFICIENTS), high=MAX_DISTORTION)
        if not all(_within(value, -MAX_DISTORTION, MAX_DISTORTION) for value in given):
            raise ConfigError("distortion", least=min(COEFFICIENTS), most=max(COEFFICIENTS), high=MAX_DISTORTION)

    @classmethod
    def from_fov(cls, width: int, height: int, degrees: float = DEFAULT_FOV) -> Self:
        """Square pixels, centre in the middle; `degrees` across the longer side, so a turned phone keeps its value."""
        if not NARROWEST <= degrees <= WIDEST:
            raise ConfigError("field_of_view", low=NARROWEST, high=WIDEST, value=degrees)
        focal = max(width, height) / 2 / math.tan(math.radians(degrees) / 2)
        return cls(width, height, focal, focal, width / 2, height / 2)

    @classmethod
    def from_preset(cls, name: str, width: int, height: int) -> Self:
        """One of `presets` by name."""
        if name not in presets():
            raise ConfigError("unknown_preset", name=name, known=", ".join(presets()))
        return cls.from_fov(width, height, presets()[name])

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Self:
        """As JSON holds them: width, height, fx, fy, cx, cy and optionally distortion, null for none."""
        distortion = fields.get("distortion")
        known: dict[str, Any] = {**fields, "distortion": tuple(distortion) if distortion else None}
        return cls(**known)

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """A JSON object with width, height, fx, fy, cx, cy and optionally distortion. Raises ConfigError."""
        try:
            return cls.from_fields(json.loads(read_limited(Path(path), FILE_MB).decode("utf-8-sig")))
        except (ConfigError, OSError, ValueError, TypeError, AttributeError, RecursionError) as e:
            raise ConfigError("camera_file", path=path, reason=e) from e

    @property
    def fov(self) -> float:
        """Degrees across the longer side."""
        size, focal = max((self.width, self.fx), (self.height, self.fy))
        return math.degrees(2 * math.atan(size / 2 / focal))

    @property
    def matrix(self) -> Floats:
        """(3, 3) intrinsic matrix."""
        return np.array([[self.fx, 0, self.cx], [0, self.fy, self.cy], [0, 0, 1]])

    def fitted(self, width: int, height: int) -> Camera:
        """The same lens for pictures of another size.

        Pictures of the same shape are taken for the same picture, scaled. Of another shape: longer sides match, the
        centre keeps its place off the middle.
        """
        sx, sy = width / self.width, height / self.height
        if abs(sx / sy - 1) < SAME_SHAPE:
            return Camera(width, height, self.fx * sx, self.fy * sy, self.cx * sx, self.cy * sy, self.distortion)
        scale = max(width, height) / max(self.width, self.height)
        cx = width / 2 + (self.cx - self.width / 2) * scale
        cy = height / 2 + (self.cy - self.height / 2) * scale
        return Camera(width, height, self.fx * scale, self.fy * scale, cx, cy, self.distortion)

    def rays(self, xy: Floats) -> Floats:
        """Pixels (..., 2) to x/z, y/z (..., 2) float32, distortion undone."""
        if self.distortion:
            import cv2

            flat = np.asarray(xy, np.float64).reshape(-1, 1, 2)
            straight = cv2.undistortPoints(flat, self.matrix, np.array(self.distortion))
            return straight.reshape(xy.shape).astype(np.float32)
        return self.pinhole_rays(xy)

    def pinhole_rays(self, xy: Floats) -> Floats:
        """Pixels (..., 2) to x/z, y/z (..., 2) float32, as if the lens did not distort."""
        return ((xy - [self.cx, self.cy]) / [self.fx, self.fy]).astype(np.float32)

    def project(self, xyz: Floats) -> Floats:
        """Camera-space points (..., 3) to pixels (..., 2) float32."""
        if self.distortion:
            import cv2

            flat = np.asarray(xyz, np.float64).reshape(-1, 1, 3)
            pixels, _ = cv2.projectPoints(flat, np.zeros(3), np.zeros(3), self.matrix, np.array(self.distortion))
            return pixels.reshape(*xyz.shape[:-1], 2).astype(np.float32)
        return (xyz[..., :2] / xyz[..., 2:] * [self.fx, self.fy] + [self.cx, self.cy]).astype(np.float32)
