"""What happens when something on the page is used that takes long; also what the API's endpoints do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from pose3d.core.config import Language, RunConfig
from pose3d.core.progress import StopWork
from pose3d.core.result import Result
from pose3d.core.video import Orientation
from pose3d.jobs import looks, tasks
from pose3d.jobs.tasks import Work
from pose3d.pipelines import Found, Stopwatch
from pose3d.ui import work
from pose3d.ui.controls import check, run_config
from pose3d.ui.player import show
from pose3d.ui.stopping import DRAWING, StopSign
from pose3d.ui.untyped import skip
from pose3d.ui.words import language_of, plain, plainly, sentence, text
from pose3d.ui.work import Job, Run, at_hand, turn

PROGRESS = gr.Progress()
"""As a default value it makes Gradio pass in the running event's own."""


@dataclass(frozen=True)
class Part:
    """What was found until someone stopped the work, and what was wanted. total: frames of the part of the video."""

    found: Found
    config: RunConfig
    total: int


def estimate(
    video: str | None,
    fov: float,
    fx: float | None,
    fy: float | None,
    cx: float | None,
    cy: float | None,
    max_frames: int,
    height_cm: float | None,
    model: str,
    azimuth: float,
    elevation: float,
    upright: bool,
    start: float | None,
    end: float | None,
    mirror: bool,
    rotate: int,
    detector: str,
    person: int | None,
    level: str,
    figure: str = "skeleton",
    render: bool = True,
    stills: str = "person",
    count: str = "auto",
    progress: gr.Progress = PROGRESS,
    request: gr.Request | None = None,
) -> tuple[Any, ...]:
    """Gives every frame of a video a 3D skeleton; returns the player's files, rendered clip, summary and downloads.

    Args:
        video: A video of a person.
        fov: Field of view in degrees across the longer side, used where fx, fy, cx or cy is 0.
        fx: Focal length in pixels across the picture; 0 if unknown.
        fy: Focal length in pixels down the picture; 0 if unknown.
        cx: Principal point in pixels from the left; 0 if unknown.
        cy: Principal point in pixels from the top; 0 if unknown.
        max_frames: The most frames that are read; the rest of the video is left out.
        height_cm: The person's height in cm, which gives sizes in true metres; 0 if unknown.
        model: The lifter from 2D to 3D: hdformer or canonical.
        azimuth: Degrees around the person from where the clip is drawn; 0 is the camera.
        elevation: Degrees above the horizon from where the clip is drawn.
        upright: The same as level "on".
        start: Seconds of the video from which to read.
        end: Seconds of the video before which to stop; 0 for its end.
        mirror: Whether the video is a mirrored selfie; left and right of the picture are then exchanged.
        rotate: Degrees to turn the picture counter-clockwise: 0, 90, 180 or 270.
        detector: How joints are found in the picture: blazepose, or blazepose-full, which is faster and less exact.
        person: Which of several people, from 1, the largest and longest in view first; 0 for that one.
        level: Whether to undo the camera's tilt, as room or person tell it: auto (where it is sure), on or off.
        figure: What the clip shows in space: skeleton or avatar.
        render: Whether to draw the clip; without it, `rerender` draws it when it is wanted.
        stills: Pictures in report.html: person, skeleton (the person is left out) or none.
        count: What is counted in player and clip: an exercise (squat, lunge...), auto (the one that it is), any or off.
    """
    values = {
        "fov": fov, "fx": fx, "fy": fy, "cx": cx, "cy": cy, "max_frames": max_frames, "height_cm": height_cm,
        "model": model, "azimuth": azimuth, "elevation": elevation, "upright": upright, "start": start, "end": end,
        "mirror": mirror, "rotate": rotate, "detector": detector, "person": person, "level": level,
        "figure": figure, "render": render, "stills": stills, "count": count,
    }  # fmt: skip
    language = language_of(request)
    with plainly(language):
        if not video:
            raise sentence(text("no_video", language))
        config = _config(video, values, language)
        try:
            with turn(request, progress, config, "estimate") as job:
                return _shown(job.do(tasks.find, video, config), config, job)
        except StopWork:  # before anything was found
            return *[skip()] * 2, text("stopped_waiting", language), *[skip()] * 3


def _config(video: str, values: dict[str, Any], language: Language) -> RunConfig:
    """What is wanted of the video. Raises Pose3DError."""
    check(values, language)
    size = work.machine().look(looks.size, video, Orientation(int(values["rotate"] or 0)))
    return run_config(values, size, language)


def finish(part: Part | None, progress: gr.Progress = PROGRESS, request: gr.Request | None = None) -> tuple[Any, ...]:
    """Lifts and draws what was found before the work was stopped."""
    language = language_of(request)
    with plainly(language):
        if part is None:
            raise sentence(text("no_part", language))
        return _lifted(Work(part.found, (), part.total), part.config, request, progress, "finish")


def choose_person(
    run: Run | None,
    person: int,
    render: bool = True,
    progress: gr.Progress = PROGRESS,
    request: gr.Request | None = None,
) -> tuple[Any, ...]:
    """Gives another of the people in the last video, or everybody, a 3D skeleton; nobody is looked for again.

    Args:
        person: Which of the people, from 1, the largest and longest in view first; 0 for everybody.
        render: Whether to draw the clip; without it, `rerender` draws it when it is wanted.
    """
    language = language_of(request)
    with plainly(language):
        check({"person": person}, language)
        if run is None or run.found is None:
            raise sentence(text("no_people", language))
        if not run.result.video.path.exists():
            raise sentence(text("gone", language))
        config = run.result.config.but(person=int(person) or None, render=render, language=language)
        return _lifted(Work(run.found, (), run.total), config, request, progress, "choose_person", not person)


