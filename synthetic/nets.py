"""Closed triangle surfaces of signed distances: surface nets on a grid whose planes lie closer where it matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from synthetic.distance import Distance, slope

Grid = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Growing x, y and z of the planes, metres."""

ROUNDS = 12
"""Of evening out the corners."""
PULL = 0.5
"""Of the way to the middle of the neighbours, each round."""
NEWTON_STEPS = 4
"""From a corner to the surface."""
FLATTEST = 0.1
"""Squared slope of a distance that is believed; true ones have 1."""
NEARLY = 1.01
"""Diagonals that differ by less are equal, on every machine."""
SNAP = 0.2
"""Part of an edge: a corner that lies nearer than this to a cut is moved onto it."""
DIGITS = 6
"""Of such parts; what differs by less is equal, on every machine."""
MEETING_ROUNDS = 8
"""From a corner to where surface and cut meet."""
ON_CUT = 1e-4
"""Metres within which a corner lies on the cut."""

CORNERS = np.array([(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)])
"""Of a cell."""
EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if np.abs(CORNERS[a] - CORNERS[b]).sum() == 1]


@dataclass(frozen=True)
class Net:
    """points (V, 3) metres on the surface of `shape`; triangles (F, 3) counter-clockwise from outside."""

    points: np.ndarray
    triangles: np.ndarray
    shape: Distance

    @property
    def normals(self) -> np.ndarray:
        """(V, 3) unit vectors."""
        slopes = slope(self.shape, self.points)
        return slopes / np.linalg.norm(slopes, axis=1, keepdims=True)

    def below(self, field: Distance) -> np.ndarray:
        """(F,) whether triangles that were cut along a field lie where it is below 0."""
        total = (_sides(field(self.points)) * np.abs(field(self.points)))[self.triangles].sum(1)
        return np.where(total == 0, field(self.points[self.triangles].mean(1)), total) < 0

    def mirrored(self) -> Net:
        """With left and right exchanged."""
        mirror = np.array([-1, 1, 1])
        return Net(self.points * mirror, self.triangles[:, ::-1], lambda points: self.shape(points * mirror))


def planes(*stretches: tuple[float, float, float], centred: bool = False) -> np.ndarray:
    """Planes of a grid from stretches (first, last, distance) in metres, one after the other.

    centred: the stretches begin at 0, and lie on both sides of it.
    """
    found = [np.linspace(a, b, max(2, round((b - a) / step) + 1)) for a, b, step in stretches]
    line = np.concatenate([found[0], *(stretch[1:] for stretch in found[1:])])
    return np.concatenate([-line[:0:-1], line]) if centred else line


def surface(shape: Distance, grid: Grid) -> Net:
    """The surface where the distance is 0. It must lie inside the grid."""
    points = np.stack(np.meshgrid(*grid, indexing="ij"), -1)
    values = shape(points.reshape(-1, 3)).reshape(points.shape[:3])
    if min(face.min() for axis in range(3) for face in np.moveaxis(values, axis, 0)[[0, -1]]) <= 0:
        raise ValueError("the shape reaches the grid's border")
    number, corners = _cells(points, values)
    quads = _quads(values < 0, number)
    corners = _evened(onto(shape, corners), quads, shape)
    triangles = _halved(quads, corners)
    if len(np.unique(edges_of(triangles), axis=0)) < 3 * len(triangles):
        raise ValueError("the grid is too wide: two sheets of the surface meet in a cell")
    return Net(corners, triangles, shape)


def onto(shape: Distance, points: np.ndarray, steps: int = NEWTON_STEPS) -> np.ndarray:
    """The points moved along the slope until the distance is 0."""
    for _ in range(steps):
        slopes = slope(shape, points)
        points = points - (shape(points) / np.maximum((slopes**2).sum(1), FLATTEST))[:, None] * slopes
    return points


def cut(net: Net, field: Distance) -> Net:
    """With corners where `field` is 0, so that no triangle lies on both sides of it."""
    net = _snapped(net, field)
    sides = _sides(field(net.points))
    edges = np.unique(np.sort(edges_of(net.triangles), axis=1), axis=0)
    edges = edges[sides[edges].prod(1) < 0]
    if not len(edges):
        return net
    points = np.concatenate([net.points, _crossings(net, edges, field)])
    between = {(a, b): len(net.points) + n for n, (a, b) in enumerate(edges.tolist())}
    triangles = [part for triangle in net.triangles.tolist() for part in _split(triangle, between)]
    return replace(net, points=points, triangles=np.array(triangles))


def edges_of(triangles: np.ndarray) -> np.ndarray:
    """(3F, 2) edges of triangles, in the direction in which each triangle has them."""
    return triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)


