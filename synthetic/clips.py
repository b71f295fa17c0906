"""The example clips: who does what in front of which camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from pose3d.core.camera import Camera
from synthetic.body import Body, Clothes
from synthetic.exercises import ArmRaises, JumpingJacks, Squats
from synthetic.kinematics import Figure, solve
from synthetic.motion import Motion, Stance
from synthetic.placement import Placement
from synthetic.truth import Truth
from synthetic.walk import Walk

NTSC = 30000 / 1001


@dataclass(frozen=True)
class Clip:
    """Everything that makes a clip, given once."""

    name: str
    motion: Motion
    camera: Camera
    placement: Placement
    frames: int
    fps: float = 30.0
    body: Body = field(default_factory=Body)
    clothes: Clothes = field(default_factory=Clothes)

    @property
    def times(self) -> np.ndarray:
        """(T,) seconds."""
        return np.arange(self.frames) / self.fps

    def figure(self) -> Figure:
        """The body in every frame, world metres."""
        return solve(self.body, self.motion.controls(self.body, self.times))

    def truth(self) -> Truth:
        """Camera and joints, to be written beside the clip."""
        xyz = self.placement.to_camera(self.figure().joints)
        return Truth(self.name, self.fps, self.camera, self.body.stature, xyz.astype(np.float32))


CLIPS = (
    Clip(
        "walk",
        Walk(),
        Camera.from_fov(960, 540, 57),
        Placement((0.25, 1.2, 4.45), (0.05, 0.9, 0.0)),
        frames=126,
    ),
    Clip(
        "squats",
        Squats(Stance(facing=36, width=0.36, toe_out=16)),
        Camera.from_fov(540, 960, 48),
        Placement((0.0, 1.0, 3.3), (0.0, 0.93, 0.0)),
        frames=144,
        body=Body().scaled(1.76),
        clothes=Clothes(
            shirt=(0.72, 0.20, 0.18), trousers=(0.16, 0.19, 0.28), shoes=(0.20, 0.20, 0.22), hair=(0.10, 0.08, 0.07)
        ),
    ),
    Clip(
        "jumping_jacks",
        JumpingJacks(Stance(facing=-14, width=0.2, toe_out=8)),
        Camera.from_fov(640, 640, 49),
        Placement((0.1, 1.45, 3.3), (0.0, 1.08, 0.0)),
        frames=150,
        clothes=Clothes(
            shirt=(0.88, 0.62, 0.16), print=(0.2, 0.2, 0.25), trousers=(0.25, 0.25, 0.28), hair=(0.32, 0.2, 0.1)
        ),
    ),
    Clip(
        "arm_raises",
        ArmRaises(Stance(facing=-30, width=0.2, toe_out=9)),
        Camera.from_fov(640, 480, 60),
        Placement((-0.1, 1.7, 3.2), (0.0, 1.05, 0.0)),
        frames=138,
        fps=NTSC,
        body=Body().scaled(1.66),
        clothes=Clothes(
            shirt=(0.24, 0.50, 0.38), trousers=(0.28, 0.30, 0.38), skin=(0.62, 0.42, 0.31), hair=(0.08, 0.06, 0.05)
        ),
    ),
)


def choose(names: Sequence[str]) -> list[Clip]:
    """Clips by name, all when none is named."""
    known = {clip.name: clip for clip in CLIPS}
    for name in names:
        if name not in known:
            raise ValueError(f"no clip {name!r}; there are {', '.join(known)}")
    return [known[name] for name in names or known]
