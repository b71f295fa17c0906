"""The clips that the whole is measured on: other bodies, clothes, rooms, cameras and motions than the examples.

No setting of the project was chosen by looking at them, but for those of the feet (pose3d/ground/contacts.py and
planted.py), for which lunges, punches and toe touches were. Cameras: a phone at the hip, a webcam, a far one, one
under the ceiling; people are seen from all sides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from pose3d.core.camera import Camera
from synthetic.body import Body, Clothes
from synthetic.clips import Clip
from synthetic.drills import Bows, HighKnees, Kicks, Lunges, Punches, ToeTouches
from synthetic.motion import Motion
from synthetic.placement import Placement
from synthetic.room import Room
from synthetic.walk import Walk

FRAMES = 114

SMALL = Body(hip_width=0.2, shoulder_width=0.35, trunk=0.52, girth=0.96).scaled(1.54)
BROAD = Body(hip_width=0.21, shoulder_width=0.42, trunk=0.53, girth=1.14).scaled(1.84)
LANKY = Body(shin=0.44, thigh=0.44, upper_arm=0.31, forearm=0.27, girth=0.9).scaled(1.9)
STOUT = Body(hip_width=0.23, shoulder_width=0.4, shin=0.385, thigh=0.395, girth=1.22).scaled(1.66)

NAVY = Clothes(shirt=(0.10, 0.13, 0.28), print=(0.85, 0.3, 0.2), trousers=(0.45, 0.40, 0.33), sleeve=1.9, leg=1.96)
SUMMER = Clothes(shirt=(0.92, 0.90, 0.86), print=(0.3, 0.5, 0.7), trousers=(0.30, 0.38, 0.52), sleeve=0.35, leg=0.8)
BLACK = Clothes(
    shirt=(0.07, 0.07, 0.08), trousers=(0.09, 0.09, 0.10), skin=(0.43, 0.28, 0.2), hair=(0.05, 0.04, 0.04), sleeve=1.0
)
LIME = Clothes(shirt=(0.55, 0.72, 0.18), trousers=(0.12, 0.22, 0.20), skin=(0.88, 0.69, 0.58), hair=(0.6, 0.45, 0.25))

BRICK = Room(wall=(0.55, 0.33, 0.27), floor=(0.42, 0.42, 0.44), depth=3.2, seed=8)
OFFICE = Room(wall=(0.66, 0.72, 0.78), floor=(0.35, 0.36, 0.38), depth=4.5, seed=5)
STUDIO = Room(wall=(0.90, 0.89, 0.88), floor=(0.75, 0.70, 0.62), depth=2.2, seed=11)

HIP = Placement((0.2, 0.75, 3.4), (0.0, 0.88, 0.0))
WEBCAM = Placement((-0.3, 1.25, 2.9), (0.0, 0.95, 0.0))
FAR = Placement((1.0, 1.6, 7.0), (0.0, 0.9, 0.0))
CEILING = Placement((-1.6, 2.7, 3.9), (0.0, 0.8, 0.0))


@dataclass(frozen=True)
class Trial:
    """A clip, the room that it is in, and what is varied: the motion's name and the camera's."""

    clip: Clip
    room: Room
    motion: str
    view: str


VIEWS = {
    "hip": (Camera.from_fov(540, 720, 62), HIP),
    "webcam": (Camera.from_fov(640, 480, 78), WEBCAM),
    "far": (Camera.from_fov(960, 540, 38), FAR),
    "ceiling": (Camera.from_fov(720, 540, 66), CEILING),
}


Drill = TypeVar("Drill", Lunges, Punches, ToeTouches, HighKnees, Kicks, Bows)


def _facing(degrees: float, drill: Drill) -> Drill:
    return replace(drill, stance=replace(drill.stance, facing=degrees))


def _trial(motion: Motion, view: str, body: Body, clothes: Clothes, room: Room, fps: float = 30) -> Trial:
    camera, placement = VIEWS[view]
    kind = type(motion).__name__.lower()
    return Trial(Clip(f"{kind}_{view}", motion, camera, placement, FRAMES, fps, body, clothes), room, kind, view)


TRIALS = (
    _trial(_facing(80, Lunges()), "hip", SMALL, SUMMER, BRICK),
    _trial(_facing(-20, Lunges()), "ceiling", BROAD, NAVY, OFFICE),
    _trial(_facing(25, Punches()), "webcam", LANKY, LIME, STUDIO),
    _trial(_facing(-60, Punches()), "far", STOUT, BLACK, BRICK, 25),
    _trial(_facing(-75, ToeTouches()), "hip", LANKY, NAVY, STUDIO),
    _trial(_facing(40, ToeTouches()), "ceiling", SMALL, LIME, BRICK),
    _trial(_facing(10, HighKnees()), "webcam", STOUT, SUMMER, OFFICE),
    _trial(_facing(150, HighKnees()), "hip", BROAD, LIME, STUDIO),
    _trial(_facing(65, Kicks()), "far", SMALL, NAVY, OFFICE),
    _trial(_facing(-35, Kicks()), "ceiling", LANKY, BLACK, STUDIO, 25),
    _trial(_facing(15, Bows()), "far", BROAD, SUMMER, BRICK),
    _trial(_facing(-50, Bows()), "hip", STOUT, LIME, OFFICE),
    _trial(Walk(x=1.2, z=-1.6, facing=-40, turn=70, length=3.4, speed=0.8), "far", LANKY, BLACK, OFFICE),
    _trial(
        Walk(x=-1.0, z=-0.6, facing=95, turn=-80, length=3.2, speed=0.7, stride=0.94),
        "ceiling",
        SMALL,
        SUMMER,
        BRICK,
    ),
)
