"""The rendered clip: the video with its 2D joints, beside the 3D view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from pose3d.analysis import running
from pose3d.core.arrays import Picture
from pose3d.core.errors import VideoError
from pose3d.core.poses import Pose2D
from pose3d.core.presence import absent, known_edges, unknown_joints
from pose3d.core.result import Result
from pose3d.core.video import Frame, Orientation, Span, VideoInfo
from pose3d.io.video import frames
from pose3d.io.writer import VideoWriter
from pose3d.motion.skin import Skin
from pose3d.view.body import skin
from pose3d.view.draw import Panel, draw_pose
from pose3d.view.scene import Scene, Viewpoint, scene
from pose3d.view.tally import Tally

MIN_HEIGHT, MAX_HEIGHT = 360, 720
"""Pixels of the rendered clip; a video in between keeps its own height."""

SAME_TIME = 5e-4
"""Seconds within which two time stamps mean the same frame."""


def render_clip(
    result: Result,
    path: Path,
    viewpoint: Viewpoint | None = None,
    progress: Callable[[int, int], None] | None = None,
    others: Sequence[Result] = (),
) -> Path:
    """Writes the video with its 2D joints beside the 3D view as MP4, frame for frame at the video's own times.

    What the run's settings ask to count is counted in it, of the first person where there are others.

    viewpoint: by default that of the result's settings. progress: called with the frames done and their number. The
    video is read again from result.video.path; its sound goes with the pictures. others: of more people in the video,
    drawn too. Raises VideoError where the video is not what it was.
    """
    viewpoint = viewpoint or Viewpoint.of(result.config)
    width, height = panel_size(result.video)
    everybody, shown = (result, *others), scene(result, others)
    skins = _skins(shown, everybody) if result.config.figure == "avatar" else []
    panel = Panel(shown, viewpoint, height, height, result.config.language, skins)
    tally = Tally(running(result), result.times, result.config.language)
    overlays = [Overlay(one.pose2d, result.video, width, height) for one in everybody]
    with VideoWriter(path, width + height, height, result.video.fps, sound_of=result.video) as writer:
        for index, frame in enumerate(_frames_of(result.video, result.config.orientation)):
            picture = scaled(frame.image, width, height)
            for overlay in overlays:
                overlay.draw(index, picture)
            space = panel.frame(index)
            tally.draw(index, space)
            writer.add(np.hstack([picture, space]), frame.time)
            if progress:
                progress(index + 1, len(result))
    return Path(path)


def _skins(shown: Scene, everybody: Sequence[Result]) -> list[Skin]:
    """Everybody's avatars, where the scene has them."""
    return [skin(one, result) for one, result in zip(shown.people, everybody, strict=True)]


def panel_size(video: VideoInfo) -> tuple[int, int]:
    """Width and height in pixels of the video's panel: the video's shape, even numbers, at a sensible height."""
    height = min(max(video.height, MIN_HEIGHT), MAX_HEIGHT)
    return 2 * max(1, round(video.width * height / video.height / 2)), 2 * round(height / 2)


def scaled(image: Picture, width: int, height: int) -> Picture:
    """(height, width, 3) uint8 RGB."""
    halved = 2 * height <= image.shape[0]  # only then is the mean of an area worth four times the time
    interpolation = cv2.INTER_AREA if halved else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (width, height), interpolation=interpolation), np.uint8)


class Overlay:
    """Draws somebody's 2D joints into the video's frames, at the panel's size."""

    def __init__(self, pose: Pose2D, video: VideoInfo, width: int, height: int):
        self.xy = pose.xy * [width / video.width, height / video.height]
        self.interpolated, self.absent = ~pose.observed, absent(pose)
        self.skeleton, self.edges = pose.skeleton, known_edges(pose.skeleton, unknown_joints(pose))
        body = float(np.median(np.ptp(self.xy, axis=1).max(axis=1)))
        self.thickness = min(max(body / 50, 1.5), height / 100)  # thin enough not to hide a person far away

    def draw(self, index: int, image: Picture) -> None:
        """Draws the pose of a frame, if there is one, over its picture."""
        if not self.absent[index]:
            draw_pose(image, self.xy[index], self.interpolated[index], self.skeleton, self.edges, self.thickness)


def _frames_of(video: VideoInfo, orientation: Orientation) -> Iterator[Frame]:
    """Exactly the frames that the result has poses for, found by their times."""
    wanted = iter(video.times.tolist())
    time = next(wanted)
    for frame in frames(video.path, Span(start=time), orientation):
        if abs(frame.time - time) > SAME_TIME:
            continue
        yield frame
        if (time := next(wanted, None)) is None:
            return
    raise VideoError("frame_gone", name=video.path.name, seconds=time)
