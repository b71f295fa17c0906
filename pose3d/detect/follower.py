"""Everybody in a video, frame by frame: followed where they are, looked for where they may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import cycle, islice

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.core.video import Frame
from pose3d.detect.bodies import Body, Networks
from pose3d.detect.looks import TILES_ACROSS, tiles, turned, whole
from pose3d.detect.regions import Region
from pose3d.detect.sightings import Sighting

LOOK_EVERY = 0.5
"""Seconds of video between looks for people who were not there before."""
MOST_HELD = 16
"""Frames in memory at once."""
SEARCH_EVERY = 2.0
"""Seconds of video between looks at all tiles while nobody is there."""
TILES_EACH = 2
"""Tiles that every look takes besides the whole picture, one after the other over time."""
CROWD = 3
"""People from which smaller ones are looked for as well."""
LEAST_SCORE = 0.4
"""Of a sighting worth asking the landmark network about; mediapipe takes 0.5 and one person."""
LEAST_FLAG = 0.5
"""Of the landmark network, for a person to be there."""
LEAST_VISIBILITY = 0.4
"""Mean over a newcomer's landmarks, for furniture not to be one."""
MOST_NEW = 12
"""Sightings that are followed up at once, the surest first."""
LOOKS, SETTLED = 8, 0.01
"""Most looks at one picture after a sighting, and the change of region, in its sides, that ends them."""
SAME_TRUNK, SAME_BODY = 0.1, 0.06
"""Mean distances in sides of a region: of hips and shoulders, and of all landmarks, below which two are one."""


class Follower:
    """Finds everybody in the frames of one video; made anew for each."""

    def __init__(self, networks: Networks):
        self._networks = networks
        self._regions: list[Region] = []
        self._searched = -np.inf
        self._tiles: Iterator[Region] = iter(())

    def __call__(self, frames: Iterable[Frame]) -> Iterator[tuple[Frame, list[Body]]]:
        """Every frame with the people in it, in order."""
        for held in windows(frames):
            yield from zip(held, self._window(held), strict=True)

    def _window(self, held: list[Frame]) -> list[list[Body]]:
        """Forward through the frames, looking around in the last and wherever somebody is missing.

        Who is found is followed back as well: they were there before they were looked for.
        """
        seen: list[list[Body]] = []
        for index, frame in enumerate(held):
            bodies = self._followed(frame.image, self._regions)
            seen.append(bodies)
            if len(bodies) < len(self._regions) or not bodies or index == len(held) - 1:
                new = self._newcomers(frame, bodies)
                self._follow_back(held, seen, new)
                bodies.extend(new)
            self._regions = [body.region for body in bodies]
        return seen

    def _follow_back(self, held: list[Frame], seen: list[list[Body]], new: list[Body]) -> None:
        """Adds newcomers of the last frame seen to those before it, until they are known there or gone."""
        for index in range(len(seen) - 2, -1, -1):
            if not new:
                return
            before = self._followed(held[index].image, [body.region for body in new])
            new = [body for body in before if not any(same_body(body, known) for known in seen[index])]
            seen[index].extend(new)

    def _followed(self, image: np.ndarray, regions: list[Region]) -> list[Body]:
        """Who is still there, each once."""
        return distinct([body for body in self._networks.bodies(image, regions) if body.flag >= LEAST_FLAG])

    def _newcomers(self, frame: Frame, known: list[Body]) -> list[Body]:
        """People in the frame besides those known."""
        found = self._sighted(frame, known)
        candidates: list[Sighting] = []
        for sighting in sorted(found, key=lambda sighting: -sighting.score):
            if not any(same_trunk(sighting, other.points[[0, 2]]) for other in candidates) and not any(
                same_trunk(sighting, body.trunk) for body in known
            ):
                candidates.append(sighting)
        bodies = self._settled(frame.image, [sighting.region for sighting in candidates[:MOST_NEW]])
        return distinct([*known, *bodies])[len(known) :]

    def _sighted(self, frame: Frame, known: list[Body]) -> list[Sighting]:
        """What the detector sees: in the whole picture and a few tiles, in all tiles when it is time to."""
        height, width = frame.image.shape[:2]
        if known or frame.time < self._searched + SEARCH_EVERY:
            some = islice(self._tiles, TILES_EACH if known else 0)
            return self._networks.sighted(frame.image, [whole(width, height), *some], LEAST_SCORE)
        self._searched = frame.time
        scales = [tiles(width, height, across) for across in TILES_ACROSS]
        self._tiles = cycle([tile for scale in scales for tile in scale])
        coarse = [whole(width, height), *(tile for scale in scales[:-1] for tile in scale)]
        found = self._networks.sighted(frame.image, coarse, LEAST_SCORE)
        if not found or len(found) >= CROWD:
            found += self._networks.sighted(frame.image, [*scales[-1], *turned(width, height)], LEAST_SCORE)
        return found

    def _settled(self, image: np.ndarray, regions: list[Region]) -> list[Body]:
        """Looks at the same picture until the regions stay where they are; who is no person is left out."""
        done: list[Body] = []
        for _ in range(LOOKS):
            bodies = self._networks.bodies(image, regions)
            pairs = [(region, body) for region, body in zip(regions, bodies, strict=True) if body.flag >= LEAST_FLAG]
            done += [body for region, body in pairs if change(region, body.region) < SETTLED]
            regions = [body.region for region, body in pairs if change(region, body.region) >= SETTLED]
            if not regions:
                break
        return [body for body in done if body.visibility.mean() >= LEAST_VISIBILITY]


def windows(frames: Iterable[Frame]) -> Iterator[list[Frame]]:
    """The frames in lists that span LOOK_EVERY seconds and hold MOST_HELD at most."""
    held: list[Frame] = []
    for frame in frames:
        if held and (len(held) == MOST_HELD or frame.time >= held[0].time + LOOK_EVERY - 1e-6):
            yield held
            held = []
        held.append(frame)
    if held:
        yield held


def distinct(bodies: list[Body]) -> list[Body]:
    """Everybody once, the first of each."""
    kept: list[Body] = []
    for body in bodies:
        if not any(same_body(body, other) for other in kept):
            kept.append(body)
    return kept


def same_body(a: Body, b: Body) -> bool:
    """Whether two are one person."""
    apart = np.linalg.norm(a.xy - b.xy, axis=-1).mean()
    return bool(apart < SAME_BODY * min(a.region.side, b.region.side))


def same_trunk(sighting: Sighting, trunk: Floats) -> bool:
    """Whether a sighting is of the person with that trunk (2, 2): middles of hips and shoulders."""
    apart = np.linalg.norm(sighting.points[[0, 2]] - trunk, axis=-1).mean()
    return bool(apart < SAME_TRUNK * sighting.region.side)


def change(a: Region, b: Region) -> float:
    """How far one region is from another: of centre and side, in sides of the first."""
    return float(np.linalg.norm(b.centre - a.centre) / a.side + abs(b.side / a.side - 1))
