"""The example that the page shows at once: computed ahead, kept in assets/ahead/.

`python -m pose3d.ui.ahead` computes it again, which is due whenever the weights change.
"""

from __future__ import annotations

import functools
import shutil
from dataclasses import replace
from pathlib import Path
from threading import Lock

import gradio as gr

from pose3d.core.config import Language, RunConfig
from pose3d.core.resources import ASSETS
from pose3d.core.result import Result
from pose3d.export import EXPORTERS
from pose3d.jobs.process import store
from pose3d.jobs.thin import thin_all
from pose3d.outputs import CLIP, write_outputs
from pose3d.pipelines import pipeline
from pose3d.ui.work import Run
from pose3d.view import render_clip

VIDEO = ASSETS / "examples" / "walk.mp4"
KEPT = ASSETS / "ahead"
FOV = 57.0
"""Degrees: the field of view of the example's camera, about."""

_making = Lock()


@functools.cache
def ahead(language: Language) -> Run:
    """The kept result with its clip, in a folder that is served as long as the page is up; language: of its report."""
    kept = Result.load(KEPT)
    config = kept.config.but(language=language, export=tuple(EXPORTERS), report=True, render=False)
    result = replace(kept, video=replace(kept.video, path=VIDEO), config=config)
    folder = store().page_folder()
    gr.set_static_paths([folder, VIDEO])
    return Run(result, folder, (Path(shutil.copy(KEPT / CLIP, folder)),))


def whole(language: Language) -> Run:
    """The same with all its files, which are made when they are first asked for: the page need not wait for them."""
    with _making:
        return _whole(language)


@functools.cache
def _whole(language: Language) -> Run:
    run = ahead(language)
    outputs = write_outputs(run.result, run.folder)
    thin_all(outputs.files)
    run.result.save(run.folder, CLIP)
    return replace(run, files=(*outputs.files, *run.files), failures=outputs.failures)


def compute() -> None:
    """Fills `KEPT`; of the video only its name is kept, which is the same on every machine."""
    result = pipeline(device="cpu")(VIDEO, RunConfig(fov=FOV))
    replace(result, video=replace(result.video, path=Path(VIDEO.name))).save(KEPT, CLIP)
    render_clip(result, KEPT / CLIP)


if __name__ == "__main__":
    compute()
