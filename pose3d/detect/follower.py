"""Everybody in a video, frame by frame: followed where they are, looked for where they may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats, Picture
from pose3d.core.video import Frame
from pose3d.detect.attention import Attention
from pose3d.detect.bodies import Body, Networks
from pose3d.detect.looks import around, whole
from pose3d.detect.regions import Region
from pose3d.detect.same import distinct, real_ones, same_trunk
from pose3d.detect.sightings import Sighting

LOOK_EVERY = 0.5
"""Seconds of video between looks for people who were not there before."""
MOST_HELD = 16
"""Frames in memory at once."""
PARTS_EACH, PARTS_ALONE = 2, 1
"""Parts of the picture that a look takes besides all of it: with people there, and in every frame without."""
MISSED_FOR = 1.0
"""Seconds for which somebody lost is looked for where they were."""
CROWD = 3
"""People from whom on smaller ones are looked for in the first frame as well."""
LEAST_SCORE = 0.4
"""Of a sighting worth asking the landmark network about; mediapipe takes 0.5 and one person."""
LEAST_FLAG, LEAST_HOPE = 0.5, 0.2
"""Of the landmark network, for a person to be there, and to become one with a better region."""
LEAST_SHARPNESS = 0.49
"""Of a newcomer, for furniture not to be one: people from behind and of 100 pixels reach 0.5, most others 0.7."""
LEAST_INSIDE = 0.2
"""Share of a body's landmarks in the picture."""
MOST_TRIED, TRIED_AT_ONCE = 32, 6
"""Sightings in a frame that are followed up, the surest first, and how many of them before looking who is left."""
MOST_TRIES, SETTLED = 5, 0.02
"""Most tries at one picture after a sighting, and the change of region, in its sides, that ends them."""


@dataclass(frozen=True)
class Missed:
    """Somebody who was lost. region: where; until: seconds of the video up to which to look there."""

    region: Region
    until: float


class Follower:
    """Finds everybody in the frames of one video; made anew for each."""

    def __init__(self, networks: Networks):
        self._networks = networks
        self._regions: list[Region] = []
        self._missed: list[Missed] = []
        self._attention: Attention | None = None

    def __call__(self, frames: Iterable[Frame]) -> Iterator[tuple[Frame, list[Body]]]:
        """Every frame with the people in it, in order."""
        for held in windows(frames):
            yield from zip(held, self._window(held), strict=True)

    def _window(self, held: list[Frame]) -> list[list[Body]]:
        """Forward through the frames, looking around in the last, and where somebody was lost in all.

        Who is found is followed back as well: they were there before they were looked for.
        """
        seen: list[list[Body]] = []
        for index, frame in enumerate(held):
            bodies = self._followed(frame, self._regions)
            self._remember_lost(frame.time, bodies)
            everywhere = index == len(held) - 1 or not bodies
            seen.append(bodies)
            if everywhere or self._missed:
                sighted = self._sighted(frame, bodies) if everywhere else self._sighted_again(frame)
                everybody = real_ones(bodies, self._newcomers(frame, bodies, sighted))
                new = [body for body in everybody if not any(body is known for known in bodies)]
                self._forget_found(new)
                self._follow_back(held, seen, new)
                bodies = seen[-1] = everybody
            self._regions = [body.region for body in bodies]
        return seen

    def _follow_back(self, held: list[Frame], seen: list[list[Body]], new: list[Body]) -> None:
        """Adds newcomers of the last frame seen to those before it, until they are known there or gone."""
        for index in range(len(seen) - 2, -1, -1):
            if not new:
                return
            before = self._followed(held[index], [body.region for body in new])
            everybody = distinct([*seen[index], *before])
            new = everybody[len(seen[index]) :]
            seen[index] = everybody

    def _followed(self, frame: Frame, regions: list[Region]) -> list[Body]:
        """Who is still there, each once."""
        bodies = self._networks.bodies(frame.image, regions)
        return distinct([body for body in bodies if body.flag >= LEAST_FLAG and inside(body, frame.image)])

    def _remember_lost(self, time: float, bodies: list[Body]) -> None:
        """Keeps the places of people who are not there any more, for a while."""
        self._missed = [missed for missed in self._missed if time <= missed.until]
        if len(bodies) < len(self._regions):
            near = [body.region for body in bodies]
            gone = [region for region in self._regions if not any(close(region, other) for other in near)]
            self._missed += [Missed(region, time + MISSED_FOR) for region in gone]

    def _forget_found(self, new: list[Body]) -> None:
        self._missed = [missed for missed in self._missed if not any(close(missed.region, body.region) for body in new)]

    def _newcomers(self, frame: Frame, known: list[Body], sighted: list[Sighting]) -> list[Body]:
        """People among those sighted in the frame besides those known, maybe some of them twice."""
        left = sorted(sighted, key=lambda sighting: -sighting.score)[:MOST_TRIED]
        new: list[Body] = []
        while left := unknown(left, [*known, *new]):
            tried, left = left[:TRIED_AT_ONCE], left[TRIED_AT_ONCE:]
            new += self._settled(frame.image, [sighting.region for sighting in tried])
        return new

    def _sighted_again(self, frame: Frame) -> list[Sighting]:
        """What the detector sees where somebody was lost."""
        return self._networks.sighted(frame.image, [around(missed.region) for missed in self._missed], LEAST_SCORE)

    def _sighted(self, frame: Frame, known: list[Body]) -> list[Sighting]:
        """What the detector sees: in the whole picture, where somebody was lost, and in some parts; in all at first."""
        height, width = frame.image.shape[:2]
        looks = [whole(width, height), *(around(missed.region) for missed in self._missed)]
        if self._attention is None:
            self._attention = Attention(frame.image)
            found = self._networks.sighted(frame.image, [*looks, *self._attention.coarse], LEAST_SCORE)
            if found and len(unknown(found, [])) < CROWD:
                return found
            return found + self._networks.sighted(frame.image, self._attention.fine, LEAST_SCORE)
        parts = PARTS_EACH if known else PARTS_ALONE
        looks += self._attention.next(frame.image, [extent(body) for body in known], parts)
        return self._networks.sighted(frame.image, looks, LEAST_SCORE)

    def _settled(self, image: Picture, regions: list[Region]) -> list[Body]:
        """Looks at the same picture until the regions stay where they are; who is no person is left out."""
        return [body for body in settled(self._networks, image, regions) if convincing(body, image)]


