"""What a person before the camera has to do to be filmed well. Knows no page and no network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.skeleton import H36M17, LIMB_ENDS
from pose3d.detect.people import Person

Code = Literal["nobody", "cut", "aside", "far", "good"]
"""Step in; step back; to the middle; come closer; stay."""

PARTS: dict[str, tuple[str, ...]] = {
    "head": ("Head",),
    "hands": ("LWrist", "LKnuckles", "RWrist", "RKnuckles"),
    "feet": ("LAnkle", "LHeel", "LToes", "RAnkle", "RHeel", "RToes"),
}
"""What people are told is missing, by the points that belong to it."""
POINTS = (*H36M17.joints, *(end for end in LIMB_ENDS if end not in H36M17.joints))
"""Names of all points of a person; wrists are both joints and limbs' ends."""
HIDEABLE = "feet"
"""The part that furniture hides inside the picture; hands are often behind the back, which does no harm."""
LEAST_SEEN = 0.3
"""Score below which a point is not seen: legs that something hides score up to 0.1, feet in full view 0.8 and more."""
LEAST_EXTENT = 0.4
"""Of a body's longer side, in shorter sides of the picture: at 720 lines about the pixels that the network looks at."""


@dataclass(frozen=True)
class Framing:
    """What there is to do. missing: names in PARTS, of what is not in the picture."""

    code: Code
    missing: tuple[str, ...] = ()


NOBODY = Framing("nobody")


def framing(person: Person | None, width: int, height: int, sure: bool = True) -> Framing:
    """person: in a picture of that size, pixels; sure: whether enough of them is seen to be a person."""
    if person is None:
        return NOBODY
    xy, score = points(person)
    beyond = np.concatenate([xy < 0, xy >= (width, height)], axis=-1)  # left, top, right, bottom
    missing = tuple(part for part in PARTS if _missing(part, beyond, score))
    if beyond.any() or missing or not sure:
        return Framing("aside" if sure and _aside(xy, beyond, width) else "cut", missing)
    if np.ptp(xy, axis=0).max() < LEAST_EXTENT * min(width, height):
        return Framing("far")
    return Framing("good")


def points(person: Person) -> tuple[Floats, Floats]:
    """(23, 2) pixels and (23,) scores of POINTS."""
    own = [LIMB_ENDS.index(name) for name in POINTS[len(H36M17) :]]
    return np.concatenate([person.xy, person.ends[own, :2]]), np.concatenate([person.score, person.ends[own, 2]])


def _missing(part: str, beyond: Bools, score: Floats) -> bool:
    """Whether any of a part's points is outside, or all of what furniture hides are not seen."""
    own = [POINTS.index(name) for name in PARTS[part]]
    hidden = part == HIDEABLE and bool((score[own] < LEAST_SEEN).all())
    return hidden or bool(beyond[own].any())


def _aside(xy: Floats, beyond: Bools, width: int) -> bool:
    """Whether a step to one side is enough: beyond left or right alone, and not too wide for the picture."""
    left, top, right, bottom = (bool(beyond[:, edge].any()) for edge in range(4))
    return (left or right) and not top and not bottom and bool(np.ptp(xy[:, 0]) < width)
