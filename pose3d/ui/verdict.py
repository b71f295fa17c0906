"""How well a run went, on the page: a sentence, a bar, what went wrong when, and buttons for what may help."""

from __future__ import annotations

import html
from typing import Any

import gradio as gr

from pose3d.analysis import Finding, findings, quality
from pose3d.analysis.remedies import Remedy, remedy
from pose3d.core.result import Result
from pose3d.core.words import say
from pose3d.ui.words import text

PRESSED = """element.addEventListener("click", (event) => {
  const { seconds, remedy, people } = event.target.closest("button")?.dataset ?? {};
  const player = document.querySelector("#player .p3d-skeleton")?.pose3d;
  if (seconds && player) player.seek(Number(seconds));
  if (remedy) trigger("select", { remedy });
  const choices = [...document.querySelectorAll("#people input")];
  if (people) (choices.find(({ checked }) => checked) ?? choices[0])?.focus();
});"""
"""A finding that is pressed takes the player to its moment; a button beside it goes to the choice of people, or raises
`select` with the finding's code."""


def verdict(value: str, **settings: Any) -> gr.HTML:
    """The component; its value comes from `judged`."""
    return gr.HTML(value, js_on_load=PRESSED, apply_default_css=False, **settings)


def judged(result: Result, language: str, again: bool = False) -> str:
    """HTML. again: whether the video is there, so that it can be run again with other settings."""
    found = quality(result)
    percent = round(100 * found.overall)
    grade = html.escape(say("grades", found.grade, language))
    score = html.escape(say("report", "score", language, percent=percent))
    lines = "".join(_line(finding, result, language, again) for finding in findings(result))
    return (
        f'<div class="p3d-verdict p3d-{found.grade}"><p><strong>{grade}</strong> <span>{score}</span></p>'
        f'<div class="p3d-bar" role="img" aria-label="{score}"><div style="width: {percent}%"></div></div>'
        f"<ul>{lines}</ul></div>"
    )


def remedy_of(code: str, result: Result) -> Remedy | None:
    """What is offered against the finding of that code."""
    found = {finding.code: finding for finding in findings(result)}
    return remedy(result, found[code]) if code in found else None


def _line(finding: Finding, result: Result, language: str, again: bool) -> str:
    """A button that tells of its moment in seconds from the first frame of the part, as the player counts."""
    moment = finding.start - float(result.times[0])
    said = html.escape(finding.worded(language))
    offered = remedy(result, finding) if again else None
    beside = _button(finding.code, offered, language) if offered else ""
    return f'<li><button type="button" data-seconds="{moment:.3f}">{said}</button>{beside}</li>'


def _button(code: str, offered: Remedy, language: str) -> str:
    """Beside a finding of that code."""
    pressed = f'data-remedy="{code}"' if offered.settings else 'data-people="choose"'
    said = html.escape(text(f"remedy_{offered.name}", language, **offered.fields))
    return f' <button type="button" class="p3d-remedy" {pressed}>{said}</button>'
