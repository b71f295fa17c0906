"""What a keypoints.json may hold that anybody may have written: kinds and limits of everything in it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from pose3d.core.arrays import Floats
from pose3d.core.camera import MAX_SIDE
from pose3d.core.models import ModelInfo
from pose3d.core.people import PersonSeen
from pose3d.core.poses import Units
from pose3d.core.skeleton import H36M17
from pose3d.core.times import FASTEST, median_rate

FAR = 1e6
"""Metres or pixels: nothing is further away."""
LONG = 1e6
"""Seconds: nothing lasts longer."""
MOST_ROWS = 1_000_000
"""Frames at the usual rate over the whole time: formats with a single rate have so many."""

Near = Annotated[float, Field(ge=-FAR, le=FAR)]
Seconds = Annotated[float, Field(ge=0, le=LONG)]
Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]
Text = Annotated[str, Field(max_length=10_000)]


class _Part(BaseModel):
    """Later versions may add keys."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, protected_namespaces=())


class SavedVideo(_Part):
    """A VideoInfo without its times; it grows no keys."""

    model_config = ConfigDict(extra="forbid")

    path: Text
    path_bytes: Annotated[str, Field(max_length=20_000, pattern="^([0-9a-f]{2})*$")] = ""
    width: Side
    height: Side
    rotation: Literal[0, 90, 180, 270] = 0
    mirrored: bool = False
    offset: Seconds = 0.0
    ends_early: bool = False


class Saved(_Part):
    """All but arrays, camera and settings, which have classes of their own."""

    joint_names: tuple[str, ...]
    units: Units
    floor: Near
    up_confidence: Annotated[float, Field(ge=0, le=1)]
    detector: ModelInfo
    model: ModelInfo
    video: SavedVideo
    settings: dict[str, Any]
    people: tuple[PersonSeen, ...]
    person: Annotated[int, Field(ge=1)]
    seconds: dict[str, Seconds]
    versions: dict[str, str]

    @field_validator("joint_names")
    @classmethod
    def _ours(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if names != H36M17.joints:
            raise ValueError(f"it holds the joints {', '.join(names)}")
        return names


def finite(content: dict[str, Any], key: str) -> Floats:
    """An array, float32. Raises KeyError where there is none, ValueError where its values are no places near here."""
    values = np.array(content[key], np.float64)
    if not (np.abs(values) <= FAR).all():
        raise ValueError(f"{key} holds values that are not finite, or beyond {FAR:.0f}")
    return values.astype(np.float32)


def check_rows(times: Floats) -> None:
    """Raises ValueError where times (T,) are so far apart, or so close, that no evenly timed file could hold them."""
    if times.ndim != 1 or not len(times):
        raise ValueError("times must be a list of numbers")
    with np.errstate(all="ignore"):
        rate, lasts = median_rate(times), float(times[-1] - times[0])
    if not (0 < rate <= 2 * FASTEST and rate * lasts <= MOST_ROWS):
        raise ValueError(f"its times are no frames of a video: {rate:g} a second for {lasts:g} s")
