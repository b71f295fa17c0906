"""A mesh that follows a humanoid's bones: linear blend skinning, as all programs that open our files do it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pose3d.core.arrays import Floats
from pose3d.motion.avatar import Mesh
from pose3d.motion.humanoid import Humanoid


@dataclass(frozen=True)
class Skin:
    """A mesh over T frames."""

    mesh: Mesh
    local: Floats
    """(4, V, 3) metres: each corner from the start of each of its bones, at rest."""
    turns: Floats
    """(T, N, 3, 3) rotations of the bones in the world."""
    starts: Floats
    """(T, N, 3) metres: where the bones start."""

    @classmethod
    def of(cls, humanoid: Humanoid, mesh: Mesh) -> Skin:
        """mesh: the humanoid's avatar, or a part of it."""
        moved = humanoid.moved()
        return cls(mesh, mesh.position - humanoid.rest[mesh.bone.T], moved.turns, moved.starts)

    def points(self, frame: int) -> Floats:
        """(V, 3) metres in a frame."""
        placed = np.zeros(self.mesh.position.shape)
        for bone, local, share in zip(self.mesh.bone.T, self.local, self.mesh.weight.T, strict=True):
            placed += share[:, None] * (
                self.starts[frame, bone] + np.einsum("vij,vj->vi", self.turns[frame, bone], local)
            )
        return placed
