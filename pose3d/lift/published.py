"""Model folders as the authors published them: configuration, checkpoint and statistics, taken unchanged."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, ValidationError

from pose3d.core.arrays import Floats
from pose3d.core.camera import Camera
from pose3d.core.errors import WeightsError
from pose3d.core.models import ModelInfo
from pose3d.core.objects import is_object
from pose3d.io.models.weights import load_into, read_parts, sha256, weights_file
from pose3d.lift.canonical import CanonicalNets, PublishedCanonicalLifter
from pose3d.lift.canonical_net import PoseNet, TrajectoryNet
from pose3d.lift.hdformer import PublishedHDFormerLifter
from pose3d.lift.hdformer_net import TIME_FACTOR, HDFormerNet
from pose3d.lift.lifter import Defaults, Lifter

CONFIGURATION = "configuration.json"

Pair = tuple[float, float]
Model = TypeVar("Model", bound=BaseModel)


class _Foreign(BaseModel):
    """Somebody else's settings: what we do not know is none of our business."""

    model_config = ConfigDict(extra="ignore", frozen=True, protected_namespaces=())


class Render(_Foreign):
    """matplotlib's view of camera axes drawn as they are, degrees."""

    azim: float
    elev: float


class HDFormerInput(_Foreign):
    center: Pair
    focal_length: tuple[PositiveFloat, PositiveFloat]
    res_w: PositiveFloat
    n_frames: Annotated[int, Field(gt=0, multiple_of=TIME_FACTOR)] = 96
    window_size: PositiveInt
    max_frame: PositiveInt | None = None


class HDFormerModel(_Foreign):
    INPUT: HDFormerInput
    MODEL: dict[str, Any]


class CanonicalInput(_Foreign):
    FOCAL_LENGTH: tuple[PositiveFloat, PositiveFloat]
    CENTER: Pair
    RES_W: PositiveFloat
    RES_H: PositiveFloat
    MAX_FRAME: PositiveInt | None = None


class CanonicalSwitches(_Foreign):
    IN_NUM_JOINTS: int = 17
    IN_2D_FEATURE: int = 2
    OUT_NUM_JOINTS: int = 17
    OUT_3D_FEATURE: int = 3
    FILTER_WIDTHS: Annotated[list[PositiveInt], Field(min_length=1, max_length=8)]
    CAUSAL: bool = False
    DROPOUT: float = 0.25
    CHANNELS: Annotated[int, Field(gt=0, le=4096)] = 1024
    DENSE: bool = False
    USE_2D_OFFSETS: bool = True
    USE_CANONICAL_COORDS: bool = True


class CanonicalModel(_Foreign):
    INPUT: CanonicalInput
    MODEL: CanonicalSwitches


def load(folder: Path, device: str) -> Lifter:
    """The lifter in a published folder.

    Raises WeightsError, naming the file and what is wrong with it, for anything that is missing or does not fit.
    """
    configuration = _read_json(folder / CONFIGURATION)
    model = configuration.get("model")
    wanted = model.get("INPUT") if is_object(model) else None
    if not is_object(wanted):
        raise WeightsError("model_input", path=folder / CONFIGURATION)
    build = _canonical if "FOCAL_LENGTH" in wanted else _hdformer
    return build(folder, configuration, device)


def _hdformer(folder: Path, configuration: dict[str, Any], device: str) -> Lifter:
    settings = _check(folder, configuration["model"], HDFormerModel)
    given = settings.INPUT
    try:
        net = HDFormerNet(**settings.MODEL)
    except (TypeError, ValueError) as e:
        raise WeightsError("settings_key", path=folder / CONFIGURATION, key="model.MODEL", reason=e) from e
    path = weights_file(folder)
    load_into(net, read_parts(folder, "state_dict")["state_dict"], path)
    # the format knows no height: twice the centre's, then
    size = (round(given.res_w), max(round(2 * given.center[1]), 1))
    camera = Camera(*size, *given.focal_length, *given.center)
    return PublishedHDFormerLifter(
        net=net.to(device),
        info=ModelInfo(folder.resolve().name, sha256(path)),
        device=device,
        defaults=_defaults(folder, configuration, camera, given.max_frame),
        statistics_2d=_statistics(folder / "mean_std_2d.npy", 2),
        statistics_3d=_statistics(folder / "mean_std_3d.npy", 3),
        window=given.n_frames,
        stride=min(given.window_size, given.n_frames),
    )


def _canonical(folder: Path, configuration: dict[str, Any], device: str) -> Lifter:
    settings = _check(folder, configuration["model"], CanonicalModel)
    given, switches = settings.INPUT, settings.MODEL
    path = weights_file(folder)
    states = read_parts(folder, "model_pos", "model_traj")
    try:
        pose_net = PoseNet(
            switches.FILTER_WIDTHS,
            switches.CHANNELS,
            switches.CAUSAL,
            switches.DENSE,
            switches.DROPOUT,
            switches.IN_NUM_JOINTS,
            switches.IN_2D_FEATURE,
            switches.OUT_NUM_JOINTS,
            switches.OUT_3D_FEATURE,
        )
    except ValueError as e:
        raise WeightsError("settings_key", path=folder / CONFIGURATION, key="model.MODEL", reason=e) from e
    trajectory_net = TrajectoryNet(
        pose_net.receptive_field,
        dropout=switches.DROPOUT,
        features_2d=math.prod(pose_net.shape_in),
        features_3d=math.prod(pose_net.shape_out),
    )
    load_into(pose_net, states["model_pos"], path)
    load_into(trajectory_net, states["model_traj"], path)
    camera = Camera(round(given.RES_W), round(given.RES_H), *given.FOCAL_LENGTH, *given.CENTER)
    return PublishedCanonicalLifter(
        nets=CanonicalNets(pose_net, trajectory_net).to(device),
        info=ModelInfo(folder.resolve().name, sha256(path)),
        device=device,
        defaults=_defaults(folder, configuration, camera, given.MAX_FRAME),
        offsets=switches.USE_2D_OFFSETS,
        canonical=switches.USE_CANONICAL_COORDS,
    )


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


def _statistics(path: Path, features: int) -> tuple[Floats, Floats]:
    """Mean and deviation, each (17, features) float32. Raises WeightsError."""
    try:
        values = np.load(path, allow_pickle=False)
        mean, std = (np.broadcast_to(values[i], (17, features)).astype(np.float32) for i in (0, 1))
    except (OSError, ValueError, IndexError, TypeError) as e:
        raise WeightsError("statistics_file", path=path, features=features, reason=e) from e
    if not (np.isfinite(mean).all() and np.isfinite(std).all()):
        raise WeightsError("not_finite", path=path)
    return mean, np.where(std == 0, 1, std)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError) as e:
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
