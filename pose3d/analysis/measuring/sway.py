"""How somebody who stands still sways: the path of the body's centre of mass over the floor.

The centre is that of Winter's segments (Biomechanics and Motor Control of Human Movement, 2009, table 4.1). From one
camera this program's own errors are larger than the sway of somebody who stands quietly; see NOISE_AREA.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pose3d.analysis.frames import UP
from pose3d.analysis.measuring.stills import STEADYING, steadied
from pose3d.analysis.signals import Body, Signals
from pose3d.core.arrays import Floats

SHORTEST = 5.0
"""Seconds of standing still: shorter ones tell little of a sway that takes two seconds to and fro (clinics take 30)."""
NOISE_AREA = 14.0
"""Square centimetres that are told of somebody who does not move at all, at most (python -m benchmarks.measure): less
is no sway that was seen."""
CHI_SQUARED = 5.991
"""Of two degrees of freedom at 95 %: the ellipse that holds so many of the places (Schubert and Kirchner 2014, Gait and
Posture 39:518)."""


@dataclass(frozen=True)
class Segment:
    """Part of the body: of its mass, and where on the line from one joint to another its centre lies."""

    mass: float
    start: str
    end: str
    centre: float


SEGMENTS = (
    Segment(0.081, "Thorax", "Head", 0.6),
    Segment(0.497, "Pelvis", "Thorax", 0.5),
    *(
        Segment(mass, side + start, side + end, centre)
        for side in "LR"
        for mass, start, end, centre in (
            (0.028, "Shoulder", "Elbow", 0.436),
            (0.022, "Elbow", "Wrist", 0.682),
            (0.100, "Hip", "Knee", 0.433),
            (0.061, "Knee", "Ankle", 0.606),
        )
    ),
)
"""Head with neck: at the ear, which is there on the way to the top of the skull; forearm with hand; shin with foot."""


@dataclass(frozen=True)
class Sway:
    """Of a stretch in which somebody stands still."""

    start: float
    end: float
    """Seconds."""
    path: float
    """Metres that the centre of mass goes over the floor."""
    area: float
    """Square metres of the ellipse that holds 95 % of its places."""

    @property
    def speed(self) -> float:
        """Metres per second, mean."""
        return self.path / (self.end - self.start)

    @property
    def seen(self) -> bool:
        """Whether it is more than this program's errors."""
        return self.area * 1e4 > NOISE_AREA


def sways(signals: Signals, stills: list[slice]) -> Iterator[Sway]:
    """Of the stretches that last for long enough."""
    centre = centre_of_mass(signals.body)
    for run in stills:
        times = signals.times[run]
        if times[-1] - times[0] >= SHORTEST:
            inner = (times >= times[0] + STEADYING / 2) & (times <= times[-1] - STEADYING / 2)
            yield _sway(steadied(centre[run], times)[inner], times[inner])


def centre_of_mass(body: Body) -> Floats:
    """(T, 3) metres in the world."""
    centres = ((each, body.place(each.start), body.place(each.end)) for each in SEGMENTS)
    return sum((each.mass * (a + each.centre * (b - a)) for each, a, b in centres), np.zeros(3))


def _sway(centre: Floats, times: Floats) -> Sway:
    steps = np.diff(centre * (1 - UP), axis=0)
    floor = centre[:, UP == 0]
    spread = np.linalg.det(np.cov(floor.T))
    area = np.pi * CHI_SQUARED * float(np.sqrt(max(spread, 0.0)))
    return Sway(float(times[0]), float(times[-1]), float(np.linalg.norm(steps, axis=-1).sum()), area)
