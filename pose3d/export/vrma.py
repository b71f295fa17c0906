"""VRMA: VRM Animation 1.0, a motion without a body, which VRM avatars of any size put on."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pygltflib has no stubs, and no types for some of its functions

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pygltflib as gl

from pose3d.core.arrays import Floats
from pose3d.core.result import Result
from pose3d.export.gltf_buffer import GltfBuffer
from pose3d.export.gltf_tracks import HIPS, Tracks, keyframes, rest_nodes
from pose3d.motion.animated import animated
from pose3d.motion.humanoid import NAMES, Humanoid

EXTENSION = "VRMC_vrm_animation"
VERSION = "1.0"


def write(result: Result, path: Path) -> None:
    """A GLB without a mesh: nodes at rest in a "T" that faces +z, metres, y up; the soles of who stands are at 0.

    Keyframe times are the frames' own, the span's first at 0. Programs scale the path by the height of the hips at
    rest, which is therefore that of the same legs. The path starts above the origin, where viewers look. Bones other
    than the hips have rotations alone, and nothing is scaled, as the format demands: it cannot say that nobody is
    there, so that the figure holds its last pose then, and its first before it comes.
    """
    humanoid = animated(result)
    buffer = GltfBuffer()
    seconds, kept = keyframes(result.times)
    tracks = Tracks(buffer, seconds)
    tracks.add_bones(humanoid.rotations[kept], _path(humanoid)[kept])
    document = gl.GLTF2(
        asset=gl.Asset(generator="pose3d"),
        scene=0,
        scenes=[gl.Scene(nodes=[HIPS])],
        nodes=rest_nodes(humanoid, NAMES, np.zeros(3)),
        animations=[tracks.animation],
        accessors=buffer.accessors,
        bufferViews=buffer.views,
        buffers=[gl.Buffer(byteLength=len(buffer.data))],
        extensionsUsed=[EXTENSION],
        extensions={EXTENSION: _extension()},
    )
    document.set_binary_blob(bytes(buffer.data))
    document.save_binary(str(path))


def _path(humanoid: Humanoid) -> Floats:
    """(T, 3) metres: where the hips are, above the origin at first."""
    x, _, z = humanoid.places[0]
    return humanoid.places - [x, 0, z]


def _extension() -> dict[str, Any]:
    bones = {name: {"node": n} for n, name in enumerate(NAMES)}
    return {"specVersion": VERSION, "humanoid": {"humanBones": bones}}
