"""How a body moves about, as lines that need some time around each frame to be told: speeds, steps, leaps, falls.

Lengths are parts of the body's own legs or arms, as those of `signals`, so that they hold for tall and short people.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pose3d.analysis.signals import SIGNALS, Side, Signals
from pose3d.core.arrays import Bools, Floats, runs
from pose3d.core.ground import HEIGHT

STRIDE = 1.0
"""Seconds, about those of two steps: over which a way and the feet's turns are averaged."""
BRIEF = 0.1
"""Seconds over which a speed is measured."""
GROUNDED, LANDED = 0.75, 0.35
"""Seconds around a frame: in which feet that leave the floor were on it, or come back to it; to which crouching for a
leap and coming down from it belong."""
TUMBLE = 0.5
"""Seconds before and after the middle of a fall, in which most of the way down is covered."""
BEAT = 0.75
"""Seconds before and after a frame in which a hand that waves goes from side to side."""
STEADY = 0.2
"""Seconds over which a hand's place is averaged: a hand that waves goes from one side to the other in more."""
HELD_UP = -0.35
"""Arm lengths of a hand above its shoulder, of one that is held up: the forearm points up from an arm that hangs."""
BACK_AND_FORTH = 0.07
"""Arm lengths: a hand that turns back after less trembles."""


def pelvis_speed(signals: Signals) -> Floats:
    """(T,) leg lengths per second over the floor, over STRIDE seconds."""
    way = _ahead(_flat(signals.pelvis), signals.times, STRIDE)
    return np.where(_known(signals, "pelvis_height"), np.linalg.norm(way, axis=-1) / signals.leg, np.nan)


def feet_in_turn(signals: Signals) -> Floats:
    """(T,) leg lengths per second at which one foot passes the other over the floor, the mean over STRIDE seconds."""
    apart = _flat(signals.body.at("LAnkle") - signals.body.at("RAnkle"))
    speed = np.linalg.norm(_ahead(apart, signals.times, BRIEF), axis=-1) / signals.leg
    return np.where(_feet(signals), _mean(speed, signals.times, STRIDE), np.nan)


def leap(signals: Signals) -> Floats:
    """(T,) leg lengths that both feet and the hips are higher than both before and after: the most near by."""
    lower = np.minimum(*(signals.body.place(f"{side}Ankle")[:, HEIGHT] for side in "LR"))
    off = np.minimum(*(_above(height, signals.times) for height in (lower, signals.pelvis[:, HEIGHT])))
    return np.where(_feet(signals), _around(off, signals.times, LANDED, np.max) / signals.leg, np.nan)


def legs_differ(signals: Signals) -> Floats:
    """(T,) degrees between how far the knees are bent, the mean over STRIDE seconds."""
    left, right = (signals.body.angle(f"{side}Hip", f"{side}Knee", f"{side}Ankle") for side in "LR")
    return np.where(_feet(signals), _mean(np.abs(left - right), signals.times, STRIDE), np.nan)


def fall(signals: Signals) -> Floats:
    """(T,) leg lengths that the shoulders come down within twice TUMBLE seconds."""
    height = signals.body.place("Thorax")[:, HEIGHT]
    down = -_ahead(height[:, None], signals.times, 2 * TUMBLE)[:, 0] * 2 * TUMBLE / signals.leg
    return np.where(_known(signals, "trunk_lean"), down, np.nan)


def hips_lowest(signals: Signals) -> Floats:
    """(T,) leg lengths of the pelvis above the middle of the ankles: the least within TUMBLE seconds."""
    body = signals.body
    height = (body.at("Pelvis") - (body.at("LAnkle") + body.at("RAnkle")) / 2)[:, HEIGHT] / signals.leg
    return np.where(_feet(signals), _around(height, signals.times, TUMBLE, np.min), np.nan)


def waves(signals: Signals, side: Side) -> Floats:
    """(T,) times a second that a hand which is held up turns back, from side to side, or ahead and back."""
    body, letter = signals.body, {"left": "L", "right": "R"}[side]
    hand = body.at(f"{letter}Wrist") - body.at(f"{letter}Shoulder")
    up = np.minimum(signals.of("forearm_rise", side), signals.of("hand_height", side) - HELD_UP) > 0
    lines = (_mean((hand * axis).sum(-1), signals.times, STEADY) for axis in (body.left, body.ahead))
    turns = np.max([_turns(line, up, signals.times, BACK_AND_FORTH * body.arm) for line in lines], axis=0)
    return np.where(np.isfinite(signals.of("hand_height", side)), turns, np.nan)


WAVES = "waves"
"""The one line that each arm has its own of."""
PACE: dict[str, Callable[[Signals], Floats]] = {
    "pelvis_speed": pelvis_speed,
    "feet_in_turn": feet_in_turn,
    "leap": leap,
    "legs_differ": legs_differ,
    "fall": fall,
    "hips_lowest": hips_lowest,
}
"""Name, as in configs/actions.yaml, to line."""


