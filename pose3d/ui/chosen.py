"""What happens at once when a video is chosen or a field is changed: the others follow, no model runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from pose3d.core.arrays import Floats
from pose3d.core.errors import ConfigError, Pose3DError
from pose3d.core.quotas import quotas
from pose3d.core.times import frame_ends
from pose3d.core.video import WHOLE, Span
from pose3d.jobs.looks import look
from pose3d.ui import lens, work
from pose3d.ui.controls import FRAMES
from pose3d.ui.scrubber import whole
from pose3d.ui.untyped import skip
from pose3d.ui.words import language_of, plain, plainly, text


@dataclass(frozen=True)
class Chosen:
    """The video that stands in the page's field. width, height: pixels, turned as wished by rotate degrees.

    times, offset: see Look.
    """

    path: str
    width: int
    height: int
    times: Floats
    offset: float
    rotate: int = 0

    @property
    def frames(self) -> int:
        """Of all of it."""
        return len(self.times)

    @property
    def duration(self) -> float:
        """Seconds of all of it."""
        return self.part(WHOLE)[1]

    def part(self, span: Span) -> tuple[int, float]:
        """Frames and seconds of a part. Raises ConfigError where there is nothing in it."""
        chosen = span.within(self.times)
        ends = frame_ends(self.times)[chosen]
        if not len(ends):
            raise ConfigError("start_after_end", name=Path(self.path).name, end=float(self.times[-1]), start=span.start)
        return len(ends), float(ends[-1] - self.times[chosen][0])

    def turned(self, rotate: int) -> Chosen:
        """With its pictures turned by so many degrees in all."""
        across = (rotate - self.rotate) % 180 != 0
        width, height = (self.height, self.width) if across else (self.width, self.height)
        return replace(self, width=width, height=height, rotate=rotate)

    @property
    def size(self) -> tuple[int, int]:
        """Pixels."""
        return self.width, self.height

    @property
    def most(self) -> int:
        """Frames that can be read at once."""
        return min(self.frames, quotas().frames)


def look_at(path: str) -> Chosen:
    """Raises Pose3DError for what is no video."""
    seen = work.machine().look(look, path)
    return Chosen(path, seen.width, seen.height, seen.times, seen.offset)


def choose(video: str | None, fov: float, frames: float, last: Chosen | None, request: gr.Request) -> list[Any]:
    """Another video: what it is, its length for the scrubber, how many frames are read, the intrinsics for its size.

    Returns the line about it, the Chosen, the scrubber's value, start, end, the turning, Most frames, and the camera's
    fields.
    """
    language = language_of(request)
    with plainly(language):
        if not video:
            return ["", None, None, 0, 0, 0, skip(), *lens.fields_of_fov(fov, None)]
        try:
            chosen = look_at(video)
        except Pose3DError as e:
            line = f"⚠️ {plain(e.worded(language))}"
            return [line, None, None, 0, 0, 0, skip(), *lens.fields_of_fov(fov, None)]
        limit = last.most if last else quotas().frames
        wanted = FRAMES if frames >= limit else frames  # unless the last video was the limit
        slider = gr.update(maximum=max(chosen.most, 2), value=min(chosen.most, wanted))
        line = about(chosen, Span(max_frames=int(min(chosen.most, wanted))), language)
        scrub = whole(round(chosen.duration, 3), chosen.offset)
        return [line, chosen, scrub, 0, 0, 0, slider, *lens.fields_of_fov(fov, chosen.size)]


def choose_part(chosen: Chosen | None, scrub: dict[str, float] | None, frames: float, request: gr.Request) -> Any:
    """A handle was released, or another number of frames was asked for: the line about it."""
    language = language_of(request)
    with plainly(language):
        if not (chosen and scrub):
            return skip()
        return about(chosen, Span(scrub["start"], scrub["end"] or None, int(frames)), language)


def all_of_it(chosen: Chosen | None, request: gr.Request) -> list[Any]:
    """Whoever has just recorded a video means all of it: Most frames, and the line about it."""
    language = language_of(request)
    with plainly(language):
        if chosen is None:  # the line says why
            return [skip(), skip()]
        return [gr.update(value=chosen.most), about(chosen, Span(max_frames=chosen.most), language)]


def turn(chosen: Chosen | None, rotate: int, fov: float) -> list[Any]:
    """The picture is to be turned: its size, and the camera's fields for that."""
    if chosen is None:
        return [None, *lens.fields_of_fov(fov, None)]
    turned = chosen.turned(rotate)
    return [turned, *lens.fields_of_fov(fov, turned.size)]


def about(chosen: Chosen, span: Span, language: str) -> str:
    """A chosen video in one line, and which part of it is read in another."""
    fields = {"width": chosen.width, "height": chosen.height, "duration": chosen.duration, "frames": chosen.frames}
    return f"{text('about', language, **fields)}  \n{reads(chosen, span, language)}"


def reads(chosen: Chosen, span: Span, language: str) -> str:
    """Which part of a chosen video is read."""
    frames, seconds = chosen.part(replace(span, max_frames=None))
    if span.max_frames is not None and frames > span.max_frames:
        return text("reads_first", language, read=span.max_frames, frames=frames)
    if frames < chosen.frames:
        return text("reads_part", language, frames=frames, duration=seconds)
    return text("reads_all", language)


def preset(name: str, fov: float, chosen: Chosen | None) -> list[Any]:
    """Another preset: all of the camera's fields."""
    return lens.fields_of_preset(name, fov, chosen.size if chosen else None)


def field_of_view(degrees: float, chosen: Chosen | None) -> list[Any]:
    """The slider was moved: the preset and the intrinsics."""
    name, _, *intrinsics = lens.fields_of_fov(degrees, chosen.size if chosen else None)
    return [name, *intrinsics]


def intrinsics(
    fov: float,
    fx: float | None,
    fy: float | None,
    cx: float | None,
    cy: float | None,
    chosen: Chosen | None,
    request: gr.Request,
) -> list[Any]:
    """A number was edited: the preset and the field of view."""
    with plainly(language_of(request)):
        size = chosen.size if chosen else None
        return lens.fields_of_intrinsics(fov, fx or 0.0, fy or 0.0, cx or 0.0, cy or 0.0, size)[:2]
