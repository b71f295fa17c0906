"""The command line: `python -m pose3d`."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from tqdm import tqdm

from pose3d.core.camera import Camera
from pose3d.core.errors import ConfigError, Pose3DError
from pose3d.core.resources import CONFIGS, read_settings
from pose3d.core.result import Result
from pose3d.io.video import Span

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

Pair = tuple[float, float]


@app.callback()
def main() -> None:
    """Turns an ordinary video of a person into 3D motion."""


@app.command()
def run(
    video: Annotated[str, typer.Argument(help="A video file or an http(s) address.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the results; made if missing.")],
    model: Annotated[
        str, typer.Option(help="Lifter from 2D to 3D: hdformer, canonical, or a published model's id or folder.")
    ] = "hdformer",
    detector: Annotated[str, typer.Option(help="blazepose, hrnet, or the folder of a published HRNet.")] = "blazepose",
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    max_frames: Annotated[int | None, typer.Option(help="Read at most so many frames.")] = None,
    start: Annotated[float, typer.Option(help="Seconds to start from.")] = 0.0,
    end: Annotated[float | None, typer.Option(help="Seconds to stop at.")] = None,
    fov: Annotated[float | None, typer.Option(help="Field of view across the longer side, degrees.")] = None,
    focal: Annotated[Pair | None, typer.Option(help="Focal lengths fx fy in pixels of the video.")] = None,
    center: Annotated[Pair | None, typer.Option(help="Principal point cx cy in pixels; default the middle.")] = None,
    height: Annotated[float | None, typer.Option(help="The person's height in metres; sets the scale.")] = None,
    upright: Annotated[bool, typer.Option(help="Undo the camera's tilt, told from the person standing.")] = False,
    azimuth: Annotated[
        float | None, typer.Option(help="Degrees around the person that render.mp4 is seen from; 0 is the camera.")
    ] = None,
    elevation: Annotated[float | None, typer.Option(help="Degrees above the horizon.")] = None,
    export: Annotated[str, typer.Option(help="More files: any of bvh,glb,trc,c3d,csv.")] = "",
    render: Annotated[bool, typer.Option(help="Write render.mp4.")] = True,
    report: Annotated[bool, typer.Option("--report", help="Also write report.html, to send to a colleague.")] = False,
    language: Annotated[str, typer.Option(help="Of the report: en or zh.")] = "en",
) -> None:
    """Writes keypoints.json, skeleton.html, render.mp4 and the exports of VIDEO."""
    with _clear_errors(), _progress() as progress:
        from pose3d.core.words import check_language
        from pose3d.export import check_formats
        from pose3d.io.sources import local_video
        from pose3d.io.video import probe
        from pose3d.outputs import write_outputs
        from pose3d.pipeline import pipeline
        from pose3d.view import CORNER, RunSettings

        check_language(language)
        view = CORNER.turned(azimuth, elevation)
        formats = check_formats(filter(None, export.split(",")))
        span = Span(start, end, max_frames)
        if center and not focal:
            raise ConfigError("--center needs --focal beside it")
        with local_video(video) as path:
            info = probe(path, span)
            middle = center or (info.width / 2, info.height / 2)
            camera = Camera(info.width, info.height, *focal, *middle) if focal else None
            estimate = pipeline(model, detector=detector, device=device)
            own = estimate.lifter.defaults
            span = replace(span, max_frames=max_frames or own.max_frames)
            view = CORNER.turned(own.azimuth, own.elevation).turned(azimuth, elevation)
            result = estimate(path, span=span, camera=camera, fov=fov, height=height, level=upright, progress=progress)
            paths = write_outputs(
                result,
                out,
                formats=formats,
                view=view if render else None,
                report=RunSettings(height) if report else None,
                language=language,
                progress=progress,
            )
    typer.echo(_summary(result))
    for path in paths:
        typer.echo(path)


@app.command()
def train(
    data: Annotated[Path, typer.Argument(help="Motion file (.npz), or a folder of BVH files.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for checkpoints, log and weights.")],
    config: Annotated[Path, typer.Option(help="Settings of the run, model among them.")] = CONFIGS
    / "train_hdformer.yaml",
    start: Annotated[Path | None, typer.Option(help="Weights (.safetensors) to go on from.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Trains a lifter on recorded motion; goes on from the last checkpoint in the folder."""
    with _clear_errors():
        from pose3d.lift import choose_device
        from pose3d.train.loop import TrainConfig
        from pose3d.train.loop import train as run_training

        run_training(data, out, read_settings(config.resolve(), TrainConfig), choose_device(device), start)


