"""The avatar's parts: closed surfaces that overlap, each with its shape, colours and weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pose3d.motion.humanoid import NAMES
from synthetic import avatar_weights
from synthetic.avatar_rest import ANKLE, ELBOW, HIP, KNEE, NECK, SHOULDER, SOLE, THORAX, WRIST
from synthetic.distance import Distance, cone, ellipsoid, flattened, mirrored, smooth_minimum, turned, union
from synthetic.nets import Grid, Net, planes, surface

Paint = Callable[[np.ndarray], np.ndarray]
"""From points (F, 3) to names of colours (F,)."""


@dataclass(frozen=True)
class Part:
    """One closed surface; of a pair, the left one."""

    shape: Distance
    grid: Grid
    weights: Callable[[np.ndarray], np.ndarray]
    """From points (V, 3) to (V, N)."""
    paint: Paint
    cuts: tuple[Distance, ...] = ()
    """Fields that are 0 where colours meet."""
    paired: bool = False
    smoothing: int = 0
    """Rounds of evening out the weights."""

    def nets(self) -> list[Net]:
        net = surface(self.shape, self.grid)
        return [net, net.mirrored()] if self.paired else [net]


def _lateral(name: str) -> Callable[[np.ndarray], np.ndarray]:
    """Weights of one bone of the pair: the one on the points' side."""
    sides = [avatar_weights.rigid(f"{side}{name}") for side in ("right", "left")]
    return lambda points: np.where(points[:, :1] > 0, sides[1], sides[0])


def _single(name: str) -> Callable[[np.ndarray], np.ndarray]:
    return lambda points: np.tile(avatar_weights.rigid(name), (len(points), 1))


def _plain(colour: str) -> Paint:
    return lambda points: np.full(len(points), colour, object)


def _side(points: np.ndarray) -> np.ndarray:
    return np.where(points[:, 0] > 0, "left", "right").astype(object)


# Trunk, arms and legs

CUFF, HEM = WRIST - 0.012, ANKLE + 0.03
"""Where sleeves and trouser legs end."""
BELT = 0.055
"""Height at which suit and trousers meet."""
ARMBAND = (SHOULDER + 0.125, SHOULDER + 0.175)
WRISTBAND = CUFF - 0.035
KNEEBAND = (KNEE - 0.125, KNEE - 0.085)
NECKLINE, NECKLINE_SLANT = THORAX + 0.072, 0.35

TRUNK = union(
    ellipsoid((0, -0.030, -0.002), (0.168, 0.115, 0.102)),
    ellipsoid((0, 0.12, 0.004), (0.122, 0.17, 0.094)),
    ellipsoid((0, 0.325, -0.004), (0.152, 0.175, 0.108)),
    ellipsoid((0, 0.455, -0.010), (0.165, 0.070, 0.076)),
    blend=0.12,
)
NECK_SHAPE = union(
    cone((0.150, 0.510, -0.008), (0.030, 0.560, -0.014), 0.046, 0.042),
    cone((0, 0.53, -0.012), (0, 0.625, -0.004), 0.054, 0.046),
    blend=0.06,
)
ARM = union(
    cone((SHOULDER - 0.005, THORAX, -0.002), (SHOULDER + 0.12, THORAX, 0), 0.061, 0.047),
    cone((SHOULDER + 0.12, THORAX, 0), (ELBOW, THORAX, 0), 0.047, 0.0405),
    cone((ELBOW, THORAX, 0), (ELBOW + 0.07, THORAX, 0), 0.0405, 0.0425),
    cone((ELBOW + 0.07, THORAX, 0), (CUFF - 0.034, THORAX, 0), 0.0425, 0.034),
    blend=0.05,
)
LEG = union(
    cone((HIP - 0.010, -0.09, 0), (HIP, KNEE, 0), 0.083, 0.056),
    cone((HIP, KNEE, 0), (HIP, KNEE - 0.12, -0.012), 0.056, 0.057),
    cone((HIP, KNEE - 0.12, -0.012), (HIP, HEM + 0.045, -0.004), 0.057, 0.045),
    blend=0.06,
)
SEAT = ellipsoid((0.066, -0.06, -0.042), (0.078, 0.085, 0.078))


