"""What workers do with a video, each step a function of its own. Models stay loaded in the worker."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pose3d.analysis import QUESTIONS, Answer, Answered, answers
from pose3d.core.config import RunConfig
from pose3d.core.files import write_text
from pose3d.core.progress import Progress, StopWork
from pose3d.core.result import Result
from pose3d.detect import Detector, load_detector
from pose3d.everybody import write_everybody
from pose3d.io.video import length
from pose3d.jobs.reins import Reins, obey, obeyed
from pose3d.jobs.thin import thin, thin_all
from pose3d.lift import load_lifter, load_second
from pose3d.lift.lifter import Lifter, OwnLifter
from pose3d.outputs import CLIP, Outputs, person_folder, write_outputs
from pose3d.pipelines import Found, Pipeline
from pose3d.view import render_clip, report_html


@dataclass(frozen=True)
class Work:
    """What came of it. results: of the person who is meant or of everybody, none where the work was stopped.

    total: frames of the part of the video that was asked for.
    """

    found: Found
    results: tuple[Result, ...]
    total: int


def warm(_: Reins, config: RunConfig) -> None:
    """Loads the models that it names, for those who come next."""
    models(config)


def find(reins: Reins, video: str, config: RunConfig) -> Work:
    """Detector and lifter. Where the work is stopped, what was found until then."""
    total, _ = length(video, replace(config.span, max_frames=None))
    found = models(config).find(video, config, progress=reins.tell, stop=reins.stopped)
    return lift(reins, Work(found, (), total), config)


def lift(reins: Reins, work: Work, config: RunConfig, everybody: bool = False) -> Work:
    """A third dimension for the one who is meant of those who were found, or for everybody."""
    numbers = [person.number for person in work.found.people] if everybody else [config.person]
    try:
        obey(reins)
        progress, pipeline = obeyed(reins), models(config)
        results = [pipeline.lift(work.found, config.but(person=number), progress=progress) for number in numbers]
        return replace(work, results=tuple(results))
    except StopWork:
        return replace(work, results=())


def write(reins: Reins, results: Sequence[Result], folder: Path) -> Outputs:
    """The files of a run, thin; of several people the clip only of the scene. Raises StopWork."""
    outputs = _written(results, folder, obeyed(reins))
    for result in results:
        save(result, folder if len(results) == 1 else person_folder(folder, result.person))
    thin_all(outputs.files)
    return outputs


def save(result: Result, folder: Path) -> None:
    """keypoints.json with no more than the video's name: where it lies is nobody's business, and holds the result's
    key. Raises OutputError."""
    video = replace(result.video, path=Path(result.video.path.name))
    replace(result, video=video).save(folder, CLIP if (folder / CLIP).is_file() else None)


def _written(results: Sequence[Result], folder: Path, progress: Progress) -> Outputs:
    if len(results) == 1:
        return write_outputs(results[0], folder, progress)
    without = [replace(result, config=result.config.but(render=False)) for result in results]
    return write_everybody(without, folder, progress, clip=results[0].config.render)


def draw(reins: Reins, result: Result, others: Sequence[Result], clip: Path) -> None:
    """The clip as the result's settings say. Raises StopWork."""
    progress = obeyed(reins)
    render_clip(result, clip, None, lambda done, total: progress("render", done, total), others)


def report(_: Reins, result: Result, told: Mapping[str, tuple[Mapping[str, Any], Answer]], path: Path) -> None:
    """report.html, thin, with these answers, by the question's name, in place of the usual ones; options as asked."""
    every = {answered.question.name: answered for answered in answers(result)} | {
        name: Answered(QUESTIONS[name], QUESTIONS[name].options(**options), answer)
        for name, (options, answer) in told.items()
    }
    thin(write_text(path, report_html(result, told=[every[name] for name in QUESTIONS if name in every])))


def models(config: RunConfig) -> Pipeline:
    """The models that it names: loaded at the first use, then kept. Raises Pose3DError."""
    return Pipeline(_detector(config.detector), _lifter(config.model), _second(config.model))


@functools.cache
def _detector(name: str) -> Detector:
    return load_detector(name)


@functools.cache
def _lifter(name: str) -> Lifter:
    return load_lifter(name)


@functools.cache
def _second(name: str) -> OwnLifter:
    return load_second(name)