def _lifted(
    found: Work,
    config: RunConfig,
    request: gr.Request | None,
    progress: gr.Progress,
    kind: str,
    everybody: bool = False,
) -> tuple[Any, ...]:
    """What `_shown` gives, of people who were found before."""
    try:
        with turn(request, progress, config, kind) as job:
            return _shown(job.do(tasks.lift, found, config, everybody), config, job)
    except StopWork:  # before anything was lifted
        return _stopped(found, config)


def _shown(done: Work, config: RunConfig, job: Job) -> tuple[Any, ...]:
    """What the page shows and keeps: player, clip, summary, downloads, the run, and the part that a stop left."""
    if not done.results:
        return _stopped(done, config)
    watch = Stopwatch()
    try:
        with watch("render" if config.render else "write"):
            run = work.write(done, job)
    except StopWork:
        return _stopped(done, config)
    words = told(run, done.total, run.result.seconds | watch.seconds, config.language)
    return show(run), run.clip and str(run.clip), words, paths(run), run, None


def _stopped(done: Work, config: RunConfig) -> tuple[Any, ...]:
    words = text("stopped", config.language, done=len(done.found.video), total=done.total)
    return skip(), skip(), words, skip(), skip(), Part(done.found, config, done.total)


def begin(request: gr.Request) -> None:
    """A run starts: what was wanted of the last one does not hold for it, and nobody waits for the last one's clip."""
    StopSign.of(request).take_down()
    StopSign.of(request, DRAWING).put_up()


def end(request: gr.Request) -> None:
    """A run has ended: its clip may be drawn."""
    StopSign.of(request, DRAWING).take_down()


def stop(request: gr.Request) -> None:
    """The running work of this visitor shall end."""
    StopSign.of(request).put_up()


def rerender(
    run: Run | None,
    azimuth: float,
    elevation: float,
    figure: str = "skeleton",
    progress: gr.Progress = PROGRESS,
    request: gr.Request | None = None,
) -> tuple[Any, ...]:
    """Draws the last result's clip again from another side, or with another figure; no model runs.

    Args:
        azimuth: Degrees around the person; 0 is the camera.
        elevation: Degrees above the horizon.
        figure: What the clip shows in space: skeleton or avatar.
    """
    language = language_of(request)
    with plainly(language):
        run = at_hand(run, language)
        if not run.result.video.path.exists():
            raise sentence(text("gone", language))
        look = {"azimuth": azimuth, "elevation": elevation, "figure": figure}
        return _again(run, look, request, progress)


def _again(run: Run, look: dict[str, Any], request: gr.Request | None, progress: gr.Progress) -> tuple[Any, ...]:
    """The run's clip, downloads, and itself, drawn with these settings. Raises Pose3DError."""
    try:
        with turn(request, progress, run.result.config, "rerender", DRAWING) as job:
            again = work.draw(run, job, **look)
    except StopWork:  # a new run starts
        return skip(), skip(), skip()
    return str(again.clip), paths(again), again


def redrawing(settings: Sequence[str]) -> Callable[..., tuple[Any, ...]]:
    """The handler that draws the clip again where one of these settings of the run has changed; their values follow
    the run."""

    def handler(request: gr.Request, run: Run, *values: Any) -> tuple[Any, ...]:
        language, look = language_of(request), dict(zip(settings, values, strict=True))
        same = all(getattr(run.result.config, name) == value for name, value in look.items())
        if same or not run.result.video.path.exists():
            return skip(), skip(), skip()
        with plainly(language):
            return _again(run, look, request, PROGRESS)

    return handler


def draw(
    run: Run | None,
    azimuth: float,
    elevation: float,
    figure: str,
    progress: gr.Progress = PROGRESS,
    request: gr.Request | None = None,
) -> tuple[Any, ...]:
    """The clip of the run that is shown, if it has none yet: the player does not wait for it."""
    if run is None or run.clip:
        return skip(), skip(), skip()
    return rerender(run, azimuth, elevation, figure, progress, request)


def paths(run: Run) -> list[str]:
    """The downloads, for gr.File."""
    return [str(path) for path in run.files]


def told(run: Run, total: int, seconds: dict[str, float], language: str) -> str:
    """What was made, how long it took, and what could not be made, a line each."""
    failed = [f"⚠️ {plain(failure.worded(language))}" for failure in run.failures]
    return "  \n".join([summary(run.result, total, language), timing(seconds, language), *failed])


def summary(result: Result, total: int, language: str) -> str:
    """What was made. total: frames of the part of the video that was asked for."""
    key = "whole" if len(result) == total else "part"
    made = text(key, language, frames=len(result), total=total, duration=result.video.duration)
    return f"{made} {text(result.pose3d.units, language)}"


def timing(seconds: dict[str, float], language: str) -> str:
    """Seconds of each stage in one line."""
    return " · ".join(
        text("took", language, stage=text(stage, language), seconds=value) for stage, value in seconds.items()
    )
