"""An answer's curves as CSV: one row per moment, for spreadsheets and programs."""

from __future__ import annotations

import csv
import io

import numpy as np

from pose3d.analysis.question import Answer
from pose3d.core.arrays import Floats


def answer_csv(answer: Answer) -> str:
    """Columns time (seconds of the source video), then <chart>_<side>_<unit> for every curve; empty where unknown."""
    curves = [(chart, curve) for chart in answer.charts for curve in chart.curves]
    text = io.StringIO(newline="")
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(["time", *(f"{chart.name}_{curve.side}_{chart.unit}" for chart, curve in curves)])
    lines = [_cells(curve.values, chart.digits) for chart, curve in curves]
    sheet.writerows([f"{time:.6f}", *cells] for time, *cells in zip(answer.times, *lines, strict=True))
    return text.getvalue()


def _cells(values: Floats, digits: int) -> list[str]:
    return [f"{value:.{digits}f}" if np.isfinite(value) else "" for value in values]
