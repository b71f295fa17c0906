"""Downloads the published models, checks them and converts them once to safetensors in the user's cache."""
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false
# ModelScope's client has no types

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from pose3d.core.errors import ConfigError, DependencyError, DownloadError
from pose3d.io.models.cache import PUBLISHED, cache, is_fetched, place
from pose3d.io.models.weights import CHECKPOINT, CONVERTED, read_parts, write_parts

BESIDE = ("configuration.json", "mean_std_2d.npy", "mean_std_3d.npy")
"""Files that go with a checkpoint, where there are any."""

Check = Callable[[str, Path], object]
"""Loads the model of a name from a folder; raises WeightsError where it does not fit."""


def fetch(name: str, check: Check) -> Path:
    """Downloads a published model, unless it is there; goes on where an earlier download was cut off.

    check: what came is kept only if it loads. Raises ConfigError for an unknown id, DependencyError without
    ModelScope's client, DownloadError when it cannot be reached, WeightsError when what came is not what it should be.
    """
    if name not in PUBLISHED:
        raise ConfigError("unknown_published", name=name, known=", ".join(PUBLISHED))
    if not is_fetched(name):
        downloaded = place(name).with_suffix(".download")
        convert(_download(name, downloaded), name, check)
        shutil.rmtree(downloaded)
    return place(name)


def convert(source: Path, name: str, check: Check) -> None:
    """A published folder to its converted form in the cache, all or nothing. Raises WeightsError."""
    states = read_parts(source, *PUBLISHED[name])
    cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache(), prefix="converting.") as working:
        folder = Path(working) / "model"
        folder.mkdir()
        for file in filter(Path.is_file, (source / beside for beside in BESIDE)):
            shutil.copyfile(file, folder / file.name)
        write_parts(folder / CONVERTED, states)
        check(name, folder)  # what does not fit must not be kept
        shutil.rmtree(place(name), ignore_errors=True)
        folder.rename(place(name))


def _download(name: str, folder: Path) -> Path:
    try:
        from modelscope.hub.snapshot_download import snapshot_download  # pyright: ignore[reportMissingImports]
    except ImportError as e:
        raise DependencyError("modelscope_package") from e
    logging.getLogger("modelscope_hub").setLevel(logging.ERROR)  # it would tell of every try
    try:
        return Path(snapshot_download(name, cache_dir=str(folder), allow_patterns=[CHECKPOINT, *BESIDE]))
    except Exception as e:  # the client raises its own kinds and those of the libraries under it
        raise DownloadError("model_download", name=name, reason=e) from e
