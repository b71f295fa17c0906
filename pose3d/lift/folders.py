"""What lies in a published model folder beside the checkpoint: its configuration and statistics, checked."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError
from typing import Annotated, Any, Literal, TypeVar

import numpy as np
from numpy.lib.format import open_memmap
from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, field_validator

from pose3d.core.arrays import Floats
from pose3d.core.camera import MAX_CENTRE, MAX_FOCAL, MAX_SIDE, MIN_FOCAL, Camera
from pose3d.core.errors import WeightsError
from pose3d.core.files import check_regular, read_limited
from pose3d.core.objects import is_object
from pose3d.lift.lifter import Defaults

CONFIGURATION = "configuration.json"
CONFIGURATION_MB = 1.0
"""Megabytes; the published ones have a few thousand bytes."""
TIME_FACTOR = 16
"""HDFormer halves the time axis four times, so its windows are multiples of this."""
LONGEST_CHAIN = 5
"""Bones in a row, from one end of the skeleton towards another."""
FEW, MANY = 1e-9, 1e6
"""Units of the statistics: no deviation is smaller but one of 0, no value larger."""

Focal = Annotated[float, Field(ge=MIN_FOCAL, le=MAX_FOCAL)]
Centre = Annotated[float, Field(ge=-MAX_CENTRE, le=MAX_CENTRE)]
Side = Annotated[float, Field(ge=1, le=MAX_SIDE)]
"""Pixels."""
Frames = Annotated[int, Field(ge=1, le=10_000)]
"""Of a window, or of a video; the published ones have 96 and some thousands."""
Dropout = Annotated[float, Field(ge=0, lt=1)]
MOST_FRAMES = 1000
"""That a CanonicalPose3D may look at for one pose; the published one looks at 243."""

PUBLISHED_WIDTHS, PUBLISHED_CHANNELS = [3, 3, 3, 3, 3], 1024
"""Of CanonicalPose3D's pose network."""

Model = TypeVar("Model", bound=BaseModel)


class _Foreign(BaseModel):
    """Somebody else's settings: what we do not know is none of our business."""

    model_config = ConfigDict(extra="ignore", frozen=True, protected_namespaces=(), allow_inf_nan=False)


class Render(_Foreign):
    """matplotlib's view of camera axes drawn as they are, degrees."""

    azim: float
    elev: float


class HDFormerInput(_Foreign):
    center: tuple[Centre, Centre]
    focal_length: tuple[Focal, Focal]
    res_w: Side
    n_frames: Annotated[Frames, Field(multiple_of=TIME_FACTOR)] = 96
    window_size: Frames
    max_frame: PositiveInt | None = None


class HDFormerSwitches(_Foreign):
    """HDFormerNet's arguments."""

    model_config = ConfigDict(extra="forbid")

    in_channels: Literal[2] = 2
    n_joints: Literal[17] = 17
    dropout: Dropout = 0.3
    data_bn: bool = True
    PJN: bool = True
    attention_down: bool = False
    attention_up: bool = False
    attention_merge: bool = True
    max_hop: Annotated[int, Field(ge=2, le=LONGEST_CHAIN)] = 4
    regressor_type: str = "conv"
    regress_with_edge: bool = False

    @property
    def as_published(self) -> bool:
        """Whether the network is built as the published one is."""
        return self == HDFormerSwitches(dropout=self.dropout)


class HDFormerModel(_Foreign):
    INPUT: HDFormerInput
    MODEL: HDFormerSwitches


class CanonicalInput(_Foreign):
    FOCAL_LENGTH: tuple[Focal, Focal]
    CENTER: tuple[Centre, Centre]
    RES_W: Side
    RES_H: Side
    MAX_FRAME: PositiveInt | None = None


class CanonicalSwitches(_Foreign):
    IN_NUM_JOINTS: Literal[17] = 17
    IN_2D_FEATURE: Literal[2] = 2
    OUT_NUM_JOINTS: Literal[17] = 17
    OUT_3D_FEATURE: Literal[3] = 3
    FILTER_WIDTHS: Annotated[list[Frames], Field(min_length=1, max_length=8)]
    CAUSAL: bool = False
    DROPOUT: Dropout = 0.25
    CHANNELS: Annotated[int, Field(gt=0, le=4096)] = 1024
    DENSE: bool = False
    USE_2D_OFFSETS: bool = True
    USE_CANONICAL_COORDS: bool = True

    @field_validator("FILTER_WIDTHS")
    @classmethod
    def _not_too_wide(cls, widths: list[int]) -> list[int]:
        if math.prod(widths) > MOST_FRAMES:
            raise ValueError(f"their product is over {MOST_FRAMES}")
        return widths

    @property
    def as_published(self) -> bool:
        """Whether the networks are built as the published ones are."""
        built = (self.FILTER_WIDTHS, self.CHANNELS, self.CAUSAL, self.DENSE)
        return built == (PUBLISHED_WIDTHS, PUBLISHED_CHANNELS, False, False)


