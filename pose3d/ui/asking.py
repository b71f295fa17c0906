"""What is asked of the results on the page, and what is shown of the answers. Knows no component."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pose3d.analysis import QUESTIONS, Answered, Question
from pose3d.core.config import Language
from pose3d.core.result import Result
from pose3d.jobs import tasks
from pose3d.jobs.process import store
from pose3d.outputs import REPORT
from pose3d.ui import work
from pose3d.ui.ahead import ahead
from pose3d.ui.player import show_pair
from pose3d.ui.words import plain, text
from pose3d.ui.work import Run
from pose3d.view.answer import answer_charts, answer_html
from pose3d.view.beside import BADGES, FIGURES

MOST = 8
"""Results of a visit that can still be held against the last one."""
AHEAD = "ahead"
"""The choice of the example that the page shows at once."""

Value = dict[str, Any]
"""Of the component that shows an answer: html; charts as assets/charts.js wants them; start, seconds of the video at
which the player begins; badge, where there is one, what the player counts along with."""


@dataclass(frozen=True)
class Told:
    """What the visitor asked of a run, by the question's name; folder: the run's."""

    folder: Path
    answers: Mapping[str, Answered] = field(default_factory=dict[str, Answered])

    def of(self, run: Run) -> Mapping[str, Answered]:
        """What was asked of that run."""
        return self.answers if self.folder == run.folder else {}


def ask(question: Question, results: Sequence[Result], options: Mapping[str, Any]) -> Answered:
    """Raises Pose3DError."""
    told = question.options(**options)
    return Answered(question, told, question.ask(*results, told))


def shown(answered: Answered, result: Result, language: str) -> Value:
    """result: the one that the answer's seconds are of."""
    charts, start = answer_charts(answered, language), float(result.times[0])
    badge = BADGES.get(answered.question.name)
    more = {"badge": badge(answered.answer, start)} if badge else {}
    return {"html": answer_html(answered, language), "charts": charts, "start": start} | more


def said(sentence: str) -> Value:
    """Instead of an answer; sentence: HTML."""
    return {"html": f"<p>{sentence}</p>", "charts": None, "start": 0.0}


def beside(answered: Answered, run: Run, others: Sequence[Other]) -> Value:
    """Of the player beside the answer; it is about the others, then the run."""
    data = FIGURES[answered.question.name](*(other.result for other in others), run.result, answered.answer)
    with store().view(run.folder) as folder:
        return show_pair(data, folder, run.result.video.path, others[0].video)


@functools.cache
def of_ahead(name: str, language: Language) -> Value:
    """The usual answer to the question of that name about the example ahead."""
    result = ahead(language).result
    return shown(ask(QUESTIONS[name], [result], {}), result, language)


def retold(run: Run, told: Told | None) -> Run:
    """The run with the visitor's answers in its report; nothing changes where they asked for none, or there is none."""
    if told is None or not told.of(run) or all(path.name != REPORT for path in run.files):
        return run
    answers = {name: (each.options.model_dump(), each.answer) for name, each in told.of(run).items()}
    report = store().shown(run.folder, pickle.dumps(answers)) / REPORT  # browsers keep what was at another address
    if not report.is_file():
        with store().adding(run.folder):
            work.machine().look(tasks.report, run.result, answers, report)
    return replace(run, files=tuple(report if path.name == REPORT else path for path in run.files))


@dataclass(frozen=True)
class Other:
    """What a run can be held against. video: the visitor's own; a saved result's word on where it is counts nothing."""

    result: Result
    video: Path | None


@dataclass(frozen=True)
class Visit:
    """The results of a visit. last: the run that is shown, None for the example ahead; others: those before."""

    last: Run | None = None
    others: tuple[Other, ...] = ()

    def after(self, run: Run) -> Visit:
        """With a new run."""
        old = self.last and Other(self.last.result, self.last.result.video.path)
        return Visit(replace(run, found=None), (*self.others, old)[-MOST:] if old else self.others)

    def beside(self, result: Result) -> Visit:
        """With a saved result to hold runs against."""
        return replace(self, others=(*self.others, Other(result, None))[-MOST:])

    @property
    def newest(self) -> str | None:
        """The choice of the last of the others."""
        return str(len(self.others) - 1) if self.others else None

    def names(self, language: str) -> list[tuple[str, str]]:
        """What to call the others and the example ahead, and the choice of each."""
        own = [(_name(n, other.result, language), str(n)) for n, other in enumerate(self.others)]
        return [*reversed(own), (text("visit_ahead", language), AHEAD)]

    def chosen(self, choice: str | None, language: Language) -> Other | None:
        """None where it is none of `names`."""
        example = ahead(language).result
        known = {AHEAD: Other(example, example.video.path)} | {str(n): it for n, it in enumerate(self.others)}
        return known.get(choice or "")


def _name(number: int, result: Result, language: str) -> str:
    name, seconds = plain(result.video.path.name), result.video.duration
    return text("visit", language, number=number + 1, name=name, seconds=seconds)
