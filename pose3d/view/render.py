"""The rendered clip: the video with its 2D joints, beside the 3D view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from pose3d.analysis import running
from pose3d.core.arrays import Picture
from pose3d.core.errors import VideoError
from pose3d.core.poses import Pose2D
from pose3d.core.prefetch import prefetch
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
    width, height = panel_size(result.video)
    drawn = prefetch(clip_frames(result, viewpoint, others))
    with (
        VideoWriter(path, width + height, height, result.video.fps, sound_of=result.video) as writer,
        closing(drawn),
    ):
        for done, frame in enumerate(drawn, 1):
            writer.add(frame.image, frame.time)
            if progress:
                progress(done, len(result))
    return Path(path)


def clip_frames(result: Result, viewpoint: Viewpoint | None = None, others: Sequence[Result] = ()) -> Iterator[Frame]:
    """The pictures of `render_clip`, not yet encoded. Raises as that."""
    viewpoint = viewpoint or Viewpoint.of(result.config)
    width, height = panel_size(result.video)
    everybody, shown = (result, *others), scene(result, others)
    skins = _skins(shown, everybody) if result.config.figure == "avatar" else []
    panel = Panel(shown, viewpoint, height, height, result.config.language, skins)
    tally = Tally(running(result), result.times, result.config.language)
    overlays = [Overlay(one.pose2d, result.video, width, height) for one in everybody]
    with closing(prefetch(_frames_of(result.video, result.config.orientation, (width, height)))) as seen:
        for index, frame in enumerate(seen):
            image = np.empty((height, width + height, 3), np.uint8)
            picture, space = image[:, :width], image[:, width:]
            picture[:] = frame.image
            for overlay in overlays:
                overlay.draw(index, picture)
            panel.draw(index, space)
            tally.draw(index, space)
            yield Frame(frame.time, image)


def _skins(shown: Scene, everybody: Sequence[Result]) -> list[Skin]:
    """Everybody's avatars, where the scene has them."""
    return [skin(one, result) for one, result in zip(shown.people, everybody, strict=True)]


def panel_size(video: VideoInfo) -> tuple[int, int]:
    """Width and height in pixels of the video's panel: the video's shape, even numbers, at a sensible height."""
    height = min(max(video.height, MIN_HEIGHT), MAX_HEIGHT)
    return 2 * max(1, round(video.width * height / video.height / 2)), 2 * round(height / 2)


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


def _frames_of(video: VideoInfo, orientation: Orientation, size: tuple[int, int]) -> Iterator[Frame]:
    """Exactly the frames that the result has poses for, found by their times; size: width and height, pixels."""
    wanted = iter(video.times.tolist())
    time = next(wanted)
    for frame in frames(video.path, Span(start=time), orientation, size):
        if abs(frame.time - time) > SAME_TIME:
            continue
        yield frame
        if (time := next(wanted, None)) is None:
            return
    raise VideoError("frame_gone", name=video.path.name, seconds=time)
