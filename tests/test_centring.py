import numpy as np
import pytest
import torch

from clips import standing
from pose3d.core.geometry import shortest_rotation, unit
from pose3d.lift.centring import centre, facing, moving_scale, window_scale


def test_same_pose_wherever_it_stands():
    """A person seen along a slanted ray is turned, not deformed: the centred rays do not change."""
    still = standing(1).repeat(20, 0)
    middle = centre(torch.from_numpy(still[..., :2] / still[..., 2:]))
    turn = middle.rotation[0].numpy()
    aside = still @ turn.T
    moved = centre(torch.from_numpy(aside[..., :2] / aside[..., 2:]))
    torch.testing.assert_close(middle.rays, moved.rays, atol=1e-5, rtol=0)


def test_canonical_scale_follows_the_person():
    """Somebody walking towards the camera has the same size all the way; somebody standing has the window's."""
    rays = torch.from_numpy(standing(1)[..., :2]).expand(200, 17, 2) / torch.linspace(8, 2, 200)[:, None, None]
    rays = rays - rays[:, :1]
    sizes = (rays / moving_scale(rays, 81)).square().sum(-1).mean(-1).sqrt()
    assert (sizes[41:-41] - 1).abs().max() < 0.082
    still = rays[:1].expand(100, 17, 2)
    torch.testing.assert_close(moving_scale(still, 81), window_scale(still)[0].expand(100, 1, 1))


@pytest.mark.parametrize("direction", [(0, 0, 2), (1, 0, 1), (0, -2, 1), (0.3, 0.4, 0.5)])
def test_facing_is_the_shortest_way(direction):
    expected = shortest_rotation(unit(np.array(direction, float)), np.array([0.0, 0, 1]))
    torch.testing.assert_close(facing(torch.tensor(direction, dtype=torch.float64)), torch.from_numpy(expected))


def test_centred_rays_are_those_of_the_turned_camera():
    xyz = np.array([[[0.5, 0.2, 2.0], [0.1, -0.3, 2.5], [1.0, 0.4, 1.5]]])
    seen = centre(torch.from_numpy(xyz[..., :2] / xyz[..., 2:]))
    turned = xyz @ seen.rotation.numpy().transpose(0, 2, 1)
    np.testing.assert_allclose(seen.rays, turned[..., :2] / turned[..., 2:], atol=1e-12)
    assert not seen.rays[:, 0].abs().max() > 1e-12
    behind = torch.tensor([[[2.0, 0], [-2.0, 0]]])
    assert centre(behind).rays[0, 1].tolist() == pytest.approx([-4 / 5**0.5 * 1000, 0]), "kept in front"


def test_sizes_by_hand():
    """Three frames of two joints; squares of 0, 25 and 100 from the pelvis, halved by it."""
    rays = torch.tensor([[[0.0, 0], [0, 0]], [[0, 0], [3, 4]], [[0, 0], [6, 8]]])
    assert window_scale(rays).shape == (1, 1, 1)
    assert window_scale(rays).item() == pytest.approx((125 / 6) ** 0.5)
    around = moving_scale(rays, 3)
    assert around.shape == (3, 1, 1)
    assert around.flatten().tolist() == pytest.approx([(12.5 / 3) ** 0.5, (62.5 / 3) ** 0.5, (112.5 / 3) ** 0.5])
    both = torch.stack([rays, 2 * rays])
    torch.testing.assert_close(moving_scale(both, 3)[1], 2 * around)
    assert window_scale(0 * both).flatten().tolist() == pytest.approx([1e-6, 1e-6])
    assert moving_scale(0 * rays, 3).flatten().tolist() == pytest.approx([1e-6] * 3)
