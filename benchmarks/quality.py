"""What pose3d.analysis.quality says of the example clips as they are, and of the same clips spoilt on purpose.

    python -m benchmarks.quality [--model hdformer]

The thresholds in pose3d/analysis/quality.py were chosen between the lines of this table.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import typer

from pose3d import Camera, Result, pipeline
from pose3d.analysis.quality import Quality, quality
from pose3d.core.errors import NoPersonError
from pose3d.core.resources import ASSETS
from pose3d.core.skeleton import COMPARED_JOINTS, H36M17
from pose3d.evaluate.metrics import p_mpjpe
from pose3d.io.video import frames, probe
from pose3d.io.writer import VideoWriter
from synthetic.truth import load_truth

COMPARED = H36M17.indices(*COMPARED_JOINTS)
GREY = 110
SPOILT = (1.5, 2.5)
"""Seconds."""

Spoiler = Callable[[np.ndarray], np.ndarray]
"""A picture (H, W, 3) uint8 to one of the same size."""


def main(model: str = "hdformer") -> None:
    """Prints a line per clip and way of spoiling it, then the errors by how much of the person is seen (true lens)."""
    estimate = pipeline(model, device="cpu")
    errors: dict[str, list[np.ndarray]] = {"clear": [], "partly": [], "lost": []}
    print("clip, spoilt by                  overall grade  clear error limbs  findings")
    with tempfile.TemporaryDirectory() as folder:
        for truth_path in sorted((ASSETS / "examples").glob("*.json")):
            truth = load_truth(truth_path)
            for name, (spoiler, whole, fov) in SPOILERS.items():
                clip = spoilt(truth_path.with_suffix(".mp4"), Path(folder) / "clip.mp4", spoiler, whole)
                camera = Camera.from_fov(truth.camera.width, truth.camera.height, fov) if fov else truth.camera
                try:
                    result = estimate(clip, camera=camera)
                except NoPersonError:
                    print(f"{truth_path.stem + ', ' + name:<32} nobody found")
                    continue
                print(f"{truth_path.stem + ', ' + name:<32} {line(quality(result))}")
                error = p_mpjpe(result.pose3d.xyz[:, COMPARED], truth.xyz[:, COMPARED])
                for kind, rows in by_view(result).items():
                    errors[kind].append(error[rows & (fov is None)])
    for kind, found in errors.items():
        print(f"{kind:<7} {1000 * np.concatenate(found).mean():6.1f} mm P-MPJPE")


def line(found: Quality) -> str:
    """Figures and findings."""
    findings = ", ".join(f"{f.code} {f.start:.1f}-{f.end:.1f}" for f in found.findings)
    measures = f"{found.clear_share:>5.0%} {found.error:>5.1f} {found.bone_variation:>5.1f}"
    return f"{found.overall:>7.2f} {found.grade:<6} {measures}  {findings}"


def by_view(result: Result) -> dict[str, np.ndarray]:
    """(T,) bool: frames in which all joints, some, and none were seen."""
    observed = result.pose2d.observed
    clear, seen = (np.asarray(rows, bool) for rows in (observed.all(axis=1), observed.any(axis=1)))
    return {"clear": clear, "partly": seen & ~clear, "lost": ~seen}


def spoilt(source: Path, target: Path, spoiler: Spoiler, whole: bool) -> Path:
    """The clip with its pictures spoilt, all of them or those in SPOILT."""
    info = probe(source)
    with VideoWriter(target, info.width, info.height, info.fps) as writer:
        for frame in frames(source):
            bad = whole or SPOILT[0] <= frame.time < SPOILT[1]
            writer.add(spoiler(frame.image) if bad else frame.image, frame.time)
    return target


def moved(down: float = 0.0, right: float = 0.0) -> Spoiler:
    """Parts of the picture's size by which the person leaves it."""

    def spoil(image: np.ndarray) -> np.ndarray:
        height, width = image.shape[:2]
        shift = np.array([[1, 0, right * width], [0, 1, down * height]])
        return cv2.warpAffine(image, shift, (width, height), borderValue=(GREY,) * 3)

    return spoil


def shrunk(scale: float) -> Spoiler:
    """As if filmed from so much further away, in front of a grey wall."""

    def spoil(image: np.ndarray) -> np.ndarray:
        height, width = image.shape[:2]
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        canvas = np.full_like(image, GREY)
        top, left = (height - len(small)) // 2, (width - small.shape[1]) // 2
        canvas[top : top + len(small), left : left + small.shape[1]] = small
        return canvas

    return spoil


def zoomed(scale: float) -> Spoiler:
    """The picture's middle, enlarged: hands and feet are cut off."""

    def spoil(image: np.ndarray) -> np.ndarray:
        height, width = image.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), 0, scale)
        return cv2.warpAffine(image, turn, (width, height))

    return spoil


def blank(image: np.ndarray) -> np.ndarray:
    """Nothing but grey."""
    return np.full_like(image, GREY)


def night(image: np.ndarray) -> np.ndarray:
    """So dark and noisy that limbs drown."""
    noise = np.random.default_rng(int(image[::50, ::50].sum())).normal(0, 12, image.shape)
    return np.clip(image * 0.12 + noise, 0, 255).astype(np.uint8)


def fogged(image: np.ndarray) -> np.ndarray:
    """Out of focus."""
    return cv2.GaussianBlur(image, (0, 0), 0.02 * max(image.shape[:2]))


def hidden(image: np.ndarray) -> np.ndarray:
    """A board covers the lower half of the picture, feet and knees behind it."""
    image = image.copy()
    image[int(0.6 * len(image)) :] = GREY
    return image


SPOILERS: dict[str, tuple[Spoiler, bool, float | None]] = {
    "nothing": (np.copy, True, None),
    "moved down": (moved(down=0.3), False, None),
    "moved right": (moved(right=0.35), False, None),
    "enlarged": (zoomed(1.7), False, None),
    "nothing to see": (blank, False, None),
    "dark": (night, False, None),
    "out of focus": (fogged, False, None),
    "legs hidden": (hidden, False, None),
    "legs always hidden": (hidden, True, None),
    "half the size": (shrunk(0.5), True, None),
    "a third of the size": (shrunk(1 / 3), True, None),
    "a quarter of the size": (shrunk(0.25), True, None),
    "a sixth of the size": (shrunk(1 / 6), True, None),
    "20 degrees assumed": (np.copy, True, 20.0),
    "60 degrees assumed": (np.copy, True, 60.0),
    "110 degrees assumed": (np.copy, True, 110.0),
    "150 degrees assumed": (np.copy, True, 150.0),
}
"""Way of spoiling: what is done to the picture, for the whole clip or SPOILT, and the field of view assumed or None."""


if __name__ == "__main__":
    typer.run(main)
