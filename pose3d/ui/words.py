"""What the page says: how a run went, what a video is, and what went wrong."""

from __future__ import annotations

import functools
import html
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import gradio as gr

from pose3d.errors import Pose3DError
from pose3d.pipeline import STAGES
from pose3d.result import Result
from pose3d.video import VideoInfo

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")

log = logging.getLogger(__name__)

STAGE_WORDS = {**STAGES, "render": "Drawing the clip"}
"""Stages, also those after the pipeline, and how they are called for people."""

SCALE = {
    "metre": "Sizes are in metres, from the height you gave.",
    "relative": "Sizes assume an adult of average height.",
}
"""What lengths mean, by the units of a Pose3D."""

MODELS = {"hdformer": "HDFormer", "canonical": "CanonicalPose3D"}
"""Lifters by the names that their authors gave them."""
MODEL_INFO = "HDFormer looks at 3 seconds at once; CanonicalPose3D also finds by itself where the person is."

NO_VIDEO = "Choose a video first: upload one, record one, or pick an example."
NO_RESULT = "Run a video first; then its clip can be drawn from another side."
GONE = "The server no longer keeps this video; upload it again and press the button."
UNEXPECTED = "Something went wrong on the server that should not have; try again or try another video."


def plainly(handler: Callable[Parameters, Returned]) -> Callable[Parameters, Returned]:
    """A handler whose errors reach the page as one sentence; what was not foreseen is logged with its traceback."""

    @functools.wraps(handler)
    def wrapped(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Returned:
        try:
            return handler(*args, **kwargs)
        except gr.Error:
            raise
        except Pose3DError as e:
            raise sentence(str(e)) from e
        except Exception as e:
            log.exception("unexpected error in %s", handler.__name__)
            raise sentence(UNEXPECTED) from e

    return wrapped


def sentence(message: str) -> gr.Error:
    """An error for the page, which would take the message for HTML: a file's name is not to be trusted.

    It stays until it is closed or the next thing is tried (page.CLEAR): Gradio's timers count for a stack of messages.
    """
    message = html.escape(" ".join(message.split()), quote=False)
    return gr.Error(capitalised(message), duration=None, print_exception=False)


def capitalised(message: str) -> str:
    """With a capital letter, unless it starts with a file's name."""
    first = message.split(" ", 1)[0]
    return message if "." in first else message[:1].upper() + message[1:]


def about(info: VideoInfo) -> str:
    """A chosen video in one line."""
    return f"{info.width} x {info.height} pixels, {info.duration:.1f} s, {_count(len(info), 'frame')}"


def summary(result: Result, total: int) -> str:
    """How a run went. total: frames of the whole video."""
    seen = result.pose2d.observed.any(axis=1).mean()
    part = f"{_count(len(result), 'frame')}" if len(result) == total else f"The first {len(result)} of {total} frames"
    return (
        f"**Done.** {part}, {result.video.duration:.1f} s of motion. "
        f"The person was seen in {seen:.0%} of the frames. {SCALE[result.pose3d.units]}"
    )


def timing(seconds: dict[str, float]) -> str:
    """Seconds of each stage in one line."""
    return " · ".join(f"{STAGE_WORDS[stage]} {value:.1f} s" for stage, value in seconds.items())


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
