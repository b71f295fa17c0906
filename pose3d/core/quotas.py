"""What one machine gives away: of its disk, memory and time, to whom and for how long; all in one object.

A value comes from the command line of `python app.py`, else from the environment (POSE3D_FILE_MB=200), else from the
YAML file that POSE3D_QUOTAS names, else it is the default. Worker processes inherit the environment, so there is one
answer for all of them.
"""

from __future__ import annotations

import functools
import os
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from pose3d.core.errors import ConfigError
from pose3d.core.objects import is_object

PREFIX = "POSE3D_"
FILE = PREFIX + "QUOTAS"
"""The environment variable with the path of a YAML file."""


class Quotas(BaseSettings):
    """Frozen. Unknown names in the file and values out of range raise ConfigError, which names them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", allow_inf_nan=False)

    file_mb: float = Field(500, gt=0, description="megabytes of a video")
    json_mb: float = Field(50, gt=0, description="megabytes of a saved result or any other text that is sent")
    model_mb: float = Field(1500, gt=0, description="megabytes of a published model's weights")
    megapixels: float = Field(40, gt=0, description="megapixels of a picture; 8K has 33")
    frames: int = Field(3000, ge=1, description="frames that the page reads of a video")
    video_seconds: float = Field(600, gt=0, description="seconds of the part of a video that is read")
    work_seconds: float = Field(1800, gt=0, description="seconds that a step of the work may take")
    look_seconds: float = Field(20, gt=0, description="seconds that a first look at a file may take")
    worker_mb: float = Field(6000, ge=500, description="megabytes of memory of a worker")
    looker_mb: float = Field(1500, ge=300, description="megabytes of memory of a worker that only looks at files")
    workers: int = Field(1, ge=1, le=64, description="videos that are worked on at once")
    lookers: int = Field(2, ge=1, le=64, description="files that are looked at at once")
    queue: int = Field(16, ge=1, le=30, description="jobs that wait, of all visitors together")
    waiting: int = Field(2, ge=0, description="jobs of one visitor that wait while one is being worked on")
    visits: int = Field(500, ge=10, description="visits whose last result is at hand; the least used are forgotten")
    disk_mb: float = Field(10_000, gt=0, description="megabytes of all results and uploads together")
    hours: float = Field(24, gt=0, description="hours that results are kept, and links to them work")
    private_addresses: bool = Field(False, description="whether to fetch videos from addresses of the own network")
    frame_ancestors: str = Field(
        "'self' https://huggingface.co https://*.hf.space", description="pages that may show this one in a frame"
    )
    log_names: bool = Field(False, description="whether the log tells names of files")

    def __init__(self, **values: Any):
        """Raises ConfigError."""
        try:
            super().__init__(**values)
        except ValidationError as e:
            first = e.errors()[0]
            name = ".".join(map(str, first["loc"]))
            raise ConfigError("quota", name=name, reason=first["msg"], known=", ".join(type(self).model_fields)) from e

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where values come from, the first that has one decides."""
        return init_settings, env_settings, InitSettingsSource(settings_cls, _of_file(os.environ.get(FILE)))


def _of_file(path: str | None) -> dict[str, Any]:
    """Raises ConfigError."""
    if not path:
        return {}
    try:
        content = yaml.safe_load(Path(path).read_text("utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as e:
        raise ConfigError("settings_file", path=path, reason=e) from e
    if not is_object(content):
        raise ConfigError("settings_file", path=path, reason="it must hold names and values")
    return content


@functools.cache
def quotas() -> Quotas:
    """This process's, read once. Raises ConfigError."""
    return Quotas()


def take_arguments(arguments: Sequence[str]) -> None:
    """Quotas from a command line, as --file-mb 200, for this process and its workers. Raises ConfigError."""
    parser = ArgumentParser(usage="python app.py [--NAME VALUE ...]", allow_abbrev=False)
    parser.add_argument("--quotas", metavar="FILE", help="a YAML file with any of the values below")
    for name, field in Quotas.model_fields.items():
        text = f"{field.description} ({field.default})".replace("%", "%%")
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="VALUE", help=text)
    given = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value is not None}
    os.environ.update({PREFIX + name.upper(): value for name, value in given.items()})
    quotas.cache_clear()
    quotas()
