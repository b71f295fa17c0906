"""How x264's settings do on a rendered clip: time, size, and how like the pictures what they keep is.

    python -m benchmarks.encoder [--frames 120]

The pictures are those of the clip of an example, as large as 1920 x 1080 pixels make it. Time is of all processors;
PSNR is of brightness. The settings that are used stand last.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Annotated

import av
import cv2
import numpy as np
import typer

from benchmarks.readers.stretched import RATE, stretched
from pose3d import pipeline
from pose3d.core.resources import ASSETS
from pose3d.io.writer import QUALITY
from pose3d.view.render import clip_frames

CLIP = ASSETS / "examples" / "squats.mp4"
SETTINGS = (
    {"crf": "20", "preset": "veryfast"},
    {"crf": "23", "preset": "veryfast"},
    {"crf": "23", "preset": "superfast"},
    {"crf": "23", "preset": "ultrafast"},
    *(QUALITY | {"crf": quality} for quality in ("24", "28")),
    QUALITY,
)


def pictures(count: int, folder: Path) -> list[np.ndarray]:
    """(H * 3 / 2, W) planes of YUV each."""
    video = stretched(CLIP, folder / "video.mp4", 1920, 1080, count)
    result = pipeline(device="cpu")(video, render=False)
    return [cv2.cvtColor(frame.image, cv2.COLOR_RGB2YUV_I420) for frame in clip_frames(result)]


def encoded(planes: list[np.ndarray], path: Path, options: dict[str, str]) -> float:
    """Seconds of all processors."""
    began = time.process_time()
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=round(RATE), options=dict(options))
        stream.height, stream.width, stream.pix_fmt = len(planes[0]) * 2 // 3, planes[0].shape[1], "yuv420p"
        for picture in planes:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="yuv420p")))
        container.mux(stream.encode(None))
    return time.process_time() - began


def likeness(planes: list[np.ndarray], path: Path) -> float:
    """PSNR in dB."""
    with av.open(str(path)) as container:
        height = len(planes[0]) * 2 // 3
        errors = [
            np.mean((frame.to_ndarray()[:height].astype(np.float32) - picture[:height]) ** 2)
            for frame, picture in zip(container.decode(video=0), planes, strict=True)
        ]
    return float(10 * np.log10(255**2 / np.mean(errors)))


def main(count: Annotated[int, typer.Option("--frames", help="Of the clip.")] = 120) -> None:
    """Prints a line for each of the settings."""
    with tempfile.TemporaryDirectory() as folder:
        planes, target = pictures(count, Path(folder)), Path(folder) / "encoded.mp4"
        for options in SETTINGS:
            milliseconds = encoded(planes, target, options) / count * 1e3
            size, like = target.stat().st_size / count / 1e3, likeness(planes, target)
            print(f"{milliseconds:5.1f} ms  {size:5.1f} kB  {like:5.1f} dB  {' '.join(options.values())}")


if __name__ == "__main__":
    typer.run(main)
