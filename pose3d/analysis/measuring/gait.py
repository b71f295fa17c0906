"""How somebody walks: steps, their times and lengths, on either side.

A foot strikes where its ankle is farthest ahead of the pelvis, and leaves the floor where it is farthest behind it
(Zeni, Richards and Higginson 2008, Gait and Posture 27:710). That holds over the floor and on a treadmill, and of all
that one camera tells, the ankles' places about the pelvis are known best. A step's length is how far a foot strikes
ahead of where the other one did before; on the spot, how far ahead of the other it strikes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from pose3d.analysis.frames import UP
from pose3d.analysis.measuring.turns import Turn, turns
from pose3d.analysis.signals import Body, Signals
from pose3d.core.arrays import ArrayEquality, Floats
from pose3d.core.geometry import degrees_between, unit

Side = Literal["left", "right"]
LETTERS: dict[Side, str] = {"left": "L", "right": "R"}

LEAST_REACH = 0.15
"""Of a leg: an ankle goes so far ahead of the pelvis and back at least, or it makes no step (a step of 13 cm)."""
QUICKEST, SLOWEST = 0.2, 1.3
"""Seconds from one foot's strike to the other's: sprinters' are no shorter, and the slowest walks of recorded motion
(0.4 m/s) have 1.1 s."""
FEWEST = 3
"""Steps in a row: a whole stride, and one of the other foot. Fewer are a change of place."""
WALKS = (0.5, 2.0)
"""The pelvis' way over that which the ankles span, where somebody goes somewhere: 1 for who walks on straight ahead."""
STAYS, STEADY = 0.3, 0.3
"""The same where somebody walks on the spot, at most; and of the speed of the legs, how much the pelvis' own may vary:
who lunges goes ahead and back."""
SPANS = 0.35
"""Of a leg, on average: how far apart the feet of somebody are who walks on the spot, at least; who marches or runs
with high knees puts them down beside each other."""
TURNING = 60.0
"""Degrees that somebody turns within two steps, from which these have no length."""


@dataclass(frozen=True)
class Step:
    """A foot's way from the floor to the floor."""

    side: Side
    """Of the foot that swings."""
    start: float
    """Seconds: the other foot strikes."""
    off: float
    """This one leaves the floor; NaN where it was not seen."""
    strike: float
    """This one strikes."""
    length: float
    """Metres along the way; NaN where somebody turns round."""

    @property
    def seconds(self) -> float:
        """From strike to strike."""
        return self.strike - self.start


@dataclass(frozen=True)
class Walk:
    """Steps in a row, the feet in turn."""

    steps: tuple[Step, ...]
    on_the_spot: bool
    """Whether somebody stays where they are, as on a treadmill or where the camera goes along."""

    def strikes(self, side: Side) -> list[float]:
        """Seconds at which a foot strikes."""
        first = self.steps[0]
        begun = [first.start] if first.side != side else []
        return begun + [step.strike for step in self.steps if step.side == side]

    def stances(self, side: Side) -> list[float]:
        """0 to 1, of a stride of one foot: how much of it that foot is on the floor."""
        offs = [step.off for step in self.steps if step.side == side]
        strides = list(pairwise(self.strikes(side)))
        return [(off - start) / (end - start) for start, end in strides for off in offs if start < off < end]


@dataclass(frozen=True, eq=False)
class _Legs(ArrayEquality):
    """What steps are told from. Floats (T,) and (T, 3) at times (T,), metres."""

    times: Floats
    ahead: Floats
    pelvis: Floats
    ankles: dict[Side, Floats]

    def at(self, path: Floats, seconds: float) -> Floats:
        """(3,) where a path is at a moment."""
        return np.array([float(np.interp(seconds, self.times, path[:, axis])) for axis in range(3)])

    def moved(self, start: float, end: float) -> Floats:
        """(3,) the pelvis' way over the floor."""
        return (self.at(self.pelvis, end) - self.at(self.pelvis, start)) * (1 - UP)

    def spanned(self, side: Side, seconds: float) -> float:
        """Metres that an ankle is ahead of the other."""
        other: Side = "right" if side == "left" else "left"
        ankles = self.at(self.ankles[side], seconds) - self.at(self.ankles[other], seconds)
        return float(ankles @ unit(self.at(self.ahead, seconds)))

    def reach(self, side: Side) -> Floats:
        """(T,) metres that an ankle is ahead of the pelvis."""
        return ((self.ankles[side] - self.pelvis) * self.ahead).sum(-1)


