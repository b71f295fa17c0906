"""What the page says, in English and Chinese; the texts are in assets/page_words.yaml."""

from __future__ import annotations

import functools
import html
import logging
import re
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import gradio as gr
from gradio.i18n import I18nData

from pose3d.core.errors import Pose3DError
from pose3d.core.resources import ASSETS, read_yaml
from pose3d.core.result import Result
from pose3d.io.video import VideoInfo

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")

log = logging.getLogger(__name__)

LANGUAGES = ("en", "zh")
TEXTS: dict[str, Any] = read_yaml(ASSETS / "page_words.yaml")
ERRORS: list[dict[str, str]] = TEXTS.pop("errors")
WORDS: dict[str, dict[str, str]] = {
    language: {key: text[language] for key, text in TEXTS.items()} for language in LANGUAGES
}

OURS = "pose3d_"
"""Before our keys, since Gradio has some of the same name."""


def _texts(language: str) -> dict[str, str]:
    return {OURS + key: words for key, words in WORDS[language].items()}


I18N = gr.I18n(en=_texts("en"), zh=_texts("zh"), **{"zh-CN": _texts("zh"), "zh-TW": _texts("zh")})
"""For texts that stand still: the browser fills them in, in its own language."""

MODELS = {"hdformer": "HDFormer", "canonical": "CanonicalPose3D"}
"""Lifters by the names that their authors gave them."""


def say(key: str) -> str:
    """The mark of a text that the browser fills in."""
    return str(I18nData(OURS + key))


def text(key: str, language: str, /, **values: object) -> str:
    """A text with values, which only the server can fill in."""
    return WORDS[language][key].format(**values)


def language_of(request: gr.Request | None) -> str:
    """The browser's first language, if the page speaks it, else English; programs that use the API tell of none."""
    asked = request.headers.get("accept-language", "") if request and request.headers else ""
    return "zh" if asked.lower().startswith("zh") else "en"


def plainly(handler: Callable[Parameters, Returned]) -> Callable[Parameters, Returned]:
    """A handler whose errors reach the page as one sentence; what was not foreseen is logged with its traceback."""

    @functools.wraps(handler)
    def wrapped(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Returned:
        language = language_of(next((arg for arg in (*args, *kwargs.values()) if isinstance(arg, gr.Request)), None))
        try:
            return handler(*args, **kwargs)
        except gr.Error:
            raise
        except Pose3DError as e:
            raise sentence(translated(str(e), language)) from e
        except Exception as e:
            log.exception("unexpected error in %s", handler.__name__)
            raise sentence(text("unexpected", language)) from e

    return wrapped


def sentence(message: str) -> gr.Error:
    """An error for the page, which would take the message for HTML: a file's name is not to be trusted.

    It stays until it is closed or the next thing is tried (page.CLEAR): Gradio's timers count for a stack of messages.
    """
    message = html.escape(" ".join(message.split()), quote=False)
    return gr.Error(capitalised(message), duration=None, print_exception=False)


def translated(message: str, language: str) -> str:
    """What the library says of bad input, in another language; unchanged where that is not foreseen."""
    for error in ERRORS:
        found = re.fullmatch(error["en"], message)
        if found and language != "en":
            return error[language].format(**found.groupdict())
    return message


def capitalised(message: str) -> str:
    """With a capital letter, unless it starts with a file's name."""
    first = message.split(" ", 1)[0]
    return message if "." in first else message[:1].upper() + message[1:]


def about(info: VideoInfo, language: str) -> str:
    """A chosen video in one line."""
    return text("about", language, width=info.width, height=info.height, duration=info.duration, frames=len(info))


def summary(result: Result, total: int, language: str) -> str:
    """What was made. total: frames of the whole video."""
    key = "whole" if len(result) == total else "part"
    made = text(key, language, frames=len(result), total=total, duration=result.video.duration)
    return f"{made} {text(result.pose3d.units, language)}"


def timing(seconds: dict[str, float], language: str) -> str:
    """Seconds of each stage in one line."""
    return " · ".join(
        text("took", language, stage=text(stage, language), seconds=value) for stage, value in seconds.items()
    )
