"""What was measured, side by side for people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from pose3d.analysis.measuring.jump import Jump
from pose3d.analysis.measuring.posture import POSTURE
from pose3d.analysis.measuring.ranges import Range, symmetry_index
from pose3d.analysis.measuring.summary import Gait
from pose3d.analysis.measuring.sway import Sway
from pose3d.analysis.table import Row, Table, alike, whole
from pose3d.core.words import LANGUAGES, Texts, say, table

UNKNOWN = alike("?")
WHOLE = ("degrees", "more")
"""Units without decimals of what may be below 0."""
OF_SIDES = {
    "step_time": "seconds",
    "step_length": "metres",
    "stride_length": "metres",
    "stance": "percent",
    "swing": "percent",
}
"""Figures of either side of a gait to their units."""
OF_BOTH = {"cadence": "per_minute", "speed": "metres_per_second", "double_support": "percent"}
"""Those of both sides together."""


def steps(gait: Gait | None) -> Table:
    """A row for each figure: left, right, and by how much they differ."""
    rows = tuple(_steps(gait)) if gait else ()
    return Table("gait", ("figure", "left_side", "right_side", "difference_percent", "both_sides"), rows)


def _steps(gait: Gait) -> Iterator[Row]:
    left, right = gait.sides["left"], gait.sides["right"]
    yield _row("steps", (alike(str(left.steps)), alike(str(right.steps)), alike(""), alike(str(gait.steps))))
    for name, unit in OF_SIDES.items():
        one, other = getattr(left, name), getattr(right, name)
        both = alike("") if name != "step_length" else told(gait.step_length, unit)
        yield _row(name, (told(one, unit), told(other, unit), told(symmetry_index(one, other), "more"), both))
    for name, unit in OF_BOTH.items():
        yield _row(name, (alike(""), alike(""), alike(""), told(getattr(gait, name), unit)))


def ranges(found: Mapping[str, Mapping[str, Range]]) -> Table:
    """A row for each angle and side; its moment is the greatest."""
    rows = [
        Row(
            _named(name, side),
            (told(each.least, "degrees"), told(each.greatest, "degrees"), told(each.size, "degrees"), _alike(sides)),
            each.greatest_at,
        )
        for name, sides in found.items()
        for side, each in sides.items()
    ]
    return Table("range_of_motion", ("angle", "least", "greatest", "range", "difference_percent"), tuple(rows))


def posture(degrees: Mapping[str, float], feet_apart: float) -> Table:
    """A row for each of POSTURE that was seen, and how far the feet are apart."""
    rows = [_row(name, (told(degrees[name], "degrees"),)) for name in POSTURE if name in degrees]
    apart = [_row("feet_apart", (told(feet_apart, "metres"),))] if rows else []
    return Table("posture", ("figure", "usually"), (*rows, *apart))


def jumped(found: tuple[Jump, ...]) -> Table:
    """A row for each jump."""
    rows = [
        Row(
            alike(str(number)),
            (told(jump.rise, "metres"), told(jump.by_time, "metres"), told(jump.seconds, "seconds")),
            jump.top,
        )
        for number, jump in enumerate(found, 1)
    ]
    return Table("jumps", ("number", "rise", "by_time", "in_the_air"), tuple(rows))


def swayed(found: tuple[Sway, ...]) -> Table:
    """A row for each stretch of standing."""
    rows = [
        Row(
            {language: say("measure", "span", language, start=sway.start, end=sway.end) for language in LANGUAGES},
            (told(100 * sway.path, "centimetres"), told(1000 * sway.speed, "millimetres_per_second"))
            + (told(1e4 * sway.area, "square_centimetres"),),
            sway.start,
        )
        for sway in found
    ]
    return Table("sway", ("standing", "way", "mean_speed", "area"), tuple(rows))


def told(value: float, unit: str) -> Texts:
    """A number with its unit, a key of configs/words/measure.yaml."""
    if not math.isfinite(value):
        return UNKNOWN
    value = whole(value) if unit in WHOLE else value
    return {language: say("measure", unit, language, value=value) for language in LANGUAGES}


def _row(name: str, cells: tuple[Texts, ...]) -> Row:
    return Row(table("measure")[name], cells)


def _named(name: str, side: str) -> Texts:
    if side == "middle":
        return table("charts")[name]
    return {
        language: say("measure", "of_side", language, name=table("charts")[name][language], side=words)
        for language, words in table("charts")[side].items()
    }


def _alike(sides: Mapping[str, Range]) -> Texts:
    """By how much the left range is larger, where both are known."""
    if not {"left", "right"} <= set(sides):
        return alike("")
    return told(symmetry_index(sides["left"].size, sides["right"].size), "more")
