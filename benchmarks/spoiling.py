"""Ways of spoiling a clip whose truth is known, and what becomes of its lens and its truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.quality import GREY, Spoiler, blank
from pose3d import Camera
from pose3d.core.arrays import Floats, Picture
from pose3d.io.video import frames, probe
from pose3d.io.writer import VideoWriter

FRAMES = 72
"""Of a clip that are used, from its first on."""
BLUR = 0.008
"""Of the picture's longer side: by more, most people are not found at all, and nothing is graded."""
DIM, NOISE = 0.5, 10.0
"""Of the light that is left, and grey levels by which the camera's noise is off."""


def blurred(image: Picture) -> Picture:
    """Out of focus."""
    return cv2.GaussianBlur(image, (0, 0), BLUR * max(image.shape[:2])).astype(np.uint8)


def dimmed(image: Picture) -> Picture:
    """Dark and noisy, the same on every call."""
    noise = np.random.default_rng(len(image)).normal(0, NOISE, image.shape)
    return np.clip(image * DIM + noise, 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Placing:
    """The picture made smaller or larger about its middle, then moved by parts of its size, in front of grey."""

    scale: float = 1.0
    right: float = 0.0
    down: float = 0.0

    def corner(self, width: int, height: int) -> tuple[float, float]:
        """Pixels: where the picture's upper left corner comes to lie."""
        return ((1 - self.scale) / 2 + self.right) * width, ((1 - self.scale) / 2 + self.down) * height

    def placed(self, image: Picture) -> Picture:
        """A picture to one of the same size."""
        height, width = image.shape[:2]
        small = cv2.resize(image, None, fx=self.scale, fy=self.scale, interpolation=cv2.INTER_AREA)
        matrix = np.column_stack([np.eye(2), self.corner(width, height)])
        moved = cv2.warpAffine(small, matrix, (width, height), borderValue=(GREY,) * 3)
        return moved.astype(np.uint8)


@dataclass(frozen=True)
class Spoiling:
    """How a clip is spoilt."""

    picture: Spoiler = np.copy
    rows: range = range(FRAMES)
    """The clip's frames that are kept, as far as there are so many."""
    spoilt: range = range(FRAMES)
    """The clip's frames whose picture is spoilt."""
    placing: Placing = Placing()
    turned: bool = False
    """By 90 degrees counter-clockwise."""
    assumed: Callable[[Camera], Camera] | None = None
    """The lens that the run is told instead of the true one."""

    def spoil(self, source: Path, target: Path) -> Path:
        """Writes the spoilt clip to `target`."""
        info = probe(source)
        size = (info.height, info.width) if self.turned else (info.width, info.height)
        with VideoWriter(target, *size, info.fps / self.rows.step) as writer:
            for row, frame in enumerate(frames(source)):
                if row >= self.rows.stop:
                    break
                if row in self.rows:
                    image = self.placed(frame.image)
                    writer.add(self.picture(image) if row in self.spoilt else image, frame.time)
        return target

    def placed(self, image: Picture) -> Picture:
        """(H, W, 3) uint8 to the same, or turned."""
        image = self.placing.placed(image)
        return np.ascontiguousarray(np.rot90(image)) if self.turned else image

    def camera(self, true: Camera) -> Camera:
        """What the run is told of the lens."""
        scale, (right, down) = self.placing.scale, self.placing.corner(true.width, true.height)
        lens = Camera(
            true.width,
            true.height,
            true.fx * scale,
            true.fy * scale,
            true.cx * scale + right,
            true.cy * scale + down,
            true.distortion,
        )
        lens = _turned(lens) if self.turned else lens
        return self.assumed(lens) if self.assumed else lens

    def turn(self, xyz: Floats) -> Floats:
        """Points or directions (..., 3) in the axes of the camera that the spoilt picture seems to be from."""
        return np.stack([xyz[..., 1], -xyz[..., 0], xyz[..., 2]], -1) if self.turned else xyz


def _turned(lens: Camera) -> Camera:
    """For pictures that were turned by 90 degrees counter-clockwise: (x, y) becomes (y, width - x)."""
    k1, k2, p1, p2, *more = lens.distortion or (0.0,) * 4
    bent = (k1, k2, -p2, p1, *more) if lens.distortion else None
    return Camera(lens.height, lens.width, lens.fy, lens.fx, lens.cy, lens.width - lens.cx, bent)


def _of_fov(degrees: float) -> Callable[[Camera], Camera]:
    return lambda true: Camera.from_fov(true.width, true.height, degrees)


SPOILINGS = {
    "nothing": Spoiling(),
    "ten frames only": Spoiling(rows=range(10)),
    "one frame in three": Spoiling(rows=range(0, FRAMES, 3)),
    "out of focus": Spoiling(blurred),
    "dark": Spoiling(dimmed),
    "gone for a third": Spoiling(blank, spoilt=range(24, 48)),
    "a fifth of the size": Spoiling(placing=Placing(scale=0.2)),
    "legs outside": Spoiling(placing=Placing(down=0.4)),
    "turned": Spoiling(turned=True),
    "20 degrees assumed": Spoiling(assumed=_of_fov(20.0)),
    "120 degrees assumed": Spoiling(assumed=_of_fov(120.0)),
}
"""Name to way of spoiling."""
