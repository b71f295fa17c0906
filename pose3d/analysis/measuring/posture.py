"""How somebody stands: medians over the time in which they stand still."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pose3d.analysis.frames import UP
from pose3d.analysis.measuring.isb import head_ahead
from pose3d.analysis.signals import Signals
from pose3d.core.arrays import Bools, Floats

POSTURE: dict[str, Callable[[Signals], Floats]] = {
    "trunk_flexion": lambda signals: signals.of("trunk_flexion", "both"),
    "trunk_side_bend": lambda signals: signals.of("trunk_side_bend", "both"),
    "head_ahead": lambda signals: np.where(signals.seen("Head", "Thorax"), head_ahead(signals.body), np.nan),
    "shoulder_list": lambda signals: signals.of("shoulder_list", "both"),
    "pelvis_list": lambda signals: signals.of("pelvis_list", "both"),
    "left_knee": lambda signals: signals.of("knee_flexion", "left"),
    "right_knee": lambda signals: signals.of("knee_flexion", "right"),
}
"""Name to degrees (T,); as in isb.py, and the head against the upright."""


def posture(signals: Signals, standing: Bools) -> dict[str, float]:
    """Name to degrees, the median over standing (T,); of what was never seen there is nothing, nor if nobody stands."""
    lines = {name: line(signals)[standing] for name, line in POSTURE.items()}
    return {name: float(np.nanmedian(line)) for name, line in lines.items() if np.isfinite(line).any()}


def feet_apart(signals: Signals, standing: Bools) -> float:
    """Metres between the ankles over the floor, the median over standing (T,); NaN where they were not seen."""
    between = signals.body.place("LAnkle") - signals.body.place("RAnkle")
    known = standing & signals.seen("LAnkle", "RAnkle")
    return float(np.median(np.linalg.norm(between[known] * (1 - UP), axis=-1))) if known.any() else float("nan")
