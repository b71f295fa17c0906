"""Counts repetitions: of an exercise by name, of the one that explains a motion best, or of whatever repeats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from pose3d.analysis.chart import Chart, Curve
from pose3d.analysis.event import Event
from pose3d.analysis.exercises import Exercise, exercises
from pose3d.analysis.finding import Finding
from pose3d.analysis.repetitions import Repetition, of_swing, repetitions
from pose3d.analysis.rhythm import rhythm
from pose3d.analysis.signals import Measured, Signals
from pose3d.analysis.table import Row, Table, alike, whole
from pose3d.core.arrays import ArrayEquality, Floats, runs
from pose3d.core.config import Language
from pose3d.core.errors import ConfigError
from pose3d.core.presence import LONGEST_GAP
from pose3d.core.result import Result
from pose3d.core.times import frame_ends
from pose3d.core.words import LANGUAGES, Texts, capitalised, say, table

AUTO, ANY, OFF = "auto", "any", "off"
FEWEST = 2
"""Repetitions that `auto` and `any` take for an exercise: what happens once does not repeat."""
AS_GOOD = 0.6
"""Of the most that any exercise explains: the first in the file that explains as much is taken."""


HIDDEN, FROM_ABOVE, WEAKEST = "count_hidden", "count_from_above", "weakest_repetition"
"""The findings that what is counted on was not seen, or seen from too high, and which of several repetitions is the
least."""
STEEP = 20.0
"""Degrees by which a camera looks down, from which on raised knees are missed (python -m benchmarks.count)."""
DIGITS = {"degrees": 1, "metres": 3}
"""Decimals of a line that are worth writing down."""
COLUMNS = ("number", "side", "farthest", "there", "back", "difference", "judged")
"""Of the table of repetitions."""


class CountOptions(BaseModel):
    """What is to be counted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exercise: str = Field(
        default=AUTO,
        description="an exercise of configs/exercises.yaml; auto: the one that it is; any: whatever repeats",
    )


@dataclass(frozen=True, eq=False)
class Count(ArrayEquality):
    """The repetitions of a motion."""

    exercise: str | None
    """A key of configs/exercises.yaml, or any; None where none was found."""
    repetitions: tuple[Repetition, ...]
    """By time, with those that do not count."""
    charts: tuple[Chart, ...]
    """The line that was counted on."""
    times: Floats
    """(T,) seconds of the chart."""
    events: tuple[Event, ...]
    """The repetitions in words."""
    tables: tuple[Table, ...] = ()
    """One, of the repetitions."""
    findings: tuple[Finding, ...] = ()
    name: Texts = field(default_factory=dict[str, str])
    """Of the exercise, in every language."""

    @property
    def count(self) -> int:
        """Repetitions that count."""
        return sum(each.counts for each in self.repetitions)

    @property
    def figures(self) -> Mapping[str, object]:
        """Exercise and numbers, for programs."""
        return {"exercise": self.exercise, "count": self.count, "faulty": len(self.repetitions) - self.count}

    def headline(self, language: str) -> str:
        """How many of what."""
        if self.exercise is None:
            return say("count", "nothing", language)
        code = "counted" if self.count == len(self.repetitions) else "counted_with_faults"
        faulty = len(self.repetitions) - self.count
        name = self.name[language]
        return say("count", code, language, name=capitalised(name), count=self.count, faulty=faulty)


def count(result: Result, options: CountOptions | None = None) -> Count:
    """Counts. Raises ConfigError for an exercise that does not exist."""
    wanted = _known((options or CountOptions()).exercise, tuple(ALL))
    found = _count(Signals(result), wanted)
    return replace(found, findings=(*_from_above(result), *found.findings))


def _count(signals: Signals, wanted: str) -> Count:
    """Of an exercise, or one of ALL."""
    if wanted in ALL:
        return ALL[wanted](signals)
    exercise = exercises()[wanted]
    return counted(signals, wanted, exercise, repetitions(signals, exercise))


