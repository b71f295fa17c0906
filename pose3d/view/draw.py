"""Draws skeletons and avatars with OpenCV: over a picture, and in space on a floor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pose3d.core.arrays import Bools, Floats, Picture
from pose3d.core.colours import COLOURS
from pose3d.core.config import Language
from pose3d.core.skeleton import Skeleton
from pose3d.motion.skin import Skin
from pose3d.view.painted import Painter
from pose3d.view.scene import Scene, Viewpoint, to_display, to_world

Colour = tuple[int, ...]
"""Red, green, blue, 0 to 255."""

Edges = Iterable[tuple[int, int]]
"""Bones, (parent, child)."""

FRACTION_BITS = 4
"""OpenCV takes whole numbers; these lowest bits are the fraction of a pixel, without which slow limbs jump."""

FAR = 8000
"""Pixels from the corner beyond which nothing needs to be exact."""

RGB: dict[str, Colour] = {side: tuple(bytes.fromhex(colour[1:])) for side, colour in COLOURS.items()}
PAPER: Colour = (246, 247, 249)
TILES: tuple[Colour, Colour] = ((226, 230, 236), (235, 238, 242))
SHADOW: Colour = (196, 201, 210)
PATH: Colour = (148, 155, 168)
INK: Colour = (70, 76, 86)

STROKES = {
    "left": (
        ((0.06, 0.26), (0.94, 0.26)),
        ((0.46, 0.04), (0.36, 0.42), (0.22, 0.68), (0.04, 0.90)),
        ((0.34, 0.56), (0.90, 0.56)),
        ((0.61, 0.56), (0.61, 0.94)),
        ((0.24, 0.94), (0.96, 0.94)),
    ),
    "right": (
        ((0.06, 0.26), (0.94, 0.26)),
        ((0.46, 0.04), (0.36, 0.36), (0.22, 0.58), (0.04, 0.78)),
        ((0.34, 0.96), (0.34, 0.54), (0.88, 0.54), (0.88, 0.96)),
        ((0.34, 0.90), (0.88, 0.90)),
    ),
}
"""The characters for left and right, drawn as lines in a square from its upper left corner (0, 0) to (1, 1)."""

LIMB_METRES = 0.055
"""Thickness of a limb in space."""

VIEW_DISTANCE = 4.0
"""Of the viewer from the middle, in radii of the scene: a mild perspective."""

MARGIN = 0.08
"""Of the panel's size, kept free on each side."""


@dataclass(frozen=True)
class Lens:
    """Projects display axes to a panel's pixels."""

    axes: Floats
    """(3, 3) as Viewpoint.axes."""
    middle: Floats
    """(3,) metres, the point looked at."""
    distance: float
    """Metres from there to the viewer."""
    scale: float
    """Pixels per metre at the middle."""
    centre: Floats
    """(2,) pixels, where the middle appears."""

    def __call__(self, xyz: Floats) -> Floats:
        """(..., 3) metres to (..., 3): pixels x, y, and how many times larger than at the middle things look."""
        right, up, near = np.moveaxis((xyz - self.middle) @ self.axes.T, -1, 0)
        larger = self.distance / np.maximum(self.distance - near, self.distance / 10)
        x, y = self.centre[0] + right * larger * self.scale, self.centre[1] - up * larger * self.scale
        return np.stack([x, y, larger], axis=-1)

    @classmethod
    def fitted(cls, shown: Scene, viewpoint: Viewpoint, width: int, height: int) -> Lens:
        """The lens that shows all frames of a scene as large as the panel allows."""
        joints = np.concatenate([person.joints.reshape(-1, 3) for person in shown.people])
        middle = (joints.min(axis=0) + joints.max(axis=0)) / 2
        radius = max(float(np.linalg.norm(joints - middle, axis=-1).max()), 0.5)
        unit = cls(viewpoint.axes, middle, VIEW_DISTANCE * radius, 1.0, np.zeros(2))
        seen = unit(shown.extent)[:, :2]
        low, high = seen.min(axis=0), seen.max(axis=0)
        size = np.array([width, height])
        scale = float(((1 - 2 * MARGIN) * size / np.maximum(high - low, 0.5)).min())
        return cls(unit.axes, middle, unit.distance, scale, size / 2 - (low + high) / 2 * scale)


