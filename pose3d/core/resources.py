"""Reads the project's own settings; unknown keys are errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pose3d.core.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIGS = ROOT / "configs"
ASSETS = ROOT / "assets"

Settings = TypeVar("Settings", bound=BaseModel)


def read_yaml(path: str | Path) -> Any:
    """The content of a YAML file; a relative path is looked up in configs/."""
    try:
        return yaml.safe_load((CONFIGS / path).read_text("utf-8"))
    except (OSError, yaml.YAMLError) as e:
        raise ConfigError(f"the settings {path} cannot be read: {e}") from e


def read_settings(path: str | Path, kind: type[Settings]) -> Settings:
    """The content of a YAML file as a settings object; ConfigError names the key that is wrong."""
    try:
        return kind.model_validate(read_yaml(path))
    except ValidationError as e:
        first = e.errors()[0]
        raise ConfigError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from e
