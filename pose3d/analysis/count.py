"""Counts repetitions: of an exercise by name, of the one that explains a motion best, or of whatever repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from pose3d.analysis.chart import Chart, Curve
from pose3d.analysis.event import Event
from pose3d.analysis.exercises import Exercise, exercises
from pose3d.analysis.finding import Finding
from pose3d.analysis.repetitions import Repetition, repetitions
from pose3d.analysis.signals import SIGNALS, Signals
from pose3d.core.errors import ConfigError
from pose3d.core.result import Result
from pose3d.core.words import LANGUAGES, Texts, say, table

AUTO, ANY = "auto", "any"
FEWEST = 2
"""Repetitions that `auto` and `any` take for an exercise: what happens once does not repeat."""
AS_GOOD = 0.8
"""Of the longest time that any exercise's repetitions take: the first in the file that explains as much is taken."""


class CountOptions(BaseModel):
    """What is to be counted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exercise: str = Field(
        default=AUTO,
        description="an exercise of configs/exercises.yaml; auto: the one that it is; any: whatever repeats",
    )


@dataclass(frozen=True)
class Count:
    """The repetitions of a motion."""

    exercise: str | None
    """A key of configs/exercises.yaml, or any; None where none was found."""
    repetitions: tuple[Repetition, ...]
    """By time, with those that do not count."""
    charts: tuple[Chart, ...]
    """The line that was counted on."""
    events: tuple[Event, ...]
    """The repetitions in words."""
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
        return say("count", code, language, name=self.name[language], count=self.count, faulty=faulty)


def count(result: Result, options: CountOptions | None = None) -> Count:
    """Counts. Raises ConfigError for an exercise that does not exist."""
    wanted = (options or CountOptions()).exercise
    signals = Signals(result)
    if wanted == AUTO:
        return _found(signals)
    known = exercises()
    if wanted not in known:
        raise ConfigError("unknown_exercise", name=wanted, known=", ".join((AUTO, ANY, *known)))
    return _counted(signals, wanted, known[wanted], repetitions(signals, known[wanted]))


def _found(signals: Signals) -> Count:
    """The exercise whose repetitions take the most time; of those that are as good, the first in the file."""
    found = {name: repetitions(signals, exercise) for name, exercise in exercises().items()}
    explained = {
        name: sum(each.end - each.start for each in made) for name, made in found.items() if len(made) >= FEWEST
    }
    if not explained:
        return Count(None, (), (), ())
    best = max(explained.values())
    name = next(name for name, seconds in explained.items() if seconds >= AS_GOOD * best)
    return _counted(signals, name, exercises()[name], found[name])


def _counted(signals: Signals, name: str, exercise: Exercise, found: list[Repetition]) -> Count:
    unit = SIGNALS[exercise.signal].unit
    lines = signals.sides(exercise.signal)
    chart = Chart(exercise.signal, unit, 1, tuple(Curve(side, lines[:, n]) for n, side in enumerate(("left", "right"))))
    events = tuple(_event(number, each, exercise) for number, each in enumerate(found, 1))
    return Count(name, tuple(found), (chart,), events, name={str(key): text for key, text in exercise.name.items()})


def _event(number: int, each: Repetition, exercise: Exercise) -> Event:
    """A repetition in words."""
    fields: dict[str, object] = {
        "number": number,
        "side": each.side,
        "depth": each.depth,
        "range": each.range,
        "rise": each.rise,
        "there": each.turn - each.start,
        "back": each.end - each.turn,
        "difference": each.difference,
        "counts": each.counts,
        "faults": list(each.faults),
    }
    words = {
        "of": table("count")[f"of_{each.side}"],
        "tempo": _spoken(f"first_{exercise.first}", there=each.turn - each.start, back=each.end - each.turn),
        "why": {language: _reasons(each, exercise, language) for language in LANGUAGES},
    }
    return Event("repetition" if each.counts else "faulty_repetition", each.start, each.turn, each.end, fields, words)


def _spoken(key: str, **fields: object) -> Texts:
    return {language: say("count", key, language, **fields) for language in LANGUAGES}


def _reasons(each: Repetition, exercise: Exercise, language: str) -> str:
    texts = [exercise.faults[code].says for code in each.faults]
    return say("count", "comma", language).join(text[language] for text in texts)  # pyright: ignore[reportArgumentType]
