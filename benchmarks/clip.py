"""How fast the rendered clip is drawn and encoded, against Matplotlib drawing the same frames, in one run.

    python -m benchmarks.clip [--frames 300] [--size 1920x1080] [--matplotlib 20]

An example clip, as large and as long as asked, is given its 3D skeletons once. Then its clip is made three times by
pose3d, and by Matplotlib's FuncAnimation: the picture beside axes in space, in which only lines are moved, encoded by
the same H.264 encoder. Prints milliseconds per frame and their ratio.
"""

from __future__ import annotations

import io
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

import cv2
import matplotlib as mpl
import numpy as np
import typer

from benchmarks.readers.stretched import stretched
from pose3d import Result, pipeline
from pose3d.core.resources import ASSETS
from pose3d.io.video import frames
from pose3d.io.writer import VideoWriter
from pose3d.view import render_clip
from pose3d.view.render import panel_size

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.animation import AbstractMovieWriter, FuncAnimation
from matplotlib.figure import Figure

CLIP = ASSETS / "examples" / "squats.mp4"
DPI = 100
TIMES = 3


@contextmanager
def timed(into: list[tuple[float, float]]) -> Iterator[None]:
    """Adds seconds of wall time and of all processors."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    into.append((time.perf_counter() - wall, time.process_time() - cpu))


class Encoder(AbstractMovieWriter):
    """Matplotlib's frames, as its own writers take them, to the encoder that pose3d uses."""

    def setup(self, fig: Figure, outfile: Any, dpi: float | None = None) -> None:
        self.fig, self.outfile, self.dpi = fig, outfile, dpi or DPI
        self._opened = ExitStack()
        self._writer = self._opened.enter_context(VideoWriter(outfile, *self.frame_size, self.fps))
        self._done = 0

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        picture = io.BytesIO()
        self.fig.savefig(picture, format="rgba", dpi=self.dpi, **savefig_kwargs)
        width, height = self.frame_size
        image = np.frombuffer(picture.getvalue(), np.uint8).reshape(height, width, 4)
        self._writer.add(np.ascontiguousarray(image[..., :3]), self._done / self.fps)
        self._done += 1

    def finish(self) -> None:
        self._opened.close()


def by_matplotlib(result: Result, path: Path, most: int) -> int:
    """Draws the first frames of the clip, at its size; how many."""
    width, height = panel_size(result.video)
    figure = plt.figure(figsize=((width + height) / DPI, height / DPI), dpi=DPI)
    left = figure.add_axes((0, 0, width / (width + height), 1))
    left.set_axis_off()
    space = figure.add_axes((width / (width + height), 0, height / (width + height), 1), projection="3d")
    xyz, xy = result.pose3d.xyz, result.pose2d.xy * [width / result.video.width, height / result.video.height]
    for axis, values in zip("xyz", np.moveaxis(xyz, -1, 0), strict=True):
        getattr(space, f"set_{axis}lim")(values.min(), values.max())
    edges = result.pose3d.skeleton.edges
    source = frames(result.video.path)
    shown = left.imshow(np.zeros((height, width, 3), np.uint8), aspect="auto")
    flat = [left.plot([0, 0], [0, 0])[0] for _ in edges]
    bones: list[Any] = [space.plot([0, 0], [0, 0], [0, 0])[0] for _ in edges]

    def draw(index: int) -> None:
        shown.set_data(cv2.resize(next(source).image, (width, height)))
        for bone, line, edge in zip(bones, flat, edges, strict=True):
            bone.set_data_3d(*xyz[index, list(edge)].T)
            line.set_data(*xy[index, list(edge)].T)

    animation = FuncAnimation(figure, draw, frames=most, init_func=lambda: None)
    animation.save(str(path), writer=Encoder(fps=round(result.video.fps)), dpi=DPI)
    plt.close(figure)
    return most


def main(
    count: Annotated[int, typer.Option("--frames", help="Of the clip.")] = 300,
    size: Annotated[str, typer.Option(help="Pixels of the video.")] = "1920x1080",
    matplotlib: Annotated[int, typer.Option(help="Frames that Matplotlib draws.")] = 20,
) -> None:
    """Prints both."""
    width, height = map(int, size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        video = stretched(CLIP, Path(folder) / "video.mp4", width, height, count)
        result = pipeline(device="cpu")(video, render=False)
        ours: list[tuple[float, float]] = []
        theirs: list[tuple[float, float]] = []
        clip = Path(folder) / "clip.mp4"
        for _ in range(TIMES):
            with timed(ours):
                render_clip(result, clip)
        print(f"{clip.stat().st_size / len(result) / 1e3:.1f} kB per frame")
        with timed(theirs):
            drawn = by_matplotlib(result, Path(folder) / "theirs.mp4", matplotlib)
    wall, cpu = (statistics.median(values) / len(result) * 1e3 for values in zip(*ours, strict=True))
    spread = (max(seconds for seconds, _ in ours) - min(seconds for seconds, _ in ours)) / len(result) * 1e3
    slow, slow_cpu = (value / drawn * 1e3 for value in theirs[0])
    print(f"pose3d      {wall:7.1f} ms per frame (spread {spread:.1f}), of all processors {cpu:.1f}")
    print(f"Matplotlib  {slow:7.1f} ms per frame, of all processors {slow_cpu:.1f}")
    print(f"ratio       {slow / wall:7.1f}, of all processors {slow_cpu / cpu:.1f}")


if __name__ == "__main__":
    typer.run(main)
