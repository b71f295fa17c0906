"""From everybody in every frame to one person's 2D pose over time: tracked, chosen, refined."""

from collections.abc import Iterable

from pose3d.detect.people import Detection
from pose3d.track.join import joined
from pose3d.track.limb_ends import limb_ends
from pose3d.track.people import Track
from pose3d.track.refine import refine
from pose3d.track.select import choose, people_seen, ranked
from pose3d.track.tracker import follow


def track(detections: Iterable[Detection]) -> tuple[Track, ...]:
    """Everybody in a video, the largest and longest in view first; holds no pictures."""
    pieces, frames = follow(detections)
    return ranked(joined(pieces, frames))


__all__ = ["Track", "choose", "limb_ends", "people_seen", "refine", "track"]
