"""Published model folders as lifters: what is built as published is run by ONNX Runtime, anything else by PyTorch."""

from __future__ import annotations

import math
from pathlib import Path

from pose3d.core.arrays import Floats
from pose3d.core.camera import Camera
from pose3d.core.files import is_folder
from pose3d.core.resources import ASSETS
from pose3d.io.models.cache import PATH, POSES, STATE
from pose3d.io.models.converted import load_published
from pose3d.io.models.devices import choose_device, onnx_runs, torch_device
from pose3d.io.models.weights import model_info, weights_file
from pose3d.lift.canonical import (
    PUBLISHED_PATH_GRAPH,
    PUBLISHED_POSES_GRAPH,
    PublishedCanonicalLifter,
    networks_of,
)
from pose3d.lift.folders import CanonicalModel, HDFormerModel, ModelFolder
from pose3d.lift.hdformer import GRAPH, WINDOW, PublishedHDFormerLifter, Windows
from pose3d.lift.lifter import Lifter


def load(place: Path, device: str) -> Lifter:
    """The lifter in a published folder; place: the folder, or its weights file where that has another name.

    device: auto, cpu or cuda. Everything is checked before a network is made. Raises WeightsError, naming the file and
    what is wrong with it, for anything that is missing or does not fit, ConfigError without the GPU that is asked for.
    """
    folder = ModelFolder.read(place if is_folder(place) else place.parent)
    build = _canonical if folder.is_canonical else _hdformer
    return build(folder, weights_file(place), device)


def _hdformer(folder: ModelFolder, path: Path, device: str) -> Lifter:
    settings = folder.model(HDFormerModel)
    given = settings.INPUT
    statistics = {features: folder.statistics(features) for features in (2, 3)}
    info = model_info(folder.name, path)
    if settings.MODEL.as_published and given.n_frames == WINDOW and onnx_runs(device):
        (network,) = load_published(path, info.sha256, choose_device(device), {STATE: ASSETS / GRAPH})
        windows = _scaled(lambda windows: network(windows)["answer"], *statistics[3])
    else:
        from pose3d.lift.by_torch import load_hdformer

        with folder.blamed("model.MODEL"):
            windows = load_hdformer(path, torch_device(device), settings.MODEL, statistics[3])
    # the format knows no height: twice the centre's, then
    size = (round(given.res_w), max(round(2 * given.center[1]), 1))
    camera = Camera(*size, *given.focal_length, *given.center)
    return PublishedHDFormerLifter(
        network=windows,
        info=info,
        defaults=folder.defaults(camera, given.max_frame),
        statistics=statistics[2],
        window=given.n_frames,
        stride=min(given.window_size, given.n_frames),
    )


def _scaled(network: Windows, mean: Floats, std: Floats) -> Windows:
    """The network with its answers' statistics, (17, 3) each, put back."""
    return lambda windows: network(windows) * std + mean


def _canonical(folder: ModelFolder, path: Path, device: str) -> Lifter:
    settings = folder.model(CanonicalModel)
    given, switches, info = settings.INPUT, settings.MODEL, model_info(folder.name, path)
    if switches.as_published and onnx_runs(device):
        graphs = {POSES: ASSETS / PUBLISHED_POSES_GRAPH, PATH: ASSETS / PUBLISHED_PATH_GRAPH}
        poses, trajectory = load_published(path, info.sha256, choose_device(device), graphs)
        networks = networks_of(poses, trajectory, math.prod(switches.FILTER_WIDTHS))
    else:
        from pose3d.lift.by_torch import load_canonical

        with folder.blamed("model.MODEL"):
            networks = load_canonical(path, torch_device(device), switches)
    camera = Camera(round(given.RES_W), round(given.RES_H), *given.FOCAL_LENGTH, *given.CENTER)
    return PublishedCanonicalLifter(
        networks=networks,
        info=info,
        defaults=folder.defaults(camera, given.MAX_FRAME),
        offsets=switches.USE_2D_OFFSETS,
        canonical=switches.USE_CANONICAL_COORDS,
    )
