import numpy as np
import pytest
import torch

from clips import standing
from pose3d.core.geometry import shortest_rotation, unit
from pose3d.lift.centring import centre, facing, moving_scale, window_scale
from pose3d.train import centring as trained


def test_same_pose_wherever_it_stands():
    """A person seen along a slanted ray is turned, not deformed: the centred rays do not change."""
    still = standing(1).repeat(20, 0)
    middle = centre(still[..., :2] / still[..., 2:])
    turn = middle.rotation[0]
    aside = still @ turn.T
    moved = centre(aside[..., :2] / aside[..., 2:])
    np.testing.assert_allclose(middle.rays, moved.rays, atol=1e-5)


def test_canonical_scale_follows_the_person():
    """Somebody walking towards the camera has the same size all the way; somebody standing has the window's."""
    rays = np.repeat(standing(1)[..., :2], 200, 0) / np.linspace(8, 2, 200, dtype=np.float32)[:, None, None]
    rays = rays - rays[:, :1]
    sizes = np.sqrt(np.square(rays / moving_scale(rays, 81)).sum(-1).mean(-1))
    assert np.abs(sizes[41:-41] - 1).max() < 0.082
    still = np.repeat(rays[:1], 100, 0)
    np.testing.assert_allclose(moving_scale(still, 81), np.repeat(window_scale(still), 100, 0), rtol=1.3e-6)


@pytest.mark.parametrize("direction", [(0, 0, 2), (1, 0, 1), (0, -2, 1), (0.3, 0.4, 0.5)])
def test_facing_is_the_shortest_way(direction):
    expected = shortest_rotation(unit(np.array(direction, float)), np.array([0.0, 0, 1]))
    np.testing.assert_allclose(facing(np.array(direction, float)), expected, rtol=1e-7, atol=1e-7)


def test_centred_rays_are_those_of_the_turned_camera():
    xyz = np.array([[[0.5, 0.2, 2.0], [0.1, -0.3, 2.5], [1.0, 0.4, 1.5]]])
    seen = centre(xyz[..., :2] / xyz[..., 2:])
    turned = xyz @ seen.rotation.transpose(0, 2, 1)
    np.testing.assert_allclose(seen.rays, turned[..., :2] / turned[..., 2:], atol=1e-12)
    assert not np.abs(seen.rays[:, 0]).max() > 1e-12
    behind = np.array([[[2.0, 0], [-2.0, 0]]])
    assert centre(behind).rays[0, 1].tolist() == pytest.approx([-4 / 5**0.5 * 1000, 0]), "kept in front"


def test_sizes_by_hand():
    """Three frames of two joints; squares of 0, 25 and 100 from the pelvis, halved by it."""
    rays = np.array([[[0.0, 0], [0, 0]], [[0, 0], [3, 4]], [[0, 0], [6, 8]]])
    assert window_scale(rays).shape == (1, 1, 1)
    assert window_scale(rays).item() == pytest.approx((125 / 6) ** 0.5)
    around = moving_scale(rays, 3)
    assert around.shape == (3, 1, 1)
    assert around.flatten().tolist() == pytest.approx([(12.5 / 3) ** 0.5, (62.5 / 3) ** 0.5, (112.5 / 3) ** 0.5])
    both = np.stack([rays, 2 * rays])
    np.testing.assert_allclose(moving_scale(both, 3)[1], 2 * around)
    assert window_scale(0 * both).flatten().tolist() == pytest.approx([1e-6, 1e-6])
    assert moving_scale(0 * rays, 3).flatten().tolist() == pytest.approx([1e-6] * 3)


def test_training_centres_in_the_same_way():
    rays = np.random.default_rng(3).normal(0, 0.3, (2, 90, 17, 2)).astype(np.float32)
    ours, theirs = centre(rays), trained.centre(torch.from_numpy(rays))
    np.testing.assert_allclose(theirs.rays, ours.rays, atol=1e-5)
    np.testing.assert_allclose(theirs.rotation, ours.rotation, atol=1e-6)
    np.testing.assert_allclose(trained.window_scale(theirs.rays), window_scale(ours.rays), rtol=1e-5)
    np.testing.assert_allclose(trained.moving_scale(theirs.rays, 81), moving_scale(ours.rays, 81), rtol=1e-5)
