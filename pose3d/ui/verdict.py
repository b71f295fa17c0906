"""How well a run went, on the page: a sentence, a bar, and what went wrong when."""

from __future__ import annotations

import html
from typing import Any

import gradio as gr

from pose3d.analysis.quality import Finding, quality
from pose3d.core.result import Result
from pose3d.core.words import GRADE_WORDS, REPORT_WORDS, sentence

SEEK = """element.addEventListener("click", (event) => {
  const seconds = event.target.closest("[data-seconds]")?.dataset.seconds;
  const player = document.querySelector("#player .p3d-skeleton")?.pose3d;
  if (seconds && player) player.seek(seconds - player.data.offset);
});"""
"""A finding that is pressed takes the player to its moment."""


def verdict(value: str, **settings: Any) -> gr.HTML:
    """The component; its value comes from `judged`."""
    return gr.HTML(value, js_on_load=SEEK, apply_default_css=False, **settings)


def judged(result: Result, language: str) -> str:
    """HTML."""
    found, words = quality(result), REPORT_WORDS[language]
    percent = round(100 * found.overall)
    grade, score = html.escape(GRADE_WORDS[language][found.grade]), html.escape(words["score"].format(percent=percent))
    findings = "".join(_line(finding, language) for finding in found.findings)
    return (
        f'<div class="p3d-verdict p3d-{found.grade}"><p><strong>{grade}</strong> <span>{score}</span></p>'
        f'<div class="p3d-bar" role="img" aria-label="{score}"><div style="width: {percent}%"></div></div>'
        f"<ul>{findings}</ul></div>"
    )


def _line(finding: Finding, language: str) -> str:
    text = html.escape(sentence(finding, language))
    return f'<li><button type="button" data-seconds="{finding.start:.3f}">{text}</button></li>'
