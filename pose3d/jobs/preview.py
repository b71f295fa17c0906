"""The live preview's look at one picture: who is there, and what they have to do. Nothing of it is kept."""

from __future__ import annotations

import base64
import binascii
import functools
from io import BytesIO
from typing import Annotated, Any

import numpy as np
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pose3d.core.arrays import Picture
from pose3d.core.errors import VideoError
from pose3d.core.skeleton import H36M17
from pose3d.detect.blazepose import load, person
from pose3d.detect.bodies import Networks
from pose3d.detect.glance import Glimpse, glance
from pose3d.detect.regions import Region
from pose3d.jobs.framing import NOBODY, framing
from pose3d.jobs.reins import Reins

LONGER_SIDE = 320
"""Pixels of the picture that the page sends: the detector looks at 224, and at parts for those who are far."""
MOST_PIXELS = 4 * LONGER_SIDE**2
MOST_BYTES = 200_000
"""Of a JPEG; those that the page sends have about 15,000."""
SMALLEST = 16
"""Pixels of a side worth looking at."""
BONES = [list(edge) for edge in H36M17.edges]
"""Pairs of joints that the page draws lines between."""
UNREADABLE = (binascii.Error, OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What Pillow raises for what is no whole JPEG, or a huge one."""

Pixels = Annotated[float, Field(ge=-8 * LONGER_SIDE, le=8 * LONGER_SIDE, allow_inf_nan=False)]
Side = Annotated[float, Field(gt=1, le=8 * LONGER_SIDE, allow_inf_nan=False)]
Angle = Annotated[float, Field(ge=-4, le=4, allow_inf_nan=False)]


class Asked(BaseModel):
    """What the page sends, which may be anybody's."""

    model_config = ConfigDict(extra="forbid", strict=True)

    picture: Annotated[str, Field(max_length=4 * MOST_BYTES // 3 + 4)]
    """A JPEG in base64."""
    near: tuple[Pixels, Pixels, Side, Angle] | None = Field(default=None, strict=False)
    """Where somebody was in the last picture, as its answer said: centre, side, angle."""


def answer(_: Reins, asked: Any) -> dict[str, Any]:
    """code and missing: see Framing. joints: (17, 3) x and y, 0 to 1 across the picture, and score; none of nobody.

    near: for the next picture. Raises VideoError.
    """
    try:
        given = Asked.model_validate(asked)
    except ValidationError as e:
        raise VideoError("no_preview", most=MOST_BYTES // 1000) from e
    image = decoded(given.picture)
    seen = glance(_networks(), image, _region(given.near))
    return _told(seen, image) if seen else {"code": NOBODY.code, "missing": [], "joints": [], "near": None}


def decoded(picture: str) -> Picture:
    """(H, W, 3) uint8 of a JPEG in base64, whose size is looked at before its pixels are. Raises VideoError."""
    try:
        data = base64.b64decode(picture, validate=True)
        with Image.open(BytesIO(data), formats=("JPEG",)) as opened:
            if opened.width * opened.height > MOST_PIXELS or min(opened.size) < SMALLEST:
                raise VideoError("no_preview", most=MOST_BYTES // 1000)
            return np.asarray(opened.convert("RGB"))
    except UNREADABLE as e:
        raise VideoError("no_preview", most=MOST_BYTES // 1000) from e


def _told(seen: Glimpse, image: Picture) -> dict[str, Any]:
    height, width = image.shape[:2]
    who = person(image, seen.body)
    wanted = framing(who, width, height, seen.sure)
    joints = np.concatenate([who.xy / (width, height), who.score[:, None]], -1)
    region = seen.body.region
    return {
        "code": wanted.code,
        "missing": list(wanted.missing),
        "joints": joints.round(4).tolist(),
        "near": [*map(float, region.centre), region.side, region.angle],
    }


def _region(near: tuple[float, float, float, float] | None) -> Region | None:
    if near is None:
        return None
    x, y, side, angle = near
    return Region(np.array([x, y]), side, angle)


@functools.cache
def _networks() -> Networks:
    """The fast detector's, on the processor: a GPU may be lent to others, and one picture gains nothing there."""
    return load("blazepose-full", "full", "cpu").networks
