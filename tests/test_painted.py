"""The avatar in the rendered clip: a skin on bones, and how it is painted."""

from dataclasses import replace

import numpy as np
import pytest

from factory import made_up, walking, with_observed
from pose3d.core.colours import encoded, linear
from pose3d.io.video import frames
from pose3d.motion.animated import animated
from pose3d.motion.avatar import avatar
from pose3d.motion.humanoid import NAMES
from pose3d.motion.skin import Skin
from pose3d.view import render_clip
from pose3d.view.body import known_part, skin
from pose3d.view.draw import RGB, Panel
from pose3d.view.painted import Painter
from pose3d.view.render import panel_size
from pose3d.view.scene import Viewpoint, scene

FRONT = Viewpoint(0.0, 5.0)
RESULT = made_up(np.arange(30) / 30)


def panel(result, viewpoint: Viewpoint = FRONT, size: int = 400) -> Panel:
    shown = scene(result)
    return Panel(shown, viewpoint, size, size, skins=[skin(shown, result)])


def near(image: np.ndarray, colour: tuple[int, ...]) -> np.ndarray:
    """(N, 2) pixels, x and y, of the figure's part that have about a colour; not those of the legend."""
    rows, columns = np.nonzero(np.abs(image[30:].astype(int) - colour).max(-1) < 60)
    return np.stack([columns, rows + 30], 1)


def test_a_skin_at_rest_is_the_mesh_and_moves_with_its_bones():
    humanoid = animated(RESULT)
    still = replace(humanoid, rotations=np.tile([0.0, 0, 0, 1], (*humanoid.rotations.shape[:2], 1)))
    mesh = avatar(humanoid)
    np.testing.assert_allclose(Skin.of(still, mesh).points(3), mesh.position + humanoid.places[3], atol=1e-5)
    moving, hand = Skin.of(humanoid, mesh), NAMES.index("leftHand")
    own = (mesh.weight[:, 0] > 0.99) & (mesh.bone[:, 0] == hand)
    reach = np.linalg.norm(moving.points(7)[own] - humanoid.starts()[7, hand], axis=-1)
    np.testing.assert_allclose(reach, np.linalg.norm(mesh.position[own] - humanoid.rest[hand], axis=-1), atol=1e-4)


def test_avatars_stand_where_the_joints_are_and_left_is_orange():
    drawn = panel(RESULT)
    image = drawn.frame(0)
    _, points, _ = drawn.people[0]
    skeleton = RESULT.pose3d.skeleton
    left, right = points[0, skeleton.indices("LAnkle", "RAnkle"), :2]
    assert left[0] > right[0], "who faces the camera"
    for colour, foot in ((RGB["left"], left), (RGB["right"], right)):
        painted = near(image, colour)
        shoe = painted[np.abs(painted - foot).max(1) < 30]
        assert len(shoe) > 50 and shoe[:, 1].max() > foot[1], "below the ankle"
    changed = np.abs(image.astype(int) - drawn.empty).max(-1) > 20
    low, high = np.nonzero(changed)[0][[0, -1]]
    assert abs(low - points[0, skeleton.index("Head"), 1]) < 12 and 0 < high - max(left[1], right[1]) < 40


def test_limbs_never_in_the_picture_are_not_painted():
    """A webcam sees no legs."""
    observed = RESULT.pose2d.observed.copy()
    observed[:, RESULT.pose3d.skeleton.indices("LKnee", "LAnkle", "RKnee", "RAnkle")] = False
    drawn, whole = panel(with_observed(RESULT, observed)), panel(RESULT)
    _, points, _ = drawn.people[0]
    knee = int(points[0, RESULT.pose3d.skeleton.index("LKnee"), 1])
    empty = np.abs(drawn.frame(0)[knee:].astype(int) - drawn.empty[knee:]).max(-1)
    assert (empty > 90).sum() == 0 < (np.abs(whole.frame(0)[knee:].astype(int) - whole.empty[knee:]).max(-1) > 90).sum()
    mesh = avatar(animated(RESULT))
    assert len(known_part(mesh, np.ones(len(NAMES), bool)).triangles) == 0
    assert len(known_part(mesh, np.zeros(len(NAMES), bool)).triangles) == len(mesh.triangles)


def test_from_behind_left_is_left():
    painted = near(panel(RESULT, Viewpoint(180.0, 5.0)).frame(0), RGB["left"])
    blue = near(panel(RESULT, Viewpoint(180.0, 5.0)).frame(0), RGB["right"])
    assert painted[:, 0].mean() < blue[:, 0].mean()


def test_frames_without_anybody_and_figures_out_of_the_picture_are_left_alone():
    result = made_up(np.arange(120) / 30)
    observed = result.pose2d.observed.copy()
    observed[20:90] = False
    drawn = panel(with_observed(result, observed))
    np.testing.assert_array_equal(drawn.frame(50), drawn.empty)
    assert (drawn.frame(100) != drawn.empty).any()
    away = Painter(skin(scene(RESULT), RESULT), np.eye(3), lambda xyz: 0 * xyz + [5000.0, 5000.0, 1.0])
    image = drawn.empty.copy()
    away.paint(image, 0)
    np.testing.assert_array_equal(image, drawn.empty)


@pytest.mark.parametrize("figure", ["skeleton", "avatar"])
def test_the_clip_shows_the_figure_that_was_asked_for(figure, tmp_path):
    result = walking(tmp_path / "walk.mp4", np.arange(6) / 30)
    asked = replace(result, config=result.config.but(figure=figure))
    clip = render_clip(asked, tmp_path / "clip.mp4")
    width, height = panel_size(result.video)
    shown = scene(asked)
    skins = [skin(shown, asked)] if figure == "avatar" else []
    expected = Panel(shown, Viewpoint.of(asked.config), height, height, skins=skins).frame(0)
    first = next(iter(frames(clip))).image[:, width:]
    assert np.abs(first.astype(int) - expected).mean() < 4


def test_encoded_is_the_inverse_of_linear():
    np.testing.assert_allclose(encoded(np.array(linear("#1a85ff"))) * 255, [0x1A, 0x85, 0xFF], atol=1e-6)
    np.testing.assert_allclose(encoded(np.array([-1, 0.001, 2])), [0, 0.01292, 1])
