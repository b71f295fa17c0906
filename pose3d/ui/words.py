"""What the page says, in English and Chinese; the texts are in configs/words/page.yaml."""

from __future__ import annotations

import html
import logging
from collections.abc import Generator, Mapping
from contextlib import contextmanager

import gradio as gr
from gradio.i18n import I18nData

from pose3d.core import words
from pose3d.core.config import Language
from pose3d.core.errors import Pose3DError
from pose3d.core.quotas import quotas
from pose3d.ui.untyped import headers

log = logging.getLogger(__name__)

TABLE, QUESTIONS = "page", "questions"
OURS = "pose3d_"
"""Before our keys, since Gradio has some of the same name."""
CHINESE = ("zh", "zh-CN", "zh-TW")
"""As browsers ask for it."""
MODELS = {"hdformer": "HDFormer", "canonical": "CanonicalPose3D"}
"""Lifters by the names that their authors gave them."""


def i18n() -> gr.I18n:
    """For texts that stand still: the browser fills them in, in its own language."""
    english, chinese = ({OURS + key: said for key, said in _standing(name).items()} for name in words.LANGUAGES)
    return gr.I18n(en=english, **dict.fromkeys(CHINESE, chinese))


def _standing(language: str) -> dict[str, str]:
    """All texts; what the machine allows stands still, too."""
    return all_texts(language) | {"limits": text("limits", language, **quotas().model_dump())}


def all_texts(language: str) -> dict[str, str]:
    """Key to text; those about questions begin with ask_."""
    asked = {f"ask_{key}": said for key, said in words.texts(QUESTIONS, language).items()}
    return words.texts(TABLE, language) | asked


def say(key: str) -> str:
    """The mark of a text that the browser fills in."""
    return str(I18nData(OURS + key))


def text(key: str, language: str, /, **values: object) -> str:
    """A text with values, which only the server can fill in."""
    return all_texts(language)[key].format(**values)


def language_of(request: gr.Request | None) -> Language:
    """The browser's first language, if the page speaks it, else English; programs that use the API tell of none."""
    return language_in(headers(request))


def language_in(told: Mapping[str, str]) -> Language:
    """As `language_of`, of a request's headers."""
    asked = told.get("accept-language", "")
    return "zh" if asked.lower().startswith("zh") else "en"


@contextmanager
def plainly(language: str) -> Generator[None]:
    """What goes wrong inside reaches the page as one sentence; what was not foreseen is logged with its traceback."""
    try:
        yield
    except gr.Error:
        raise
    except Pose3DError as e:
        raise sentence(e.worded(language)) from e
    except Exception as e:
        log.exception("unexpected error")
        raise sentence(text("unexpected", language)) from e


def sentence(message: str) -> gr.Error:
    """An error for the page, which would take the message for HTML: a file's name is not to be trusted.

    It stays until it is closed or the next thing is tried (page.CLEAR): Gradio's timers count for a stack of messages.
    """
    return gr.Error(plain(message), duration=None, print_exception=False)


def plain(message: str) -> str:
    """A sentence in one line, with a capital letter, that HTML leaves as it is."""
    return html.escape(capitalised(" ".join(message.split())), quote=False)


def capitalised(message: str) -> str:
    """With a capital letter, unless it starts with a file's name."""
    first = message.split(" ", 1)[0]
    return message if "." in first else words.capitalised(message)
