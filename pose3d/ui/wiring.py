"""How the page's events run that do no work."""

from __future__ import annotations

from typing import Any

WIRING: dict[str, Any] = {"api_visibility": "private", "queue": False, "show_progress": "hidden"}
"""For events that only keep the page consistent."""

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""For events that run in the browser alone."""
