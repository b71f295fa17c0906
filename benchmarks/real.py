"""The whole way from videos of real people to 3D, against triangulated truth in a folder of your own.

python -m benchmarks.real FOLDER [--model hdformer] [--detector blazepose]

FOLDER holds NAME.mp4 beside NAME.json: camera (width, height, fx, fy, cx, cy), joint_names (H36M17) and persons, each
with xyz [frame][joint] = [x, y, z] metres in camera axes or null, and, where it is known, up (3,) in camera axes. Files
with several persons are left out. With a file baselines.json (clips: NAME: heavy: P_MPJPE, N_MPJPE), MediaPipe's own
figures stand beside ours. Angles: how far those at knees and elbows are off, degrees, the mean over the frames in which
all three joints have truth. Errors in mm over the 14 compared joints as far as they have truth, in frames with 8 or
more of them; the pelvis is the root; the mean counts every clip once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import typer

from pose3d import Camera, Result, RunConfig, pipeline
from pose3d.analysis.angles import ANGLES, angle_between, joint_angle
from pose3d.core.arrays import Floats
from pose3d.core.geometry import degrees_between
from pose3d.core.skeleton import COMPARED_JOINTS, H36M17
from pose3d.evaluate.metrics import n_mpjpe, p_mpjpe

COMPARED = H36M17.indices(*COMPARED_JOINTS)
FEWEST = 8
"""Joints with truth that a frame needs."""


@dataclass(frozen=True)
class RealClip:
    """A video of one person. xyz: (T, 17, 3) metres, NaN where there is no truth; up: (3,), likewise."""

    video: Path
    camera: Camera
    xyz: Floats
    up: Floats

    @classmethod
    def load(cls, path: Path) -> RealClip | None:
        """None for a file that is no such clip."""
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if len(content.get("persons", ())) != 1:
            return None
        if content["joint_names"] != list(H36M17.joints):
            raise typer.BadParameter(f"{path} holds the joints {content['joint_names']}")
        nowhere = [None] * 3
        rows = [[point or nowhere for point in frame or [nowhere] * 17] for frame in content["persons"][0]["xyz"]]
        return cls(
            path.with_suffix(".mp4"),
            Camera.from_fields(content["camera"]),
            np.array(rows, np.float64),
            np.array(content.get("up", nowhere), np.float64),
        )


def errors(predicted: Floats, truth: Floats) -> Floats:
    """(N, 2) metres: P-MPJPE and N-MPJPE of the frames with enough truth; (T, 17, 3) each."""
    found: list[list[float]] = []
    for ours, true in zip(predicted[:, COMPARED], truth[:, COMPARED], strict=True):
        known = np.isfinite(true).all(-1)
        if known[0] and known.sum() >= FEWEST:
            pair = ours[None, known], true[None, known]
            found.append([float(metric(*pair)[0]) for metric in (p_mpjpe, n_mpjpe)])
    return np.array(found)


def angles_off(result: Result, truth: Floats) -> tuple[float, float]:
    """Mean absolute error at knees and at elbows, degrees, against (T, 17, 3)."""
    off: dict[str, list[float]] = {"Knee": [], "Elbow": []}
    for name, joints in ANGLES.items():
        true = angle_between(truth, H36M17, *joints)
        known = np.isfinite(truth[:, H36M17.indices(*joints)]).all((1, 2))
        off[name[1:]] += np.abs(joint_angle(result.pose3d, name) - true)[known].tolist()
    knees, elbows = (float(np.mean(values)) if values else np.nan for values in off.values())
    return knees, elbows


def main(folder: Path, model: str = "hdformer", detector: str = "blazepose") -> None:
    """Prints a line per clip and their mean."""
    turn_into_3d = pipeline(model, detector=detector)
    baselines = folder / "baselines.json"
    others: dict[str, Any] = json.loads(baselines.read_text("utf-8"))["clips"] if baselines.is_file() else {}
    table: list[list[float]] = []
    print(
        f"{'clip':<20} {'frames':>6} |  ours: P     N | MediaPipe heavy: P     N  (mm) | up, knees, elbows, degrees off"
    )
    for path in sorted(folder.glob("*.json")):
        if (clip := RealClip.load(path)) is None:
            continue
        result = turn_into_3d(clip.video, RunConfig(camera=clip.camera))
        ours = errors(result.pose3d.xyz, clip.xyz)
        other = others.get(path.stem, {}).get("heavy", {})
        up = float(degrees_between(result.ground.up, clip.up))
        row = [*1000 * ours.mean(0), *(other.get(name, np.nan) for name in ("P_MPJPE", "N_MPJPE")), up]
        row += angles_off(result, clip.xyz)
        table.append(row)
        line(path.stem, len(ours), row)
    line("mean", len(table), np.nanmean(table, axis=0).tolist())


def line(name: str, count: int, figures: list[float]) -> None:
    """One row of the table."""
    p, n, other_p, other_n, up, knees, elbows = figures
    others = f"{other_p:8.1f} {other_n:5.1f}"
    print(
        f"{name:<20} {count:>6} |    {p:6.1f} {n:5.1f} |          {others}      | {up:5.1f} {knees:5.1f} {elbows:5.1f}",
        flush=True,
    )


if __name__ == "__main__":
    typer.run(main)
