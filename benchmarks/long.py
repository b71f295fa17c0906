"""How much memory a long video takes: the whole way, with all files, in a process of its own.

python -m benchmarks.long [--minutes 10] [--of VIDEO]

An example clip, stretched to 1920 x 1080 pixels and repeated, or the video given. Linux and macOS only.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from benchmarks.readers.stretched import RATE, repeated, stretched
from pose3d.core.resources import ASSETS
from pose3d.core.result import Result
from pose3d.export import EXPORTERS

CLIP = ASSETS / "examples" / "squats.mp4"
FRAMES = 300
"""Of what is repeated."""
KILOBYTE = 1 if sys.platform == "darwin" else 1024
"""Bytes of the unit in which the system tells the peak."""


def main(minutes: float = 10, of: Path | None = None) -> None:
    """Prints seconds and the peak of memory, for so many frames."""
    with TemporaryDirectory() as folder:
        video, out = of or long_video(Path(folder), minutes), Path(folder) / "out"
        words = ["run", str(video), "-o", str(out), "--report", "--export", ",".join(EXPORTERS)]
        began = time.monotonic()
        running = subprocess.Popen([sys.executable, "-m", "pose3d", *words], stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(running.pid, 0)
        taken = time.monotonic() - began
        if status:
            raise SystemExit(f"the run failed: {status}")
        frames, files = len(Result.load(out)), list(out.iterdir())
    peak = used.ru_maxrss * KILOBYTE / 1e9
    print(f"{frames} frames, {len(files)} files: {taken:.0f} s, {taken / frames * 1e3:.1f} ms a frame")
    print(f"peak of memory: {peak:.2f} GB")


def long_video(folder: Path, minutes: float) -> Path:
    """So many minutes at 30 frames a second."""
    once = stretched(CLIP, folder / "once.mp4", 1920, 1080, FRAMES)
    return repeated(once, folder / "long.mp4", max(round(minutes * 60 * RATE / FRAMES), 1))


if __name__ == "__main__":
    typer.run(main)
