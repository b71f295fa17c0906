"""Every setting of a run, with its unit and limits: one object behind command line, page, link, API and batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.config import JsonDict

from pose3d.core.camera import NARROWEST, WIDEST, Camera
from pose3d.core.errors import ConfigError
from pose3d.core.video import Orientation, Span

Language = Literal["en", "zh"]
Figure = Literal["skeleton", "avatar"]
Stills = Literal["person", "skeleton", "none"]
Level = Literal["auto", "on", "off"]
Rotation = Literal[0, 90, 180, 270]

SECONDS: JsonDict = {"unit": "s"}
DEGREES: JsonDict = {"unit": "deg"}
PIXELS: JsonDict = {"unit": "px"}
METRES: JsonDict = {"unit": "m"}
"""Units of settings, for what is made from the schema."""
LATEST = 100_000.0
"""Seconds: no video is so long."""
SHORTEST, TALLEST = 0.3, 2.6
"""Metres: no stature beyond is accepted."""
AZIMUTH, ELEVATION = 40.0, 15.0
"""Degrees: the first look; it shows the depth that the picture beside it cannot."""


class RunConfig(BaseModel):
    """What one run is asked for. Frozen and picklable; unknown names and values out of range raise ConfigError."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    model: str = Field("hdformer", description="hdformer, canonical, or a published model's id or folder")
    detector: str = Field("blazepose", description="blazepose, blazepose-full, hrnet, or a published HRNet's folder")
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="where the networks run")
    person: int | None = Field(
        None, ge=1, description="which of the people seen, from 1; none: the largest and longest in view"
    )
    start: float = Field(
        0.0, ge=0, le=LATEST, description="seconds of the video from which to read", json_schema_extra=SECONDS
    )
    end: float | None = Field(
        None, ge=0, le=LATEST, description="seconds before which to stop", json_schema_extra=SECONDS
    )
    max_frames: int | None = Field(None, ge=1, description="at most so many frames are read")
    rotate: Rotation = Field(0, description="degrees to turn the picture counter-clockwise", json_schema_extra=DEGREES)
    mirror: bool = Field(False, description="whether to exchange left and right of the picture, as selfie files need")
    fov: float | None = Field(
        None,
        ge=NARROWEST,
        le=WIDEST,
        description="field of view across the longer side",
        json_schema_extra=DEGREES,
    )
    camera: Camera | None = Field(None, description="intrinsics, instead of a field of view", json_schema_extra=PIXELS)
    height: float | None = Field(
        None,
        ge=SHORTEST,
        le=TALLEST,
        description="the person's stature, which makes the units metres",
        json_schema_extra=METRES,
    )
    level: Level = Field("auto", description="whether to undo the camera's tilt; auto: where it is sure")
    azimuth: float | None = Field(
        None,
        ge=-360,
        le=360,
        description="from where the clip is drawn: 0 is the camera, 90 its right",
        json_schema_extra=DEGREES,
    )
    elevation: float | None = Field(None, ge=-90, le=90, description="above the horizon", json_schema_extra=DEGREES)
    figure: Figure = Field("skeleton", description="what the clip shows in space")
    count: str = Field(
        "auto",
        description="what is counted in player and clip: an exercise of configs/exercises.yaml; auto: the one that it "
        "is; any: whatever repeats; or off",
    )
    export: tuple[str, ...] = Field((), description="further formats to write")
    render: bool = Field(True, description="whether to draw the clip")
    report: bool = Field(False, description="whether to write report.html")
    stills: Stills = Field(
        "person", description="pictures in report.html: of the person, of the skeleton alone, or none"
    )
    language: Language = Field("en", description="of what people read")

    def __init__(self, **settings: Any):
        """Raises ConfigError for an unknown setting, or one out of range."""
        try:
            super().__init__(**settings)
        except ValidationError as e:
            raise _error(e) from e

    @model_validator(mode="after")
    def _consistent(self) -> RunConfig:
        if self.end is not None and self.end <= self.start:
            raise ConfigError("span_order", start=self.start, end=self.end)
        if self.camera is not None and self.fov is not None:
            raise ConfigError("camera_and_fov")
        return self

    def but(self, **settings: Any) -> RunConfig:
        """The same with other values for some settings, checked. Raises ConfigError."""
        return RunConfig(**{name: getattr(self, name) for name in RunConfig.model_fields} | settings)

    @property
    def span(self) -> Span:
        """Which part of the video."""
        return Span(self.start, self.end, self.max_frames)

    @property
    def orientation(self) -> Orientation:
        """How the pictures are turned."""
        return Orientation(self.rotate, self.mirror)


@dataclass(frozen=True)
class Limits:
    """What a setting's number may be; None where there is no limit. unit: as in "12 cm", or nothing."""

    low: float | None
    high: float | None
    unit: str = ""


def limits(name: str) -> Limits:
    """Those of a setting of RunConfig."""
    setting = RunConfig.model_fields[name]
    ends = {kind: getattr(mark, kind) for mark in setting.metadata for kind in ("ge", "le") if hasattr(mark, kind)}
    extra = cast("dict[str, str] | None", setting.json_schema_extra)  # ours, as SECONDS
    return Limits(ends.get("ge"), ends.get("le"), extra["unit"] if extra else "")


def choices(name: str) -> tuple[Any, ...]:
    """The values that a setting of RunConfig can have, where those are few; none otherwise."""
    annotation = RunConfig.model_fields[name].annotation
    return get_args(annotation) if get_origin(annotation) is Literal else ()


_NUMBERS = ("greater_than_equal", "less_than_equal")
"""What pydantic calls a number out of its limits."""


def _error(e: ValidationError) -> ConfigError:
    """The first complaint as one of our own."""
    first = e.errors()[0]
    name, value = str(first["loc"][0]) if first["loc"] else "", first["input"]
    if first["type"] == "extra_forbidden":
        return ConfigError("unknown_setting", name=name, known=", ".join(RunConfig.model_fields))
    if first["type"] == "literal_error":
        return ConfigError("unknown_choice", name=name, value=value, known=", ".join(map(str, choices(name))))
    if first["type"] in _NUMBERS:
        return out_of_limits(name, value, limits(name))
    return ConfigError("bad_setting", name=name, value=value, reason=first["msg"])


def out_of_limits(name: str, value: float, allowed: Limits) -> ConfigError:
    """The error of a number that is not allowed; all in one unit."""
    low, high, unit = allowed.low, allowed.high, f" {allowed.unit}".rstrip()
    if high is None:
        return ConfigError("too_small", name=name, value=value, low=low, unit=unit)
    return ConfigError("out_of_range", name=name, value=value, low=low, high=high, unit=unit)
