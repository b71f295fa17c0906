"""Two mannequins who walk round each other and so cross twice in the picture, once each in front: never exchanged."""

import numpy as np
import pytest

from pose3d.core.camera import Camera
from pose3d.core.video import Frame
from pose3d.detect import load_detector
from pose3d.track import track
from synthetic.body import Clothes
from synthetic.clips import Clip
from synthetic.placement import Placement
from synthetic.truth import Truth
from synthetic.walk import Walk

RADIUS = 0.95
"""Metres of the circle on which both walk, opposite each other."""
SAME = Clothes()
OTHER = Clothes(shirt=(0.72, 0.20, 0.18), trousers=(0.55, 0.52, 0.45), hair=(0.32, 0.2, 0.1))
APART = 0.07
"""Of the picture's width: nearer to each other, who is who is not asked."""


def walker(degrees: float, clothes: Clothes) -> Clip:
    """Once round, from a place on the circle."""
    angle = np.radians(degrees)
    x, z = float(RADIUS * np.cos(angle)), float(RADIUS * np.sin(angle))
    walk = Walk(x=x, z=z, facing=-degrees, turn=-360.0, length=2 * np.pi * RADIUS, speed=0.95)
    placement = Placement((0.0, 1.35, 3.9), (0.0, 0.9, 0.0))
    return Clip("round", walk, Camera.from_fov(640, 480, 60), placement, frames=95, fps=15.0, clothes=clothes)


def alone(clip: Clip) -> tuple[np.ndarray, list[np.ndarray]]:
    """The empty room, and somebody in it."""
    pytest.importorskip("vtk")
    from synthetic.mannequin import build_mannequin
    from synthetic.scene import build_scene

    mannequin, figure = build_mannequin(clip.body, clip.clothes), clip.figure()
    scene = build_scene(mannequin, clip.camera, clip.placement)
    return scene.render(None), [scene.render(mannequin.posed(figure, frame)) for frame in range(clip.frames)]


def together(clips: list[Clip], truths: list[Truth]) -> list[Frame]:
    """Both in one room, the nearer one in front."""
    (room, first), (_, second) = (alone(clip) for clip in clips)
    pictures: list[Frame] = []
    for number, pair in enumerate(zip(first, second, strict=True)):
        image = room.copy()
        for index in np.argsort([-truth.xyz[number, 0, 2] for truth in truths]):
            image = np.where((pair[index] != room).any(-1, keepdims=True), pair[index], image)
        pictures.append(Frame(number / clips[0].fps, image))
    return pictures


@pytest.mark.parametrize(
    ("start", "clothes"), [(0.0, OTHER), (60.0, SAME)], ids=["in other clothes", "in the same clothes"]
)
def test_two_who_cross_twice_are_never_exchanged(start: float, clothes: Clothes) -> None:
    clips = [walker(start, SAME), walker(start + 180, clothes)]
    truths = [clip.truth() for clip in clips]
    tracks = track(load_detector("blazepose").detect(together(clips, truths)))
    assert len(tracks) == 2
    true = np.stack([truth.xy[:, 0, 0] for truth in truths], 1) / clips[0].camera.width
    apart = np.abs(np.diff(true, axis=1)[:, 0]) > APART
    followed: list[int] = []
    for each in tracks:
        x = np.array([person.xy[0, 0] if person else np.nan for person in each.people]) / clips[0].camera.width
        who = np.abs(x[:, None] - true).argmin(1)[each.seen & apart]
        assert len(set(who.tolist())) == 1, f"exchanged at {np.flatnonzero(np.diff(who))}"
        assert each.seen[apart].mean() > 0.9, "followed as long as they can be seen"
        followed.append(int(who[0]))
    assert sorted(followed) == [0, 1]
