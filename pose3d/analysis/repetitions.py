"""An exercise's repetitions in a motion: swings of its signal that are in its posture, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from pose3d.analysis.exercises import Condition, Exercise, When
from pose3d.analysis.signals import Side, Signals
from pose3d.analysis.trigger import Swing, swings
from pose3d.core.arrays import Floats
from pose3d.core.ground import HEIGHT

OTHER: dict[Side, Side] = {"left": "right", "right": "left", "both": "both"}
AT_ONCE = 0.5
"""Of the shorter of two: turns of left and right that are nearer in time are one repetition of both."""


@dataclass(frozen=True)
class Repetition:
    """One repetition."""

    side: Side
    start: float
    turn: float
    end: float
    """Seconds of the source video. Start and end are a tenth of the way away from rest."""
    depth: float
    """The exercise's signal at the turn: degrees, or metres."""
    range: float
    """From rest, the mean of before and after, to there."""
    rise: float
    """Metres between the highest and the lowest place of the pelvis."""
    difference: float | None
    """The left side's signal less the right side's at the turn; None where it is of one side, or one was not seen."""
    faults: tuple[str, ...] = ()
    """Codes of the exercise's faults; it counts where there are none."""

    @property
    def counts(self) -> bool:
        """Whether it is as it should be."""
        return not self.faults


def repetitions(signals: Signals, exercise: Exercise) -> list[Repetition]:
    """Of one exercise, by time, those with faults included."""
    sides: tuple[Side, ...] = ("both",) if exercise.sides == "together" else ("left", "right")
    found = [each for side in sides for each in _of_side(signals, exercise, side)]
    found.sort(key=lambda each: each.turn)
    return list(_at_once(found)) if exercise.sides == "either" else found


def _of_side(signals: Signals, exercise: Exercise, side: Side) -> Iterator[Repetition]:
    line = signals.of(exercise.signal, side)
    for swing in swings(line, signals.times, exercise.rest, exercise.reach):
        told = side if exercise.leads is None else _leader(signals.sides(exercise.leads)[swing.top])
        if _is_one(signals, exercise, line, swing, told):
            faults = (code for code, fault in exercise.faults.items() if not met(signals, fault, swing, told))
            yield of_swing(signals, exercise.signal, swing, told, tuple(faults))


def _leader(values: Floats) -> Side:
    """values (2,) of left and right."""
    return "left" if values[0] >= values[1] else "right"


def _is_one(signals: Signals, exercise: Exercise, line: Floats, swing: Swing, side: Side) -> bool:
    """Whether a swing is a repetition at all."""
    times, rows = signals.times, swing.rows
    above = times[rows][line[rows] >= exercise.reach]
    way = np.delete(signals.pelvis[swing.last] - signals.pelvis[swing.first], HEIGHT)
    return (
        exercise.seconds.least <= swing.end - swing.start <= exercise.seconds.most
        and float(np.ptp(above)) <= exercise.pause
        and float(np.linalg.norm(way)) <= exercise.travel * signals.leg
        and all(met(signals, condition, swing, side) for condition in exercise.posture)
    )


MOMENTS: dict[When, Callable[[Floats, Swing], Floats]] = {
    "start": lambda line, swing: line[[swing.first]],
    "turn": lambda line, swing: line[[swing.top]],
    "end": lambda line, swing: line[[swing.last]],
    "ends": lambda line, swing: line[[swing.first, swing.last]],
    "throughout": lambda line, swing: _median(line[swing.rows]),
    "change": lambda line, swing: _spread(line[swing.rows]),
}
"""What of a line (T,) a condition is about: (N,), all of which have to meet it."""


def met(signals: Signals, condition: Condition, swing: Swing, side: Side) -> bool:
    """Whether a condition holds; what was not seen is not held against anybody."""
    whose: dict[str, Side] = {"own": side, "other": OTHER[side], "both": "both"}
    values = MOMENTS[condition.at](signals.of(condition.signal, whose[condition.side]), swing)
    values = values[np.isfinite(values)]
    low = -np.inf if condition.least is None else condition.least
    high = np.inf if condition.most is None else condition.most
    return bool(((values >= low) & (values <= high)).all())


def _median(values: Floats) -> Floats:
    known = values[np.isfinite(values)]
    return np.median(known, keepdims=True) if len(known) else known


def _spread(values: Floats) -> Floats:
    known = values[np.isfinite(values)]
    return np.ptp(known, keepdims=True) if len(known) else known


def of_swing(
    signals: Signals, signal: str, swing: Swing, side: Side = "both", faults: tuple[str, ...] = ()
) -> Repetition:
    """A swing of a signal as a repetition; of both sides, with their difference."""
    size = signals.measured(signal).size
    left, right = size * signals.sides(signal)[swing.top]
    difference = float(left - right) if side == "both" and np.isfinite(left - right) else None
    depth = size * float(signals.of(signal, side)[swing.top])
    rise = float(np.ptp(signals.pelvis[swing.rows, HEIGHT]))
    return Repetition(side, swing.start, swing.turn, swing.end, depth, size * swing.way, rise, difference, faults)


def _at_once(found: list[Repetition]) -> Iterator[Repetition]:
    """found: by time; neighbours of different sides that turn at the same time as one of both."""
    waiting: Repetition | None = None
    for each in found:
        if waiting is not None and _together(waiting, each):
            yield _joined(waiting, each)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = each
    if waiting is not None:
        yield waiting


def _together(one: Repetition, other: Repetition) -> bool:
    shorter = min(one.end - one.start, other.end - other.start)
    return one.side != other.side and abs(one.turn - other.turn) < AT_ONCE * shorter


def _joined(one: Repetition, other: Repetition) -> Repetition:
    left, right = (one, other) if one.side == "left" else (other, one)
    return replace(
        one,
        side="both",
        start=(one.start + other.start) / 2,
        turn=(one.turn + other.turn) / 2,
        end=(one.end + other.end) / 2,
        depth=(one.depth + other.depth) / 2,
        range=(one.range + other.range) / 2,
        rise=max(one.rise, other.rise),
        difference=left.depth - right.depth,
        faults=tuple(dict.fromkeys(one.faults + other.faults)),
    )