class Panel:
    """The 3D view of a scene from one viewpoint; the floor and the writing are drawn once.

    skins: of everybody in the scene, in its axes turned to y up, to draw instead of skeletons; none: skeletons.
    """

    def __init__(
        self,
        shown: Scene,
        viewpoint: Viewpoint,
        width: int,
        height: int,
        language: Language = "en",
        skins: Sequence[Skin] = (),
    ):
        lens = Lens.fitted(shown, viewpoint, width, height)
        self.people = [(one, lens(one.joints), lens(one.joints * [1, 1, 0])) for one in shown.people]
        axes = to_world(lens.axes)
        self.painters = [Painter(skin, axes, lambda xyz: lens(to_display(xyz))) for skin in skins]
        self.limb = LIMB_METRES * lens.scale
        self.empty = np.full((height, width, 3), PAPER, np.uint8)
        draw_floor(self.empty, shown, lens)
        draw_legend(self.empty, language)

    def frame(self, index: int) -> Picture:
        """(H, W, 3) uint8 RGB: one frame of the clip."""
        image = np.empty_like(self.empty)
        self.draw(index, image)
        return image

    def draw(self, index: int, image: Picture) -> None:
        """As `frame`, over the picture (H, W, 3), which may be a part of a larger one."""
        image[:] = self.empty
        for one, _, shadows in self._here(index):
            for parent, child in one.edges:
                _line(image, shadows[parent], shadows[child], SHADOW, self.limb)
        if self.painters:
            self._paint(image, index)
        else:
            self._draw(image, index)

    def _here(self, index: int) -> list[tuple[Scene, Floats, Floats]]:
        """Whom the frame shows, with their joints and those of their shadows as `Lens` answers."""
        return [(one, points[index], shadows[index]) for one, points, shadows in self.people if not one.absent[index]]

    def _draw(self, image: Picture, index: int) -> None:
        """Everybody's skeletons, what is near over what is far."""
        limbs = [(one, points, edge) for one, points, _ in self._here(index) for edge in one.edges]
        for one, points, edge in sorted(limbs, key=lambda limb: limb[1][list(limb[2]), 2].sum()):
            draw_limb(image, points, one.interpolated[index], one.skeleton, edge, self.limb)

    def _paint(self, image: Picture, index: int) -> None:
        """Everybody's avatars, who is near over who is far."""
        shown = [
            (float(points[index, :, 2].mean()), painter)
            for (one, points, _), painter in zip(self.people, self.painters, strict=True)
            if not one.absent[index]
        ]
        for _, painter in sorted(shown, key=lambda pair: pair[0]):
            painter.paint(image, index)


def draw_pose(
    image: Picture, xy: Floats, interpolated: Bools, skeleton: Skeleton, edges: Edges, thickness: float
) -> None:
    """Draws joints (J, 2), in pixels, over a picture, the middle first, then the limbs."""
    points = np.concatenate([xy, np.ones((len(xy), 1))], axis=1)
    for edge in sorted(edges, key=lambda edge: skeleton.sides[edge[1]] != "middle"):
        draw_limb(image, points, interpolated, skeleton, edge, thickness)


def draw_limb(
    image: Picture,
    points: Floats,
    interpolated: Bools,
    skeleton: Skeleton,
    edge: tuple[int, int],
    thickness: float,
) -> None:
    """One limb with a pale rim that parts it from what lies behind, and its joints; interpolated joints are hollow.

    points (J, 3): pixels x, y and how many times larger than normal; interpolated (J,) bool.
    """
    parent, child = points[edge[0]], points[edge[1]]
    width = thickness * (parent[2] + child[2]) / 2
    _line(image, parent, child, PAPER, width + max(2.0, width / 3))
    _line(image, parent, child, RGB[skeleton.sides[edge[1]]], width)
    for joint in edge:
        _joint(
            image, points[joint], RGB[skeleton.sides[joint]], thickness * points[joint, 2], bool(interpolated[joint])
        )


