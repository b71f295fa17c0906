"""The whole way from generated videos to 3D, against their exact truth, beside MediaPipe's own world landmarks.

python -m benchmarks.accuracy [--out FOLDER] [--unknown-camera] [--picture FILE]

MediaPipe, which is no dependency, takes part where the package mediapipe 0.10.21 is installed.

On the clips of synthetic/trials.py, which nothing was trained or adjusted on; 14 joints (without Spine, Neck, Head).
P: P-MPJPE, N: N-MPJPE, mm; jitter: mean error of the joints' acceleration, m/s2; limbs: standard deviation of limb
lengths over a clip, percent; swapped: frames that fit better with left and right exchanged; up: degrees between true up
and what `pose3d.ground` tells from the poses.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from pose3d import pipeline
from pose3d.core.geometry import degrees_between, procrustes
from pose3d.core.ground import CAMERA_UP
from pose3d.core.poses import Pose3D
from pose3d.core.skeleton import COMPARED_JOINTS, H36M17
from pose3d.detect.landmarks import to_h36m
from pose3d.evaluate.metrics import mpjpe, n_mpjpe, p_mpjpe
from pose3d.ground import find_up
from pose3d.io.video import frames
from pose3d.lift import LIFTERS
from synthetic.render import render_clip
from synthetic.trials import TRIALS, Trial
from synthetic.truth import Truth

COMPARED = H36M17.indices(*COMPARED_JOINTS)
LIMBS = [(a, b) for a, b in H36M17.edges if {a, b} <= set(COMPARED)]
MEDIAPIPE = "mediapipe"
COLUMNS = ("P", "N", "jitter", "limbs", "swapped", "up")

COLOURS = ("#e66100", "#f2b27a", "#868e99")

Method = Callable[[Path, Truth], np.ndarray]
"""A clip's poses, (T, 17, 3), in camera axes."""


@dataclass(frozen=True)
class Outcome:
    """A method's figures on a clip, by column, and its error by joint (mm, after Procrustes)."""

    trial: Trial
    method: str
    figures: dict[str, float]
    joints: np.ndarray


def ours(model: str, unknown_camera: bool) -> Method:
    estimate = pipeline(model)

    def lifted(video: Path, truth: Truth) -> np.ndarray:
        return estimate(video, camera=None if unknown_camera else truth.camera).pose3d.xyz

    return lifted


def world_landmarks(video: Path, truth: Truth) -> np.ndarray:
    """MediaPipe as it comes; a frame without a person repeats the one before."""
    from mediapipe.python.solutions.pose import Pose  # pyright: ignore[reportMissingImports]

    poses: list[np.ndarray] = []
    with Pose() as tracker:
        for frame in frames(video):
            found = tracker.process(frame.image).pose_world_landmarks  # pyright: ignore[reportAttributeAccessIssue]
            if found:
                poses.append(to_h36m(np.array([(p.x, p.y, p.z) for p in found.landmark])))
            elif poses:
                poses.append(poses[-1])
    missing = len(truth.xyz) - len(poses)  # before the first sight
    return np.stack([poses[0]] * missing + poses)


def judge(trial: Trial, method: str, poses: np.ndarray, truth: Truth) -> Outcome:
    pose, target = (xyz[:, COMPARED] - xyz[:, :1] for xyz in (poses, truth.xyz))
    mirrored = (poses[:, H36M17.mirror] - poses[:, :1])[:, COMPARED]
    acceleration = (np.diff(xyz, 2, axis=0) * truth.fps**2 for xyz in (pose, target))
    lengths = np.stack([np.linalg.norm(poses[:, a] - poses[:, b], axis=-1) for a, b in LIMBS])
    figures = {
        "P": 1000 * p_mpjpe(pose, target).mean(),
        "N": 1000 * n_mpjpe(pose, target).mean(),
        "jitter": mpjpe(*acceleration).mean(),
        "limbs": 100 * (lengths.std(1) / lengths.mean(1)).mean(),
        "swapped": float((mpjpe(mirrored, target) < mpjpe(pose, target)).sum()),
        "up": off_up(trial, told_up(poses, truth)),
    }
    joints = 1000 * np.linalg.norm(procrustes(pose, target) - target, axis=-1).mean(0)
    return Outcome(trial, method, figures, joints)


