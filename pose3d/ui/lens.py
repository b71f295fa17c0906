"""The page's camera fields: preset, field of view and intrinsics always tell of the same lens.

The fields hold, in this order: a preset's name, NOT_SURE or OWN; degrees across the longer side; fx, fy, cx, cy in
pixels of the video, 0 without a video.
"""

from __future__ import annotations

from typing import Any

from pose3d.core.camera import DEFAULT_FOV, Camera, presets

NOT_SURE, OWN = "not_sure", "own_values"

NARROWEST, WIDEST = 10.0, 150.0
"""Degrees: the ends of the slider."""
SHOWN = 0.1
"""Pixels to which the intrinsics are rounded in the fields."""

Size = tuple[int, int] | None
"""Width and height of the chosen video in pixels; None without a video."""


def names() -> list[str]:
    """What the preset's field offers."""
    return [NOT_SURE, *presets(), OWN]


def fields_of_preset(name: str, fov: float, size: Size) -> list[Any]:
    """After a preset was chosen; own values keep the field of view."""
    return _fields(name, {NOT_SURE: DEFAULT_FOV, **presets()}.get(name, fov), size)


def fields_of_fov(degrees: float, size: Size) -> list[Any]:
    """After the slider was moved or another video was chosen."""
    named = {fov: name for name, fov in reversed([(NOT_SURE, DEFAULT_FOV), *presets().items()])}
    return _fields(named.get(degrees, OWN), degrees, size)


def fields_of_intrinsics(fov: float, fx: float, fy: float, cx: float, cy: float, size: Size) -> list[Any]:
    """After one of the numbers was edited: they win, and the slider follows them."""
    if size is None:
        return [OWN, fov, fx, fy, cx, cy]
    typed = camera(size, fov, fx, fy, cx, cy)
    angle = min(max(round(typed.fov, 1), NARROWEST), WIDEST)
    return [OWN, angle, typed.fx, typed.fy, typed.cx, typed.cy]


def camera(size: tuple[int, int], fov: float, fx: float, fy: float, cx: float, cy: float) -> Camera:
    """The camera of a video of that size; a 0 follows from the rest. Raises ConfigError."""
    plain = Camera.from_fov(*size, fov)
    return Camera(*size, fx or fy or plain.fx, fy or fx or plain.fy, cx or plain.cx, cy or plain.cy)


def is_own(size: tuple[int, int], fov: float, fx: float, fy: float, cx: float, cy: float) -> bool:
    """Whether the numbers say more than the field of view beside them, from which the page rounds them."""
    plain = Camera.from_fov(*size, fov)
    pairs = zip((fx, fy, cx, cy), (plain.fx, plain.fy, plain.cx, plain.cy), strict=True)
    return any(value and abs(value - follows) > SHOWN for value, follows in pairs)


def _fields(preset: str, fov: float, size: Size) -> list[Any]:
    if size is None:
        return [preset, fov, 0.0, 0.0, 0.0, 0.0]
    plain = Camera.from_fov(*size, fov)
    return [preset, fov, *(round(value, 1) for value in (plain.fx, plain.fy, plain.cx, plain.cy))]
