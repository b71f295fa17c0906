"""Paints avatars into a picture with OpenCV: small triangles, from far to near."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from pose3d.core.arrays import Floats, Picture
from pose3d.core.colours import encoded
from pose3d.core.geometry import unit
from pose3d.motion.skin import Skin

Project = Callable[[Floats], Floats]
"""Points (..., 3), metres, to (..., 3): pixels x and y, and how many times larger than elsewhere things look there."""

LIGHT = unit(np.array([-0.5, 0.7, 0.6]))
"""To where the light comes from: the viewer's right, up, towards the viewer."""
SHADE = 0.5
"""Brightness of what it does not reach, where what faces it has 1."""
FINER = 2
"""Pixels painted for one of the picture, each way: its edges are as smooth as the skeleton's."""
RIM = 4
"""Pixels around the figure that are painted anew."""


class Painter:
    """Paints one avatar. axes: (3, 3) rows to the viewer's right, up, and towards the viewer, in the skin's axes."""

    def __init__(self, skin: Skin, axes: Floats, project: Project):
        self._skin, self._axes, self._project = skin, axes, project
        self._colours = skin.mesh.colour[skin.mesh.triangles].mean(1)  # linear

    def paint(self, image: Picture, frame: int) -> None:
        """Over the picture (H, W, 3) uint8 RGB; writes into it."""
        corners = self._skin.points(frame)
        seen = self._project(corners)
        low = np.clip(np.floor(seen[:, :2].min(0)).astype(int) - RIM, 0, image.shape[1::-1])
        high = np.clip(np.ceil(seen[:, :2].max(0)).astype(int) + RIM, 0, image.shape[1::-1])
        if (high <= low).any():
            return
        part = image[low[1] : high[1], low[0] : high[0]]
        finer = np.asarray(cv2.resize(part, None, fx=FINER, fy=FINER, interpolation=cv2.INTER_NEAREST), np.uint8)
        self._fill(finer, corners, (seen - [*low, 0]) * [FINER, FINER, 1])
        part[:] = cv2.resize(finer, part.shape[1::-1], interpolation=cv2.INTER_AREA)

    def _fill(self, image: Picture, corners: Floats, seen: Floats) -> None:
        """The triangles that face the viewer; corners (V, 3) metres, seen (V, 3) as `Project` answers."""
        triangles = self._skin.mesh.triangles
        (ax, ay), (bx, by), (cx, cy) = seen[triangles, :2].transpose(1, 2, 0)
        facing = np.flatnonzero((bx - ax) * (cy - ay) - (by - ay) * (cx - ax) < 0)
        order = facing[np.argsort(seen[triangles[facing], 2].sum(1))]
        placed: Floats = corners[triangles[order]] @ self._axes.T
        sides = placed[:, 1:] - placed[:, :1]
        lit = np.maximum(unit(np.cross(sides[:, 0], sides[:, 1])) @ LIGHT, 0)
        colours = encoded(self._colours[order] * (SHADE + (1 - SHADE) * lit)[:, None])
        points = np.round(seen[triangles[order], :2]).astype(np.int32)
        for triangle, colour in zip(points, np.round(255 * colours).tolist(), strict=True):
            cv2.fillConvexPoly(image, triangle, colour)
