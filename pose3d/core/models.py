"""Which networks made a result."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelInfo:
    """name: as in settings; sha256: hex digest of its weights file."""

    name: str
    sha256: str
