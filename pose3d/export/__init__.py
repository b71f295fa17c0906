"""Writers of a Result to files that other tools read: one module per format, each with `write(result, path)`.

| name | for                                | units and axes                                  | times       | nobody  |
|------|------------------------------------|-------------------------------------------------|-------------|---------|
| csv  | spreadsheets, pandas, archives     | metres, Pose3D.placed: x right, y down, z ahead | the video's | empty   |
| bvh  | Blender, MotionBuilder, game tools | metres, Result.world: y up, z to the camera     | one rate    | holds   |
| glb  | web viewers, Blender, engines      | the same                                        | the frames' | hidden  |
| vrma | VRM avatars: VRoid, Unity, web     | the same, from above the origin                 | the frames' | holds   |
| trc  | OpenSim: markers                   | millimetres, otherwise the same                 | one rate    | empty   |
| mot  | OpenSim: joint angles              | degrees and metres, x to the camera, y up       | one rate    | holds   |
| c3d  | motion laboratories                | millimetres, z up, y from the camera            | one rate    | invalid |

nobody: what becomes of frames, and but for bvh, glb and vrma of joints, that were never seen, see
`pose3d.core.presence`. Times that do not say "the video's" start from 0 at the first frame of the span. The formats of
one rate are resampled to it by real times, see `pose3d.export.even`. The floor of all but csv is the result's ground.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

import numpy as np

from pose3d.core.errors import ConfigError, DependencyError
from pose3d.core.files import whole_file
from pose3d.core.result import Result

Exporter = Callable[[Result, Path], None]
"""Writes the result to the path; the folder exists."""


def _writer(name: str) -> Exporter:
    """The module of that name, imported at the first use: its packages are not needed to use the other formats."""

    def write(result: Result, path: Path) -> None:
        try:
            module = import_module(f"pose3d.export.{name}")
        except ImportError as e:
            raise DependencyError("export_package", format=name, package=e.name) from e
        module.write(result, path)

    return write


EXPORTERS: dict[str, Exporter] = {name: _writer(name) for name in ("csv", "bvh", "glb", "vrma", "trc", "mot", "c3d")}
"""Name, which is also the file's extension, to writer."""


def file_name(name: str) -> str:
    """What the file of a format is called."""
    return f"motion.{name}"


def check_formats(names: Iterable[str]) -> tuple[str, ...]:
    """The names without repetition. Raises ConfigError listing the valid ones."""
    names = tuple(dict.fromkeys(names))
    unknown = [name for name in names if name not in EXPORTERS]
    if unknown:
        raise ConfigError("unknown_format", names=", ".join(map(repr, unknown)), known=", ".join(EXPORTERS))
    return names


def export(result: Result, folder: str | Path, formats: Iterable[str]) -> list[Path]:
    """Writes motion.<format> for each format into the folder (made if missing) and returns the paths, in order.

    Each file appears whole or not at all. Raises ConfigError for an unknown format, before anything is written,
    OutputError where a file cannot be written, and what a format has to say of a result that it cannot hold.
    """
    names = check_formats(formats)
    if not (np.isfinite(result.pose3d.xyz).all() and np.isfinite(result.pose3d.root).all()):
        raise ValueError("cannot export poses that are not finite; fill the gaps first (see refine.py)")
    return [_export(result, Path(folder) / file_name(name), EXPORTERS[name]) for name in names]


def _export(result: Result, path: Path, write: Exporter) -> Path:
    with whole_file(path) as partial:
        write(result, partial)
    return path