def walks(signals: Signals, still_camera: bool = True) -> list[Walk]:
    """Every walk of a motion, by time; before a camera that moves nobody can tell who goes somewhere."""
    body = signals.body
    ankles: dict[Side, Floats] = {side: body.at(f"{letter}Ankle") for side, letter in LETTERS.items()}
    legs = _Legs(signals.times, body.ahead, body.at("Pelvis"), ankles)
    found = [_kind(legs, body.leg, steps, still_camera) for steps in _rows(legs, signals, body)]
    return [walk for walk in found if walk is not None]


def _rows(legs: _Legs, signals: Signals, body: Body) -> Iterator[list[Step]]:
    """Steps in a row, without their lengths."""
    strikes: list[tuple[Side, Turn]] = []
    offs: dict[Side, list[float]] = {"left": [], "right": []}
    for side, letter in LETTERS.items():
        seen = signals.seen(f"{letter}Ankle", f"{letter}Hip")
        for turn in turns(np.where(seen, legs.reach(side), np.nan), legs.times, LEAST_REACH * body.leg):
            if turn.high:
                strikes.append((side, turn))
            else:
                offs[side].append(turn.time)
    strikes.sort(key=lambda strike: strike[1].time)
    row: list[Step] = []
    for (before, first), (side, second) in pairwise(strikes):
        if before == side or not QUICKEST <= second.time - first.time <= SLOWEST:
            yield row
            row = []
            continue
        left = [off for off in offs[side] if first.time - SLOWEST < off < second.time]
        row.append(Step(side, first.time, max(left, default=np.nan), second.time, np.nan))
    yield row


def _kind(legs: _Legs, leg: float, steps: list[Step], still_camera: bool) -> Walk | None:
    """The steps with their lengths, if they are a walk's; leg: metres."""
    if len(steps) < FEWEST:
        return None
    ways = [legs.moved(step.start, step.strike) for step in steps]
    spans = np.array([legs.spanned(step.side, step.strike) for step in steps])
    going = sum(float(way @ _ahead(legs, step)) for way, step in zip(ways, steps, strict=True))
    share = going / max(float(spans.sum()), 1e-6)
    if still_camera and WALKS[0] <= share <= WALKS[1]:
        return Walk(tuple(_over_floor(legs, steps)), False)
    strides = spans.mean() >= SPANS * leg
    stays = share <= STAYS and _is_steady(legs, steps, spans)
    if strides and (stays or not still_camera):
        on_spot = (replace(step, length=float(span)) for step, span in zip(steps, spans, strict=True))
        return Walk(tuple(on_spot), True)
    return None


def _ahead(legs: _Legs, step: Step) -> Floats:
    """(3,) where the body faces in the middle of a step."""
    return unit(legs.at(legs.ahead, (step.start + step.strike) / 2))


def _over_floor(legs: _Legs, steps: list[Step]) -> Iterator[Step]:
    """With the way from strike to strike, along that of the pelvis over the steps before and after as well."""
    first, last = steps[0].start, steps[-1].strike
    for step in steps:
        other: Side = "right" if step.side == "left" else "left"
        early, late = max(step.start - step.seconds, first), min(step.strike + step.seconds, last)
        turned = degrees_between(legs.at(legs.ahead, early), legs.at(legs.ahead, late))
        way = legs.at(legs.ankles[step.side], step.strike) - legs.at(legs.ankles[other], step.start)
        along = float(way @ unit(legs.moved(early, late)))
        yield replace(step, length=along if turned < TURNING else np.nan)


def _is_steady(legs: _Legs, steps: list[Step], spans: Floats) -> bool:
    """Whether the pelvis hardly moves, against how fast the legs go."""
    first, last = steps[0].start, steps[-1].strike
    rows = (legs.times >= first) & (legs.times <= last)
    speed = np.gradient(legs.pelvis * (1 - UP), legs.times, axis=0)[rows]
    legs_speed = float(spans.sum()) / (last - first)
    return float((speed * legs.ahead[rows]).sum(-1).std()) <= STEADY * legs_speed
