"""How a body moves, in numbers: angles at the joints and their range, steps, posture, jumps and sway. No diagnosis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from pose3d.analysis.chart import Chart, Curve
from pose3d.analysis.event import Event
from pose3d.analysis.finding import Finding
from pose3d.analysis.frames import UP
from pose3d.analysis.measuring import figures, tables
from pose3d.analysis.measuring.gait import LETTERS, Walk, walks
from pose3d.analysis.measuring.isb import ISB, MIDDLE, SIDED
from pose3d.analysis.measuring.jump import Jump, airborne, jumps
from pose3d.analysis.measuring.posture import feet_apart, posture
from pose3d.analysis.measuring.ranges import Range, range_of
from pose3d.analysis.measuring.scale import Scale, scale_of
from pose3d.analysis.measuring.stills import stills, within
from pose3d.analysis.measuring.summary import Gait, gait
from pose3d.analysis.measuring.sway import NOISE_AREA, Sway, sways
from pose3d.analysis.signals import Signals
from pose3d.analysis.table import Table
from pose3d.core.arrays import ArrayEquality, Floats
from pose3d.core.geometry import unit
from pose3d.core.result import Result
from pose3d.core.video import camera_moves
from pose3d.core.words import LANGUAGES, Texts, capitalised, say, table

NOTE, SCALE, NO_WALK, ALONG_VIEW, UNSEEN, LITTLE_SWAY = (
    "measure_note",
    "measure_scale",
    "measure_no_walk",
    "measure_along_view",
    "measure_unseen",
    "measure_little_sway",
)
"""Codes of what is found."""
TOWARDS = 0.75
"""Cosine between the way walked and the view, on average, from which depth tells the steps: within 41 degrees of it."""
WRAPS = "shoulder_plane"
"""An angle that goes round, which has no least and greatest."""


class MeasureOptions(BaseModel):
    """What is known of the person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    height: float | None = Field(
        default=None,
        description="the person's height in metres, for lengths; without it that of the run, or an average adult's",
    )


