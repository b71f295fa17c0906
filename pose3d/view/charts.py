"""Charts as assets/charts.js draws them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from pose3d.analysis import Chart
from pose3d.core.arrays import Floats
from pose3d.core.colours import COLOURS
from pose3d.core.words import texts
from pose3d.view.player import rounded


def chart_data(group: str, drawn: Iterable[Chart], times: Floats, language: str) -> dict[str, Any]:
    """What assets/charts.js needs, ready for JSON.

    times: (N,) seconds of the source video, of the charts' values. group: part of the ids of the charts' places; charts
    of one group have different names.
    """
    words = texts("charts", language)
    return {
        "times": rounded(times, 4),
        "seconds": words["seconds"],
        "charts": [
            {
                "id": f"chart-{group}-{chart.name}",
                "unit": words[chart.unit],
                "lines": [
                    {
                        "name": words[curve.side],
                        "colour": COLOURS[curve.side],
                        "values": _plain(curve.values, chart.digits),
                    }
                    for curve in chart.curves
                ],
            }
            for chart in drawn
        ],
    }


def _plain(values: Floats, digits: int) -> list[float | None]:
    """Short decimals; None, where the line is broken, for NaN."""
    return [None if np.isnan(value) else round(float(value), digits) for value in values]
