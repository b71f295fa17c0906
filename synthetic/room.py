"""The room around the person: floor boards and a wall, as VTK actors."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import vtk
from vtkmodules.util.numpy_support import numpy_to_vtk

from synthetic.body import Colour


@dataclass(frozen=True)
class Room:
    """Colours of the room and where its walls stand."""

    wall: Colour = (0.80, 0.79, 0.75)
    floor: Colour = (0.62, 0.47, 0.33)
    board: Colour = (0.93, 0.92, 0.90)
    depth: float = 2.6
    """Metres from the origin back to the wall behind the person."""
    size: float = 14.0
    """Metres of the room's width and length."""
    height: float = 5.0
    seed: int = 3
    """Of the planks' colours."""


DEFAULT_ROOM = Room()


def shaded(data: vtk.vtkPolyData, specular: float = 0.0) -> vtk.vtkActor:
    mapper = vtk.vtkPolyDataMapper()
    mapper.SetInputData(data)
    actor = vtk.vtkActor()
    actor.SetMapper(mapper)
    look = actor.GetProperty()
    look.SetInterpolationToPhong()
    look.SetAmbient(0.36)
    look.SetDiffuse(0.80)
    look.SetSpecular(specular)
    look.SetSpecularPower(18)
    return actor


def quad(
    corner: tuple[float, ...], right: tuple[float, ...], up: tuple[float, ...], image: vtk.vtkImageData
) -> vtk.vtkActor:
    """A textured parallelogram from a corner and two sides in metres."""
    plane = vtk.vtkPlaneSource()
    plane.SetOrigin(*corner)
    plane.SetPoint1(*np.add(corner, right))
    plane.SetPoint2(*np.add(corner, up))
    plane.Update()
    actor = shaded(plane.GetOutput())
    texture = vtk.vtkTexture()
    texture.SetInputData(image)
    texture.InterpolateOn()
    texture.MipmapOn()
    actor.SetTexture(texture)
    return actor


def walls(room: Room) -> list[vtk.vtkActor]:
    half, back = room.size / 2, -room.depth
    floor = quad((-half, 0, back + room.size), (room.size, 0, 0), (0, 0, -room.size), _image(_planks(room)))
    wall = quad((-half, 0, back), (room.size, 0, 0), (0, room.height, 0), _image(_plaster(room)))
    board = quad(
        (-half, 0, back + 0.015),
        (room.size, 0, 0),
        (0, 0.11, 0),
        _image(np.full((4, 4, 3), np.array(room.board) * 255, np.uint8)),
    )
    return [floor, wall, board]


def _planks(room: Room) -> np.ndarray:
    """(1024, 1024, 3) uint8 floor boards of 14 cm, running to the wall."""
    random = np.random.default_rng(room.seed)
    pixels, boards = 1024, int(room.size / 0.2)
    tone = np.ones((pixels, pixels))
    for n in range(boards):
        left, right = n * pixels // boards, (n + 1) * pixels // boards
        start = random.integers(0, pixels)
        for part in range(8):
            rows = (np.arange(pixels // 8) + start + part * pixels // 8) % pixels
            tone[rows[:, None], np.arange(left, right)] = random.normal(1, 0.05)
            tone[rows[0], left:right] *= 0.85
        tone[:, left] *= 0.86
    grain = cv2.GaussianBlur(random.normal(0, 1, (pixels, pixels)), (0, 0), sigmaX=0.8, sigmaY=14)
    tone = tone * (1 + 0.18 * grain)
    return (tone[..., None] * np.array(room.floor) * 255).clip(0, 255).astype(np.uint8)


def _plaster(room: Room) -> np.ndarray:
    """(256, 512, 3) uint8 wall, a little lighter above."""
    random = np.random.default_rng(room.seed)
    tone = cv2.GaussianBlur(random.normal(0, 1, (256, 512)), (0, 0), 3) * 0.03 + np.linspace(1.04, 0.94, 256)[:, None]
    return (tone[..., None] * np.array(room.wall) * 255).clip(0, 255).astype(np.uint8)


def _image(pixels: np.ndarray) -> vtk.vtkImageData:
    image = vtk.vtkImageData()
    image.SetDimensions(pixels.shape[1], pixels.shape[0], 1)
    set_pixels(image, pixels)
    return image


def set_pixels(image: vtk.vtkImageData, pixels: np.ndarray) -> None:
    """pixels (H, W, C) uint8, top row first."""
    flat = np.ascontiguousarray(pixels[::-1]).reshape(-1, pixels.shape[-1])
    image.GetPointData().SetScalars(numpy_to_vtk(flat, deep=True))
    image.Modified()
