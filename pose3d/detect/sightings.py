"""The person detector's geometry: from its numbers to people roughly placed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import ArrayEquality, Floats
from pose3d.detect.regions import Region

INPUT = 224
"""Pixels across the network's picture."""
LAYERS = ((8, 2), (16, 2), (32, 6))
"""Stride in pixels and anchors in each cell, in the order of the network's rows."""
POINTS = 4
"""Middle of the hips, rim of the body's circle, middle of the shoulders, rim of the upper body's circle."""
CLIPPED = 100.0
"""Beyond it a raw score says no more."""
OVERLAP = 0.3
"""Intersection over union from which two boxes are one face."""


@dataclass(frozen=True, eq=False)
class Sighting(ArrayEquality):
    """A person whom the detector sees."""

    box: Floats
    """(4,) left, top, right, bottom of the face, in the unit of the points."""
    points: Floats
    """(4, 2), see POINTS."""
    score: float
    """0 to 1."""

    @property
    def region(self) -> Region:
        """Where the body is."""
        return Region.around(self.points[0], self.points[1])


def anchors() -> Floats:
    """(2254, 2) middles of the cells, 0 to 1 across the network's picture."""
    layers: list[Floats] = []
    for stride, each in LAYERS:
        cells = INPUT // stride
        middles = (np.arange(cells) + 0.5) / cells
        x, y = np.meshgrid(middles, middles)
        layers.append(np.repeat(np.stack([x, y], -1).reshape(-1, 2), each, axis=0))
    return np.concatenate(layers)


ANCHORS = anchors()


def sightings(boxes: Floats, scores: Floats, least: float) -> list[Sighting]:
    """People with a score of at least `least`, the surest first, 0 to 1 across the network's picture.

    boxes (2254, 4 + 2 * POINTS): x, y, width, height of the face and the points, pixels from the anchor; scores
    (2254, 1) before the sigmoid.
    """
    sure = 1 / (1 + np.exp(-np.clip(scores[:, 0].astype(np.float64), -CLIPPED, CLIPPED)))
    rows = np.flatnonzero(sure >= least)
    values = boxes[rows].reshape(len(rows), 2 + POINTS, 2) / INPUT
    size = values[:, 1]
    places = np.delete(values, 1, axis=1) + ANCHORS[rows, None]
    corners = np.concatenate([places[:, 0] - size / 2, places[:, 0] + size / 2], -1)
    return merged([Sighting(*row) for row in zip(corners, places[:, 1:], sure[rows].tolist(), strict=True)])


def merged(found: list[Sighting]) -> list[Sighting]:
    """Weighted non-maximum suppression: those that overlap the surest become one, their mean by score."""
    left = sorted(found, key=lambda sighting: -sighting.score)
    kept: list[Sighting] = []
    while left:
        first = left[0]
        same = [other for other in left if intersection_over_union(first.box, other.box) > OVERLAP or other is first]
        left = [other for other in left if not any(other is one for one in same)]
        weights = np.array([other.score for other in same]) / sum(other.score for other in same)
        box = np.tensordot(weights, np.stack([other.box for other in same]), 1)
        points = np.tensordot(weights, np.stack([other.points for other in same]), 1)
        kept.append(Sighting(box, points, first.score))
    return kept


def intersection_over_union(a: Floats, b: Floats) -> float:
    """Of two boxes (4,): left, top, right, bottom."""
    width, height = np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0)
    both = float(width * height)
    areas = sum(float(np.prod(np.maximum(box[2:] - box[:2], 0))) for box in (a, b))
    return both / max(areas - both, 1e-12)