@dataclass(frozen=True, eq=False)
class Measure(ArrayEquality):
    """A motion in numbers."""

    times: Floats
    """(T,) seconds of the charts."""
    charts: tuple[Chart, ...]
    """Of every angle of `isb.ISB`, degrees."""
    scale: Scale
    ranges: dict[str, dict[str, Range]]
    """Of each angle that was seen: side (left, right, or middle) to how far it went."""
    walks: tuple[Walk, ...]
    gait: Gait | None
    """None where nobody walks."""
    posture: dict[str, float]
    """Name to degrees in standing; empty where nobody stands still."""
    feet_apart: float
    """Metres in standing; NaN where nobody does."""
    stands: float
    """Seconds of standing still."""
    jumps: tuple[Jump, ...]
    sways: tuple[Sway, ...]
    findings: tuple[Finding, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        """Steps and jumps, by time."""
        found = [*_steps(self.walks), *(_jump(number, jump) for number, jump in enumerate(self.jumps, 1))]
        return tuple(sorted(found, key=lambda event: event.start))

    @property
    def tables(self) -> tuple[Table, ...]:
        """Steps, ranges of motion, posture, jumps and sway; those that say something."""
        made = (
            tables.steps(self.gait),
            tables.ranges(self.ranges),
            tables.posture(self.posture, self.feet_apart),
            tables.jumped(self.jumps),
            tables.swayed(self.sways),
        )
        return tuple(each for each in made if each.rows)

    @property
    def figures(self) -> Mapping[str, object]:
        """All of it but the curves, for programs; what is not known is None."""
        return {
            "height_metres": self.scale.height,
            "height_source": self.scale.source,
            "range_of_motion_degrees": figures.ranges(self.ranges),
            "gait": figures.steps(self.gait),
            "posture": figures.posture(self.posture, self.feet_apart, self.stands),
            "jumps": [figures.jump(jump) for jump in self.jumps],
            "sway": [figures.sway(sway) for sway in self.sways],
        }

    def headline(self, language: str) -> str:
        """What somebody does, and its first numbers."""
        said = [say("measure", key, language, **fields) for key, fields in _said(self)]
        return capitalised(say("measure", "and", language).join(said) or say("measure", "nothing", language))


def measure(result: Result, options: MeasureOptions | None = None) -> Measure:
    """Measures. Raises ConfigError for a height that nobody has."""
    scale = scale_of(result, (options or MeasureOptions()).height)
    signals = Signals(result, ISB, scale.factor)
    walked = walks(signals, not camera_moves(result.camera_shift))
    jumped = jumps(signals)
    still = within(stills(signals), len(result)) & ~airborne(jumped, result.times)
    swayed = tuple(sways(signals, stills(signals)))
    steps, seen = gait(walked), _ranges(signals)
    return Measure(
        times=result.times,
        charts=tuple(_charts(signals)),
        scale=scale,
        ranges=seen,
        walks=tuple(walked),
        gait=steps,
        posture=posture(signals, still),
        feet_apart=feet_apart(signals, still),
        stands=float(still.sum() / result.pose3d.fps),
        jumps=tuple(jumped),
        sways=swayed,
        findings=tuple(_findings(result, signals, scale, walked, seen, swayed)),
    )


def _charts(signals: Signals) -> Iterator[Chart]:
    for name in SIDED:
        values = signals.sides(name)
        yield Chart(name, "degrees", 1, tuple(Curve(side, values[:, n]) for n, side in enumerate(LETTERS)))
    for name in MIDDLE:
        yield Chart(name, "degrees", 1, (Curve("middle", signals.of(name, "both")),))


def _ranges(signals: Signals) -> dict[str, dict[str, Range]]:
    lines = {chart.name: {curve.side: curve.values for curve in chart.curves} for chart in _charts(signals)}
    made = {
        name: {side: range_of(values, signals.times) for side, values in sides.items()}
        for name, sides in lines.items()
        if name != WRAPS
    }
    return {name: known for name, sides in made.items() if (known := {side: it for side, it in sides.items() if it})}


def _findings(
    result: Result, signals: Signals, scale: Scale, walked: list[Walk], seen: Mapping[str, object],
    swayed: tuple[Sway, ...],
) -> Iterator[Finding]:  # fmt: skip
    start = float(result.times[0])
    end = start + result.video.duration

    def whole(code: str, fields: dict[str, object] | None = None, words: dict[str, Texts] | None = None) -> Finding:
        return Finding(code, start, end, "minor", fields or {}, words or {})

    if scale.source == "average_adult":
        yield whole(SCALE, {"height": f"{scale.height:.2f}"})
    if not walked:
        yield whole(NO_WALK, words={"why": table("measure")[_why_no_walk(signals)]})
    yield from (_of_walk(ALONG_VIEW, walk) for walk in walked if _goes_along_view(signals, walk))
    missing = [name for name in ISB if name not in seen and name != WRAPS]
    if missing:
        yield whole(UNSEEN, words={"what": _list(missing)})
    small = [sway for sway in swayed if not sway.seen]
    if small:
        yield Finding(LITTLE_SWAY, small[0].start, small[0].end, "minor", {"area": f"{NOISE_AREA:.0f}"})
    yield whole(NOTE)


def _why_no_walk(signals: Signals) -> str:
    ankles = signals.seen("LAnkle", "LHip") & signals.seen("RAnkle", "RHip")
    return "too_few_steps" if ankles.any() else "legs_unseen"


def _goes_along_view(signals: Signals, walk: Walk) -> bool:
    """Whether the way, or where somebody faces who stays on the spot, is towards the camera or away from it."""
    first, last = walk.steps[0].start, walk.steps[-1].strike
    rows = (signals.times >= first) & (signals.times <= last)
    view = unit(signals.body.at("Pelvis")[rows] * (1 - UP))  # the camera stands at 0
    return float(np.abs((view * signals.body.ahead[rows]).sum(-1)).mean()) > TOWARDS


def _of_walk(code: str, walk: Walk) -> Finding:
    return Finding(code, walk.steps[0].start, walk.steps[-1].strike, "minor")


def _list(names: list[str]) -> Texts:
    return {
        language: say("measure", "comma", language).join(say("charts", name, language) for name in names)
        for language in LANGUAGES
    }


def _steps(walked: tuple[Walk, ...]) -> Iterator[Event]:
    for number, step in enumerate((step for walk in walked for step in walk.steps), 1):
        fields: dict[str, object] = {
            "number": number,
            "side": step.side,
            "step_seconds": step.seconds,
            "step_metres": figures.known(step.length),
        }
        turn = step.off if np.isfinite(step.off) else (step.start + step.strike) / 2
        code = "step" if np.isfinite(step.length) else "turning_step"
        yield Event(code, step.start, turn, step.strike, fields, {"of": table("charts")[step.side]})


def _jump(number: int, jump: Jump) -> Event:
    fields: dict[str, object] = {
        "number": number,
        "rise_metres": jump.rise,
        "air_seconds": jump.seconds,
        "by_time_metres": jump.by_time,
    }
    return Event("jump", jump.start, jump.top, jump.end, fields)


def _said(made: Measure) -> Iterator[tuple[str, dict[str, object]]]:
    """Keys of the sentences of the headline, and what they name."""
    steps = made.gait
    if steps is not None:
        key = "runs" if steps.runs else "walks_on_the_spot" if steps.on_the_spot else "walks"
        yield key, {"steps": steps.steps, "cadence": steps.cadence, "length": steps.step_length, "speed": steps.speed}
    if made.jumps:
        yield "jumps", {"count": len(made.jumps), "highest": max(jump.rise for jump in made.jumps)}
    if made.posture:
        yield "stands", {"seconds": made.stands}
    knees = [each.greatest for each in made.ranges.get("knee_flexion", {}).values()]
    if knees and steps is None:
        yield "bends", {"degrees": max(knees)}
