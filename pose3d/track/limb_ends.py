"""Heels, toes, wrists and knuckles of one person's track, where the detector sees them."""

from __future__ import annotations

import numpy as np

from pose3d.core.limb_ends import LimbEnds
from pose3d.core.skeleton import LIMB_ENDS
from pose3d.track.people import Track
from pose3d.track.refine import ARMS, LEGS, arrays, swaps

ENDS = {ARMS: ("Wrist", "Knuckles"), LEGS: ("Heel", "Toes")}
"""What hangs on a limb and is exchanged with it."""


def limb_ends(track: Track) -> LimbEnds | None:
    """One row per frame, left and right exchanged where `refine` exchanges the limb; None where nothing was seen."""
    ends = np.zeros((len(track), len(LIMB_ENDS), 3), np.float32)
    for row in track.rows:
        ends[row] = track.at(row).ends
    if not ends[..., 2].any():
        return None
    for limb, swapped in swaps(arrays(track)[0], track.seen).items():
        left, right = ([LIMB_ENDS.index(side + end) for end in ENDS[limb]] for side in "LR")
        ends[swapped[:, None], left + right] = ends[swapped[:, None], right + left]
    return LimbEnds(ends[..., :2], ends[..., 2])
