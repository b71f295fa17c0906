"""Reads settings files that people edit; unknown keys are errors."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pose3d.core.errors import ConfigError
from pose3d.core.resources import read_yaml

Settings = TypeVar("Settings", bound=BaseModel)


def read_settings(path: str | Path, kind: type[Settings]) -> Settings:
    """The content of a YAML file as a settings object; a relative path is looked up in configs/.

    Raises ConfigError naming the file and the key that is wrong.
    """
    try:
        return kind.model_validate(read_yaml(path))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as e:
        raise ConfigError("settings_file", path=path, reason=e) from e
    except ValidationError as e:
        first = e.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError("settings_key", path=path, key=where, reason=first["msg"]) from e
