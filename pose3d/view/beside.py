"""What else is shown of an answer, by the question's name: a running count, two figures in one player."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pose3d.view.pair import pair_data, pair_html
from pose3d.view.tally import tally_data

BADGES: dict[str, Callable[..., dict[str, Any] | None]] = {"count": tally_data}
"""Of the answer and the seconds of the source video that count as 0: what the player counts along with."""
FIGURES: dict[str, Callable[..., dict[str, Any]]] = {"compare": pair_data}
"""Of the results that the question was about and the answer: what a player of its own shows."""
PAGES: dict[str, Callable[..., str]] = {"compare": pair_html}
"""Of the same: one HTML file that shows it."""