def running(result: Result) -> Count:
    """What views count along with the motion: that which the run's settings ask for. Raises as `count` does."""
    wanted = result.config.count
    return _nothing(Signals(result)) if wanted == OFF else count(result, CountOptions(exercise=wanted))


def check_counted(wanted: str) -> str:
    """A run's setting `count`, if it is one. Raises ConfigError."""
    return _known(wanted, (*ALL, OFF))


def _known(wanted: str, besides: tuple[str, ...]) -> str:
    """The name, if it is that of an exercise or one of those besides. Raises ConfigError."""
    known = (*besides, *exercises())
    if wanted not in known:
        raise ConfigError("unknown_exercise", name=wanted, known=", ".join(known))
    return wanted


def _from_above(result: Result) -> tuple[Finding, ...]:
    """Where the camera looks down steeply, limbs are seen to go less far than they do, or not at all."""
    pitch, (start, *_, end) = result.ground.pitch, (*result.times, result.times[-1])
    if not result.ground.confidence or pitch < STEEP:
        return ()
    return (Finding(FROM_ABOVE, float(start), float(end), "minor", {"degrees": f"{pitch:.0f}"}),)


def _anything(signals: Signals) -> Count:
    """Whatever repeats."""
    found = rhythm(signals, FEWEST)
    if found is None:
        return _nothing(signals)
    made = [of_swing(signals, found.signal, swing) for swing in found.swings]
    return _made(signals, ANY, found.signal, made, table("count")["anything"], tuple(map(_plain, made)))


def _found(signals: Signals) -> Count:
    """The exercise that explains most of the motion; of those that are as good, the first in the file."""
    found = {name: repetitions(signals, exercise) for name, exercise in exercises().items()}
    explained = {name: _explains(made) for name, made in found.items() if len(made) >= FEWEST}
    if not explained:
        return _nothing(signals)
    best = max(explained.values())
    name = next(name for name, much in explained.items() if much >= AS_GOOD * best)
    return counted(signals, name, exercises()[name], found[name])


def choices() -> dict[str, Texts]:
    """What `exercise` may be, in words."""
    return {name: table("count")[name] for name in ALL} | {
        name: _texts(exercise.name) for name, exercise in exercises().items()
    }


def _explains(found: list[Repetition]) -> float:
    """The time that repetitions take, times how often they come again: one that lasts is none that repeats."""
    return len(found) * sum(each.end - each.start for each in found)


def counted(signals: Signals, name: str, exercise: Exercise, found: list[Repetition]) -> Count:
    """What was found of an exercise of that name."""
    spoken = tuple(_words(each, exercise) for each in found)
    return _made(signals, name, exercise.signal, found, _texts(exercise.name), spoken)


def _made(
    signals: Signals, key: str, signal: str, found: list[Repetition], name: Texts, spoken: tuple[dict[str, Texts], ...]
) -> Count:
    told = signals.measured(signal)
    lines = told.size * signals.sides(signal)
    curves = tuple(Curve(side, lines[:, n]) for n, side in enumerate(("left", "right")))
    pairs = enumerate(zip(found, spoken, strict=True), 1)
    events = tuple(_event(number, each, told, words) for number, (each, words) in pairs)
    chart = Chart(signal, told.unit, DIGITS[told.unit], curves)
    findings, rows = (*_hidden(signals, signal), *_weakest(found, told)), _table(found, told, spoken)
    return Count(key, tuple(found), (chart,), signals.times, events, rows, findings, name)


def _nothing(signals: Signals) -> Count:
    return Count(None, (), (), signals.times, ())


def _table(found: list[Repetition], told: Measured, spoken: tuple[dict[str, Texts], ...]) -> tuple[Table, ...]:
    """Whoever repeats, how far, how fast, how evenly, and whether it counts."""
    lines = (_row(*each, told) for each in zip(range(1, 1 + len(found)), found, spoken, strict=True))
    return (Table("repetitions", COLUMNS, tuple(lines)),)


