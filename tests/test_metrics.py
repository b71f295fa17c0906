import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from pose3d.metrics import mpjpe, p_mpjpe, path_length

POSE = np.random.default_rng(0).normal(size=(4, 17, 3))


def test_mpjpe_by_hand():
    moved = POSE + [0, 0, 5]  # a shift of the whole body is not counted
    moved[:, 16] += [0.03, 0, 0.04]  # 50 mm on one of 17 joints
    np.testing.assert_allclose(mpjpe(moved, POSE), 0.05 / 17)


def test_p_mpjpe_forgives_rotation_scale_and_shift():
    turn = Rotation.from_euler("xyz", [20, 130, -50], degrees=True).as_matrix()
    np.testing.assert_allclose(p_mpjpe(1.7 * POSE @ turn.T + [1, 2, 3], POSE), 0, atol=1e-12)


def test_p_mpjpe_does_not_forgive_a_mirror():
    assert (p_mpjpe(POSE * [-1, 1, 1], POSE) > 0.1).all()


def test_path_length():
    assert path_length(np.array([[0, 0, 0], [3, 4, 0], [3, 4, 2.0]])) == pytest.approx(7)
