"""Whether the verdict ranks runs as their true errors do: clips with truth as they are, and spoilt on purpose.

python -m benchmarks.verdict [FOLDER] [--out FOLDER] [--detector blazepose-full] [--unseen]

The example clips, one of each motion of synthetic/trials.py, and the real ones of a FOLDER as benchmarks.real takes it,
72 frames of each, at their true lens. Each is spoilt in every way of `SPOILINGS`; truth, lens and up go along where the
picture is turned, shrunk or moved.

Three errors, mm over the 14 compared joints, made-up ones included, each with the best scale of every frame. N: N-MPJPE
in the camera's axes, P: P-MPJPE. Seen: N-MPJPE of the motion in the world, as the page shows it, with one turn about
the true upright for the whole clip. That is what the grade is to rank: who looks at a figure from all sides sees that
it leans or lies, which P-MPJPE excuses, but not which way the camera looked, which N-MPJPE counts.

The constants of pose3d/analysis were chosen on half of the clips, the "tuned" ones: every motion, and every real
person, belongs to one half as a whole. "Left out": each motion or person is graded with a range of disagreement that
was chosen on all others. The interval is that of clips drawn anew, with repetition. --out keeps clips and results, so
that grading the same runs anew takes seconds.
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

from benchmarks.real import COMPARED, RealClip, errors
from benchmarks.spoiling import FRAMES, SPOILINGS, Spoiling
from pose3d import Camera, Result, RunConfig, pipeline
from pose3d.analysis.quality import GRADES, grade_of, quality
from pose3d.core.arrays import Bools, Floats
from pose3d.core.errors import NoPersonError
from pose3d.core.ground import CAMERA_UP, HEIGHT, Ground
from pose3d.core.resources import ASSETS
from pose3d.pipelines import Pipeline
from synthetic.clips import CLIPS, Clip
from synthetic.render import render_clip
from synthetic.trials import TRIALS
from synthetic.truth import load_truth

BEST = 0.1
"""Share of the runs, those of the least error, to which all of 100 of 100 have to belong."""
WANTED = -0.7
"""Spearman's correlation of grade and error: no more than that."""
FULL, HIGH = 100, 95
RANGES = tuple((float(low), float(high)) for low in (0, 5, 10, 15, 20) for high in (40, 50, 60, 80, 100))
"""Millimetres of disagreement from which a run is worth less, and nothing: the choice with a group left out."""
DRAWS = 1000
ACROSS, ALONG = 0, 2
"""The world's axes over the floor."""


@dataclass(frozen=True)
class Known:
    """A clip with its truth. xyz: (T, 17, 3) metres in camera axes, NaN where there is none; up: (3,), likewise."""

    name: str
    group: str
    """What it shares its motion or its person with."""
    video: Path
    camera: Camera
    xyz: Floats
    up: Floats


@dataclass(frozen=True)
class Judged:
    """A run. seen, n, p: its errors, means over the frames with truth; grade: as shown, exact: 0 to 1."""

    name: str
    group: str
    spoiling: str
    seen: float
    n: float
    p: float
    grade: int
    exact: float
    alone: float
    """As exact, were no second lifter asked."""
    apart: float
    """Millimetres by which both lifters differ, mean over the frames with the person."""
    findings: tuple[str, ...]


def examples() -> Iterator[Known]:
    """Those that the page offers."""
    for clip in CLIPS:
        video = ASSETS / "examples" / f"{clip.name}.mp4"
        yield Known(clip.name, clip.name, video, clip.camera, load_truth(video.with_suffix(".json")).xyz, upwards(clip))


def trials(folder: Path, unseen: bool = False) -> Iterator[Known]:
    """One of each motion of synthetic/trials.py, as short as needed, rendered where the folder has them not.

    unseen: the other one of each.
    """
    for trial in TRIALS[0 if unseen else 1 :: 2]:
        clip, video = replace(trial.clip, frames=FRAMES), folder / f"{trial.clip.name}.mp4"
        if not video.exists():
            render_clip(clip, folder, trial.room)
        yield Known(clip.name, trial.motion, video, clip.camera, clip.truth().xyz, upwards(clip))


