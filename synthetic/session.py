"""One motion after the other, as one: the body goes from the last pose of each to the first of the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from synthetic.body import Body
from synthetic.kinematics import SIDES, Controls, Foot, Limb
from synthetic.motion import Motion, bump, smooth

STEP = 0.06
"""Metres that a foot is raised which goes elsewhere."""
FAR = 0.02
"""Metres: a foot that goes no further glides."""
TURNS = ("pelvis", "trunk", "head")
MOMENT = 1e-6
"""Seconds between the frames that each part has more than were asked for."""


@dataclass(frozen=True)
class Part:
    """motion: for so many seconds, after as many on the way to its first pose."""

    motion: Motion
    seconds: float
    way: float = 0.5


@dataclass(frozen=True)
class Still:
    """The first pose of a motion, held."""

    motion: Motion

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        pose = self.motion.controls(body, np.array([0.0, MOMENT]))
        return _mapped([pose], lambda arrays: np.repeat(arrays[0][:1], len(times), axis=0))


@dataclass(frozen=True)
class Session:
    """Parts, one after the other; what comes after the last holds its last pose."""

    parts: tuple[Part, ...]

    @property
    def starts(self) -> list[float]:
        """Seconds from the first frame to where each part's motion starts; the first has no way to it."""
        starts, now = [], 0.0
        for n, part in enumerate(self.parts):
            now += part.way if n else 0.0
            starts.append(now)
            now += part.seconds
        return starts

    @property
    def seconds(self) -> float:
        """Of the whole."""
        return self.starts[-1] + self.parts[-1].seconds

    def controls(self, body: Body, times: np.ndarray) -> Controls:
        return _joined(list(self._pieces(body, times - times[0])))

    def _pieces(self, body: Body, times: np.ndarray) -> Iterator[Controls]:
        last: Controls | None = None
        over = 0.0
        for start, part in zip(self.starts, self.parts, strict=True):
            final = part is self.parts[-1]
            inside = (times >= start) & ((times < start + part.seconds) | final)
            # With its first and last moment, so that it starts when it should and the ways meet it.
            end = start + part.seconds
            clock = np.r_[start, np.clip(times[inside], start + MOMENT, end - MOMENT), end]
            whole = part.motion.controls(body, clock)
            first = _rows(whole, slice(0, 1))
            on_way = (times >= over) & (times < start)
            if last is not None and on_way.any():
                yield _between(last, first, smooth((times[on_way] - over) / part.way))
            yield _rows(whole, slice(1, -1))
            last, over = _rows(whole, slice(-1, None)), end


def _between(last: Controls, first: Controls, share: np.ndarray) -> Controls:
    """From one pose to another; share: (T,) 0..1 of the way. Headings and yaws turn the shorter way round."""

    def mixed(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        part = share.reshape(-1, *[1] * (a.ndim - 1))
        return a + part * (b - a)

    def turned(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return a + share * ((b - a + np.pi) % (2 * np.pi) - np.pi)

    feet = {}
    for side in SIDES:
        a, b = last.feet[side], first.feet[side]
        ankle = mixed(a.ankle, b.ankle)
        far = np.linalg.norm((b.ankle - a.ankle)[0, [0, 2]]) > FAR
        ankle[:, 1] += STEP * bump(share) * far
        feet[side] = Foot(ankle, turned(a.yaw, b.yaw), mixed(a.pitch, b.pitch))
    arms = {
        side: Limb(*(mixed(vars(last.arms[side])[name], value) for name, value in vars(first.arms[side]).items()))
        for side in SIDES
    }
    pelvis, trunk, head = (mixed(getattr(last, f"{name}_turn"), getattr(first, f"{name}_turn")) for name in TURNS)
    heading = turned(last.heading, first.heading)
    return Controls(mixed(last.pelvis, first.pelvis), heading, pelvis, trunk, head, arms, feet)


def _rows(controls: Controls, rows: slice) -> Controls:
    return _mapped([controls], lambda arrays: arrays[0][rows])


def _joined(pieces: list[Controls]) -> Controls:
    return _mapped(pieces, np.concatenate)


def _mapped(pieces: list[Controls], make: Callable[[list[np.ndarray]], np.ndarray]) -> Controls:
    """Controls whose every array is made of those of the pieces."""
    arms = {
        side: Limb(*(make([vars(piece.arms[side])[name] for piece in pieces]) for name in vars(pieces[0].arms[side])))
        for side in SIDES
    }
    feet = {
        side: Foot(*(make([vars(piece.feet[side])[name] for piece in pieces]) for name in vars(pieces[0].feet[side])))
        for side in SIDES
    }
    pelvis, trunk, head = (make([getattr(piece, f"{name}_turn") for piece in pieces]) for name in TURNS)
    place, heading = (make([getattr(piece, name) for piece in pieces]) for name in ("pelvis", "heading"))
    return Controls(place, heading, pelvis, trunk, head, arms, feet)
