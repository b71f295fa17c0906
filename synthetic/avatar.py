"""The avatar: a smooth figure of no sex or age in a plain suit, its left and right in the colours of the sides."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pose3d.core.colours import COLOURS, linear
from pose3d.motion.avatar import Mesh, Template
from synthetic.avatar_parts import PARTS, Part
from synthetic.avatar_rest import STARTS
from synthetic.avatar_weights import smoothed
from synthetic.nets import Net, cut

PALETTE = {
    "suit": "#dcd6cc",
    "trousers": "#7c7f8a",
    "skin": "#c3bdb6",
    "hood": "#6b6e79",
    "eyes": "#24262c",
    "sole": "#e4e1dc",
    "left": COLOURS["left"],
    "right": COLOURS["right"],
}
"""What the parts' regions are painted with."""

INFLUENCES = 4
"""Bones that move a corner, at most."""


def write_avatar(path: Path) -> Template:
    """Writes what pose3d.motion.avatar loads."""
    template = build()
    np.savez_compressed(path, starts=template.starts, **vars(template.mesh))
    return template


def build() -> Template:
    """All parts in one mesh."""
    built = [_painted(part, net) for part in PARTS for net in part.nets()]
    counts = np.cumsum([0, *(len(piece["position"]) for piece in built)])
    triangles = np.concatenate([piece.pop("triangles") + n for piece, n in zip(built, counts, strict=False)])
    whole = {name: np.concatenate([piece[name] for piece in built]) for name in built[0]}
    return Template(Mesh(triangles=triangles.astype(np.uint16), **whole), STARTS)


def _painted(part: Part, net: Net) -> dict[str, np.ndarray]:
    """The arrays of one closed surface. Where colours meet, there are two corners in one place."""
    for field in part.cuts:
        net = cut(net, field)
    weights = smoothed(part.weights(net.points), net.triangles, part.smoothing)
    regions = part.paint(net.points[net.triangles].mean(1))
    names = sorted(PALETTE)
    label = np.repeat([names.index(region) for region in regions], 3)
    pairs, corner = np.unique(np.stack([net.triangles.ravel(), label], 1), axis=0, return_inverse=True)
    old, colour = pairs.T
    bone, weight = _strongest(weights[old])
    return {
        "position": net.points[old].astype(np.float32),
        "normal": net.normals[old].astype(np.float32),
        "colour": np.array([linear(PALETTE[names[n]]) for n in colour], np.float32),
        "triangles": corner.reshape(-1, 3),
        "bone": bone.astype(np.uint8),
        "weight": weight.astype(np.float32),
    }


def _strongest(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(V, 4) bones and their weights; those left out are shared out among them."""
    bone = np.argsort(-weights, axis=1, kind="stable")[:, :INFLUENCES]
    weight = np.take_along_axis(weights, bone, axis=1)
    weight = np.where(weight < 0.004, 0, weight)
    return np.where(weight > 0, bone, 0), weight / weight.sum(1, keepdims=True)
