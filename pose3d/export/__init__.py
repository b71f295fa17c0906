"""Writers of a Result to files that other tools read: one module per format, each with `write(result, path)`.

| name | for                                | units, axes, origin                                 | times           |
|------|------------------------------------|-----------------------------------------------------|-----------------|
| csv  | spreadsheets, pandas, the long run | metres, as Pose3D.world: x right, y down, z forward | the frames' own |
| bvh  | Blender, MotionBuilder, game tools | metres, y up, z to the camera, lowest foot at 0     | uniform, fps    |
| glb  | web viewers, Blender, engines      | the same                                            | the frames' own |
| trc  | OpenSim                            | millimetres, otherwise the same                     | uniform, fps    |
| c3d  | motion laboratories                | millimetres, z up, y from the camera, foot at 0     | uniform, fps    |
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

import numpy as np

from pose3d.core.errors import ConfigError, DependencyError
from pose3d.core.result import Result

Exporter = Callable[[Result, Path], None]
"""Writes the result to the path; the folder exists."""


def _writer(name: str) -> Exporter:
    """The module of that name, imported at the first use: its packages are not needed to use the other formats."""

    def write(result: Result, path: Path) -> None:
        try:
            module = import_module(f"pose3d.export.{name}")
        except ImportError as e:
            raise DependencyError(f"writing {name} files needs the package {e.name}; pip install {e.name}") from e
        module.write(result, path)

    return write


EXPORTERS: dict[str, Exporter] = {name: _writer(name) for name in ("csv", "bvh", "glb", "trc", "c3d")}
"""Name, which is also the file's extension, to writer."""


def check_formats(names: Iterable[str]) -> list[str]:
    """The names without repetition. Raises ConfigError listing the valid ones."""
    names = list(dict.fromkeys(names))
    unknown = [name for name in names if name not in EXPORTERS]
    if unknown:
        raise ConfigError(f"no export format {', '.join(map(repr, unknown))}; there are {', '.join(EXPORTERS)}")
    return names


def export(result: Result, folder: str | Path, formats: Iterable[str]) -> list[Path]:
    """Writes motion.<format> for each format into the folder (made if missing) and returns the paths, in order.

    All or nothing: the files appear once every one of them is written. Raises ConfigError for an unknown format.
    """
    names = check_formats(formats)
    if not np.isfinite(result.pose3d.world).all():
        raise ValueError("cannot export poses that are not finite; fill the gaps first (see refine.py)")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as partial:
        for name in names:
            EXPORTERS[name](result, Path(partial) / f"motion.{name}")
        for name in names:
            (Path(partial) / f"motion.{name}").replace(folder / f"motion.{name}")
    return [folder / f"motion.{name}" for name in names]
