"""`pose3d run`: a video in, all files of its result out. Rooms that take long to load are entered when it is called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pose3d.cli.console import BAD_INPUT, clear_errors, complain, progress_bars
from pose3d.core.camera import Camera
from pose3d.core.config import RunConfig
from pose3d.core.errors import ConfigError
from pose3d.core.words import say
from pose3d.export import EXPORTERS, check_formats

if TYPE_CHECKING:
    from pose3d.core.result import Result

Pair = tuple[float, float]
ALL = "all"


def described(name: str) -> str:
    """What a setting is, as RunConfig says it."""
    return f"{RunConfig.model_fields[name].description}."


def option(name: str, **more: Any) -> Any:
    """A command-line option for a setting of RunConfig."""
    return typer.Option(f"--{name.replace('_', '-')}", help=described(name), **more)


PERSON = f"{described('person')}; or all: a folder for each, and scene.html and scene.mp4 with everybody."


def _person(text: str) -> str:
    """`--person`'s value. Raises BadParameter."""
    if text != ALL and not text.isdecimal():
        raise typer.BadParameter("give a number from 1, or all")
    return text


def run(
    video: Annotated[str, typer.Argument(help="A video file or an http(s) address.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the results; made if missing.")],
    model: Annotated[str, option("model")] = "hdformer",
    detector: Annotated[str, option("detector")] = "blazepose",
    device: Annotated[str, option("device")] = "auto",
    person: Annotated[str | None, typer.Option(parser=_person, metavar="N|all", help=PERSON)] = None,
    max_frames: Annotated[int | None, option("max_frames")] = None,
    start: Annotated[float, option("start")] = 0.0,
    end: Annotated[float | None, option("end")] = None,
    rotate: Annotated[int, option("rotate")] = 0,
    mirror: Annotated[bool, typer.Option("--mirror", help=described("mirror"))] = False,
    fov: Annotated[float | None, option("fov")] = None,
    focal: Annotated[Pair | None, typer.Option(help="Focal lengths fx fy in pixels of the video.")] = None,
    center: Annotated[Pair | None, typer.Option(help="Principal point cx cy in pixels; default the middle.")] = None,
    camera: Annotated[Path | None, typer.Option(help="A JSON file with width, height, fx, fy, cx, cy.")] = None,
    height: Annotated[float | None, option("height")] = None,
    level: Annotated[str, option("level")] = "auto",
    upright: Annotated[bool, typer.Option("--upright", help="The same as --level on.")] = False,
    azimuth: Annotated[float | None, option("azimuth")] = None,
    elevation: Annotated[float | None, option("elevation")] = None,
    figure: Annotated[str, option("figure")] = "skeleton",
    count: Annotated[str, option("count")] = "auto",
    export: Annotated[str, typer.Option(help=f"More files: any of {','.join(EXPORTERS)}.")] = "",
    render: Annotated[bool, typer.Option("--render/--no-render", help=described("render"))] = True,
    report: Annotated[bool, typer.Option("--report", help=described("report"))] = False,
    stills: Annotated[str, option("stills")] = "person",
    language: Annotated[str, option("language")] = "en",
) -> None:
    """Writes keypoints.json, skeleton.html, render.mp4 and the exports of VIDEO."""
    from pose3d.everybody import check_run, write_run
    from pose3d.io.sources import local_video
    from pose3d.pipelines import pipeline

    everybody = person == ALL
    with clear_errors(), progress_bars() as progress:
        config = settings(
            model=model,
            detector=detector,
            device=device,
            person=person,
            max_frames=max_frames,
            start=start,
            end=end,
            rotate=rotate,
            mirror=mirror,
            fov=fov,
            height=height,
            level=level,
            upright=upright,
            azimuth=azimuth,
            elevation=elevation,
            figure=figure,
            count=count,
            export=export,
            render=render,
            report=report,
            stills=stills,
            language=language,
        )
        lens = _Lens(focal, center, camera)
        lens.check()
        with local_video(video) as path:
            check_run(out, path, config, everybody)
            config = config.but(camera=lens.camera(path, config))
            whole_way = pipeline(model, detector=detector, device=device)
            results, written = write_run(whole_way, path, out, config, everybody, progress)
    for result in results:
        if everybody:
            typer.echo(f"Person {result.person}:")
        typer.echo(_summary(result))
        typer.echo(_verdict(result))
    for file in written.files:
        typer.echo(file)
    for failure in written.failures:
        complain(str(failure))
    if written.failures:
        raise typer.Exit(BAD_INPUT)


def settings(*, person: str | None, upright: bool, level: str, count: str, export: str, **given: Any) -> RunConfig:
    """What the options say, by their names in `run`; all of them but those of places and lenses. Raises ConfigError."""
    from pose3d.analysis import check_counted

    return RunConfig(
        person=None if person is None or person == ALL else int(person),
        level="on" if upright else level,
        count=check_counted(count),
        export=check_formats(part.strip() for part in export.split(",") if part.strip()),
        **given,
    )


class _Lens:
    """The ways in which a camera can be given."""

    def __init__(self, focal: Pair | None, center: Pair | None, file: Path | None):
        self.focal, self.center, self.file = focal, center, file

    def check(self) -> None:
        """Raises ConfigError where they contradict each other."""
        if self.center and not self.focal:
            raise ConfigError("center_needs_focal")
        if self.focal and self.file:
            raise ConfigError("focal_and_camera")

    def camera(self, path: Path, config: RunConfig) -> Camera | None:
        """The camera, if one was given; pixels are those of the video as it is displayed."""
        if self.file:
            return Camera.from_file(self.file)
        if not self.focal:
            return None
        from pose3d.io.video import probe

        first = probe(path, replace(config.span, max_frames=1), config.orientation)
        middle = self.center or (first.width / 2, first.height / 2)
        return Camera(first.width, first.height, *self.focal, *middle)


def _summary(result: Result) -> str:
    seen = result.pose2d.observed.any(1).mean()
    seconds = ", ".join(f"{stage} {value:.1f} s" for stage, value in result.seconds.items())
    return f"{len(result)} frames, the person seen in {seen:.0%} of them ({seconds})"


def _verdict(result: Result) -> str:
    """How well it went, and a line for each thing that went wrong."""
    from pose3d.analysis import findings, quality

    found, language = quality(result), result.config.language
    score = say("report", "score", language, percent=round(100 * found.overall))
    lines = [f"- {finding.worded(language)}" for finding in findings(result)]
    return "\n".join([f"{say('grades', found.grade, language)} ({score})", *lines])
