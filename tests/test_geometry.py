import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from pose3d.core.geometry import degrees_between, kabsch, rotated, shortest_rotation, sphere, unit

X, Y, Z = np.eye(3)
POINTS = np.random.default_rng(0).normal(size=(4, 17, 3))
POINTS -= POINTS.mean(1, keepdims=True)
TURNS = Rotation.random(4, np.random.default_rng(1)).as_matrix()


def test_unit_vectors():
    np.testing.assert_allclose(unit(np.array([[3.0, 0, -4], [0, 0, 0]])), [[0.6, 0, -0.8], [0, 0, 0]])


@pytest.mark.parametrize("count", [400, 6000])
def test_directions_are_spread_evenly_upper_ones_first(count):
    """Nowhere is the nearest further off than in a square lattice of as many; half of them are a half sphere."""
    found = sphere(count)
    np.testing.assert_allclose(np.linalg.norm(found, axis=-1), 1)
    assert (found[: count // 2, 1] > 0).all() and (found[count // 2 :, 1] < 0).all()
    anywhere = unit(np.random.default_rng(2).normal(size=(500, 3)))
    assert np.arccos((anywhere @ found.T).max(-1)).max() < np.sqrt(4 * np.pi / count)


@pytest.mark.parametrize("degrees", [0, 1e-6, 30, 90, 135, 180 - 1e-6, 180])
def test_angles_are_exact_also_near_0_and_180(degrees):
    start = np.array([3.0, 0, -1])
    turned = Rotation.from_rotvec(np.radians(degrees) * unit(np.cross(start, X))).apply(start)
    assert degrees_between(2 * start, turned) == pytest.approx(degrees, abs=1e-9)


def test_shortest_rotation_takes_one_to_the_other():
    start, end = unit(POINTS[0, :2])
    turn = shortest_rotation(start, end)
    np.testing.assert_allclose(turn @ start, end)
    axis = unit(np.cross(start, end))
    np.testing.assert_allclose(turn @ axis, axis, err_msg="nothing turns about the way")
    assert np.linalg.det(turn) == pytest.approx(1)


@pytest.mark.parametrize("start", [X, -Y, Z, unit(np.array([1.0, 2, 3]))])
def test_opposite_vectors_are_half_a_turn_apart(start):
    turn = shortest_rotation(start, -start)
    np.testing.assert_allclose(turn @ start, -start, atol=1e-12)
    np.testing.assert_allclose(turn @ turn, np.eye(3), atol=1e-12)
    assert np.linalg.det(turn) == pytest.approx(1)


def test_best_fit_finds_rotation_and_scale():
    rotation, scale = kabsch(POINTS, np.array([0.5, 1, 2, 3])[:, None, None] * POINTS @ TURNS)
    np.testing.assert_allclose(rotation, TURNS)
    np.testing.assert_allclose(scale, [0.5, 1, 2, 3])


def test_best_fit_of_a_mirror_image_is_no_reflection():
    mirrored = POINTS * [-1, 1, 1]
    rotation, scale = kabsch(POINTS, mirrored)
    np.testing.assert_allclose(np.linalg.det(rotation), 1)
    fit = scale[:, None, None] * POINTS @ rotation
    best = [Rotation.align_vectors(b, a)[0].apply(a) for a, b in zip(POINTS, mirrored, strict=True)]
    best = np.stack([(a * b).sum() / (a * a).sum() * a for a, b in zip(best, mirrored, strict=True)])
    np.testing.assert_allclose(fit, best, atol=1e-9)


def test_best_fit_of_nothing_is_of_no_size():
    assert kabsch(np.zeros((1, 3, 3)), POINTS[:1, :3])[1] == 0


def test_vectors_turn_about_their_axes_by_the_right_hand():
    x, y, z = np.eye(3)
    turned = rotated(np.stack([x, x, z]), np.stack([z, y, z]), np.pi / 2)
    np.testing.assert_allclose(turned, [y, -z, z], atol=1e-12)
