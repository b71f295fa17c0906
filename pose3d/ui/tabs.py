"""The tabs below a result, one for each question: what can be told it, and its answer."""
# pyright: reportUnknownMemberType=false
# Gradio leaves much of its components without types

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from pose3d.analysis import QUESTIONS, Question
from pose3d.core.config import Language
from pose3d.core.resources import ASSETS
from pose3d.ui import asking
from pose3d.ui.asking import Value, Visit
from pose3d.ui.player import player, static
from pose3d.ui.words import plain, say, text
from pose3d.view.beside import FIGURES

SCRIPT = Path(__file__).with_name("answer.js")
CHARTS = ASSETS / "charts.js"


@dataclass(frozen=True)
class Other:
    """A result that the run is held against: one of the visit's, or a saved one. file: for programs."""

    choice: gr.Dropdown
    upload: gr.UploadButton
    file: gr.File


@dataclass(frozen=True)
class Tab:
    """A question's components."""

    question: Question
    others: list[Other]
    options: list[Any]
    answer: gr.HTML
    beside: gr.HTML | None
    """The player of its own, where the question has one; the page's style hides it where it has nothing to show."""

    @property
    def shown(self) -> list[gr.HTML]:
        """What an answer is shown in."""
        return [self.answer, *([self.beside] if self.beside else [])]

    @property
    def settings(self) -> dict[str, Any]:
        """Setting of a run to the option that says the same."""
        options = dict(zip(self.question.options.model_fields, self.options, strict=True))
        return {setting: options[name] for name, setting in self.question.settings.items()}

    @property
    def choices(self) -> list[gr.Dropdown]:
        """Of the others."""
        return [other.choice for other in self.others]

    @property
    def changing(self) -> list[Any]:
        """What a new run changes."""
        return [*self.shown, *self.choices]

    def named(self, options: Sequence[Any]) -> dict[str, Any]:
        """The options' values with their names; 0 stands for no number."""
        fields = self.question.options.model_fields
        return {name: value or fields[name].default for name, value in zip(fields, options, strict=True)}


def tabs() -> list[Tab]:
    """All of them, with the answers about the example ahead."""
    gr.set_static_paths([CHARTS])
    with gr.Tabs(elem_id="questions"):
        return list(_tabs())


def _tabs() -> Iterator[Tab]:
    for question in QUESTIONS.values():
        with gr.Tab(say(f"ask_{question.name}"), elem_id=f"tab-{question.name}"):
            gr.Markdown(say(f"ask_{question.name}_help"))
            with gr.Row(visible=bool(question.of[1:] or question.options.model_fields)):
                others = [_other(name) for name in question.of[:-1]]
                options = [_option(question, name) for name in question.options.model_fields]
            answer = _answer(question)
            yield Tab(question, others, options, answer, _beside(question))


def _other(name: str) -> Other:
    choices = Visit().names("en")
    return Other(
        gr.Dropdown(choices, value=None, label=say(f"ask_{name}"), elem_id=f"ask-{name}"),
        gr.UploadButton(say(f"ask_{name}_file"), file_types=[".json"], size="sm", elem_id=f"ask-{name}-file"),
        gr.File(visible=False),
    )


def _option(question: Question, name: str) -> Any:
    """A list where its values are known, else a field."""
    usual, label = question.options.model_fields[name].default, say(f"ask_{name}")
    if name in question.choices:
        return gr.Dropdown(option_names(question, name, "en"), value=usual, label=label, elem_id=f"ask-{name}")
    return gr.Number(usual, label=label, elem_id=f"ask-{name}")


def option_names(question: Question, name: str, language: str) -> list[tuple[str, str]]:
    """An option's values in words."""
    return [(texts[language], value) for value, texts in question.choices[name]().items()]


def _answer(question: Question) -> gr.HTML:
    return gr.HTML(
        first_answer(question, "en"),
        html_template='<div class="p3d-asked"></div>',
        js_on_load=SCRIPT.read_text("utf-8"),
        apply_default_css=False,
        script=static(CHARTS),
        elem_id=f"answer-{question.name}",
    )


def _beside(question: Question) -> gr.HTML | None:
    return player(elem_id=f"beside-{question.name}") if question.name in FIGURES else None


def first_answer(question: Question, language: Language) -> Value:
    """About the example ahead; where that is not enough, what there must be first."""
    if len(question.of) > 1:
        return asking.said(plain(text(f"ask_{question.name}_first", language)))
    return asking.of_ahead(question.name, language)
