"""The example that the page shows at once: computed ahead, kept in assets/ahead/.

`python -m pose3d.ui.ahead` computes it again, which is due whenever the weights change.
"""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

import gradio as gr

from pose3d.core.resources import ASSETS
from pose3d.core.result import Result
from pose3d.export import EXPORTERS
from pose3d.outputs import render, write_outputs
from pose3d.pipeline import no_progress, pipeline
from pose3d.ui.handlers import Run
from pose3d.view import CORNER, RunSettings

VIDEO = ASSETS / "examples" / "walk.mp4"
KEPT = ASSETS / "ahead"
FOV = 57.0
"""Degrees: the field of view of the example's camera, about."""


@functools.cache
def ahead(language: str = "en") -> Run:
    """The kept result with all its files, in a folder that is served as long as the page is up.

    language: of its report.
    """
    result = Result.load(KEPT / "keypoints.json", VIDEO)
    folder = Path(tempfile.mkdtemp(prefix="pose3d-ahead-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    files = write_outputs(
        result, folder, formats=EXPORTERS, view=None, report=RunSettings(), language=language, progress=no_progress
    )
    clip = Path(shutil.copy(KEPT / "render.mp4", folder))
    gr.set_static_paths([folder, VIDEO])
    return Run(result, folder, [*files, clip])


def compute() -> None:
    """Fills `KEPT`."""
    result = pipeline(device="cpu")(VIDEO, fov=FOV)
    result.save(KEPT, "render.mp4")
    render(result, KEPT, CORNER, no_progress)


if __name__ == "__main__":
    compute()
