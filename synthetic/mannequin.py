"""The mannequin: a dressed body as one mesh, each part weighted to the bones that carry it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthetic.body import Body, Clothes, Colour
from synthetic.head import build_head
from synthetic.kinematics import SIDES
from synthetic.mesh import Surface, ellipsoid, joined, loft, profile
from synthetic.skin import Mannequin, chain_weights, rest_origins, rigid


def build_mannequin(body: Body, clothes: Clothes) -> Mannequin:
    """The dressed body in its rest pose."""
    origins = rest_origins(body)
    names = tuple(origins)
    parts: list[tuple[Surface, np.ndarray]] = [*_trunk(body, clothes, names), *_head(body, clothes, names)]
    for side in SIDES:
        parts += [
            *_leg(body, clothes, side, names),
            *_shoe(body, clothes, side, names),
            *_arm(body, clothes, side, names),
        ]
    surfaces, weights = zip(*parts, strict=True)
    return Mannequin(joined(surfaces), np.concatenate(weights), np.array(list(origins.values())), names)


def _trunk(body: Body, clothes: Clothes, names: tuple[str, ...]) -> list[tuple[Surface, np.ndarray]]:
    width, girth = body.shoulder_width / 0.36, body.scale * body.girth
    shirt = profile(
        (-0.03, 0.160, 0.112, 0, -0.010), (0.03, 0.163, 0.118, 0, -0.006), (0.10, 0.157, 0.114, 0, 0.002),
        (0.20, 0.151, 0.108, 0, 0.004), (0.30, 0.163, 0.117, 0, 0.004), (0.40, 0.176, 0.121, 0, 0.0),
        (0.465, 0.183, 0.108, 0, -0.010), (0.500, 0.181, 0.088, 0, -0.016), (0.522, 0.164, 0.078, 0, -0.020),
        (0.542, 0.120, 0.069, 0, -0.020), (0.560, 0.076, 0.060, 0, -0.018),
        roundness=2.35, rings=44,
    )  # fmt: skip
    trousers = profile(
        (-0.13, 0.120, 0.090, 0, -0.014), (-0.07, 0.168, 0.122, 0, -0.014), (0, 0.172, 0.127, 0, -0.012),
        (0.05, 0.165, 0.121, 0, -0.005), (0.06, 0.155, 0.108, 0, -0.005),
        roundness=2.35,
    )  # fmt: skip
    bend = [("waist", body.hip_height + 0.10 * body.scale, 0.11)]
    parts = []
    for shape, colour in ((shirt, clothes.shirt), (trousers, clothes.trousers)):
        surface = loft(shape.scaled(body.trunk / 0.505, girth * (1 + width) / 2), colour)
        if shape is shirt:
            surface = _printed(_creased(surface, 0.0025, 38), clothes, body.trunk / 0.505)
        surface = surface.moved((0, body.hip_height, 0))
        parts.append((surface, chain_weights(names, surface.points[:, 1], ("trunk", "pelvis"), bend)))
    return parts


def _printed(shirt: Surface, clothes: Clothes, length: float) -> Surface:
    """A band across the chest on the front side only."""
    x, y, z = shirt.points.T
    band = (np.abs(y / length - 0.335) < 0.035) & (z > 0.02) & (np.abs(x) < 0.13)
    return shirt.painted(np.where(band[:, None], clothes.print, shirt.colours))


def _creased(surface: Surface, depth: float, waves: float) -> Surface:
    """Soft folds of cloth: `depth` metres along the normals, by tilting the normals too."""
    x, y, z = surface.points.T
    phase = waves * (y + 0.6 * np.sin(7 * x + 3) * 0.1 + 0.35 * z)
    points = surface.points + (depth * np.sin(phase))[:, None] * surface.normals
    normals = surface.normals - (depth * waves * np.cos(phase))[:, None] * [0, 1, 0]
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    return Surface(points, normals, surface.colours, surface.triangles)


def _head(body: Body, clothes: Clothes, names: tuple[str, ...]) -> list[tuple[Surface, np.ndarray]]:
    size = body.head / 0.315
    shoulder = (0, body.hip_height + body.trunk, 0)
    head = build_head(clothes)
    head = Surface(head.points * size, head.normals, head.colours, head.triangles).moved(shoulder)
    neck = profile((0.0, 0.066, 0.058, 0, -0.018), (0.05, 0.055, 0.054, 0, -0.010), (0.13, 0.052, 0.055, 0, 0.006))
    throat = loft(neck.scaled(size, size), clothes.skin).moved(shoulder)
    bend = [("neck", shoulder[1] + 0.07 * size, 0.06)]
    return [rigid(names, head, "head"), (throat, chain_weights(names, throat.points[:, 1], ("head", "trunk"), bend))]


def _leg(body: Body, clothes: Clothes, side: str, names: tuple[str, ...]) -> list[tuple[Surface, np.ndarray]]:
    thigh, shin, girth = body.thigh / 0.415, body.shin / 0.405, body.scale * body.girth
    skin = [
        (0.03, 0.060, 0.07),
        (-0.06, 0.073, 0.088),
        (-0.18, 0.073, 0.083),
        (-0.33, 0.058, 0.065),
        (-0.415, 0.053, 0.059),
    ]
    calf = [
        (-0.48, 0.051, 0.055, 0, -0.006),
        (-0.55, 0.054, 0.059, 0, -0.012),
        (-0.68, 0.040, 0.044, 0, -0.008),
        (-0.81, 0.035, 0.038),
    ]
    rows = [(y * thigh, *rest) for y, *rest in skin]
    rows += [(-body.thigh + (y + 0.415) * shin, *rest) for y, *rest in calf]
    ends = float(-np.interp(clothes.leg, [0, 1, 2], [0, body.thigh, body.thigh + body.shin]))
    ease = [0.005, 0.005, 0.006, 0.008, 0.010, 0.012, 0.010, 0.020, 0.022]
    cloth = [(y, w + e, (d[0] if d else w) + e, *d[1:]) for (y, w, *d), e in zip(rows, ease, strict=True)]
    cloth = [row for row in cloth if row[0] > ends + 0.02] + [_at(cloth, ends)]
    trousers = _creased(loft(profile(*cloth, rings=64).scaled(1, girth), clothes.trousers), 0.0014, 61)
    bends = [(f"{side}Hip", body.hip_height + 0.03, 0.05), (f"{side}Knee", body.hip_height - body.thigh, 0.075)]
    chain = ("pelvis", f"{side}Thigh", f"{side}Shin")
    place = (SIDES[side] * body.hip_width / 2, body.hip_height, 0)
    bare = loft(profile(*rows, rings=70).scaled(1, girth), clothes.skin)
    parts = [surface.moved(place) for surface in (bare, trousers)]
    return [(part, chain_weights(names, part.points[:, 1], chain, bends)) for part in parts]


def _at(rows: Sequence[Sequence[float]], height: float) -> tuple[float, ...]:
    """The row at a height between those of `rows` (falling heights)."""
    full = np.array([(*row, 0.0, 0.0)[:5] for row in rows])[::-1]
    return (height, *(float(np.interp(height, full[:, 0], full[:, n])) for n in range(1, 5)))


def _arm(body: Body, clothes: Clothes, side: str, names: tuple[str, ...]) -> list[tuple[Surface, np.ndarray]]:
    girth = body.scale * body.girth
    upper, fore = body.upper_arm / 0.295, body.forearm / 0.255
    rows = [
        (0.012 * upper, 0.016),
        (-0.008 * upper, 0.034),
        (-0.05 * upper, 0.046),
        (-0.16 * upper, 0.043),
        (-0.27 * upper, 0.037),
    ]
    lower = [
        (-0.04, 0.038, 0.039),
        (-0.09, 0.038, 0.040),
        (-0.17, 0.031, 0.034),
        (-0.235, 0.023, 0.029),
        (-0.262, 0.022, 0.029),
    ]
    rows += [(-body.upper_arm + y * fore, *rest) for y, *rest in lower]
    ends = float(-np.interp(clothes.sleeve, [0, 1, 2], [0, body.upper_arm, body.upper_arm + body.forearm]))
    cloth = [(-0.022 * upper, 0.038, 0.042)] + [(y, w + 0.010, (d[0] if d else w) + 0.014) for y, w, *d in rows[2:]]
    cloth = [row for row in cloth if row[0] > ends + 0.02] + [_at(cloth, ends)]
    bare = loft(profile(*rows, rings=56).scaled(1, girth), clothes.skin)
    sleeve = _creased(loft(profile(*cloth, rings=30).scaled(1, girth), clothes.shirt), 0.0012, 60)
    place = (SIDES[side] * body.shoulder_width / 2, body.hip_height + body.trunk, 0)
    bends = [(f"{side}Shoulder", place[1] + 0.005, 0.05), (f"{side}Elbow", place[1] - body.upper_arm, 0.06)]
    chain = ("trunk", f"{side}UpperArm", f"{side}Forearm")
    parts = [surface.moved(place) for surface in (bare, sleeve)]
    ball = ellipsoid((0, -0.023, -0.001), [r * girth for r in (0.0585, 0.058, 0.0625)], clothes.shirt).moved(place)
    wrist = (place[0], place[1] - body.upper_arm - body.forearm, 0)
    hand = _hand(body, clothes.skin, SIDES[side]).moved(wrist)
    skinned = [(part, chain_weights(names, part.points[:, 1], chain, bends)) for part in parts]
    return [*skinned, rigid(names, ball, f"{side}Shoulder"), rigid(names, hand, f"{side}Forearm")]


def _hand(body: Body, skin: Colour, sign: float) -> Surface:
    """Hanging from the wrist: the thumb points forward, the palm towards the body; fingers a little bent."""
    palm = profile(
        (-0.095, 0.012, 0.040, 0, 0.002), (-0.06, 0.015, 0.042, 0, 0.004), (-0.02, 0.017, 0.033), (0.01, 0.018, 0.026)
    )
    parts = [loft(palm, skin)]
    for z, length in ((0.031, 0.070), (0.011, 0.080), (-0.009, 0.075), (-0.028, 0.058)):
        finger = profile(
            (-length, 0.0065, 0.0075, -sign * 0.016, 0),
            (-length / 2, 0.008, 0.009, -sign * 0.004, 0),
            (0.01, 0.009, 0.010),
            rings=7,
            around=12,
        )
        parts.append(loft(finger, skin).moved((0, -0.092, z)))
    thumb = profile((-0.065, 0.008, 0.008), (-0.03, 0.010, 0.010), (0.0, 0.013, 0.013), rings=7, around=12)
    lean = np.radians(38)
    turn = np.array([[1, 0, 0], [0, np.cos(lean), np.sin(lean)], [0, -np.sin(lean), np.cos(lean)]])
    parts.append(loft(thumb, skin).moved((-sign * 0.006, -0.022, 0.028), turn.T))
    hand = joined(parts)
    return Surface(hand.points * (body.hand / 0.18), hand.normals, hand.colours, hand.triangles)


def _shoe(body: Body, clothes: Clothes, side: str, names: tuple[str, ...]) -> list[tuple[Surface, np.ndarray]]:
    """Lofted from heel to tip along z; white sole, bending at the ball."""
    length = (body.heel + body.toe) / 0.265
    # Columns: z from the ankle, half-width, half-height; the ring's centre keeps the sole on the floor.
    rows = [
        (-0.052, 0.030, 0.040),
        (-0.02, 0.038, 0.047),
        (0.02, 0.040, 0.046),
        (0.07, 0.044, 0.037),
        (0.125, 0.049, 0.029),
        (0.165, 0.046, 0.024),
        (0.185, 0.034, 0.019),
    ]
    upright = profile(*[(z, w, h, 0, -h) for z, w, h in rows], roundness=2.5, rings=48, around=56)
    lying = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    surface = loft(upright.scaled(length, body.scale), clothes.shoes).moved((0, 0, 0), lying)
    height = surface.points[:, 1]
    colours = np.where((height < 0.022 * body.scale)[:, None], clothes.sole, surface.colours)
    shaft = loft(
        profile((0.05, 0.040, 0.050, 0, -0.004), (0.10, 0.037, 0.042, 0, -0.004)).scaled(1, body.scale), clothes.shoes
    )
    laces = ellipsoid(
        (0, 0.076, 0.052),
        (0.018, 0.006, 0.038),
        clothes.sole,
        np.array([[1, 0, 0], [0, 0.93, 0.36], [0, -0.36, 0.93]]).T,
    )
    shoe = joined([surface.painted(colours), shaft, laces]).moved((SIDES[side] * body.hip_width / 2, 0, 0))
    bent = np.clip((shoe.points[:, 2] - body.ball) / 0.02 + 0.5, 0, 1)
    weights = np.zeros((len(bent), len(names)))
    weights[:, names.index(f"{side}Foot")] = 1 - bent
    weights[:, names.index(f"{side}Toes")] = bent
    return [(shoe, weights)]
