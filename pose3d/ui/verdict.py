"""How well a run went, on the page: a sentence, a bar, and what went wrong when."""

from __future__ import annotations

import html
from typing import Any

import gradio as gr

from pose3d.analysis import Finding, findings, quality
from pose3d.core.result import Result
from pose3d.core.video import Orientation
from pose3d.core.words import say

SEEK = """element.addEventListener("click", (event) => {
  const seconds = event.target.closest("[data-seconds]")?.dataset.seconds;
  const player = document.querySelector("#player .p3d-skeleton")?.pose3d;
  if (seconds && player) player.seek(Number(seconds));
});"""
"""A finding that is pressed takes the player to its moment."""


def verdict(value: str, **settings: Any) -> gr.HTML:
    """The component; its value comes from `judged`."""
    return gr.HTML(value, js_on_load=SEEK, apply_default_css=False, **settings)


def judged(result: Result, language: str) -> str:
    """HTML."""
    found = quality(result)
    percent = round(100 * found.overall)
    grade = html.escape(say("grades", found.grade, language))
    score = html.escape(say("report", "score", language, percent=percent))
    lines = "".join(_line(finding, result, language) for finding in findings(result))
    return (
        f'<div class="p3d-verdict p3d-{found.grade}"><p><strong>{grade}</strong> <span>{score}</span></p>'
        f'<div class="p3d-bar" role="img" aria-label="{score}"><div style="width: {percent}%"></div></div>'
        f"<ul>{lines}</ul></div>"
    )


def turn_wanted(result: Result) -> int:
    """Degrees counter-clockwise by which the picture should be turned in all; 0 where it seems to be upright."""
    degrees = [int(str(finding.fields["degrees"])) for finding in findings(result) if finding.code == "turned"]
    return result.config.orientation.then(Orientation(degrees[0])).rotate if degrees else 0


def _line(finding: Finding, result: Result, language: str) -> str:
    """A button that tells of its moment in seconds from the first frame of the part, as the player counts."""
    moment = finding.start - float(result.times[0])
    text = html.escape(finding.worded(language))
    return f'<li><button type="button" data-seconds="{moment:.3f}">{text}</button></li>'
