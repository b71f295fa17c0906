"""The avatar's trunk, arms and legs, and the balls at their joints."""

from __future__ import annotations

import numpy as np

from synthetic import avatar_weights
from synthetic.avatar_part import SIDE, Part, Region, across, half, level
from synthetic.avatar_rest import ANKLE, ELBOW, HIP, KNEE, SHOULDER, THORAX, WRIST
from synthetic.distance import cone, ellipsoid, smooth_minimum, union
from synthetic.nets import planes

CUFF, HEM = WRIST - 0.012, ANKLE + 0.03
"""Where sleeves and trouser legs end."""
BELT = 0.055
"""Height at which suit and trousers meet."""
ARMBAND = (SHOULDER + 0.125, SHOULDER + 0.175)
WRISTBAND = CUFF - 0.035
KNEEBAND = (KNEE - 0.125, KNEE - 0.085)
NECKLINE, NECKLINE_SLANT, NECK_SIDE = THORAX + 0.072, 0.35, 0.11

TRUNK = union(
    ellipsoid((0, -0.030, -0.002), (0.168, 0.115, 0.102)),
    ellipsoid((0, 0.12, 0.004), (0.122, 0.17, 0.094)),
    ellipsoid((0, 0.325, -0.004), (0.152, 0.175, 0.108)),
    ellipsoid((0, 0.455, -0.010), (0.165, 0.070, 0.076)),
    blend=0.12,
)
NECK = union(
    cone((0.150, 0.510, -0.008), (0.030, 0.560, -0.014), 0.046, 0.042),
    cone((0, 0.53, -0.012), (0, 0.625, -0.004), 0.054, 0.046),
    blend=0.06,
)
ARM = union(
    cone((SHOULDER, THORAX, 0), (SHOULDER + 0.12, THORAX, 0), 0.063, 0.051),
    cone((SHOULDER + 0.12, THORAX, 0), (ELBOW, THORAX, 0), 0.051, 0.0445),
    cone((ELBOW, THORAX, 0), (ELBOW + 0.07, THORAX, 0), 0.0445, 0.045),
    cone((ELBOW + 0.07, THORAX, 0), (CUFF - 0.034, THORAX, 0), 0.045, 0.035),
    blend=0.012,
)
LEG = union(
    cone((HIP - 0.004, -0.09, 0), (HIP, KNEE, 0), 0.084, 0.0605),
    cone((HIP, KNEE, 0), (HIP, KNEE - 0.12, -0.012), 0.0605, 0.061),
    cone((HIP, KNEE - 0.12, -0.012), (HIP, HEM + 0.045, -0.004), 0.061, 0.047),
    blend=0.012,
)
SEAT = ellipsoid((0.070, -0.050, -0.043), (0.068, 0.080, 0.080))


def _body(points: np.ndarray) -> np.ndarray:
    left = half(points)
    found = smooth_minimum(TRUNK(points), NECK(left), 0.06)
    found = smooth_minimum(found, ARM(left), 0.09)
    legs = smooth_minimum(LEG(left), SEAT(left), 0.05)
    return smooth_minimum(found, legs, 0.06)


def _neck(points: np.ndarray) -> np.ndarray:
    """Below 0 above a ring around the neck that is lower in front, and not on the shoulders."""
    return np.maximum(NECKLINE - points[:, 1] - NECKLINE_SLANT * points[:, 2], across(NECK_SIDE)(points))


BODY = Part(
    _body,
    (
        planes(
            (0, 0.19, 0.0190),
            (0.19, ELBOW - 0.05, 0.038),
            (ELBOW - 0.05, ELBOW + 0.05, 0.022),
            (ELBOW + 0.05, CUFF - 0.045, 0.040),
            (CUFF - 0.045, CUFF + 0.015, 0.012),
            centred=True,
        ),
        planes(
            (HEM - 0.016, HEM + 0.052, 0.014),
            (HEM + 0.052, KNEE - 0.06, 0.044),
            (KNEE - 0.06, KNEE + 0.06, 0.024),
            (KNEE + 0.06, -0.13, 0.044),
            (-0.13, 0.42, 0.0345),
            (0.42, 0.58, 0.0170),
            (0.58, 0.70, 0.022),
        ),
        planes((-0.17, 0.17, 0.0190)),
    ),
    avatar_weights.body,
    "suit",
    (
        Region("trousers", (level(BELT),)),
        Region("skin", (_neck,)),
        Region(SIDE, (across(ARMBAND[0], -1), across(ARMBAND[1]))),
        Region(SIDE, (across(WRISTBAND, -1),)),
        Region(SIDE, (level(KNEEBAND[0], -1), level(KNEEBAND[1]))),
    ),
    smoothing=1,
)


def _ball(centre: tuple[float, float, float], radius: float, step: float, bone: str, colour: str) -> Part:
    reach = radius + step
    x, y, z = (planes((c - reach, c + reach, step)) for c in centre)
    return Part(ellipsoid(centre, (radius,) * 3), (x, y, z), avatar_weights.lateral(bone), colour, paired=True)


BALLS = (
    _ball((SHOULDER, THORAX, 0), 0.0610, 0.0225, "UpperArm", "suit"),
    _ball((ELBOW, THORAX, 0), 0.0435, 0.0190, "UpperArm", "suit"),
    _ball((HIP, KNEE, 0), 0.0590, 0.0262, "UpperLeg", "trousers"),
)
"""A skin that bends loses girth at the joint; a ball at the joint stays as it is, and shows instead."""
