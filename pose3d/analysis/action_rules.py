"""What each action is told by: the rules in configs/actions.yaml, checked."""

from __future__ import annotations

import functools

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from typing_extensions import Self

from pose3d.analysis.pace import LINES
from pose3d.core.config import Language
from pose3d.core.settings import read_settings

FILE = "actions.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Line(_Strict):
    """soft: so far beyond its limit a condition holds for certain, in the line's unit."""

    soft: float = Field(gt=0)


class Condition(_Strict):
    """What a line has to be, in its unit."""

    line: str
    least: float | None = None
    most: float | None = None

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if (self.least is None) == (self.most is None):
            raise ValueError("give least or most")
        return self

    @property
    def limit(self) -> float:
        """The one of the two that there is."""
        return next(limit for limit in (self.least, self.most) if limit is not None)

    @property
    def sign(self) -> float:
        """1 where the line has to be above the limit, -1 where below."""
        return 1.0 if self.least is not None else -1.0


class Rule(_Strict):
    """Conditions that all hold. both: for both arms, not just for one of them."""

    when: tuple[Condition, ...] = Field(min_length=1)
    because: dict[Language, str]
    """Why, with the values of lines of it."""
    both: bool = False

    @field_validator("because")
    @classmethod
    def _every_language(cls, texts: dict[Language, str]) -> dict[Language, str]:
        return _texts(texts)


class Action(_Strict):
    """Done where one of its rules holds."""

    name: dict[Language, str]
    rules: tuple[Rule, ...] = Field(min_length=1)

    @field_validator("name")
    @classmethod
    def _every_language(cls, texts: dict[Language, str]) -> dict[Language, str]:
        return _texts(texts)


class ActionRules(_Strict):
    """All of the file."""

    lines: dict[str, Line]
    body: dict[str, Action]
    arms: dict[str, Action]

    @field_validator("lines")
    @classmethod
    def _known(cls, lines: dict[str, Line]) -> dict[str, Line]:
        if unknown := [name for name in lines if name not in LINES]:
            raise ValueError(f"no line {', '.join(unknown)}; there are {', '.join(LINES)}")
        return lines

    @model_validator(mode="after")
    def _listed(self) -> Self:
        actions = [*self.body.values(), *self.arms.values()]
        used = {each.line for action in actions for rule in action.rules for each in rule.when}
        if missing := sorted(used - set(self.lines)):
            raise ValueError(f"lines: soft is missing for {', '.join(missing)}")
        return self


@functools.cache
def action_rules() -> ActionRules:
    """Those of configs/actions.yaml. Raises ConfigError that names the key which is wrong."""
    return read_settings(FILE, ActionRules)


def _texts(texts: dict[Language, str]) -> dict[Language, str]:
    if missing := [language for language in ("en", "zh") if language not in texts]:
        raise ValueError(f"a text for {', '.join(missing)} is missing")
    return texts
