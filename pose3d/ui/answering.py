"""What happens in the tabs: every answer is there as soon as there is a run, or something in its tab changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import Any

import gradio as gr

from pose3d.analysis import Answered, Question, answer_dict
from pose3d.core.config import Language
from pose3d.core.errors import Pose3DError
from pose3d.jobs.looks import saved
from pose3d.ui import asking, work
from pose3d.ui.asking import Told, Value, Visit
from pose3d.ui.tabs import Other, Tab, first_answer, option_names
from pose3d.ui.untyped import on, skip
from pose3d.ui.words import language_of, plain, plainly, sentence, text
from pose3d.ui.work import Run, at_hand

Handler = Callable[..., Any]

QUICK: dict[str, Any] = {"show_progress": "minimal", "concurrency_limit": 2, "concurrency_id": "asking"}
"""For events that work on a result that is there."""


@dataclass(frozen=True)
class States:
    """What is kept of a visitor: the run that is shown, their Visit, and what they were Told."""

    run: gr.State
    visit: gr.State
    told: gr.State

    @property
    def all(self) -> list[Any]:
        """In the order in which handlers take them."""
        return [self.run, self.visit, self.told]


@dataclass(frozen=True)
class Found:
    """What a tab shows, and the answer in it, if there is one."""

    value: Value
    answered: Answered | None = None
    beside: Value | None = None
    """Of the player beside it."""

    def updates(self, tab: Tab) -> list[Any]:
        """For what the tab shows it in."""
        return [self.value, *([self.beside] if tab.beside else [])]


def wire(shown: Sequence[Tab], states: States) -> list[tuple[Tab, Any]]:
    """Whatever is changed in a tab is answered at once. Returns the events that do so, each with its tab."""
    return [(tab, event) for tab in shown for event in _wire(tab, states)]


def _wire(tab: Tab, states: States) -> list[Any]:
    private: dict[str, Any] = {"api_visibility": "private", **QUICK}
    answer: dict[str, Any] = {
        "fn": _asked(tab),
        "inputs": [*states.all, *tab.choices, *tab.options],
        "outputs": [*tab.shown, states.told],
        "show_progress_on": tab.answer,
        **private,
    }
    given = [other.upload.upload(_taken, *_upload(other, states), **private) for other in tab.others]
    changes = [it.input for it in (*tab.choices, *tab.options)]
    chosen = [on(changes, trigger_mode="always_last", **answer)] if changes else []
    return [*chosen, *(event.success(**answer) for event in given)]


def _upload(other: Other, states: States) -> tuple[list[Any], list[Any]]:
    """Inputs and outputs of `_taken`."""
    return [other.upload, states.visit], [other.choice, states.visit]


def wire_api(shown: Sequence[Tab], run: gr.State) -> None:
    """Each question is an endpoint of its name: what the run is held against comes as files, then the options."""
    for tab in shown:
        given, answer = [run, *(other.file for other in tab.others), *tab.options], gr.JSON(visible=False)
        gr.Button(visible=False).click(_for_programs(tab), given, answer, api_name=tab.question.name, **QUICK)


def _taken(file: str, visit: Visit, request: gr.Request) -> tuple[Any, ...]:
    """A saved result joins those that can be chosen, and is."""
    language = language_of(request)
    with plainly(language):
        now = visit.beside(work.machine().look(saved, file))
        return gr.update(choices=now.names(language), value=now.newest), now


def _asked(tab: Tab) -> Handler:
    def handler(request: gr.Request, run: Run | None, visit: Visit, told: Told | None, *values: Any) -> tuple[Any, ...]:
        language, many = language_of(request), len(tab.others)
        with plainly(language):
            run = at_hand(run, language)
            found = _found(tab, run, visit, values[:many], tab.named(values[many:]), language)
            return *found.updates(tab), _with(told, run, [found])

    return handler


def _found(
    tab: Tab, run: Run, visit: Visit, choices: Sequence[str | None], options: dict[str, Any], language: Language
) -> Found:
    """The answer, or why there is none."""
    others = [other for choice in choices if (other := visit.chosen(choice, language))]
    if len(others) < len(choices):
        return Found(first_answer(tab.question, language))
    results = [*(other.result for other in others), run.result]
    try:
        answered = asking.ask(tab.question, results, options)
    except Pose3DError as e:
        return Found(asking.said(plain(e.worded(language))))
    beside = asking.beside(answered, run, others) if tab.beside else None
    return Found(asking.shown(answered, run.result, language), answered, beside)


def _with(told: Told | None, run: Run, found: Sequence[Found]) -> Told:
    answers = {it.answered.question.name: it.answered for it in found if it.answered}
    return Told(run.folder, {**(told.of(run) if told else {}), **answers})


def _for_programs(tab: Tab) -> Handler:
    """A handler whose parameters have the names of what they are."""
    names = [*tab.question.of[:-1], *tab.question.options.model_fields]

    def handler(request: gr.Request, run: Run | None, *values: Any) -> dict[str, Any]:
        language, many = language_of(request), len(tab.others)
        with plainly(language):
            run = at_hand(run, language)
            if not all(values[:many]):
                raise sentence(text("ask_no_file", language, names=", ".join(names[:many])))
            results = [*(work.machine().look(saved, file) for file in values[:many]), run.result]
            answered = asking.ask(tab.question, results, tab.named(values[many:]))
            return answer_dict(answered.question, answered.options, answered.answer, language)

    kind = Parameter.POSITIONAL_OR_KEYWORD
    request = Parameter("request", kind, annotation=gr.Request)
    handler.__signature__ = Signature([request, *(Parameter(name, kind) for name in ("run", *names))])  # pyright: ignore[reportFunctionMemberAccess]
    handler.__annotations__ = {"request": gr.Request}
    handler.__doc__ = _told_to_programs(tab.question)
    return handler


def _told_to_programs(question: Question) -> str:
    """What an endpoint's page says: what it answers, and what each parameter is."""
    others = [f"    {name}: A saved result (keypoints.json)." for name in question.of[:-1]]
    options = [f"    {name}: {field.description}." for name, field in question.options.model_fields.items()]
    about = f"{question.help} It is asked of the last result."
    return "\n".join([about, "", "Args:", *others, *options] if others or options else [about])


