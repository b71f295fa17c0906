"""BlazePose's two networks with their geometry: pictures in, people in pixels of the picture out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import ArrayEquality, Floats, Picture
from pose3d.detect import landmarks as marks
from pose3d.detect import sightings as faces
from pose3d.detect.landmarks import BODY, CIRCLE, LANDMARKS, Landmarks
from pose3d.detect.regions import Region, cut_all
from pose3d.detect.sightings import Sighting, sightings
from pose3d.io.models.runner import Network

BATCH = 4
"""Regions given to a network at once: more are not faster, and ONNX Runtime keeps the memory of the largest batch."""
TRUNK = [[LANDMARKS["L" + part], LANDMARKS["R" + part]] for part in ("Hip", "Shoulder")]


@dataclass(frozen=True, eq=False)
class Body(ArrayEquality):
    """A person whose landmarks were seen in one picture."""

    xy: Floats
    """(33, 2) pixels."""
    visibility: Floats
    """(33,), 0 to 1."""
    flag: float
    """0 to 1: whether there is a person."""
    sharpness: float
    """0 to 1: how clearly the limbs were seen; see Landmarks."""
    region: Region
    """Where to look for them in the next picture."""

    @property
    def box(self) -> Floats:
        """(4,) left, top, right, bottom of the landmarks, pixels."""
        return np.concatenate([self.xy.min(0), self.xy.max(0)])

    @property
    def trunk(self) -> Floats:
        """(2, 2) pixels: middle of the hips, middle of the shoulders."""
        return self.xy[TRUNK].mean(1)


@dataclass(frozen=True)
class Networks:
    """The person detector and the landmark network."""

    detector: Network
    landmarks: Network

    def sighted(self, image: Picture, regions: list[Region], least: float) -> list[Sighting]:
        """People with at least the score `least` in any of the regions, in pixels; one may be there several times."""
        found: list[Sighting] = []
        for some in _batches(regions):
            out = self.detector(cut_all(image, some, faces.INPUT))
            for region, boxes, scores in zip(some, out["boxes"], out["scores"], strict=True):
                found += [in_picture(sighting, region) for sighting in sightings(boxes, scores, least)]
        return found

    def bodies(self, image: Picture, regions: list[Region]) -> list[Body]:
        """What the landmark network sees in each of the regions."""
        found: list[Body] = []
        for some in _batches(regions):
            found += in_pixels(Landmarks.decode(**self.landmarks(cut_all(image, some, marks.INPUT))), some)
        return found


def _batches(regions: list[Region]) -> Iterator[list[Region]]:
    for start in range(0, len(regions), BATCH):
        yield regions[start : start + BATCH]


def in_picture(sighting: Sighting, region: Region) -> Sighting:
    """A sighting, 0 to 1 across a region, in pixels; its box is the one around the turned box."""
    left, top, right, bottom = sighting.box
    corners = region.to_picture(np.array([[left, top], [right, top], [right, bottom], [left, bottom]]))
    box = np.concatenate([corners.min(0), corners.max(0)])
    return Sighting(box, region.to_picture(sighting.points), sighting.score)


def in_pixels(found: Landmarks, regions: list[Region]) -> list[Body]:
    """The landmarks of a batch in pixels of the pictures that the regions lie in."""
    bodies: list[Body] = []
    for index, region in enumerate(regions):
        pixels = region.to_picture(found.xy[index])
        body = Body(
            xy=pixels[:BODY],
            visibility=found.visibility[index, :BODY],
            flag=float(found.flag[index]),
            sharpness=float(found.sharpness[index]),
            region=Region.around(*pixels[list(CIRCLE)]),
        )
        bodies.append(body)
    return bodies
