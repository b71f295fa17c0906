"""Errors per action and over all, as a table, JSON and CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pose3d.core.arrays import Bools, Floats
from pose3d.core.errors import ConfigError
from pose3d.core.files import whole_file, write_text
from pose3d.evaluate import metrics
from pose3d.evaluate.sample import Sample
from pose3d.lift.lifter import Lifter

MILLIMETRES, PERCENT = 1000.0, 100.0

MEASURES: dict[str, tuple[Callable[[Floats, Floats], Floats], float]] = {
    "MPJPE": (metrics.mpjpe, MILLIMETRES),
    "P-MPJPE": (metrics.p_mpjpe, MILLIMETRES),
    "N-MPJPE": (metrics.n_mpjpe, MILLIMETRES),
    "MPJVE": (metrics.mpjve, MILLIMETRES),
    "3DPCK@150": (metrics.pck, PERCENT),
    "AUC": (metrics.auc, PERCENT),
}
"""Column, what it measures, and from metres or shares to the column's unit: mm (per frame for MPJVE) or percent."""

OVERALL = "overall"

Errors = dict[str, Floats]
"""By column, a value per frame, or per step between frames."""


@dataclass(frozen=True)
class Row:
    """An action's mean errors over its frames, by column of MEASURES."""

    action: str
    frames: int
    values: dict[str, float]


@dataclass(frozen=True)
class Report:
    """rows: the actions by name, then `overall`, which is the mean of the actions, as published tables have it."""

    model: str
    rows: tuple[Row, ...]

    def text(self) -> str:
        """A table for people: errors in mm (MPJVE per frame), shares in percent."""
        width = max(len(row.action) for row in self.rows)
        head = f"{'':<{width}} {'frames':>8}" + "".join(f" {name:>10}" for name in MEASURES)
        lines = [
            f"{row.action:<{width}} {row.frames:>8}" + "".join(f" {row.values[name]:>10.2f}" for name in MEASURES)
            for row in self.rows
        ]
        return "\n".join([head, *lines])

    def write_json(self, path: Path) -> None:
        """{"model": ..., "rows": [{"action", "frames", and the columns}]}. Raises OutputError."""
        rows = [{"action": row.action, "frames": row.frames, **row.values} for row in self.rows]
        write_text(path, json.dumps({"model": self.model, "rows": rows}, indent=1))

    def write_csv(self, path: Path) -> None:
        """A line per row under a header. Raises OutputError."""
        with whole_file(path) as partial, partial.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["action", "frames", *MEASURES])
            writer.writerows([row.action, row.frames, *row.values.values()] for row in self.rows)


def judge(lifter: Lifter, samples: Iterable[Sample]) -> Report:
    """Lifts every sample and compares. Raises ConfigError when there is none."""
    found: dict[str, list[Errors]] = {}
    for sample in samples:
        errors = _errors(lifter(sample.pose2d).xyz, sample.target)
        for action in sorted({*sample.action} - {""}):
            found.setdefault(action, []).append(_counted(errors, sample.action == action))
    if not found:
        raise ConfigError("no_samples")
    rows = [_row(action, errors) for action, errors in sorted(found.items())]
    means = {name: float(np.mean([row.values[name] for row in rows])) for name in MEASURES}
    overall = Row(OVERALL, sum(row.frames for row in rows), means)
    return Report(lifter.info.name, (*rows, overall))


def _errors(predicted: Floats, target: Floats) -> Errors:
    return {name: unit * measure(predicted, target) for name, (measure, unit) in MEASURES.items()}


def _counted(errors: Errors, chosen: Bools) -> Errors:
    """Those of the chosen frames (T,); a step counts when both its ends do."""
    steps = chosen[1:] & chosen[:-1]
    return {name: values[chosen if len(values) == len(chosen) else steps] for name, values in errors.items()}


def _row(action: str, errors: list[Errors]) -> Row:
    joined = {name: np.concatenate([e[name] for e in errors]) for name in MEASURES}
    values = {name: float(values.mean()) if len(values) else float("nan") for name, values in joined.items()}
    return Row(action, len(joined["MPJPE"]), values)
