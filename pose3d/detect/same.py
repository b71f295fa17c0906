"""When two answers of the networks are about one person."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.detect.bodies import Body
from pose3d.detect.sightings import Sighting, intersection_over_union

SAME_TRUNK, SAME_BODY = 0.12, 0.06
"""Mean distances in sides of a region: of hips and shoulders, and of all landmarks, below which two are one."""
PART, PART_OF_NEW = 0.7, 0.4
"""Share of a body's landmarks that lie on another's from which it is only a part of that one, and for newcomers."""
GUESSED, OVERLAP = 0.75, 0.4
"""Sharpness, of another body's, and overlap of their boxes from which it is the other one, badly seen."""
SEEN = 0.5
"""Visibility of a landmark from which what hides it would be seen."""

BONES = np.array([
    (7, 8), (7, 11), (8, 12), (11, 12), (11, 23), (12, 24), (11, 24), (12, 23), (23, 24),
    (11, 13), (13, 15), (15, 19), (12, 14), (14, 16), (16, 20),
    (23, 25), (25, 27), (27, 31), (24, 26), (26, 28), (28, 32),
])  # fmt: skip
"""Landmarks at the ends of what a body is made of; the first nine are thick."""
THICK, THIN = 0.05, 0.03
"""Half the width of the parts, in sides of the body's region."""
HALF_WIDTHS = np.where(np.arange(len(BONES)) < 9, THICK, THIN)


def same_trunk(sighting: Sighting, trunk: Floats) -> bool:
    """Whether a sighting is of the person with that trunk (2, 2): middles of hips and shoulders."""
    apart = np.linalg.norm(sighting.points[[0, 2]] - trunk, axis=-1).mean()
    return bool(apart < SAME_TRUNK * sighting.region.side)


def same_body(a: Body, b: Body) -> bool:
    """Whether two have their landmarks in the same places."""
    apart = np.linalg.norm(a.xy - b.xy, axis=-1).mean()
    return bool(apart < SAME_BODY * min(a.region.side, b.region.side))


def doubles(body: Body, other: Body, part: float = PART) -> bool:
    """Whether a body is another, sharper one seen a second time: the same, a part of it, or it guessed badly."""
    blurred = body.sharpness < GUESSED * other.sharpness
    if blurred and intersection_over_union(body.box, other.box) > OVERLAP:
        return True
    return same_body(body, other) or float(covered(body.xy, other).mean()) > part


def covered(points: Floats, body: Body) -> Bools:
    """(N,) which of the points (N, 2) lie on a visible part of the body."""
    shown = (body.visibility[BONES] >= SEEN).all(-1)
    start, end = (body.xy[BONES[shown, side]] for side in (0, 1))
    along = end - start
    offsets = points[:, None] - start
    share = (offsets * along).sum(-1) / np.maximum((along**2).sum(-1), 1e-9)
    apart = np.linalg.norm(offsets - share.clip(0, 1)[..., None] * along, axis=-1)
    return (apart < HALF_WIDTHS[shown] * body.region.side).any(-1)


def distinct(bodies: list[Body]) -> list[Body]:
    """Everybody once, the first of each, in order."""
    kept: list[Body] = []
    for body in bodies:
        if not any(same_body(body, other) for other in kept):
            kept.append(body)
    return kept


def real_ones(known: list[Body], new: list[Body]) -> list[Body]:
    """Everybody once, without those who double a sharper one, sharpest first."""
    kept: list[Body] = []
    for body in sorted([*known, *new], key=lambda body: -body.sharpness):
        part = PART if any(body is one for one in known) else PART_OF_NEW
        if not any(doubles(body, other, part) for other in kept):
            kept.append(body)
    return kept
