"""A clip to pictures, and to a video file with its truth beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pose3d.io.writer import VideoWriter
from synthetic.clips import Clip
from synthetic.mannequin import build_mannequin
from synthetic.room import DEFAULT_ROOM, Room
from synthetic.scene import build_scene
from synthetic.truth import Truth


def pictures(clip: Clip, room: Room = DEFAULT_ROOM, every: int = 1) -> Iterator[np.ndarray]:
    """(H, W, 3) uint8 RGB of each frame, or of one in `every`."""
    mannequin, figure = build_mannequin(clip.body, clip.clothes), clip.figure()
    scene = build_scene(mannequin, clip.camera, clip.placement, room)
    for frame in range(0, clip.frames, every):
        yield scene.render(mannequin.posed(figure, frame))


def render_clip(clip: Clip, folder: Path, room: Room = DEFAULT_ROOM) -> Truth:
    """Writes <name>.mp4 and <name>.json into the folder."""
    truth = clip.truth()
    folder.mkdir(parents=True, exist_ok=True)
    with VideoWriter(folder / f"{clip.name}.mp4", clip.camera.width, clip.camera.height, clip.fps) as video:
        for time, picture in zip(clip.times, pictures(clip, room), strict=True):
            video.add(picture, time)
    truth.save(folder / f"{clip.name}.json")
    return truth