def told_up(poses: np.ndarray, truth: Truth) -> np.ndarray:
    """(3,) up as the poses (T, 17, 3) tell."""
    frames = len(poses)
    score, seen = np.ones((frames, 17), np.float32), np.ones((frames, 17), bool)
    error, root = np.zeros(frames, np.float32), np.zeros((frames, 3), np.float32)
    pose = Pose3D(poses, root, score, seen, error, "relative", H36M17, truth.fps, truth.camera)
    return find_up(pose).direction


def off_up(trial: Trial, direction: np.ndarray) -> float:
    """Degrees between true up and a direction in camera axes."""
    return float(degrees_between(direction, trial.clip.placement.rotation @ [0.0, 1.0, 0.0]))


def table(title: str, groups: dict[str, list[Outcome]], methods: list[str]) -> None:
    """A line per group: its mean figures for every method."""
    print(f"\n{title:<26}" + "".join(f" | {method:^{8 * len(COLUMNS)}}" for method in methods))
    print(" " * 26 + (" | " + "".join(f"{column:>8}" for column in COLUMNS)) * len(methods))
    for name, outcomes in groups.items():
        line = f"{name:<26}"
        for method in methods:
            chosen = [o.figures for o in outcomes if o.method == method]
            line += " | " + "".join(f"{np.mean([f[column] for f in chosen]):>8.1f}" for column in COLUMNS)
        print(line)


def joint_table(outcomes: list[Outcome], methods: list[str]) -> None:
    print(f"\n{'joint, P':<26}" + "".join(f"{method:>12}" for method in methods))
    means = [np.mean([o.joints for o in outcomes if o.method == method], 0) for method in methods]
    for name, *row in zip(COMPARED_JOINTS, *means, strict=True):
        print(f"{name:<26}" + "".join(f"{value:>12.1f}" for value in row))


def draw(outcomes: list[Outcome], methods: list[str], path: Path) -> None:
    """A bar per clip and method: P."""
    import matplotlib.pyplot as plt

    clips = list(dict.fromkeys(o.trial.clip.name for o in outcomes))
    _, axes = plt.subplots(figsize=(11, 4.2), layout="constrained")
    for n, (method, colour) in enumerate(zip(methods, COLOURS, strict=True)):
        bars = [o.figures["P"] for o in outcomes if o.method == method]
        axes.bar(np.arange(len(clips)) + (n - 1) * 0.27, bars, 0.25, label=method, color=colour)
    axes.set_xticks(range(len(clips)), [clip.replace("_", "\n") for clip in clips], fontsize=8)
    axes.set_ylabel("P-MPJPE, mm")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, ncols=3)
    plt.savefig(path, dpi=110)


def main(
    out: Annotated[Path | None, typer.Option(help="Keep the rendered clips here, and use those that are here.")] = None,
    unknown_camera: Annotated[bool, typer.Option(help="Let ours guess the intrinsics.")] = False,
    picture: Annotated[Path | None, typer.Option(help="Also draw the errors per clip.")] = None,
) -> None:
    """Prints the tables."""
    methods: dict[str, Method] = {model: ours(model, unknown_camera) for model in LIFTERS}
    if find_spec(MEDIAPIPE):
        methods[MEDIAPIPE] = world_landmarks
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = out or Path(temporary)
        for trial in TRIALS:
            video = folder / f"{trial.clip.name}.mp4"
            truth = trial.clip.truth() if video.exists() else render_clip(trial.clip, folder, trial.room)
            outcomes += [judge(trial, name, method(video, truth), truth) for name, method in methods.items()]
    names = list(methods)
    for title, key in (
        ("clip", lambda o: o.trial.clip.name),
        ("motion", lambda o: o.trial.motion),
        ("camera", lambda o: o.trial.view),
        ("", lambda o: "all"),
    ):
        table(title, {k: list(g) for k, g in groupby(sorted(outcomes, key=key), key)}, names)
    joint_table(outcomes, names)
    print(f"\nup, cameras themselves {np.mean([off_up(trial, CAMERA_UP) for trial in TRIALS]):.1f} degrees")
    if picture:
        draw(outcomes, names, picture)


if __name__ == "__main__":
    typer.run(main)
