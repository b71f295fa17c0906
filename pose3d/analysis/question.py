"""What a result can be asked: commands, page and API go through the table of questions and know none by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import BaseModel

from pose3d.analysis.chart import Chart
from pose3d.analysis.event import Event
from pose3d.analysis.finding import Finding
from pose3d.analysis.table import Table
from pose3d.core.arrays import Floats
from pose3d.core.asked import ASKED
from pose3d.core.config import RunConfig
from pose3d.core.words import Texts


class Analysis(Protocol):
    """What every analysis answers, a frozen dataclass, beside figures of its own."""

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Lines over the frames of the result."""
        ...

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is worth a sentence, the most serious first."""
        ...


class Answer(Analysis, Protocol):
    """What a question is answered with."""

    @property
    def times(self) -> Floats:
        """(N,) seconds of the video that the answer is about, growing: where the charts' values are."""
        ...

    @property
    def tables(self) -> tuple[Table, ...]:
        """Figures side by side."""
        ...

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened when, by time."""
        ...

    @property
    def figures(self) -> Mapping[str, object]:
        """Name to number or word: the answer in short, for programs."""
        ...

    def headline(self, language: str) -> str:
        """The answer in one sentence."""
        ...


@dataclass(frozen=True)
class Question:
    """An analysis that is asked for, with options of its own."""

    name: str
    """Of the command; one of ASKED."""
    options: type[BaseModel]
    """What it can be told; each field has a description, and is an option of the command."""
    ask: Callable[..., Answer]
    """From a result for each of `of`, and such options, to the answer. Raises ConfigError."""
    of: tuple[str, ...] = ("result_or_video",)
    """What the results that it is about are called; the last is the one that the answer's seconds are of."""
    choices: Mapping[str, Callable[[], Mapping[str, Texts]]] = field(default_factory=dict[str, Any])
    """Option to its values, in words, for those that are chosen from a list."""
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    """Option with choices to the setting of a run that says the same."""
    exports: tuple[str, ...] = ()
    """Formats of pose3d.export that hold of the last result what the answer is about."""

    @property
    def help(self) -> str:
        """What the command says that it does."""
        return ASKED[self.name]

    def usual(self, config: RunConfig) -> BaseModel:
        """What it is told where nobody says otherwise: as the run's settings say, where that is a choice."""
        said = {option: getattr(config, setting) for option, setting in self.settings.items()}
        return self.options(**{option: value for option, value in said.items() if value in self.choices[option]()})


@dataclass(frozen=True)
class Answered:
    """A question, what it was told, and its answer."""

    question: Question
    options: BaseModel
    answer: Answer


def answer_dict(question: Question, options: BaseModel, answer: Answer, language: str) -> dict[str, Any]:
    """An answer for programs: figures, events and findings with codes, fields and the same in words."""
    return {
        "question": question.name,
        "options": options.model_dump(mode="json"),
        "text": answer.headline(language),
        **answer.figures,
        "events": [
            {"code": event.code, "start": event.start, "turn": event.turn, "end": event.end}
            | event.fields
            | {"text": event.worded(language)}
            for event in answer.events
        ],
        "findings": [
            {"code": finding.code, "severity": finding.severity, "start": finding.start, "end": finding.end}
            | finding.fields
            | {"text": finding.worded(language)}
            for finding in answer.findings
        ],
    }
