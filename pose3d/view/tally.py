"""The running count: what the player needs to show it, and the same drawn into the clip."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from pose3d.analysis import Count
from pose3d.core.arrays import Floats, Picture
from pose3d.core.words import capitalised
from pose3d.view.draw import INK, PAPER, Colour

FONT = cv2.FONT_HERSHEY_SIMPLEX
ALL_LETTERS = hasattr(cv2, "FontFace")
"""Whether OpenCV has Chinese letters: from 5 on. It brings its letters along; a machine need not have any."""
NUMBER, NAME = (4.2, 11.0), (1.0, 2.0)
"""Scale of OpenCV's letters, and pixels that their lines are thick, in a panel of TALL pixels."""
TALL = 900
EDGE, NAME_LINE, NUMBER_LINE, MARK_LINE = 28, 92, 206, 240
"""Pixels of such a panel: from its right edge, and down, below what players lay over a corner, to where name and number
stand and to the marks' middle."""
MARK, STEP = 9, 30
"""Pixels of such a panel: half of a mark, and from one to the next."""
MARKS = 10
"""So many of the last repetitions have a mark."""
RIM = 6
"""Pixels of such a panel by which paper parts the writing from whoever is behind it."""
FAULT: Colour = (178, 58, 46)
ROUNDING = 5e-4
"""Seconds by which times are rounded where they are written down."""


def tally_data(found: Count, start: float) -> dict[str, Any] | None:
    """What assets/player/count.js needs, ready for JSON; None where nothing was found.

    start: seconds of the source video that count as 0. name: of the exercise, by language; ends: seconds at which
    repetitions are complete, growing; counts: whether each of them does.
    """
    if not found.repetitions:
        return None
    done = sorted(found.repetitions, key=lambda each: each.end)
    return {
        "name": dict(found.name),
        "ends": [round(each.end - start, 3) for each in done],
        "counts": [each.counts for each in done],
    }


class Tally:
    """Draws how many repetitions are complete into a picture's upper right corner, with a mark for each of the last.

    A dot counts, a cross does not. The exercise is named where OpenCV has the letters for it.
    """

    def __init__(self, found: Count, times: Floats, language: str):
        told = tally_data(found, 0.0)
        self.counts: list[bool] = told["counts"] if told else []
        name = told["name"][language] if told else ""
        self.name = capitalised(name) if name.isascii() or ALL_LETTERS else ""
        self.done = np.searchsorted(told["ends"] if told else [], times + ROUNDING, "right")

    def draw(self, index: int, image: Picture) -> None:
        """Into the picture of a frame; nothing where nothing was found."""
        if not self.counts:
            return
        size, done = len(image) / TALL, self.counts[: self.done[index]]
        _write(image, self.name, NAME_LINE, size, *NAME)
        _write(image, str(sum(done)), NUMBER_LINE, size, *NUMBER)
        for place, counts in enumerate(reversed(done[-MARKS:])):
            x = image.shape[1] - (EDGE + MARK + place * STEP) * size
            (_dot if counts else _cross)(image, round(x), round(MARK_LINE * size), MARK * size)


def _write(image: Picture, text: str, line: float, size: float, scale: float, thick: float) -> None:
    """Flush right, on a rim of paper."""
    (width, _), _ = cv2.getTextSize(text, FONT, scale * size, round(thick * size))
    place = round(image.shape[1] - EDGE * size) - width, round(line * size)
    for colour, lines in ((PAPER, thick + 2 * RIM), (INK, thick)):
        cv2.putText(image, text, place, FONT, scale * size, colour, max(1, round(lines * size)), cv2.LINE_AA)


def _dot(image: Picture, x: int, y: int, radius: float) -> None:
    cv2.circle(image, (x, y), round(radius * 1.3), PAPER, -1, cv2.LINE_AA)
    cv2.circle(image, (x, y), max(2, round(radius)), INK, -1, cv2.LINE_AA)


def _cross(image: Picture, x: int, y: int, half: float) -> None:
    reach = max(2, round(half))
    for colour, lines in ((PAPER, half), (FAULT, half / 2)):
        for up in (reach, -reach):
            cv2.line(image, (x - reach, y - up), (x + reach, y + up), colour, max(2, round(lines)), cv2.LINE_AA)