def settled(networks: Networks, image: Picture, regions: list[Region]) -> list[Body]:
    """What is in the regions of the picture (H, W, 3), looked at until they stay where they are; not all are people."""
    done: list[Body] = []
    for left in reversed(range(MOST_TRIES)):
        if not regions:
            break
        bodies = networks.bodies(image, regions)
        pairs = [(region, body) for region, body in zip(regions, bodies, strict=True) if body.flag >= LEAST_HOPE]
        ended = [not left or change(region, body.region) < SETTLED for region, body in pairs]
        done += [body for (_, body), end in zip(pairs, ended, strict=True) if end]
        regions = [body.region for (_, body), end in zip(pairs, ended, strict=True) if not end]
    return done


def windows(frames: Iterable[Frame]) -> Iterator[list[Frame]]:
    """The frames in lists that span LOOK_EVERY seconds and hold MOST_HELD at most; the first has a list of its own."""
    held: list[Frame] = []
    first = True
    for frame in frames:
        if held and (first or len(held) == MOST_HELD or frame.time >= held[0].time + LOOK_EVERY - 1e-6):
            yield held
            held, first = [], False
        held.append(frame)
    if held:
        yield held


def unknown(sightings: list[Sighting], known: list[Body]) -> list[Sighting]:
    """Sightings, each of somebody else and of nobody known."""
    kept: list[Sighting] = []
    for sighting in sightings:
        taken = [*(body.trunk for body in known), *(other.points[[0, 2]] for other in kept)]
        if not any(same_trunk(sighting, trunk) for trunk in taken):
            kept.append(sighting)
    return kept


def convincing(body: Body, image: Picture) -> bool:
    """Whether a newcomer is a person and not furniture, with the trunk's middle in the picture (H, W, 3)."""
    middle = body.trunk.mean(0)
    centred = bool(((middle >= 0) & (middle < image.shape[1::-1])).all())
    return centred and body.flag >= LEAST_FLAG and body.sharpness >= LEAST_SHARPNESS


def inside(body: Body, image: Picture) -> bool:
    """Whether enough of somebody is in the picture (H, W, 3)."""
    return float(((body.xy >= 0) & (body.xy < image.shape[1::-1])).all(-1).mean()) >= LEAST_INSIDE


def extent(body: Body) -> Floats:
    """(4,) left, top, right, bottom of a body's region, which holds its limbs and shadow."""
    return np.concatenate([body.region.centre - body.region.side / 2, body.region.centre + body.region.side / 2])


def change(a: Region, b: Region) -> float:
    """How far one region is from another: of centre and side, in sides of the first."""
    return float(np.linalg.norm(b.centre - a.centre) / a.side + abs(b.side / a.side - 1))


def close(a: Region, b: Region) -> bool:
    """Whether one region can be the other a few frames later."""
    return change(a, b) < 0.5
