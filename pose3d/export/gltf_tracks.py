"""The bones of a humanoid as nodes of a glTF file, and their animation, filled track by track."""
# pyright: reportMissingTypeStubs=false
# pygltflib has no stubs

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygltflib as gl

from pose3d.core.arrays import Bools, Floats
from pose3d.export.gltf_buffer import GltfBuffer
from pose3d.motion.humanoid import CHILDREN, NAMES, Humanoid

HIPS = NAMES.index("hips")
ANKLE_HEIGHT = 0.08
"""Metres from an adult's ankle down to the sole."""


def rest_nodes(humanoid: Humanoid, names: Sequence[str], where: Floats) -> list[gl.Node]:
    """The bones in the pose of no rotation, which retargeting asks for, standing on the floor at 0 under where (3,)."""
    places = humanoid.offsets.copy()
    places[HIPS] = [where[0], ANKLE_HEIGHT - humanoid.rest[:, 1].min(), where[2]]
    return [
        gl.Node(name=name, children=below, translation=place.tolist())
        for name, below, place in zip(names, CHILDREN, places, strict=True)
    ]


def keyframes(times: Floats) -> tuple[Floats, Bools]:
    """Of frames at `times` (T,): float32 seconds of the keyframes (K,), the first at 0, and which frames they are (T,).

    The format forbids two keyframes at one time, also after rounding.
    """
    seconds = (times - times[0]).astype(np.float32)
    kept = np.r_[True, np.diff(seconds) > 0]
    return seconds[kept], kept


class Tracks:
    """What nodes do at the times of the keyframes (K,); the first nodes of the file are BONES."""

    def __init__(self, buffer: GltfBuffer, seconds: Floats):
        """seconds: (K,) float32, growing."""
        self.animation = gl.Animation(name="motion")
        self._buffer, self._clock = buffer, buffer.add(seconds, limits=True)

    def add(self, node: int, path: str, values: Floats, interpolation: str = gl.ANIM_LINEAR) -> None:
        """path: "rotation", "translation" or "scale"; values: (K, 3 or 4) float32."""
        output = self._buffer.add(values)
        sampler = gl.AnimationSampler(input=self._clock, output=output, interpolation=interpolation)
        target = gl.AnimationChannelTarget(node=node, path=path)
        self.animation.channels.append(gl.AnimationChannel(sampler=len(self.animation.samplers), target=target))
        self.animation.samplers.append(sampler)

    def add_bones(self, rotations: Floats, places: Floats) -> None:
        """Of each bone its rotations (K, N, 4), and the hips' places (K, 3): float64, as a Humanoid has them."""
        for n in range(len(NAMES)):
            self.add(n, "rotation", rotations[:, n].astype(np.float32))
        self.add(HIPS, "translation", places.astype(np.float32))
