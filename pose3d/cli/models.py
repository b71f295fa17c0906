"""`pose3d train`, `fetch` and `evaluate`: what is done with models.

Rooms that take long to load are entered when one is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pose3d.cli.console import clear_errors
from pose3d.core.resources import CONFIGS
from pose3d.core.settings import read_settings

MODEL_HELP = "hdformer, canonical, or a published model's id or folder."
DEVICE_HELP = "auto, cpu or cuda."


def train(
    data: Annotated[Path, typer.Argument(help="Motion file (.npz), or a folder of BVH files.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for checkpoints, log and weights.")],
    config: Annotated[Path, typer.Option(help="Settings of the run, model among them.")] = CONFIGS
    / "train_hdformer.yaml",
    start: Annotated[Path | None, typer.Option(help="Weights (.safetensors) to go on from.")] = None,
    device: Annotated[str, typer.Option(help=DEVICE_HELP)] = "auto",
) -> None:
    """Trains a lifter on recorded motion; goes on from the last checkpoint in the folder."""
    with clear_errors():
        from pose3d.io.models.devices import torch_device
        from pose3d.train.loop import TrainConfig
        from pose3d.train.loop import train as run_training

        run_training(data, out, read_settings(config.resolve(), TrainConfig), torch_device(device), start)


def fetch(model: Annotated[str, typer.Argument(help="Id of a published model.")]) -> None:
    """Downloads a published model once, checks it and keeps it for --model and --detector hrnet."""
    from pose3d.io.models.hub import fetch as download
    from pose3d.pipelines import check_model

    with clear_errors():
        folder = download(model, check_model)
    typer.echo(folder)


def evaluate(
    data: Annotated[Path, typer.Argument(help="Human3.6M, MPI-INF-3DHP or a folder of our own.")],
    model: Annotated[str, typer.Option(help=MODEL_HELP)] = "hdformer",
    keypoints: Annotated[str, typer.Option(help="Human3.6M's 2D file: gt, or a detector's ending.")] = "gt",
    device: Annotated[str, typer.Option(help=DEVICE_HELP)] = "auto",
    json: Annotated[Path | None, typer.Option(help="Also write the table as JSON.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Also write the table as CSV.")] = None,
) -> None:
    """Prints MPJPE, P-MPJPE, N-MPJPE, MPJVE (mm), 3DPCK@150 and AUC (%), per action and overall."""
    from pose3d.evaluate import evaluate as measure
    from pose3d.lift import load_lifter

    with clear_errors():
        report = measure(load_lifter(model, device), data, keypoints)
        if json:
            report.write_json(json)
        if csv:
            report.write_csv(csv)
    typer.echo(report.text())