class CanonicalModel(_Foreign):
    INPUT: CanonicalInput
    MODEL: CanonicalSwitches


@dataclass(frozen=True)
class ModelFolder:
    """One, whose configuration was read; errors name it and what is wrong."""

    path: Path
    content: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> ModelFolder:
        """Raises WeightsError where it has no configuration with a model in it."""
        content = _read_json(path / CONFIGURATION)
        model = content.get("model")
        if not is_object(model) or not is_object(model.get("INPUT")):
            raise WeightsError("model_input", path=path / CONFIGURATION)
        return cls(path, content)

    @property
    def is_canonical(self) -> bool:
        """Whether it is a CanonicalPose3D; else it is a HDFormer."""
        return "FOCAL_LENGTH" in self.content["model"]["INPUT"]

    @property
    def name(self) -> str:
        """As results tell it, in letters of any language."""
        return os.fsencode(self.path.resolve().name).decode("utf-8", "replace")

    def model(self, kind: type[Model]) -> Model:
        """Its settings. Raises WeightsError."""
        return self._check(self.content["model"], kind)

    def defaults(self, camera: Camera, max_frames: int | None) -> Defaults:
        """What a run takes from it, unless it is told otherwise. Raises WeightsError."""
        azimuth, elevation = None, None
        if "render" in self.content:
            azimuth, elevation = _viewpoint(self._check(self.content["render"], Render))
        return Defaults(camera, max_frames, azimuth, elevation)

    def statistics(self, features: int) -> tuple[Floats, Floats]:
        """Mean and deviation, each (17, features) float32. Raises WeightsError."""
        return _statistics(self.path / f"mean_std_{features}d.npy", features)

    def fault(self, key: str, reason: object) -> WeightsError:
        """That something is wrong with a key of the configuration."""
        return WeightsError("settings_key", path=self.path / CONFIGURATION, key=key, reason=reason)

    @contextmanager
    def blamed(self, key: str) -> Generator[None]:
        """A ValueError inside becomes a fault of that key. Raises WeightsError."""
        try:
            yield
        except ValueError as e:
            raise self.fault(key, e) from e

    def _check(self, content: Any, kind: type[Model]) -> Model:
        try:
            return kind.model_validate(content)
        except ValidationError as e:
            first = e.errors()[0]
            raise self.fault(".".join(map(str, first["loc"])), first["msg"]) from e


def _viewpoint(render: Render) -> tuple[float, float]:
    """Our azimuth and elevation for matplotlib's, whose z axis, "up", is the camera's z axis, forward."""
    azim, elev = math.radians(render.azim), math.radians(render.elev)
    x, y, z = math.cos(elev) * math.cos(azim), math.cos(elev) * math.sin(azim), math.sin(elev)
    elevation = math.degrees(math.asin(max(-1.0, min(1.0, -y))))
    return (math.degrees(math.atan2(x, -z)) if math.hypot(x, z) > 1e-6 else 0.0), elevation


def _statistics(path: Path, features: int) -> tuple[Floats, Floats]:
    """Mean and deviation, each (17, features) float32. Raises WeightsError."""
    try:
        check_regular(path)
        values = open_memmap(path, mode="r")  # nothing is read of what the header only claims to be there
        if values.dtype.kind not in "fiu":
            raise ValueError(f"it holds {values.dtype}")
        mean, std = (np.broadcast_to(values[i], (17, features)).astype(np.float64) for i in (0, 1))
    except (OSError, ValueError, IndexError, TypeError, OverflowError, MemoryError, SyntaxError, TokenError) as e:
        raise WeightsError("statistics_file", path=path, features=features, reason=e) from e
    if not (np.isfinite(mean).all() and np.isfinite(std).all()):
        raise WeightsError("not_finite", path=path)
    if max(np.abs(mean).max(), std.max()) > MANY or std.min() < 0:
        reason = f"values beyond {MANY:.0f}, or a deviation below 0"
        raise WeightsError("statistics_file", path=path, features=features, reason=reason)
    return mean.astype(np.float32), np.where(std < FEW, 1, std).astype(np.float32)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(read_limited(path, CONFIGURATION_MB).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as e:
        raise WeightsError("model_file", path=path, reason=e) from e
    if not is_object(content):
        raise WeightsError("json_object", path=path)
    return content