def upwards(clip: Clip) -> Floats:
    """(3,) true up in camera axes."""
    return clip.placement.rotation @ [0.0, 1.0, 0.0]


def real(folder: Path) -> Iterator[Known]:
    """Those of one person each; PERSON_vVIEW.json is one of a person's. A camera of unknown tilt is taken for level."""
    for path in sorted(folder.glob("*.json")):
        if clip := RealClip.load(path):
            up = clip.up if np.isfinite(clip.up).all() else CAMERA_UP
            yield Known(path.stem, path.stem.split("_v")[0], clip.video, clip.camera, clip.xyz, up)


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
    truth = spoiling.turn(clip.xyz[: spoiling.rows.stop : spoiling.rows.step])
    p, n = 1000 * errors(result.pose3d.xyz, truth).mean(0)
    level = Ground(spoiling.turn(clip.up), 0.0, 1.0)
    seen = 1000 * errors(faced(result.world, level.world(truth)), level.world(truth))[:, 1].mean()
    found = quality(result)
    codes = tuple(finding.code for finding in found.findings)
    alone = quality(replace(result, disagreement=None)).overall
    apart = 1000 * _mean(result.disagreement, np.asarray(result.pose2d.observed.any(axis=1), bool))
    shown = round(100 * found.overall)
    return Judged(clip.name, clip.group, name, seen, n, p, shown, found.overall, alone, apart, codes)


def _mean(values: Floats | None, rows: Bools) -> float:
    """Of the values (T,) in those rows; of all where there are none; 0 without values."""
    if values is None:
        return 0.0
    return float(values[rows if rows.any() else ~rows].mean())


def faced(world: Floats, truth: Floats) -> Floats:
    """A motion (T, 17, 3) with its pelvis at 0, turned about the upright as is best for the whole of it."""
    ours, true = (xyz[..., ACROSS] + 1j * xyz[..., ALONG] for xyz in (world - world[:, :1], truth - truth[:, :1]))
    turned = ours * np.exp(1j * np.angle(np.nansum((ours.conj() * true)[:, COMPARED])))
    return np.stack([turned.real, (world - world[:, :1])[..., HEIGHT], turned.imag], -1)


def main(
    folder: Annotated[Path | None, typer.Argument(help="Real clips with truth.")] = None,
    out: Annotated[Path | None, typer.Option(help="Keep clips and results here, and use those that are here.")] = None,
    detector: str = "blazepose-full",
    unseen: Annotated[bool, typer.Option(help="Generated clips alone that nothing was chosen on.")] = False,
) -> None:
    """Prints a line per run, and how well the grade ranks them."""
    estimate = pipeline(detector=detector, device="cpu")
    runs: list[Judged] = []
    nobody = 0
    with tempfile.TemporaryDirectory() as temporary:
        kept = out or Path(temporary)
        seen = chain(examples(), real(folder) if folder else (), trials(kept / "clips"))
        for clip in trials(kept / "clips", unseen=True) if unseen else seen:
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
    figures = f"{judged.seen:>6.1f} {judged.n:>6.1f} {judged.p:>6.1f} {judged.grade:>4}"
    print(f"{title:<44} {figures}  {', '.join(judged.findings)}", flush=True)


def by_spoiling(runs: list[Judged]) -> None:
    """The medians of each way of spoiling."""
    print(f"\n{'spoilt by':<22} {'runs':>5} {'seen':>6} {'N':>6} {'P':>6} {'grade':>6} {'least':>6} {'most':>6}")
    for name in SPOILINGS:
        rows = [(run.seen, run.n, run.p, run.grade) for run in runs if run.spoiling == name]
        if rows:
            middle = " ".join(f"{value:>6.0f}" for value in np.median(rows, axis=0))
            grades = [row[-1] for row in rows]
            print(f"{name:<22} {len(rows):>5} {middle} {min(grades):>6} {max(grades):>6}")


