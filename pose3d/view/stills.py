"""Pictures of the moments that the report speaks of, with the 2D joints drawn on them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from pose3d.analysis import Chart, Curve, Finding
from pose3d.core.arrays import Picture
from pose3d.core.config import Stills
from pose3d.core.errors import Pose3DError
from pose3d.core.presence import absent
from pose3d.core.result import Result
from pose3d.core.words import say
from pose3d.io.video import frames_at
from pose3d.view.draw import PAPER
from pose3d.view.render import SAME_TIME, Overlay

MOST = 8
"""Pictures: all fit on a printed page."""
SIDE = 480
"""Pixels of a picture's longer side at most: a third of a printed page's width has 200 to the inch then."""
QUALITY = 80
"""Of the JPEG, out of 100: a picture of SIDE pixels takes about 25 kB."""
CLOSE = 0.1
"""Seconds: moments that are so near to each other share a picture."""


@dataclass(frozen=True)
class Moment:
    """A frame that is worth a picture, and what is to be seen in it: plain text in the language of the run."""

    frame: int
    captions: tuple[str, ...]


@dataclass(frozen=True)
class Still:
    """The picture of a moment."""

    time: float
    """Seconds of the source video."""
    captions: tuple[str, ...]
    jpeg: bytes

    @property
    def address(self) -> str:
        """The picture itself, for an <img>."""
        return f"data:image/jpeg;base64,{base64.b64encode(self.jpeg).decode()}"


def stills(result: Result, found: Iterable[Finding], drawn: Iterable[Chart]) -> list[Still]:
    """Of what was found, then of the least and the greatest angles; the run's setting `stills` says what they show.

    Those of the person need the video as it was, those of the skeleton alone do not.
    """
    chosen = moments(result, found, drawn)
    pictures = dict(PICTURES[result.config.stills](result, sorted(moment.frame for moment in chosen)))
    if not pictures:
        return []
    pose = Overlay(result.pose2d, result.video, *size(result))
    for index, picture in pictures.items():
        pose.draw(index, picture)
    return [
        Still(float(result.times[moment.frame]), moment.captions, _jpeg(pictures[moment.frame]))
        for moment in chosen
        if moment.frame in pictures
    ]


def moments(result: Result, found: Iterable[Finding], drawn: Iterable[Chart]) -> list[Moment]:
    """At most MOST, the most telling first; those that are CLOSE to an earlier one are told beneath its picture."""
    chosen: dict[int, list[str]] = {}
    for frame, caption in [*_troubles(result, found), *_extremes(result, list(drawn))]:
        near = next((one for one in chosen if abs(result.times[one] - result.times[frame]) <= CLOSE), None)
        if near is not None:
            chosen[near].append(caption)
        elif len(chosen) < MOST:
            chosen[frame] = [caption]
    return [Moment(frame, tuple(captions)) for frame, captions in chosen.items()]


def size(result: Result) -> tuple[int, int]:
    """Width and height of the pictures, pixels: the video's shape, never larger than it is."""
    width, height = result.video.width, result.video.height
    share = min(1.0, SIDE / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def _troubles(result: Result, found: Iterable[Finding]) -> Iterator[tuple[int, str]]:
    """Frame and caption of each finding: in its middle, if the person is there, else as near to it as they are."""
    gone = absent(result.pose2d)
    for finding in found:
        inside = np.flatnonzero((result.times > finding.start - SAME_TIME) & (result.times < finding.end - SAME_TIME))
        there = inside[~gone[inside]]
        middle = (finding.start + finding.end) / 2
        frames = there if len(there) else inside if len(inside) else np.arange(len(result))
        frame = frames[np.abs(result.times[frames] - middle).argmin()]
        yield int(frame), say("moments", finding.code, result.config.language)


def _extremes(result: Result, drawn: list[Chart]) -> Iterator[tuple[int, str]]:
    """Frame and caption of the least angles, then of the greatest."""
    curves = [(chart, curve) for chart in drawn if chart.unit == "degrees" for curve in chart.curves]
    known = [(chart, curve) for chart, curve in curves if np.isfinite(curve.values).any()]
    for key, extreme in (("least_angle", np.nanargmin), ("greatest_angle", np.nanargmax)):
        for chart, curve in known:
            frame = int(extreme(curve.values))
            yield frame, _angle(result, key, chart, curve, frame)


def _angle(result: Result, key: str, chart: Chart, curve: Curve, frame: int) -> str:
    language = result.config.language
    names = {"angle": say("charts", chart.name, language), "side": say("charts", curve.side, language)}
    return say("report", key, language, degrees=round(float(curve.values[frame])), **names)


Seen = Iterator[tuple[int, Picture]]
"""Frames and what is behind the joints there, (H, W, 3) uint8 RGB of `size`."""


def _person(result: Result, frames: list[int]) -> Seen:
    """From the video; nothing where that is gone, or another one is in its place."""
    times, shape = result.times[frames], (result.video.height, result.video.width)
    try:
        for frame in frames_at(result.video.path, times, result.config.orientation):
            nearest = int(np.abs(times - frame.time).argmin())
            if frame.image.shape[:2] == shape and abs(times[nearest] - frame.time) <= SAME_TIME:
                smaller = cv2.resize(frame.image, size(result), interpolation=cv2.INTER_AREA)
                yield frames[nearest], np.asarray(smaller, np.uint8)
    except Pose3DError:
        return


def _skeleton(result: Result, frames: list[int]) -> Seen:
    """Plain paper, where there is somebody to draw."""
    width, height = size(result)
    gone = absent(result.pose2d)
    for frame in frames:
        if not gone[frame]:
            yield frame, np.full((height, width, 3), PAPER, np.uint8)


def _none(result: Result, frames: list[int]) -> Seen:
    yield from ()


PICTURES: dict[Stills, Callable[[Result, list[int]], Seen]] = {
    "person": _person,
    "skeleton": _skeleton,
    "none": _none,
}
"""The setting to what is behind the joints."""


def _jpeg(picture: Picture) -> bytes:
    _, encoded = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return encoded.tobytes()
