"""The page's camera fields: preset, field of view and intrinsics always tell of the same lens."""

from __future__ import annotations

from dataclasses import dataclass

from pose3d.core.camera import DEFAULT_FOV, PRESETS, Camera

NOT_SURE, OWN = "not_sure", "own_values"
PRESET_KEYS = ("phone", "phone_wide", "webcam", "action", "lens_35", "lens_50", "security")
"""How the presets are called in assets/page_words.yaml, in their order."""
CHOICES = [NOT_SURE, *PRESET_KEYS, OWN]
FOVS = {NOT_SURE: DEFAULT_FOV, **dict(zip(PRESET_KEYS, PRESETS.values(), strict=True))}

NARROWEST, WIDEST = 10.0, 150.0
"""Degrees: the ends of the slider."""

Size = tuple[int, int] | None
"""Width and height of the chosen video in pixels; None without a video."""


@dataclass(frozen=True)
class Lens:
    """What the fields show. fov: degrees across the longer side; the rest in pixels, 0 where it follows from fov."""

    preset: str = NOT_SURE
    fov: float = DEFAULT_FOV
    fx: float = 0.0
    fy: float = 0.0
    cx: float = 0.0
    cy: float = 0.0

    def camera(self, width: int, height: int) -> Camera:
        """The camera of a video of that size."""
        plain = Camera.from_fov(width, height, self.fov)
        fx, fy = self.fx or self.fy or plain.fx, self.fy or self.fx or plain.fy
        return Camera(width, height, fx, fy, self.cx or plain.cx, self.cy or plain.cy)


def of_preset(name: str, fov: float, size: Size) -> Lens:
    """After a preset was chosen; own values keep the field of view."""
    return _of_camera_angle(name, FOVS.get(name, fov), size)


def of_fov(degrees: float, size: Size) -> Lens:
    """After the slider was moved or another video was chosen."""
    named = {fov: name for name, fov in reversed(FOVS.items())}
    return _of_camera_angle(named.get(degrees, OWN), degrees, size)


def of_intrinsics(fov: float, fx: float, fy: float, cx: float, cy: float, size: Size) -> Lens:
    """After one of the numbers was edited: they win, and the slider follows them."""
    typed = Lens(OWN, fov, fx, fy, cx, cy)
    if size is None:
        return typed
    camera = typed.camera(*size)
    angle = min(max(round(camera.fov, 1), NARROWEST), WIDEST)
    return Lens(OWN, angle, camera.fx, camera.fy, camera.cx, camera.cy)


def _of_camera_angle(preset: str, fov: float, size: Size) -> Lens:
    if size is None:
        return Lens(preset, fov)
    camera = Camera.from_fov(*size, fov)
    return Lens(preset, fov, *(round(value, 1) for value in (camera.fx, camera.fy, camera.cx, camera.cy)))
