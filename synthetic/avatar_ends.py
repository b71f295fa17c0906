"""The avatar's head, hands and shoes."""

from __future__ import annotations

import numpy as np

from synthetic import avatar_weights
from synthetic.avatar_part import SIDE, Part, Region, half, level
from synthetic.avatar_rest import ANKLE, HIP, NECK, SOLE, THORAX, WRIST
from synthetic.distance import cone, ellipsoid, flattened, smooth_minimum, union
from synthetic.nets import planes

SKULL = union(
    ellipsoid((0, NECK + 0.056, -0.008), (0.091, 0.106, 0.103)),
    ellipsoid((0, NECK - 0.002, 0.022), (0.073, 0.074, 0.075)),
    blend=0.08,
)
NOSE = ellipsoid((0, NECK + 0.010, 0.099), (0.009, 0.012, 0.012))
EAR = ellipsoid((0.086, NECK + 0.018, -0.006), (0.013, 0.026, 0.017))
EYE = ((0.036, NECK + 0.030), (0.0125, 0.0185))
"""Centre and radii seen from the front."""
CAP, CAP_SLANT = NECK + 0.045, 0.6
"""Height of its edge over the middle of the head, and how steeply it rises to the forehead."""


def _head(points: np.ndarray) -> np.ndarray:
    return smooth_minimum(smooth_minimum(SKULL(points), NOSE(points), 0.03), EAR(half(points)), 0.012)


def _cap(points: np.ndarray) -> np.ndarray:
    """Below 0 above a plane that slants from the forehead to the nape."""
    return CAP + CAP_SLANT * points[:, 2] - points[:, 1]


def _eyes(points: np.ndarray) -> np.ndarray:
    """Below 0 within two ellipses seen from the front."""
    (x, y), radii = EYE
    level = np.hypot((np.abs(points[:, 0]) - x) / radii[0], (points[:, 1] - y) / radii[1])
    return np.where(points[:, 2] > 0, level - 1, 1) * min(radii)


HEAD = Part(
    _head,
    (
        planes((0, 0.05, 0.0115), (0.05, 0.12, 0.0150), centred=True),
        planes((NECK - 0.12, NECK + 0.06, 0.0138), (NECK + 0.06, NECK + 0.20, 0.020)),
        planes((-0.14, 0.03, 0.0200), (0.03, 0.14, 0.0135)),
    ),
    avatar_weights.single("head"),
    "skin",
    (Region("trousers", (_cap,)), Region("eyes", (_eyes,))),
)


MITTEN = union(
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
    cone((WRIST + 0.022, THORAX - 0.004, 0.024), (WRIST + 0.050, THORAX - 0.010, 0.056), 0.0160, 0.0140),
    cone((WRIST + 0.050, THORAX - 0.010, 0.056), (WRIST + 0.082, THORAX - 0.014, 0.074), 0.0140, 0.0120),
    blend=0.024,
)

HAND = Part(
    MITTEN,
    (
        planes((WRIST - 0.08, WRIST + 0.21, 0.0132)),
        planes((THORAX - 0.046, THORAX + 0.045, 0.0095)),
        planes((-0.06, 0.105, 0.0110)),
    ),
    avatar_weights.lateral("Hand"),
    "skin",
    paired=True,
)


SOLE_EDGE = SOLE + 0.016


def _shoe(points: np.ndarray) -> np.ndarray:
    upper = UPPER(points)
    # The sole is flat.
    return -smooth_minimum(-upper, -(SOLE - points[:, 1]), 0.012)


UPPER = union(
    cone((HIP, ANKLE + 0.040, -0.006), (HIP, ANKLE - 0.030, -0.014), 0.036, 0.041),
    cone((HIP, SOLE + 0.034, -0.030), (HIP + 0.002, SOLE + 0.030, 0.030), 0.041, 0.043),
    cone((HIP, ANKLE + 0.005, 0.000), (HIP + 0.004, SOLE + 0.030, 0.100), 0.036, 0.034),
    ellipsoid((HIP + 0.004, SOLE + 0.024, 0.098), (0.0485, 0.036, 0.085)),
    blend=0.05,
)


SHOE = Part(
    _shoe,
    (
        planes((HIP - 0.075, HIP + 0.08, 0.0155)),
        planes((SOLE - 0.02, SOLE + 0.03, 0.0125), (SOLE + 0.03, ANKLE + 0.09, 0.020)),
        planes((-0.10, 0.22, 0.0180)),
    ),
    avatar_weights.lateral("Foot"),
    SIDE,
    (Region("sole", (level(SOLE_EDGE),)),),
    paired=True,
)
