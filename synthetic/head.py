"""The mannequin's head in metres from the middle of the shoulders, standard stature: skull, face, ears, hair."""

from __future__ import annotations

import numpy as np

from synthetic.body import Clothes, Colour
from synthetic.kinematics import SIDES
from synthetic.mesh import Surface, ellipsoid, joined, loft, profile

SKULL = np.array(
    [  # height, front, back, half-width
        (0.086, 0.062, -0.020, 0.026),
        (0.096, 0.090, -0.036, 0.044),
        (0.116, 0.097, -0.052, 0.057),
        (0.150, 0.099, -0.066, 0.066),
        (0.185, 0.100, -0.079, 0.072),
        (0.215, 0.102, -0.087, 0.075),
        (0.245, 0.101, -0.091, 0.076),
        (0.270, 0.093, -0.086, 0.072),
        (0.288, 0.077, -0.074, 0.061),
        (0.302, 0.052, -0.052, 0.042),
    ]
)
"""Metres; front and back are z coordinates of the outline seen from the side."""

WHITE: Colour = (0.93, 0.92, 0.90)
HAIR_THICKNESS = 0.012


def build_head(clothes: Clothes) -> Surface:
    """Everything above the neck."""
    skull = _skull(clothes.skin)
    return joined([skull, *_features(clothes), _hair(clothes)])


def _skull(colour: Colour) -> Surface:
    y, front, back, width = SKULL.T
    rows = np.stack([y, width, (front - back) / 2, 0 * y, (front + back) / 2], -1)
    return loft(profile(*rows, roundness=2.15, rings=32, around=44), colour)


def _face_depth(x: float, y: float) -> float:
    """z of the skin at x, y metres."""
    front, back, width = (np.interp(y, SKULL[:, 0], SKULL[:, n]) for n in (1, 2, 3))
    inside = max(0.0, 1 - (abs(x) / width) ** 2.15)
    return float((front + back) / 2 + (front - back) / 2 * inside ** (1 / 2.15))


def _features(clothes: Clothes) -> list[Surface]:
    skin, dark = clothes.skin, _mixed(clothes.hair, (0, 0, 0), 0.3)
    lips = _mixed(skin, (0.62, 0.16, 0.18), 0.5)
    shade = _mixed(skin, (0.25, 0.08, 0.05), 0.35)
    parts = [
        ellipsoid((0, 0.182, 0.103), (0.0095, 0.030, 0.013), skin, _pitched(-14)),
        ellipsoid((0, 0.162, 0.112), (0.013, 0.0095, 0.0145), skin),
        ellipsoid((0, 0.1335, 0.0965), (0.024, 0.0075, 0.007), lips),
        ellipsoid((0, 0.1335, 0.1005), (0.021, 0.0012, 0.004), _mixed(lips, (0, 0, 0), 0.6)),
        ellipsoid((0, 0.108, 0.090), (0.020, 0.014, 0.012), skin),
    ]
    for sign in SIDES.values():
        parts += [
            ellipsoid((sign * 0.010, 0.160, 0.110), (0.0085, 0.007, 0.010), skin),
            ellipsoid((sign * 0.006, 0.1535, 0.117), (0.0035, 0.002, 0.004), shade),
            ellipsoid((sign * 0.078, 0.188, 0.004), (0.009, 0.031, 0.018), skin, _pitched(-8)),
            ellipsoid((sign * 0.083, 0.189, 0.008), (0.006, 0.018, 0.009), shade, _pitched(-8)),
            *_eye(sign, clothes, shade, dark),
        ]
    return parts


def _eye(sign: float, clothes: Clothes, shade: Colour, dark: Colour) -> list[Surface]:
    x, y = sign * 0.031, 0.206
    z = _face_depth(x, y)
    slant = _yawed(sign * 22)
    brow = _face_depth(sign * 0.034, 0.228)
    return [
        ellipsoid((x, y + 0.002, z - 0.006), (0.0185, 0.012, 0.0075), shade, slant),
        ellipsoid((x, y, z - 0.003), (0.0150, 0.0078, 0.0065), WHITE, slant),
        ellipsoid((x, y, z + 0.0010), (0.0066, 0.0066, 0.0035), clothes.iris, slant),
        ellipsoid((x, y, z + 0.0032), (0.0032, 0.0032, 0.0018), (0.03, 0.03, 0.03), slant),
        ellipsoid((x, y + 0.0078, z - 0.001), (0.0165, 0.0022, 0.0060), dark, slant),
        ellipsoid((sign * 0.034, 0.228, brow - 0.001), (0.0195, 0.0042, 0.0050), clothes.hair, slant),
    ]


def _hair(clothes: Clothes) -> Surface:
    """The skull blown up a little; where the face, the ears and the nape are, it sinks below the skin."""
    skull = _skull(clothes.hair)
    x, y, z = skull.points.T
    hairline = 0.262 - 0.016 * (np.abs(x) / 0.06) ** 2
    temple = 0.036 - 0.35 * np.clip(0.215 - y, 0, 0.1)
    face = _step((z - temple) / 0.012) * _step((hairline - y) / 0.012)
    below = _step((0.118 + 0.55 * np.clip(z + 0.055, 0, None) - y) / 0.014)
    bare = np.maximum(face, below)
    thickness = HAIR_THICKNESS * (1 + 0.12 * np.sin(90 * x + 14 * y)) * (1 - bare) - 0.012 * bare
    streak = 1 + 0.10 * np.sin(260 * x + 40 * y) * np.cos(70 * z)
    return Surface(
        skull.points + thickness[:, None] * skull.normals,
        skull.normals,
        skull.colours * streak[:, None],
        skull.triangles,
    )


def _step(x: np.ndarray) -> np.ndarray:
    x = np.clip(x * 0.5 + 0.5, 0, 1)
    return x * x * (3 - 2 * x)


def _mixed(first: Colour, second: Colour, part: float) -> Colour:
    red, green, blue = (a * (1 - part) + b * part for a, b in zip(first, second, strict=True))
    return red, green, blue


def _pitched(degrees: float) -> np.ndarray:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])


def _yawed(degrees: float) -> np.ndarray:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