def neighbours(pairs: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both directions of edges (E, 2), each once, and how many lead from each of `count` corners."""
    both = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    return both[:, 0], both[:, 1], np.bincount(both[:, 0], minlength=count)


def averaged(values: np.ndarray, start: np.ndarray, end: np.ndarray, degree: np.ndarray) -> np.ndarray:
    """(V, C) means of the neighbours' values."""
    total = np.zeros_like(values)
    np.add.at(total, start, values[end])
    return total / degree[:, None]


def _cells(points: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the cells that the surface runs through, -1 for others, and the mean of its crossings there."""
    shape = tuple(n - 1 for n in values.shape)
    parts = [tuple(slice(o, o + n) for o, n in zip(corner, shape, strict=True)) for corner in CORNERS]
    inside = np.stack([values[part] < 0 for part in parts], -1)
    active = inside.any(-1) & ~inside.all(-1)
    place = np.stack([points[part][active] for part in parts], 1)
    level = np.stack([values[part][active] for part in parts], 1)
    total, count = np.zeros((len(place), 3)), np.zeros((len(place), 1))
    for a, b in EDGES:
        crosses = ((level[:, a] < 0) != (level[:, b] < 0))[:, None]
        share = (level[:, a] / np.where(crosses[:, 0], level[:, a] - level[:, b], 1))[:, None]
        total += np.where(crosses, place[:, a] + share * (place[:, b] - place[:, a]), 0)
        count += crosses
    number = np.full(shape, -1)
    number[active] = np.arange(len(place))
    return number, total / count


def _quads(inside: np.ndarray, number: np.ndarray) -> np.ndarray:
    """(Q, 4) cells around each of the grid's edges that the surface crosses, counter-clockwise from outside."""
    found = []
    for axis in range(3):
        # The two other axes, in the order in which they turn counter-clockwise about this one.
        first, second = (axis + 1) % 3, (axis + 2) % 3
        begin = np.moveaxis(inside, (axis, first, second), (0, 1, 2))
        cells = np.moveaxis(number, (axis, first, second), (0, 1, 2))
        low, high = begin[:-1, 1:-1, 1:-1], begin[1:, 1:-1, 1:-1]
        around = [cells[:, :-1, :-1], cells[:, 1:, :-1], cells[:, 1:, 1:], cells[:, :-1, 1:]]
        ring = np.stack(around, -1)
        found += [ring[low & ~high], ring[~low & high][:, ::-1]]
    return np.concatenate(found)


def _evened(points: np.ndarray, quads: np.ndarray, shape: Distance) -> np.ndarray:
    """Corners spread evenly along the surface."""
    links = neighbours(np.concatenate([quads[:, [n, (n + 1) % 4]] for n in range(4)]), len(points))
    for _ in range(ROUNDS):
        points = onto(shape, points + PULL * (averaged(points, *links) - points), steps=1)
    return onto(shape, points)


def _halved(quads: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Two triangles of each quad, along its shorter diagonal; of nearly equal ones, along the first.

    A corner of two quads only is on the diagonals of both: along the others they would have an edge in common twice.
    """
    a, b, c, d = quads.T
    first = np.linalg.norm(points[a] - points[c], axis=1)
    second = np.linalg.norm(points[b] - points[d], axis=1)
    thin = (np.bincount(quads.ravel()) == 2)[quads]
    along = (first < NEARLY * second) & ~thin[:, 1] & ~thin[:, 3] | thin[:, 0] | thin[:, 2]
    halves = np.where(along[:, None], np.stack([a, b, c, a, c, d], 1), np.stack([a, b, d, b, c, d], 1))
    return halves.reshape(-1, 3)


def _sides(values: np.ndarray) -> np.ndarray:
    """-1, 0 on the cut, or 1."""
    return np.where(np.abs(values) < ON_CUT, 0, np.sign(values))


def _crossings(net: Net, edges: np.ndarray, field: Distance) -> np.ndarray:
    """(E, 3) points of the surface where the field is 0, near edges (E, 2) that cross it."""
    start, end = net.points[edges[:, 0]], net.points[edges[:, 1]]
    before, after = field(start), field(end)
    points = start + (before / (before - after))[:, None] * (end - start)
    for _ in range(MEETING_ROUNDS):
        points = onto(net.shape, onto(field, points, steps=1), steps=1)
    return points


def _snapped(net: Net, field: Distance) -> Net:
    """With the corners that lie next to a cut moved onto it."""
    values = field(net.points)
    start, end, _ = neighbours(edges_of(net.triangles), len(values))
    crosses = values[start] * values[end] < 0
    start, end = start[crosses], end[crosses]
    share = values[start] / (values[start] - values[end])
    order = np.argsort(-share.round(DIGITS), kind="stable")
    order = order[share[order] < SNAP]
    points = net.points.copy()
    # The nearest crossing is written last and stays.
    points[start[order]] = _crossings(net, np.stack([start, end], 1)[order], field)
    return replace(net, points=points)


def _split(triangle: Sequence[int], between: dict[tuple[int, int], int]) -> list[list[int]]:
    """The triangle, or the two or three into which the corners on its edges part it."""
    for n in range(3):
        a, b, c = (triangle[(n + k) % 3] for k in range(3))
        ab, bc, ca = (between.get((min(p, q), max(p, q))) for p, q in ((a, b), (b, c), (c, a)))
        if ab is None or ca is not None:
            continue
        if bc is None:
            return [[a, ab, c], [ab, b, c]]
        return [[ab, b, bc], [a, ab, bc], [a, bc, c]]
    return [list(triangle)]
