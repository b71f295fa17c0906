"""Whether the verdict ranks runs as their true errors do: clips with truth as they are, and spoilt on purpose.

python -m benchmarks.verdict [FOLDER] [--out FOLDER] [--detector blazepose-full]

The example clips, one of each motion of synthetic/trials.py, and the real ones of a FOLDER as benchmarks.real takes it,
72 frames of each, at their true lens. Each is spoilt in every way of `SPOILINGS`; truth and lens go along where the
picture is turned, shrunk or moved. The grade is to rank N-MPJPE: that counts a body that leans as wrong, as a viewer
does; P-MPJPE, which stands beside it, excuses it. Both excuse a size that nobody told; joints that are made up count.

The constants of pose3d/analysis were chosen with half of the clips in sight, the "tuned" ones, not the "kept" ones:
every motion, and every real person, belongs to one half as a whole. --out keeps clips and results, so that another
grading of the same runs takes seconds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from scipy.stats import spearmanr

from benchmarks.real import RealClip, errors
from benchmarks.spoiling import FRAMES, SPOILINGS, Spoiling
from pose3d import Camera, Result, RunConfig, pipeline
from pose3d.analysis import quality
from pose3d.core.arrays import Floats
from pose3d.core.errors import NoPersonError
from pose3d.core.resources import ASSETS
from pose3d.pipeline import Pipeline
from synthetic.render import render_clip
from synthetic.trials import TRIALS
from synthetic.truth import load_truth

BEST = 0.1
"""Share of the runs, those of the least error, to which all of 100 of 100 have to belong."""
WANTED = -0.7
"""Spearman's correlation of grade and error: no more than that."""
FULL = 100


@dataclass(frozen=True)
class Known:
    """A clip with its truth. xyz: (T, 17, 3) metres in camera axes, NaN where there is none."""

    name: str
    group: str
    """What it shares its motion or its person with."""
    video: Path
    camera: Camera
    xyz: Floats


@dataclass(frozen=True)
class Judged:
    """A run. error: N-MPJPE, alone: P-MPJPE, mm, means over the frames with truth; grade: as shown, exact: 0 to 1."""

    name: str
    group: str
    spoiling: str
    error: float
    alone: float
    grade: int
    exact: float
    findings: tuple[str, ...]


def examples() -> Iterator[Known]:
    """Those that the page offers."""
    for path in sorted((ASSETS / "examples").glob("*.json")):
        truth = load_truth(path)
        yield Known(path.stem, path.stem, path.with_suffix(".mp4"), truth.camera, truth.xyz)


def trials(folder: Path) -> Iterator[Known]:
    """One of each motion of synthetic/trials.py, as short as needed, rendered where the folder has them not."""
    for trial in TRIALS[1::2]:
        clip, video = replace(trial.clip, frames=FRAMES), folder / f"{trial.clip.name}.mp4"
        if not video.exists():
            render_clip(clip, folder, trial.room)
        yield Known(clip.name, trial.motion, video, clip.camera, clip.truth().xyz)


def real(folder: Path) -> Iterator[Known]:
    """Those of one person each; PERSON_vVIEW.json is one of a person's."""
    for path in sorted(folder.glob("*.json")):
        if clip := RealClip.load(path):
            yield Known(path.stem, path.stem.split("_v")[0], clip.video, clip.camera, clip.xyz)


def run(estimate: Pipeline, clip: Known, spoiling: Spoiling, kept: Path) -> Result | None:
    """The result in the folder `kept`, computed where it is not there yet; None where nobody was found."""
    nobody = kept / "nobody"
    if nobody.exists():
        return None
    if not kept.exists():
        with tempfile.TemporaryDirectory() as temporary:
            video = spoiling.spoil(clip.video, Path(temporary) / "spoilt.mp4")
            try:
                estimate(video, RunConfig(camera=spoiling.camera(clip.camera))).save(kept)
            except NoPersonError:
                kept.mkdir(parents=True)
                nobody.touch()
                return None
    return Result.load(kept)


