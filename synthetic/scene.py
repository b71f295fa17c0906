"""A mannequin in a lit room in front of a pinhole camera, rendered off-screen with VTK."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import vtk
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy

from pose3d.core.camera import Camera
from synthetic.placement import Placement
from synthetic.room import DEFAULT_ROOM, Room, quad, set_pixels, shaded, walls
from synthetic.skin import Mannequin, Posed

OVERSAMPLING = 2
"""The picture is rendered so much larger and averaged down: smooth edges without depending on the driver."""

NEAR, FAR = 0.1, 40.0
"""Metres from the camera that are drawn."""

SHADOW_SIZE = 3.2
"""Metres: side of the square around the person that carries the shadow."""
SHADOW_PIXELS = 256
SUN = np.array([-0.45, 1.0, 0.55])
"""Direction towards the main light."""


@dataclass(frozen=True)
class Scene:
    """A furnished room with one mannequin in front of a camera. Build it with `build_scene`."""

    window: vtk.vtkRenderWindow
    body: vtk.vtkPolyData
    shadow: vtk.vtkActor
    shade: vtk.vtkImageData
    camera: Camera
    actor: vtk.vtkActor = field(repr=False)

    def render(self, posed: Posed | None) -> np.ndarray:
        """(H, W, 3) uint8 RGB of the posed mannequin, or of the empty room."""
        self.actor.SetVisibility(posed is not None)
        self.shadow.SetVisibility(posed is not None)
        if posed is not None:
            self._pose(posed)
        self.window.Render()
        return self._picture()

    def _pose(self, posed: Posed) -> None:
        self.body.GetPoints().SetData(numpy_to_vtk(posed.points.astype(np.float32), deep=True))
        self.body.GetPointData().SetNormals(numpy_to_vtk(posed.normals.astype(np.float32), deep=True))
        self.body.Modified()
        middle = posed.points.mean(0) * [1, 0, 1]
        self.shadow.SetPosition(*(middle + [0, 0.003, 0]))
        set_pixels(self.shade, _shadow(posed.points - middle))

    def _picture(self) -> np.ndarray:
        grab = vtk.vtkWindowToImageFilter()
        grab.SetInput(self.window)
        grab.ReadFrontBufferOff()
        grab.ShouldRerenderOff()
        grab.Update()
        image = grab.GetOutput()
        width, height, _ = image.GetDimensions()
        pixels = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, -1)[::-1, :, :3]
        return cv2.resize(
            np.ascontiguousarray(pixels), (self.camera.width, self.camera.height), interpolation=cv2.INTER_AREA
        )


def build_scene(mannequin: Mannequin, camera: Camera, placement: Placement, room: Room = DEFAULT_ROOM) -> Scene:
    """The camera must be free of distortion: graphics hardware draws straight lines."""
    if camera.distortion:
        raise ValueError(f"only pinhole cameras can be rendered, got distortion {camera.distortion}")
    renderer = vtk.vtkRenderer()
    body = _polydata(mannequin)
    actor = shaded(body, specular=0.12)
    shade = vtk.vtkImageData()
    shade.SetDimensions(SHADOW_PIXELS, SHADOW_PIXELS, 1)
    set_pixels(shade, np.zeros((SHADOW_PIXELS, SHADOW_PIXELS, 4), np.uint8))
    half = SHADOW_SIZE / 2
    shadow = quad((-half, 0, half), (SHADOW_SIZE, 0, 0), (0, 0, -SHADOW_SIZE), shade)
    shadow.GetProperty().LightingOff()
    shadow.ForceTranslucentOn()
    for part in (*walls(room), actor, shadow):
        renderer.AddActor(part)
    _light(renderer)
    _aim(renderer, camera, placement)
    window = vtk.vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(0)
    window.SetSize(camera.width * OVERSAMPLING, camera.height * OVERSAMPLING)
    window.AddRenderer(renderer)
    return Scene(window, body, shadow, shade, camera, actor)


def _polydata(mannequin: Mannequin) -> vtk.vtkPolyData:
    surface = mannequin.surface
    data = vtk.vtkPolyData()
    points = vtk.vtkPoints()
    points.SetData(numpy_to_vtk(surface.points.astype(np.float32), deep=True))
    data.SetPoints(points)
    cells = vtk.vtkCellArray()
    cells.SetData(3, numpy_to_vtkIdTypeArray(surface.triangles.astype(np.int64).ravel(), deep=True))
    data.SetPolys(cells)
    data.GetPointData().SetScalars(numpy_to_vtk((surface.colours.clip(0, 1) * 255).astype(np.uint8), deep=True))
    return data


def _shadow(points: np.ndarray) -> np.ndarray:
    """(P, P, 4) uint8: the body's shadow on the floor, points (V, 3) in metres from the square's middle."""
    height, below = points[:, 1].clip(0), points[:, [0, 2]]
    far = _silhouette(below - height[:, None] * SUN[[0, 2]] / SUN[1], blur=4.0)
    contact = _silhouette(below[height < 0.12], blur=2.5)
    overhead = _silhouette(below, blur=11.0)
    dark = 1 - (1 - 0.34 * far) * (1 - 0.50 * contact) * (1 - 0.25 * overhead)
    pixels = np.zeros((*dark.shape, 4), np.uint8)
    pixels[..., :3] = (25, 18, 14)
    pixels[..., 3] = (dark * 255).astype(np.uint8)
    return pixels


def _silhouette(flat: np.ndarray, blur: float) -> np.ndarray:
    """(P, P) 0..1 outline of floor points (V, 2), blurred by so many pixels; the mesh is fine enough to close gaps."""
    mask = np.zeros((SHADOW_PIXELS, SHADOW_PIXELS), np.uint8)
    column, row = ((flat / SHADOW_SIZE + 0.5) * SHADOW_PIXELS).round().astype(int).clip(0, SHADOW_PIXELS - 1).T
    mask[row, column] = 255
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return cv2.GaussianBlur(mask, (0, 0), blur).astype(np.float32) / 255


def _light(renderer: vtk.vtkRenderer) -> None:
    renderer.SetBackground(0.75, 0.75, 0.73)
    renderer.AutomaticLightCreationOff()
    lights = (
        (SUN, 0.86, (1.0, 0.97, 0.92)),
        ((0.9, 0.5, 0.8), 0.34, (0.85, 0.92, 1.0)),
        ((0.1, 0.6, -1.0), 0.22, (1, 1, 1)),
        ((0.0, 0.15, 1.0), 0.28, (1, 1, 1)),
    )
    for towards, strength, colour in lights:
        light = vtk.vtkLight()
        light.SetLightTypeToSceneLight()
        light.SetPositional(False)
        light.SetPosition(*(10 * np.asarray(towards)))
        light.SetFocalPoint(0, 0, 0)
        light.SetIntensity(strength)
        light.SetColor(*colour)
        renderer.AddLight(light)


def _aim(renderer: vtk.vtkRenderer, camera: Camera, placement: Placement) -> None:
    """Makes the renderer's camera the pinhole camera, off-centre principal points included."""
    view = renderer.GetActiveCamera()
    view.SetPosition(*placement.position)
    view.SetFocalPoint(*placement.target)
    view.SetViewUp(0, 1, 0)
    view.SetClippingRange(NEAR, FAR)
    view.SetUseExplicitProjectionTransformMatrix(True)
    view.SetExplicitProjectionTransformMatrix(_projection(camera))


def _projection(camera: Camera) -> vtk.vtkMatrix4x4:
    """OpenGL's clip matrix; its eye looks along -z with y up, and its picture spans -1..1."""
    width, height = camera.width, camera.height
    rows = np.zeros((4, 4))
    rows[0] = [2 * camera.fx / width, 0, 1 - 2 * camera.cx / width, 0]
    rows[1] = [0, 2 * camera.fy / height, 2 * camera.cy / height - 1, 0]
    rows[2] = [0, 0, -(FAR + NEAR) / (FAR - NEAR), -2 * FAR * NEAR / (FAR - NEAR)]
    rows[3] = [0, 0, -1, 0]
    matrix = vtk.vtkMatrix4x4()
    matrix.DeepCopy(rows.ravel().tolist())
    return matrix