def after_run(shown: Sequence[Tab]) -> Handler:
    """The handler that answers everything about a new run.

    It takes the run, the visit, the trouble with the run, and `options_of`; it gives visit, told, and `changing`.
    """

    def handler(request: gr.Request, run: Run | None, visit: Visit, trouble: str, *options: Any) -> tuple[Any, ...]:
        if trouble or run is None or (visit.last and visit.last.folder == run.folder):  # there is no new run
            return tuple([skip()] * (2 + len(changing(shown))))
        language, now = language_of(request), visit.after(run)
        with plainly(language):
            found = [
                _found(tab, run, now, [now.newest] * len(tab.others), tab.named(own), language)
                for tab, own in zip(shown, _by_tab(shown, options), strict=True)
            ]
            lists = gr.update(choices=now.names(language), value=now.newest)
            updates = [[*it.updates(tab), *[lists] * len(tab.others)] for it, tab in zip(found, shown, strict=True)]
            return now, _with(None, run, found), *[update for several in updates for update in several]

    return handler


def changing(shown: Sequence[Tab]) -> list[Any]:
    """What a new run changes in all tabs."""
    return [component for tab in shown for component in tab.changing]


def options_of(shown: Sequence[Tab]) -> list[Any]:
    """Every tab's options."""
    return [component for tab in shown for component in tab.options]


def _by_tab(shown: Sequence[Tab], values: Sequence[Any]) -> list[list[Any]]:
    """values: of `options_of`."""
    rest = iter(values)
    return [[next(rest) for _ in tab.options] for tab in shown]


def in_language(shown: Sequence[Tab]) -> Handler:
    """The handler that says it all in the visitor's language, about the run that they see first; it gives `worded`."""

    def handler(request: gr.Request, run: Run | None) -> list[Any]:
        language = language_of(request)
        with plainly(language):
            return [update for tab in shown for update in _in_language(tab, run, language)]

    return handler


def worded(shown: Sequence[Tab]) -> list[Any]:
    """What has words that only the server knows."""
    return [component for tab in shown for component in (*tab.changing, *tab.options)]


def _in_language(tab: Tab, run: Run | None, language: Language) -> list[Any]:
    lists = [gr.update(choices=Visit().names(language)) for _ in tab.others]
    question, fields = tab.question, tab.question.options.model_fields
    options = [
        gr.update(choices=option_names(question, name, language)) if name in question.choices else skip()
        for name in fields
    ]
    return [*_first_of(tab, run, language).updates(tab), *lists, *options]


def _first_of(tab: Tab, run: Run | None, language: Language) -> Found:
    """The usual answer."""
    if run is None or run.key is None or tab.others:
        return Found(first_answer(tab.question, language))
    return _found(tab, run, Visit(), (), dict(tab.question.usual(run.result.config)), language)