def judge(clip: Known, name: str, result: Result) -> Judged:
    """A run against the truth."""
    spoiling = SPOILINGS[name]
    truth = spoiling.truth(clip.xyz)
    alone, error = 1000 * errors(result.pose3d.xyz, truth).mean(0)
    found = quality(result)
    codes = tuple(finding.code for finding in found.findings)
    return Judged(clip.name, clip.group, name, error, alone, round(100 * found.overall), found.overall, codes)


def main(
    folder: Annotated[Path | None, typer.Argument(help="Real clips with truth.")] = None,
    out: Annotated[Path | None, typer.Option(help="Keep clips and results here, and use those that are here.")] = None,
    detector: str = "blazepose-full",
) -> None:
    """Prints a line per run, and how well the grade ranks them."""
    estimate = pipeline(detector=detector, device="cpu")
    runs: list[Judged] = []
    nobody = 0
    with tempfile.TemporaryDirectory() as temporary:
        kept = out or Path(temporary)
        for clip in chain(examples(), real(folder) if folder else (), trials(kept / "clips")):
            for name, spoiling in SPOILINGS.items():
                result = run(estimate, clip, spoiling, kept / detector / f"{clip.name}, {name}")
                if result is None:
                    nobody += 1
                    continue
                runs.append(judge(clip, name, result))
                line(runs[-1])
    by_spoiling(runs)
    print(f"nobody was found, so that nothing was graded: {nobody}")
    summary(runs)


def line(judged: Judged) -> None:
    """One row of the table."""
    title = f"{judged.name}, {judged.spoiling}"
    figures = f"{judged.error:>6.1f} {judged.alone:>6.1f} {judged.grade:>4}"
    print(f"{title:<44} {figures}  {', '.join(judged.findings)}", flush=True)


def by_spoiling(runs: list[Judged]) -> None:
    """The median of each way of spoiling."""
    print(f"\n{'spoilt by':<28} {'N-MPJPE':>8} {'P-MPJPE':>8} {'grade':>6}")
    for name in SPOILINGS:
        rows = [(run.error, run.alone, run.grade) for run in runs if run.spoiling == name]
        if rows:
            error, alone, grade = np.median(rows, axis=0)
            print(f"{name:<28} {error:>8.1f} {alone:>8.1f} {grade:>6.0f}")


def summary(runs: list[Judged]) -> None:
    """Spearman's correlation by half of the clips, and whether 100 of 100 is only given to the best."""
    groups = sorted({run.group for run in runs})
    tuned, kept = groups[::2], groups[1::2]
    print(f"tuned: {', '.join(tuned)}; kept: {', '.join(kept)}")
    halves = {
        "all": runs,
        "tuned": [run for run in runs if run.group in tuned],
        "kept": [run for run in runs if run.group in kept],
        "as they are": [run for run in runs if run.spoiling == "nothing"],
    }
    for name, part in halves.items():
        with_n, with_p = (ranked(part, [getattr(run, kind) for run in part]) for kind in ("error", "alone"))
        print(f"{name:<12} {len(part):>4} runs, Spearman {with_n:6.2f} with N-MPJPE, {with_p:6.2f} with P-MPJPE")
    best = float(np.quantile([run.error for run in runs], BEST))
    full = [run.error for run in runs if run.grade == FULL]
    within = sum(error <= best for error in full)
    print(f"the best tenth ends at {best:.1f} mm; 100 of 100: {len(full)}, {within} of them within it")
    good = ranked(runs, [run.error for run in runs]) <= WANTED and within == len(full)
    print("as wanted" if good else "NOT as wanted")


def ranked(runs: list[Judged], errors: list[float]) -> float:
    """Spearman's correlation of the grades with errors."""
    return float(spearmanr([run.exact for run in runs], errors)[0])  # pyright: ignore[reportArgumentType]


if __name__ == "__main__":
    typer.run(main)
