"""The colours of somebody's clothes, part by part, as `Person.appearance` has them: how alike, and what is usual."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pose3d.core.arrays import Floats


def colour_distance(a: Floats, b: Floats) -> float:
    """Hellinger distance, 0 to 1, of appearances (P, D); a part that either does not show counts as alike.

    It is 0 where there is nothing to compare.
    """
    if a.shape != b.shape or not a.size:
        return 0.0
    overlap = np.sqrt(a.astype(np.float64) * b).sum(1)
    shown = a.any(1) & b.any(1)
    return float(np.sqrt(max(0.0, 1.0 - np.where(shown, overlap, 1.0).mean())))


def learnt(usual: Floats, now: Floats, kept: float) -> Floats:
    """(P, D) float32: usual colours after a sight of others; of parts that only one of them shows, that one's."""
    shares = np.where(usual.any(1), kept, 0.0), np.where(now.any(1), 1 - kept, 0.0)
    total = np.maximum(shares[0] + shares[1], 1e-9)
    return ((usual.T * shares[0] + now.T * shares[1]) / total).T.astype(np.float32)


def usual(appearances: Sequence[Floats]) -> Floats:
    """(P, D): of appearances (P, D) each, the median of those that show a part, each part to sum to 1."""
    every = np.array(appearances, np.float64)
    every[~every.any(-1)] = np.nan
    found = np.zeros(every.shape[1:])
    for part in np.flatnonzero(np.isfinite(every).any(axis=(0, 2))).tolist():
        found[part] = np.nanmedian(every[:, part], axis=0)
    return found / np.maximum(found.sum(1, keepdims=True), 1e-9)
