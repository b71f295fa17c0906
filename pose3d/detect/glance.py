"""One picture at a time, now and then, as a live preview sends them: the person who is seen best, quickly."""

from __future__ import annotations

from dataclasses import dataclass

from pose3d.core.arrays import Picture
from pose3d.detect.bodies import Body, Networks
from pose3d.detect.follower import LEAST_FLAG, LEAST_SCORE, convincing, inside, settled
from pose3d.detect.looks import tiles, whole
from pose3d.detect.regions import Region

MOST_TRIED = 2
"""Sightings that are followed up, the surest first."""


@dataclass(frozen=True)
class Glimpse:
    """Somebody in one picture. sure: a person, more than half of whose trunk can be seen; else maybe a part of one."""

    body: Body
    sure: bool


def glance(networks: Networks, image: Picture, near: Region | None = None) -> Glimpse | None:
    """The largest person in the picture (H, W, 3); near: where somebody was in the last one. None where nobody is."""
    followed = _people(networks.bodies(image, [near]), image) if near else []
    if followed and followed[0].sure:
        return followed[0]
    found = followed + _people(settled(networks, image, _places(networks, image)), image)
    return max(found, key=lambda seen: (seen.sure, seen.body.region.side), default=None)


def _people(bodies: list[Body], image: Picture) -> list[Glimpse]:
    there = [body for body in bodies if body.flag >= LEAST_FLAG and inside(body, image)]
    return [Glimpse(body, convincing(body, image)) for body in there]


def _places(networks: Networks, image: Picture) -> list[Region]:
    """Where somebody may be: in the whole picture, and where that shows nobody, in parts of it: far away."""
    height, width = image.shape[:2]
    sighted = networks.sighted(image, [whole(width, height)], LEAST_SCORE)
    parts = tiles(width, height, across=1)
    if not sighted and parts:
        sighted = networks.sighted(image, parts, LEAST_SCORE)
    surest = sorted(sighted, key=lambda sighting: -sighting.score)[:MOST_TRIED]
    return [sighting.region for sighting in surest]
