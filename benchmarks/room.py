"""How far off up is as the straight lines of the picture tell it by themselves, and with a wrong field of view.

python -m benchmarks.room FOLDER

FOLDER holds NAME.mp4 beside NAME.json: camera, as `benchmarks.real` reads it, with distortion where there is one, and
up (3,) in camera axes; of the clips that `benchmarks.feet --out FOLDER` renders, up is known. Degrees, nan where the
lines do not tell: with the focal length as it is, and so many times as long. Who is in the picture is not asked.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import typer

from pose3d import Camera
from pose3d.core.geometry import degrees_between
from pose3d.core.ground import CAMERA_UP
from pose3d.core.lines import Lines
from pose3d.core.video import Span
from pose3d.detect.lines import EVERY, PICTURES, PictureLines
from pose3d.ground.room import room_up
from pose3d.ground.standing import Up
from pose3d.io.video import frames
from synthetic.trials import TRIALS

FACTORS = (1.0, 0.75, 0.87, 1.15, 1.33)
KNOWN = {trial.clip.name: trial.clip.placement.rotation @ [0.0, 1.0, 0.0] for trial in TRIALS}


def lines_of(video: Path) -> Lines:
    """Those of the first seconds."""
    watched = PictureLines()
    for frame in frames(video, Span(end=PICTURES * EVERY)):
        watched.see(frame)
    return watched.found


def off(lines: Lines, camera: Camera, up: np.ndarray, factor: float) -> float:
    """Degrees; nan where nothing is told."""
    told = room_up(lines, replace(camera, fx=camera.fx * factor, fy=camera.fy * factor), Up(CAMERA_UP, 0.0))
    return float(degrees_between(told.direction, up)) if told.confidence else np.nan


def main(folder: Path) -> None:
    """Prints a line per clip, the medians and the largest."""
    rows: list[list[float]] = []
    print(f"{'clip':<22} {'tilted':>6} | " + " ".join(f"f x {factor:<4}" for factor in FACTORS))
    for path in sorted(folder.glob("*.json")):
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        up = np.array(content.get("up", KNOWN.get(path.stem, ())), np.float64)
        if not len(up):
            continue
        camera = Camera.from_fields(content["camera"])
        lines = lines_of(path.with_suffix(".mp4"))
        tilted = float(degrees_between(CAMERA_UP, up))
        rows.append([tilted, *(off(lines, camera, up, factor) for factor in FACTORS)])
        line(path.stem, rows[-1])
    told = [[value for value in column if np.isfinite(value)] or [np.nan] for column in zip(*rows, strict=True)]
    line("median", [float(np.median(column)) for column in told])
    line("largest", [max(column) for column in told])


def line(name: str, row: list[float]) -> None:
    """One row of the table."""
    print(f"{name:<22} {row[0]:>6.1f} | " + " ".join(f"{value:>8.1f}" for value in row[1:]), flush=True)


if __name__ == "__main__":
    typer.run(main)