def _body(points: np.ndarray) -> np.ndarray:
    half = np.column_stack([np.abs(points[:, 0]), points[:, 1:]])
    found = smooth_minimum(TRUNK(points), NECK_SHAPE(half), 0.06)
    found = smooth_minimum(found, ARM(half), 0.09)
    legs = smooth_minimum(LEG(half), SEAT(half), 0.06)
    return smooth_minimum(found, legs, 0.07)


def _body_paint(points: np.ndarray) -> np.ndarray:
    out, height = np.abs(points[:, 0]), points[:, 1]
    found = np.where(height < BELT, "trousers", "suit").astype(object)
    found[_neckline(points) > 0] = "hood"
    banded = (ARMBAND[0] < out) & (out < ARMBAND[1]) | (out > WRISTBAND)
    banded |= (KNEEBAND[0] < height) & (height < KNEEBAND[1])
    return np.where(banded, _side(points), found)


def _across(place: float) -> Distance:
    return lambda points: np.abs(points[:, 0]) - place


def _level(height: float) -> Distance:
    return lambda points: points[:, 1] - height


def _neckline(points: np.ndarray) -> np.ndarray:
    """Over 0 above a ring around the neck that is lower in front."""
    return points[:, 1] - NECKLINE + NECKLINE_SLANT * points[:, 2]


BODY = Part(
    _body,
    (
        planes((0, 0.19, 0.0190), (0.19, ELBOW - 0.05, 0.038), (ELBOW - 0.05, ELBOW + 0.05, 0.022),
               (ELBOW + 0.05, WRIST + 0.02, 0.040), centred=True),
        planes((HEM - 0.03, KNEE - 0.06, 0.044), (KNEE - 0.06, KNEE + 0.06, 0.024), (KNEE + 0.06, -0.13, 0.044),
               (-0.13, 0.42, 0.032), (0.42, 0.64, 0.0170)),
        planes((-0.17, 0.17, 0.0190)),
    ),
    avatar_weights.body,
    _body_paint,
    (_level(BELT), _neckline, *map(_across, ARMBAND), _across(WRISTBAND), *map(_level, KNEEBAND)),
    smoothing=4,
)  # fmt: skip


# Balls under the skin


def _ball(centre: tuple[float, float, float], radius: float, step: float, bone: str, colour: str) -> Part:
    reach = radius + step
    grid = tuple(planes((c - reach, c + reach, step)) for c in centre)
    return Part(ellipsoid(centre, (radius,) * 3), grid, _lateral(bone), _plain(colour), paired=True)


BALLS = (
    _ball((SHOULDER, THORAX, 0), 0.058, 0.0255, "UpperArm", "suit"),
    _ball((ELBOW, THORAX, 0), 0.0395, 0.0172, "UpperArm", "suit"),
    _ball((HIP - 0.004, -0.010, 0), 0.072, 0.029, "UpperLeg", "trousers"),
    _ball((HIP, KNEE, 0), 0.0555, 0.0243, "UpperLeg", "trousers"),
)
"""A skin that bends loses girth at the joint; a ball at the joint stays as it is, and shows instead."""


# Head

HEAD_SHAPE = union(
    ellipsoid((0, NECK + 0.058, -0.004), (0.091, 0.103, 0.102)),
    ellipsoid((0, NECK + 0.004, 0.020), (0.072, 0.078, 0.074)),
    ellipsoid((0, NECK + 0.006, 0.096), (0.010, 0.013, 0.013)),
    blend=0.06,
)
EYE = ((0.035, NECK + 0.028), (0.0115, 0.0175))
"""Centre and radii seen from the front."""
OPENING = ((0, NECK + 0.016), (0.070, 0.082))
"""Of the hood."""