def summary(runs: list[Judged]) -> None:
    """Spearman's correlation by half of the clips, and whether 100 of 100 is only given to the best."""
    groups = sorted({run.group for run in runs})
    tuned, kept = groups[::2], groups[1::2]
    print(f"tuned: {', '.join(tuned)}; kept: {', '.join(kept)}")
    parts = {
        "all": runs,
        "tuned": [run for run in runs if run.group in tuned],
        "kept": [run for run in runs if run.group in kept],
        "as they are": [run for run in runs if run.spoiling == "nothing"],
        "not turned": [run for run in runs if run.spoiling != "turned"],
    }
    for name, part in parts.items():
        ranks = "  ".join(f"{kind} {ranked(part, kind):6.3f}" for kind in ("seen", "n", "p"))
        print(f"{name:<12} {len(part):>4} runs, Spearman: {ranks}")
    true = [run.seen for run in runs]
    print(f"without a second lifter, seen: {correlated([run.alone for run in runs], true):6.3f}")
    print(f"left out, seen: {correlated(left_out(runs), true):6.3f}")
    low, high = np.percentile([ranked(part, "seen") for part in drawn(runs)], [5, 95])
    print(f"all, seen, clips drawn anew: 5 and 95 percent at {low:.3f} and {high:.3f}")
    for grade in GRADES:
        within = [run.seen for run in runs if grade_of(run.exact) == grade]
        print(f"{grade:<5} {len(within):>4} runs, seen {np.percentile(within, [10, 50, 90]).round().tolist()}")
    best = float(np.quantile([run.seen for run in runs], BEST))
    high_ones = [run.seen for run in runs if run.grade >= HIGH]
    full = [run.seen for run in runs if run.grade == FULL]
    within = sum(error <= best for error in full)
    print(f"the best tenth ends at {best:.1f} mm; 100 of 100: {len(full)}, {within} of them within it")
    high_within = sum(error <= best for error in high_ones)
    print(f"the most is {max(run.grade for run in runs)}; {HIGH} and more: {len(high_ones)}, {high_within} within it")
    print("as wanted" if ranked(runs, "seen") <= WANTED and within == len(full) else "NOT as wanted")


def ranked(runs: list[Judged], kind: str) -> float:
    """Spearman's correlation of the grades with an error."""
    return correlated([run.exact for run in runs], [getattr(run, kind) for run in runs])


def correlated(grades: list[float], wrong: list[float]) -> float:
    """Spearman's correlation."""
    return float(spearmanr(grades, wrong)[0])  # pyright: ignore[reportArgumentType]


def left_out(runs: list[Judged]) -> list[float]:
    """Grades of runs, each with the range of disagreement that ranks all other groups best."""
    grades = {ends: [run.alone * float(np.interp(run.apart, ends, (1, 0))) for run in runs] for ends in RANGES}
    chosen = {group: _best(runs, grades, group) for group in {run.group for run in runs}}
    return [grades[chosen[run.group]][row] for row, run in enumerate(runs)]


def _best(runs: list[Judged], grades: dict[tuple[float, float], list[float]], group: str) -> tuple[float, float]:
    others = [row for row, run in enumerate(runs) if run.group != group]
    true = [runs[row].seen for row in others]
    return min(RANGES, key=lambda ends: correlated([grades[ends][row] for row in others], true))


def drawn(runs: list[Judged]) -> Iterator[list[Judged]]:
    """The runs of as many groups as there are, drawn with repetition, again and again."""
    by_group = {group: [run for run in runs if run.group == group] for group in sorted({run.group for run in runs})}
    random = np.random.default_rng(0)
    for _ in range(DRAWS):
        yield [run for group in random.choice(list(by_group), len(by_group)) for run in by_group[group]]


if __name__ == "__main__":
    typer.run(main)
