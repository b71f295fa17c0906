"""What a repetition of each exercise is: the rules in configs/exercises.yaml, checked."""

from __future__ import annotations

import functools
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator, model_validator
from typing_extensions import Self

from pose3d.analysis.signals import SIGNALS
from pose3d.core.config import Language
from pose3d.core.settings import read_settings

FILE = "exercises.yaml"
When = Literal["start", "turn", "end", "ends", "throughout", "change"]
"""Moments of a repetition; ends: start and end; throughout: the median over it; change: its greatest less its least."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Condition(_Strict):
    """What a signal has to be at some moment of a repetition."""

    signal: str
    at: When
    least: float | None = None
    most: float | None = None
    """In the signal's unit, both included."""
    side: Literal["own", "other", "both"] = "own"
    """Whose signal: of the side that repeats, of the other, or the mean of both, as always where both move together."""

    @field_validator("signal")
    @classmethod
    def _known(cls, name: str) -> str:
        return _signal(name)

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if self.least is None and self.most is None:
            raise ValueError("give least, most or both")
        return self


class Fault(Condition):
    """A condition of a good repetition. says: what is wrong where it is not met, in every language."""

    says: dict[Language, str]

    @field_validator("says")
    @classmethod
    def _every_language(cls, texts: dict[Language, str]) -> dict[Language, str]:
        return _texts(texts)


class Seconds(_Strict):
    """How long something may take."""

    least: float = Field(ge=0)
    most: float = Field(gt=0)


class Exercise(_Strict):
    """When a repetition begins, turns and ends, and which are none."""

    name: dict[Language, str]
    signal: str
    """What grows towards the turn of each repetition."""
    sides: Literal["together", "each", "either"]
    """together: both at once; each: left and right count each for themselves; either: so, but at once they are one."""
    leads: str | None = None
    """The signal that is greater on the side that a repetition of both is said to be of."""
    first: Literal["down", "up"]
    """Which way the body, or what it moves, goes up to the turn."""
    rest: float
    """Of the signal, in its unit: a repetition begins and ends below."""
    reach: float
    """Likewise: it turns above. What does not get there is none at all."""
    seconds: Seconds
    """From start to end."""
    pause: float = Field(gt=0)
    """Seconds above `reach`, at most: who stays for longer does something else."""
    travel: float = Field(gt=0)
    """Leg lengths that the pelvis is elsewhere over the floor at the end, at most: who walks about does none."""
    posture: tuple[Condition, ...] = ()
    """Where one is not met it is another exercise, or none."""
    faults: dict[str, Fault] = {}
    """Where one is not met it is a repetition that does not count; by code."""

    @field_validator("signal", "leads")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        return name if name is None else _signal(name)

    @field_validator("name")
    @classmethod
    def _every_language(cls, texts: dict[Language, str]) -> dict[Language, str]:
        return _texts(texts)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.rest >= self.reach:
            raise ValueError(f"rest must be below reach, got {self.rest:g} and {self.reach:g}")
        if self.seconds.least >= self.seconds.most:
            raise ValueError("seconds: least must be below most")
        return self


class Exercises(RootModel[dict[str, Exercise]]):
    """Name to exercise, the more particular first."""


@functools.cache
def exercises() -> dict[str, Exercise]:
    """Those of configs/exercises.yaml. Raises ConfigError that names the key which is wrong."""
    return read_settings(FILE, Exercises).root


def _signal(name: str) -> str:
    if name not in SIGNALS:
        raise ValueError(f"no signal {name}; there are {', '.join(SIGNALS)}")
    return name


def _texts(texts: dict[Language, str]) -> dict[Language, str]:
    if missing := [language for language in ("en", "zh") if language not in texts]:
        raise ValueError(f"a text for {', '.join(missing)} is missing")
    return texts