def draw_floor(image: Picture, shown: Scene, lens: Lens) -> None:
    """Tiles, and over them everybody's way."""
    xs, ys = shown.grid
    corners = lens(np.stack([*np.meshgrid(xs, ys, indexing="ij"), np.zeros((len(xs), len(ys)))], axis=-1))[..., :2]
    for i in range(len(xs) - 1):
        for j in range(len(ys) - 1):
            tile = corners[[i, i + 1, i + 1, i], [j, j, j + 1, j + 1]]
            cv2.fillConvexPoly(image, _fixed(tile), TILES[(i + j) % 2], cv2.LINE_AA, FRACTION_BITS)
    paths = [_fixed(lens(one.path)[:, :2]) for one in shown.people]
    cv2.polylines(image, paths, False, PATH, max(1, round(lens.scale / 100)), cv2.LINE_AA, FRACTION_BITS)


def draw_legend(image: Picture, language: Language) -> None:
    """Which colour is which side."""
    size = len(image) / 900
    x, y = round(24 * size), round(40 * size)
    for side in ("left", "right"):
        cv2.circle(image, (x, y - round(8 * size)), round(9 * size), RGB[side], -1, cv2.LINE_AA)
        WRITERS[language](image, side, (x + round(18 * size), y), size)
        x += round(110 * size)


def _write_latin(image: Picture, text: str, place: tuple[int, int], size: float) -> None:
    """place: pixels, the lower left corner of the text."""
    cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.8 * size, INK, max(1, round(1.6 * size)), cv2.LINE_AA)


def _write_chinese(image: Picture, text: str, place: tuple[int, int], size: float) -> None:
    """As `_write_latin`, one of STROKES: OpenCV has no Chinese letters, and a machine need not have a font."""
    scale, corner = 26 * size, np.array(place) - [0, 22 * size]
    strokes = [_fixed(np.array(stroke) * scale + corner) for stroke in STROKES[text]]
    cv2.polylines(image, strokes, False, INK, max(1, round(1.6 * size)), cv2.LINE_AA, FRACTION_BITS)


WRITERS: dict[Language, Callable[[Picture, str, tuple[int, int], float], None]] = {
    "en": _write_latin,
    "zh": _write_chinese,
}


def _line(image: Picture, start: Floats, end: Floats, colour: Colour, width: float) -> None:
    cv2.line(image, _place(start), _place(end), colour, max(1, round(width)), cv2.LINE_AA, FRACTION_BITS)


def _joint(image: Picture, point: Floats, colour: Colour, width: float, hollow: bool) -> None:
    radius = max(2.0, width * 0.72) * (1 << FRACTION_BITS)
    place = _place(point)
    cv2.circle(image, place, round(radius), colour, -1, cv2.LINE_AA, FRACTION_BITS)
    if hollow:
        cv2.circle(image, place, round(radius * 0.6), PAPER, -1, cv2.LINE_AA, FRACTION_BITS)


def _fixed(xy: Floats) -> NDArray[np.int32]:
    """Pixels (N, 2) to OpenCV's fixed point; far outside the picture they are cut off, where int32 would run over."""
    return np.round(np.clip(xy, -FAR, FAR) * (1 << FRACTION_BITS)).astype(np.int32)


def _place(point: Floats) -> tuple[int, int]:
    """As `_fixed`, of one point (2 or more,); without NumPy, which takes ten times as long for two numbers."""
    x, y = float(point[0]), float(point[1])
    scale = 1 << FRACTION_BITS
    return round(min(max(x, -FAR), FAR) * scale), round(min(max(y, -FAR), FAR) * scale)