def _oval(middle: tuple[float, float], radii: tuple[float, float]) -> Distance:
    """Below 0 within an ellipse seen from the front, and behind the face's plane nowhere."""

    def distance(points: np.ndarray) -> np.ndarray:
        level = np.hypot((np.abs(points[:, 0]) - middle[0]) / radii[0], (points[:, 1] - middle[1]) / radii[1])
        return np.where(points[:, 2] > 0.0, level - 1, 1.0) * min(radii)

    return distance


def _face_paint(points: np.ndarray) -> np.ndarray:
    found = np.where(_oval(*OPENING)(points) < 0, "skin", "hood").astype(object)
    found[_oval(*EYE)(points) < 0] = "eyes"
    return found


HEAD_PART = Part(
    HEAD_SHAPE,
    (
        planes((0, 0.05, 0.0110), (0.05, 0.12, 0.016), centred=True),
        planes((NECK - 0.12, NECK + 0.06, 0.0130), (NECK + 0.06, NECK + 0.20, 0.018)),
        planes((-0.14, 0.03, 0.0185), (0.03, 0.14, 0.0125)),
    ),
    _single("head"),
    _face_paint,
    (_oval(*OPENING), _oval(*EYE)),
)


# Hands

HAND = union(
    cone((WRIST - 0.03, THORAX, 0), (WRIST + 0.01, THORAX, 0.0), 0.0245, 0.0255),
    flattened(
        union(
            cone((WRIST + 0.030, THORAX, 0.0), (WRIST + 0.085, THORAX - 0.001, 0.0), 0.036, 0.041),
            cone((WRIST + 0.085, THORAX - 0.001, 0.0), (WRIST + 0.150, THORAX - 0.012, -0.002), 0.041, 0.029),
            blend=0.02,
        ),
        (WRIST + 0.08, THORAX - 0.002, 0),
        (1, 0.45, 1),
    ),
    cone((WRIST + 0.025, THORAX - 0.004, 0.024), (WRIST + 0.060, THORAX - 0.010, 0.052), 0.0155, 0.0135),
    cone((WRIST + 0.060, THORAX - 0.010, 0.052), (WRIST + 0.092, THORAX - 0.014, 0.062), 0.0135, 0.0115),
    blend=0.018,
)

HAND_PART = Part(
    HAND,
    (
        planes((WRIST - 0.08, WRIST + 0.21, 0.0140)),
        planes((THORAX - 0.05, THORAX + 0.045, 0.0095)),
        planes((-0.06, 0.09, 0.0115)),
    ),
    _lateral("Hand"),
    _plain("skin"),
    paired=True,
)


# Shoes

SOLE_EDGE = SOLE + 0.016


def _shoe(points: np.ndarray) -> np.ndarray:
    upper = SHOE(points)
    # The sole is flat.
    return -smooth_minimum(-upper, -(SOLE - points[:, 1]), 0.012)


SHOE = union(
    cone((HIP, ANKLE + 0.035, -0.008), (HIP, ANKLE - 0.035, -0.014), 0.037, 0.043),
    cone((HIP, SOLE + 0.040, -0.025), (HIP + 0.004, SOLE + 0.036, 0.060), 0.044, 0.044),
    flattened(
        cone((HIP + 0.002, SOLE + 0.030, 0.060), (HIP + 0.006, SOLE + 0.022, 0.135), 0.045, 0.046),
        (HIP, SOLE, 0),
        (1, 0.78, 1),
    ),
    blend=0.035,
)


def _shoe_paint(points: np.ndarray) -> np.ndarray:
    return np.where(points[:, 1] < SOLE_EDGE, "sole", _side(points))


SHOE_PART = Part(
    _shoe,
    (
        planes((HIP - 0.075, HIP + 0.08, 0.0155)),
        planes((SOLE - 0.02, SOLE + 0.03, 0.0125), (SOLE + 0.03, ANKLE + 0.09, 0.020)),
        planes((-0.10, 0.22, 0.0180)),
    ),
    _lateral("Foot"),
    _shoe_paint,
    (_level(SOLE_EDGE),),
    paired=True,
)

PARTS = (BODY, HEAD_PART, HAND_PART, SHOE_PART, *BALLS)
