"""What a result says, and what it can be asked. Whoever shows it goes through the tables and knows none by name."""

from __future__ import annotations

from collections.abc import Callable

from pose3d.analysis.actions import ActionOptions, Actions, actions
from pose3d.analysis.chart import Chart, Curve
from pose3d.analysis.comparison import CompareOptions, Comparison, compare
from pose3d.analysis.count import Count, CountOptions, check_counted, choices, count, running
from pose3d.analysis.event import Event
from pose3d.analysis.finding import Finding
from pose3d.analysis.measuring import Measure, MeasureOptions, measure
from pose3d.analysis.movement import movement
from pose3d.analysis.quality import quality
from pose3d.analysis.question import Analysis, Answer, Answered, Question, answer_dict
from pose3d.analysis.sheet import answer_csv
from pose3d.analysis.table import Row, Table
from pose3d.core.result import Result

__all__ = [
    "ANALYSES",
    "QUESTIONS",
    "ActionOptions",
    "Actions",
    "Analysis",
    "Answer",
    "Answered",
    "Chart",
    "CompareOptions",
    "Comparison",
    "Count",
    "CountOptions",
    "Curve",
    "Event",
    "Finding",
    "Measure",
    "MeasureOptions",
    "Question",
    "Row",
    "Table",
    "actions",
    "analysed",
    "answer_csv",
    "answer_dict",
    "answers",
    "check_counted",
    "compare",
    "count",
    "findings",
    "measure",
    "movement",
    "quality",
    "running",
]

ANALYSES: dict[str, Callable[[Result], Analysis]] = {"quality": quality, "movement": movement}
"""Name to analysis, in the order in which people read them: what is said of every result."""

QUESTIONS = {
    question.name: question
    for question in (
        Question(
            "count",
            CountOptions,
            count,
            choices={"exercise": choices},
            settings={"exercise": "count"},
        ),
        Question(
            "compare",
            CompareOptions,
            compare,
            ("teacher", "learner"),
        ),
        Question(
            "measure",
            MeasureOptions,
            measure,
            exports=("mot",),
        ),
        Question(
            "actions",
            ActionOptions,
            actions,
        ),
    )
}
"""Name to question: what is said when somebody asks. Each is a command."""


def analysed(result: Result) -> dict[str, Analysis]:
    """Every analysis of a result, by name."""
    return {name: analysis(result) for name, analysis in ANALYSES.items()}


def answers(result: Result) -> list[Answered]:
    """To every question that one result is enough for, as its run's settings ask it."""
    asked = [(it, it.usual(result.config)) for it in QUESTIONS.values() if len(it.of) == 1]
    return [Answered(question, options, question.ask(result, options)) for question, options in asked]


def findings(result: Result) -> list[Finding]:
    """Of all analyses, in their order."""
    return [finding for analysis in analysed(result).values() for finding in analysis.findings]
