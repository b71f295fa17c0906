"""Short clips for batches, and what must hold of what came of them."""

import contextlib
import json
import random
import shutil
import threading
from pathlib import Path

import psutil

from pose3d.batch.shelves import PART
from pose3d.core.resources import ASSETS
from pose3d.core.video import Span
from pose3d.io.video import frames
from pose3d.io.writer import VideoWriter

FRAMES = 8
FILES = {"keypoints.json", "skeleton.html", "batch.json"}
"""Of a video that was done without a clip."""


def short_clip(path: Path, count: int = FRAMES) -> Path:
    """The first frames of an example, half as large."""
    pictures = list(frames(ASSETS / "examples" / "squats.mp4", Span(max_frames=count)))
    height, width = pictures[0].image.shape[:2]
    path.parent.mkdir(parents=True, exist_ok=True)
    with VideoWriter(path, width // 2, height // 2, 30) as writer:
        for frame in pictures:
            writer.add(frame.image[::2, ::2], frame.time)
    return path


def copies(clip: Path, folder: Path, count: int) -> Path:
    """A folder with so many, each in a folder of its own, all of the same name."""
    for number in range(count):
        place = folder / f"{number:02}"
        place.mkdir(parents=True)
        shutil.copyfile(clip, place / "clip.mp4")
    return folder


def check_whole(out: Path, count: int, count_frames: int = FRAMES) -> None:
    """Every clip once, whole, and nothing else."""
    folders = [path for path in out.iterdir() if path.is_dir()]
    assert not [path.name for path in folders if path.name.startswith(".")], "nothing is left of what was killed"
    assert len(folders) == count
    videos = [json.loads((folder / "batch.json").read_text())["video"] for folder in folders]
    assert len(set(videos)) == count
    for folder in folders:
        assert {path.name for path in folder.iterdir()} == FILES
        assert len(json.loads((folder / "keypoints.json").read_text())["keypoints"]) == count_frames


class Killer:
    """Kills a worker of the process now and then, so many in all, while the block runs.

    out: where its results go; nothing is killed before something is being made there, however long the start takes.
    mark: what the command line of what may be killed has in it.
    """

    def __init__(
        self, process: psutil.Process, out: Path, kills: int, every: tuple[float, float], mark: str = "spawn_main"
    ):
        self._process, self._out, self._kills, self._every, self._mark = process, out, kills, every, mark
        self._over, self._thread = threading.Event(), threading.Thread(target=self._kill)
        self._random = random.Random(0)
        self.killed = 0

    def __enter__(self) -> "Killer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _kill(self) -> None:
        while not any(self._out.glob(PART + "*")) and not self._over.wait(0.05):
            pass
        while self.killed < self._kills and not self._over.wait(self._random.uniform(*self._every)):
            if found := list(self._workers()):
                self._random.choice(found).kill()
                self.killed += 1

    def _workers(self):
        for child in self._process.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if self._mark in " ".join(child.cmdline()) and child.status() != psutil.STATUS_ZOMBIE:
                    yield child
