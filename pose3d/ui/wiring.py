"""How the page's events run that do no work."""

from __future__ import annotations

from typing import Any

WIRING: dict[str, Any] = {"api_visibility": "private", "queue": False, "show_progress": "hidden"}
"""For events that only keep the page consistent."""

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""For events that run in the browser alone."""

LATEST: dict[str, Any] = {"trigger_mode": "always_last"}
"""For events that follow others: what comes while one is at work is not dropped, which is Gradio's way otherwise."""

OFFERING: dict[str, Any] = QUIET | LATEST | {"concurrency_limit": 1, "concurrency_id": "offering"}
"""For events that offer a run's files anew: one after the other, so that what is offered last is the newest."""