@app.command()
def fetch(model: Annotated[str, typer.Argument(help="Id of a published model.")]) -> None:
    """Downloads a published model once, checks it and keeps it for --model and --detector hrnet."""
    with _clear_errors():
        from pose3d.io.models.hub import fetch as download

        folder = download(model)
    typer.echo(folder)


@app.command()
def evaluate(
    data: Annotated[Path, typer.Argument(help="Human3.6M, MPI-INF-3DHP or a folder of our own.")],
    model: Annotated[str, typer.Option(help="hdformer, canonical, or a published model's id or folder.")] = "hdformer",
    keypoints: Annotated[str, typer.Option(help="Human3.6M's 2D file: gt, or a detector's ending.")] = "gt",
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    json: Annotated[Path | None, typer.Option(help="Also write the table as JSON.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Also write the table as CSV.")] = None,
) -> None:
    """Prints MPJPE, P-MPJPE, N-MPJPE, MPJVE (mm), 3DPCK@150 and AUC (%), per action and overall."""
    with _clear_errors():
        from pose3d.evaluate import evaluate as measure
        from pose3d.lift import load_lifter

        report = measure(load_lifter(model, device), data, keypoints)
        if json:
            report.write_json(json)
        if csv:
            report.write_csv(csv)
    typer.echo(report.text())


def _summary(result: Result) -> str:
    seen = result.pose2d.observed.any(1).mean()
    seconds = ", ".join(f"{stage} {value:.1f} s" for stage, value in result.seconds.items())
    return f"{len(result)} frames, the person seen in {seen:.0%} of them ({seconds})"


@contextlib.contextmanager
def _clear_errors() -> Iterator[None]:
    """One sentence on stderr instead of a traceback; exit status 2 for bad usage, 1 for bad input."""
    try:
        with _native_silence():
            yield
    except ConfigError as e:
        _stop(str(e), 2)
    except Pose3DError as e:
        _stop(str(e), 1)
    except KeyboardInterrupt:
        _stop("stopped", 130)


def _stop(message: str, status: int) -> NoReturn:
    typer.echo(f"pose3d: {' '.join(message.split())}", err=True)
    raise typer.Exit(status)


@contextlib.contextmanager
def _native_silence() -> Iterator[None]:
    """Keeps what C++ libraries print to stderr from the user, while Python's own stderr works on."""
    sys.stderr.flush()
    with os.fdopen(os.dup(2), "w", buffering=1) as kept, Path(os.devnull).open("w") as nothing:
        python_stderr = sys.stderr
        sys.stderr = kept
        os.dup2(nothing.fileno(), 2)
        try:
            yield
        finally:
            kept.flush()
            os.dup2(kept.fileno(), 2)
            sys.stderr = python_stderr


@contextlib.contextmanager
def _progress() -> Iterator:
    """One bar per stage, on a terminal only."""
    bars: dict[str, tqdm] = {}

    def show(stage: str, done: int, total: int) -> None:
        bar = bars.setdefault(stage, tqdm(total=total, desc=stage, unit="frame", disable=None, file=sys.stderr))
        bar.update(done - bar.n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()


if __name__ == "__main__":
    app(prog_name="pose3d")