def _row(number: int, each: Repetition, words: dict[str, Texts], told: Measured) -> Row:
    side, reasons = table("count")[f"side_{each.side}"], words.get("why")
    far, tempo = (
        _far(each, told),
        (alike(f"{seconds:.1f} s") for seconds in (each.turn - each.start, each.end - each.turn)),
    )
    apart = alike("-") if each.difference is None else _difference(each.difference, told)
    counts = alike("✓") if each.counts or reasons is None else {lang: f"✗ {why}" for lang, why in reasons.items()}
    return Row(alike(str(number)), (side, far, *tempo, apart, counts), each.turn)


def _far(each: Repetition, told: Measured) -> Texts:
    """In words of every language."""
    value = each.depth if told.unit == "degrees" else each.range
    return {lang: say("count", told.unit, lang, value=value) for lang in LANGUAGES}


def _difference(value: float, told: Measured) -> Texts:
    value = whole(value) if told.unit == "degrees" else value
    return {lang: say("count", f"{told.unit}_apart", lang, value=value) for lang in LANGUAGES}


def _hidden(signals: Signals, signal: str) -> tuple[Finding, ...]:
    """The longest stretch in which nothing could be counted."""
    ends = frame_ends(signals.times)
    stretches = [(signals.times[run.start], ends[run.stop - 1]) for run in runs(np.isnan(signals.of(signal, "both")))]
    start, end = max(stretches, key=lambda stretch: stretch[1] - stretch[0], default=(0.0, 0.0))
    return (Finding(HIDDEN, float(start), float(end), "minor"),) if end - start >= LONGEST_GAP else ()


def _weakest(found: list[Repetition], told: Measured) -> tuple[Finding, ...]:
    """Of several: the first of those that do not count, or of all, that goes least far."""
    faulty = [each for each in found if not each.counts] or found
    if len(found) < FEWEST:
        return ()
    least = min(faulty, key=lambda each: each.depth if told.unit == "degrees" else each.range)
    fields: dict[str, object] = {"number": 1 + found.index(least)}
    return (Finding(WEAKEST, least.turn, least.turn, "minor", fields, {"far": _far(least, told)}),)


def _event(number: int, each: Repetition, told: Measured, words: dict[str, Texts]) -> Event:
    """A repetition in words."""
    fields: dict[str, object] = {
        "number": number,
        "side": each.side,
        "unit": told.unit,
        "depth": each.depth,
        "range": each.range,
        "rise": each.rise,
        "there": each.turn - each.start,
        "back": each.end - each.turn,
        "difference": each.difference,
        "counts": each.counts,
        "faults": list(each.faults),
    }
    words = words | {"far": _far(each, told)}
    return Event("repetition" if each.counts else "faulty_repetition", each.start, each.turn, each.end, fields, words)


def _words(each: Repetition, exercise: Exercise) -> dict[str, Texts]:
    """What its sentence says in words."""
    return {
        "of": table("count")[f"of_{each.side}"],
        "tempo": _tempo(f"first_{exercise.first}", each),
        "why": {language: _reasons(each, exercise, language) for language in LANGUAGES},
    }


def _plain(each: Repetition) -> dict[str, Texts]:
    """The same of what is no exercise."""
    return {"of": table("count")["of_both"], "tempo": _tempo("first_any", each)}


def _tempo(key: str, each: Repetition) -> Texts:
    there, back = each.turn - each.start, each.end - each.turn
    return {language: say("count", key, language, there=there, back=back) for language in LANGUAGES}


def _reasons(each: Repetition, exercise: Exercise, language: str) -> str:
    texts = [_texts(exercise.faults[code].says) for code in each.faults]
    return say("count", "comma", language).join(text[language] for text in texts)


def _texts(texts: Mapping[Language, str]) -> Texts:
    return {language: text for language, text in texts.items()}


ALL: dict[str, Callable[[Signals], Count]] = {AUTO: _found, ANY: _anything}
"""What is no exercise of the file to how it is counted."""
