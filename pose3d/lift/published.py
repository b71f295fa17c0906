"""Model folders as the authors published them: configuration, checkpoint and statistics, taken unchanged."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from tokenize import TokenError
from typing import Annotated, Any, Literal, TypeVar

import numpy as np
import torch
from numpy.lib.format import open_memmap
from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, field_validator

from pose3d.core.arrays import Floats
from pose3d.core.camera import MAX_CENTRE, MAX_FOCAL, MAX_SIDE, MIN_FOCAL, Camera
from pose3d.core.errors import WeightsError
from pose3d.core.files import check_regular, is_folder, read_limited
from pose3d.core.models import ModelInfo
from pose3d.core.objects import is_object
from pose3d.io.models.devices import torch_device
from pose3d.io.models.weights import load_into, read_parts, sha256, weights_file
from pose3d.lift.by_torch import canonical_networks, hdformer_windows
from pose3d.lift.canonical import PublishedCanonicalLifter
from pose3d.lift.canonical_net import CanonicalNets, PoseNet, TrajectoryNet
from pose3d.lift.hdformer import PublishedHDFormerLifter
from pose3d.lift.hdformer_net import LONGEST_CHAIN, TIME_FACTOR, HDFormerNet
from pose3d.lift.lifter import Defaults, Lifter

CONFIGURATION = "configuration.json"
CONFIGURATION_MB = 1.0
"""Megabytes; the published ones have a few thousand bytes."""
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


class CanonicalModel(_Foreign):
    INPUT: CanonicalInput
    MODEL: CanonicalSwitches


def load(place: Path, device: str) -> Lifter:
    """The lifter in a published folder; place: the folder, or its weights file where that has another name.

    device: auto, cpu or cuda. Everything is checked before a network is made. Raises WeightsError, naming the file and
    what is wrong with it, for anything that is missing or does not fit, ConfigError without the GPU that is asked for.
    """
    folder = place if is_folder(place) else place.parent
    configuration = _read_json(folder / CONFIGURATION)
    model = configuration.get("model")
    wanted = model.get("INPUT") if is_object(model) else None
    if not is_object(wanted):
        raise WeightsError("model_input", path=folder / CONFIGURATION)
    build = _canonical if "FOCAL_LENGTH" in wanted else _hdformer
    return build(folder, configuration, weights_file(place), torch_device(device))


def _hdformer(folder: Path, configuration: dict[str, Any], path: Path, device: str) -> Lifter:
    settings = _check(folder, configuration["model"], HDFormerModel)
    given = settings.INPUT
    try:
        net = HDFormerNet(**settings.MODEL.model_dump())
    except ValueError as e:
        raise WeightsError("settings_key", path=folder / CONFIGURATION, key="model.MODEL", reason=e) from e
    statistics = {features: _statistics(folder / f"mean_std_{features}d.npy", features) for features in (2, 3)}
    load_into(net, read_parts(path, "state_dict")["state_dict"], path)
    # the format knows no height: twice the centre's, then
    size = (round(given.res_w), max(round(2 * given.center[1]), 1))
    camera = Camera(*size, *given.focal_length, *given.center)
    return PublishedHDFormerLifter(
        network=hdformer_windows(net, *statistics[3], device),
        info=ModelInfo(_name(folder), sha256(path)),
        defaults=_defaults(folder, configuration, camera, given.max_frame),
        statistics=statistics[2],
        window=given.n_frames,
        stride=min(given.window_size, given.n_frames),
    )


def _canonical(folder: Path, configuration: dict[str, Any], path: Path, device: str) -> Lifter:
    settings = _check(folder, configuration["model"], CanonicalModel)
    given, switches = settings.INPUT, settings.MODEL
    try:
        nets = _canonical_nets(switches)
    except ValueError as e:
        raise WeightsError("settings_key", path=folder / CONFIGURATION, key="model.MODEL", reason=e) from e
    states = read_parts(path, "model_pos", "model_traj")
    load_into(nets.model_pos, states["model_pos"], path)
    load_into(nets.model_traj, states["model_traj"], path)
    camera = Camera(round(given.RES_W), round(given.RES_H), *given.FOCAL_LENGTH, *given.CENTER)
    return PublishedCanonicalLifter(
        networks=canonical_networks(nets, device),
        info=ModelInfo(_name(folder), sha256(path)),
        defaults=_defaults(folder, configuration, camera, given.MAX_FRAME),
        offsets=switches.USE_2D_OFFSETS,
        canonical=switches.USE_CANONICAL_COORDS,
    )


def _canonical_nets(switches: CanonicalSwitches) -> CanonicalNets:
    """Without memory: `load_into` gives it to them where the weights are as large. Raises ValueError."""
    with torch.device("meta"):
        pose = PoseNet(switches.FILTER_WIDTHS, switches.CHANNELS, switches.CAUSAL, switches.DENSE, switches.DROPOUT)
        return CanonicalNets(pose, TrajectoryNet(pose.receptive_field, dropout=switches.DROPOUT))


def _defaults(folder: Path, configuration: dict[str, Any], camera: Camera, max_frames: int | None) -> Defaults:
    azimuth, elevation = None, None
    if "render" in configuration:
        azimuth, elevation = _viewpoint(_check(folder, configuration["render"], Render))
    return Defaults(camera, max_frames, azimuth, elevation)


def _viewpoint(render: Render) -> tuple[float, float]:
    """Our azimuth and elevation for matplotlib's, whose z axis, "up", is the camera's z axis, forward."""
    azim, elev = math.radians(render.azim), math.radians(render.elev)
    x, y, z = math.cos(elev) * math.cos(azim), math.cos(elev) * math.sin(azim), math.sin(elev)
    elevation = math.degrees(math.asin(max(-1.0, min(1.0, -y))))
    return (math.degrees(math.atan2(x, -z)) if math.hypot(x, z) > 1e-6 else 0.0), elevation


def _name(folder: Path) -> str:
    """As results tell it, in letters of any language."""
    return os.fsencode(folder.resolve().name).decode("utf-8", "replace")


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


def _check(folder: Path, content: Any, kind: type[Model]) -> Model:
    try:
        return kind.model_validate(content)
    except ValidationError as e:
        first = e.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise WeightsError("settings_key", path=folder / CONFIGURATION, key=where, reason=first["msg"]) from e
