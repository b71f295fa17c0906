"""The project's own files: configs/ and assets/, beside the package in a checkout and inside it once installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_PACKAGE = Path(__file__).resolve().parent.parent


def _folder(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""In C, ten times as fast, where PyYAML was built with it."""

CONFIGS, ASSETS = _folder("configs"), _folder("assets")


def read_yaml(path: str | Path) -> Any:
    """The content of one of our YAML files; a relative path is looked up in configs/."""
    return yaml.load((CONFIGS / path).read_text("utf-8"), LOADER)