LINES = (*SIGNALS, *PACE, WAVES)
"""Names of all lines that a body's actions are told by."""
SIZED_IN_LEGS = ("pelvis_speed", "feet_in_turn", "leap", "fall", "hips_lowest")
"""Of PACE, those that are told to people in metres."""


class Lines:
    """The lines of LINES, each made once."""

    def __init__(self, signals: Signals):
        self.times = signals.times
        self._signals = signals
        self._made: dict[tuple[str, Side], Floats] = {}

    def of(self, name: str, side: Side) -> Floats:
        """(T,) of one side, or of both; NaN where what it hangs on was not seen. Raises KeyError for other names."""
        if (name, side) not in self._made:
            self._made[name, side] = self._make(name, side)
        return self._made[name, side]

    def size(self, name: str) -> float:
        """So many degrees, metres, metres or times a second are one of the line's own."""
        if name in SIGNALS:
            return self._signals.measured(name).size
        return self._signals.leg if name in SIZED_IN_LEGS else 1.0

    def _make(self, name: str, side: Side) -> Floats:
        if name == WAVES:
            return waves(self._signals, side)
        return self._signals.of(name, side) if name in SIGNALS else PACE[name](self._signals)


def _flat(points: Floats) -> Floats:
    """(T, 2) of points (T, 3): over the floor."""
    return np.delete(points, HEIGHT, axis=-1)


def _known(signals: Signals, name: str) -> Bools:
    return np.isfinite(signals.of(name, "both"))  # pyright: ignore[reportReturnType]


def _feet(signals: Signals) -> Bools:
    """(T,) bool: a foot was seen; from the side one often hides the other, and its lifted place will do."""
    return np.asarray(np.isfinite(signals.sides("foot_height")).any(axis=1), bool)


def _ahead(values: Floats, times: Floats, seconds: float) -> Floats:
    """(T, N) per second, of values (T, N) over the seconds around each time, or what of them the clip has."""
    before, after = (np.clip(times + side * seconds / 2, times[0], times[-1]) for side in (-1, 1))
    lines: list[Floats] = [np.interp(after, times, line) - np.interp(before, times, line) for line in values.T]
    return np.stack(lines, axis=1) / np.maximum(after - before, BRIEF / 2)[:, None]


def _mean(values: Floats, times: Floats, seconds: float) -> Floats:
    """(T,) the mean of values (T,) over the seconds around each time; NaN where all are."""
    return _around(
        values, times, seconds / 2, lambda part: float(np.nanmean(part)) if np.isfinite(part).any() else np.nan
    )


def _above(height: Floats, times: Floats) -> Floats:
    """(T,) how far a height (T,) is above the lowest within GROUNDED seconds before, and that after: the lesser way.

    Of who walks up a slope, or seems to before a camera that is tilted, it is nearly nothing.
    """
    first = np.searchsorted(times, times - GROUNDED)
    last = np.searchsorted(times, times + GROUNDED, side="right")
    rows = range(len(times))
    lowest = [
        max(height[start : n + 1].min(), height[n:stop].min()) for start, n, stop in zip(first, rows, last, strict=True)
    ]
    return height - np.array(lowest)


def _around(values: Floats, times: Floats, seconds: float, of: Callable[[Floats], Floats | float]) -> Floats:
    """(T,) what `of` makes of the values (T,) up to so many seconds before and after each time."""
    first = np.searchsorted(times, times - seconds)
    last = np.searchsorted(times, times + seconds, side="right")
    return np.array([of(values[start:stop]) for start, stop in zip(first, last, strict=True)])


def _turns(line: Floats, up: Bools, times: Floats, least: float) -> Floats:
    """(T,) times a second, within BEAT seconds, that a line (T,) turns back after going `least`, where `up` (T,)."""
    rows = [run.start + row for run in runs(up) for row in _extremes(line[run], least)]
    start, end = np.maximum(times - BEAT, times[0]), np.minimum(times + BEAT, times[-1])
    counted = np.searchsorted(times[rows], end, side="right") - np.searchsorted(times[rows], start)
    return counted / np.maximum(end - start, BEAT)


def _extremes(line: Floats, least: float) -> list[int]:
    """Frames at which a line (T,) turns back: its highest and lowest places, each `least` from the one before."""
    found: list[int] = []
    best, sign = 0, 0
    for row, value in enumerate(line):
        if sign == 0 and abs(value - line[0]) >= least:
            sign = 1 if value > line[0] else -1
            best = row
        elif sign and sign * (value - line[best]) >= 0:
            best = row
        elif sign and sign * (line[best] - value) >= least:
            found.append(best)
            best, sign = row, -sign
    return found
