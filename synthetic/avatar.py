"""The avatar: a smooth figure of no sex or age in a plain suit, its left and right in the colours of the sides."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pose3d.core.colours import COLOURS, linear
from pose3d.motion.avatar import Mesh, Template
from synthetic.avatar_body import BALLS, BODY
from synthetic.avatar_ends import HAND, HEAD, SHOE
from synthetic.avatar_part import Part
from synthetic.avatar_rest import HEAD_LENGTH, STARTS
from synthetic.avatar_weights import smoothed
from synthetic.nets import Net

PALETTE = {
    "suit": "#dcd6cc",
    "trousers": "#7c7f8a",
    "skin": "#c3bdb6",
    "eyes": "#24262c",
    "sole": "#e4e1dc",
    "left": COLOURS["left"],
    "right": COLOURS["right"],
}
"""What the parts' regions are painted with."""

INFLUENCES = 4
"""Bones that move a corner, at most."""
LEAST = 0.004
"""Weight."""
DIGITS = 6
"""Of weights that decide; what differs by less is equal, on every machine."""


def write_avatar(path: Path) -> Template:
    """Writes what pose3d.motion.avatar loads."""
    template = build()
    np.savez_compressed(path, starts=template.starts, head=template.head, **vars(template.mesh))
    return template


def build() -> Template:
    """All parts in one mesh."""
    built = [_painted(part, net) for part in (BODY, HEAD, HAND, SHOE, *BALLS) for net in part.nets()]
    first = np.cumsum([0, *(len(piece["position"]) for piece in built)])
    for piece, corner in zip(built, first, strict=False):
        piece["triangles"] = (piece["triangles"] + corner).astype(np.uint16)
    mesh = Mesh(**{name: np.concatenate([piece[name] for piece in built]) for name in built[0]})
    return Template(mesh, STARTS, HEAD_LENGTH)


def _painted(part: Part, net: Net) -> dict[str, np.ndarray]:
    """The arrays of one closed surface. Where colours meet, there are two corners in one place."""
    weights = smoothed(part.weights(net.points), net.triangles, part.smoothing)
    names = sorted(PALETTE)
    label = np.repeat([names.index(region) for region in part.paint(net)], 3)
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
    """(V, 4) bones and their weights; what the others had is shared out among them."""
    bone = np.argsort(-weights.round(DIGITS), axis=1, kind="stable")[:, :INFLUENCES]
    weight = np.take_along_axis(weights, bone, axis=1)
    weight = np.where(weight < LEAST, 0, weight)
    return np.where(weight > 0, bone, 0), weight / weight.sum(1, keepdims=True)
