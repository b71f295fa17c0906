"""Pinhole cameras: made from a field of view, a preset, intrinsics or a calibration file."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from typing_extensions import Self

from pose3d.core.errors import ConfigError
from pose3d.core.resources import read_yaml

DEFAULT_FOV = 60.0
"""Degrees across the longer side: a little less than a phone's main camera, which crops for video."""

PRESETS: dict[str, float] = {name: float(fov) for name, fov in read_yaml("cameras.yaml").items()}
"""Name to field of view in degrees across the picture's longer side."""


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
        if self.width < 1 or self.height < 1:
            raise ConfigError(f"a camera's picture must have a size, got {self.width}x{self.height}")
        if not (self.fx > 0 and self.fy > 0 and all(map(math.isfinite, (self.fx, self.fy, self.cx, self.cy)))):
            raise ConfigError(f"focal lengths must be positive, got fx {self.fx}, fy {self.fy}")

    @classmethod
    def from_fov(cls, width: int, height: int, degrees: float = DEFAULT_FOV) -> Self:
        """Square pixels, centre in the middle; `degrees` across the longer side, so a turned phone keeps its value."""
        if not 5 <= degrees <= 160:
            raise ConfigError(f"the field of view must lie between 5 and 160 degrees, got {degrees:g}")
        focal = max(width, height) / 2 / math.tan(math.radians(degrees) / 2)
        return cls(width, height, focal, focal, width / 2, height / 2)

    @classmethod
    def from_preset(cls, name: str, width: int, height: int) -> Self:
        """One of PRESETS by name."""
        if name not in PRESETS:
            raise ConfigError(f"no camera preset {name!r}; there are {', '.join(PRESETS)}")
        return cls.from_fov(width, height, PRESETS[name])

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """A JSON object with width, height, fx, fy, cx, cy and optionally distortion."""
        try:
            fields = json.loads(Path(path).read_text())
            distortion = fields.pop("distortion", None)
            return cls(**fields, distortion=tuple(distortion) if distortion else None)
        except (OSError, ValueError, TypeError, AttributeError) as e:
            raise ConfigError(
                f"{path} is not a camera file; it needs width, height, fx, fy, cx, cy and optionally distortion: {e}"
            ) from e

    @property
    def fov(self) -> float:
        """Degrees across the longer side."""
        size, focal = max((self.width, self.fx), (self.height, self.fy))
        return math.degrees(2 * math.atan(size / 2 / focal))

    @property
    def matrix(self) -> np.ndarray:
        """(3, 3) intrinsic matrix."""
        return np.array([[self.fx, 0, self.cx], [0, self.fy, self.cy], [0, 0, 1]])

    def scaled(self, width: int, height: int) -> Camera:
        """The same lens for the same picture at another size."""
        if (width, height) == (self.width, self.height):
            return self
        sx, sy = width / self.width, height / self.height
        return Camera(width, height, self.fx * sx, self.fy * sy, self.cx * sx, self.cy * sy, self.distortion)

    def adapted(self, width: int, height: int) -> Camera:
        """The same lens for pictures of any shape: longer sides match, the centre keeps its place off the middle."""
        scale = max(width, height) / max(self.width, self.height)
        cx = width / 2 + (self.cx - self.width / 2) * scale
        cy = height / 2 + (self.cy - self.height / 2) * scale
        return Camera(width, height, self.fx * scale, self.fy * scale, cx, cy, self.distortion)

    def rays(self, xy: np.ndarray) -> np.ndarray:
        """Pixels (..., 2) to x/z, y/z (..., 2) float32, distortion undone."""
        if self.distortion:
            from pose3d.opencv import cv2

            flat = np.asarray(xy, np.float64).reshape(-1, 1, 2)
            straight = cv2.undistortPoints(flat, self.matrix, np.array(self.distortion))
            return straight.reshape(xy.shape).astype(np.float32)
        return self.pinhole_rays(xy)

    def pinhole_rays(self, xy: np.ndarray) -> np.ndarray:
        """Pixels (..., 2) to x/z, y/z (..., 2) float32, as if the lens did not distort."""
        return ((xy - [self.cx, self.cy]) / [self.fx, self.fy]).astype(np.float32)

    def project(self, xyz: np.ndarray) -> np.ndarray:
        """Camera-space points (..., 3) to pixels (..., 2) float32."""
        if self.distortion:
            from pose3d.opencv import cv2

            flat = np.asarray(xyz, np.float64).reshape(-1, 1, 3)
            pixels, _ = cv2.projectPoints(flat, np.zeros(3), np.zeros(3), self.matrix, np.array(self.distortion))
            return pixels.reshape(*xyz.shape[:-1], 2).astype(np.float32)
        return (xyz[..., :2] / xyz[..., 2:] * [self.fx, self.fy] + [self.cx, self.cy]).astype(np.float32)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        fields: dict[str, object] = {name: getattr(self, name) for name in ("width", "height", "fx", "fy", "cx", "cy")}
        return fields | {"distortion": list(self.distortion) if self.distortion else None}
