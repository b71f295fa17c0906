import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from pose3d.evaluate.metrics import auc, mpjpe, mpjve, n_mpjpe, p_mpjpe, path_length, pck

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


def test_n_mpjpe_forgives_scale_only():
    np.testing.assert_allclose(n_mpjpe(1.7 * POSE + [1, 2, 3], POSE), 0, atol=1e-12)
    turn = Rotation.from_euler("z", 30, degrees=True).as_matrix()
    assert (n_mpjpe(POSE @ turn.T, POSE) > 0.1).all()


def test_n_mpjpe_by_hand():
    """Two joints at 1 and 1 against 1 and 3: the best scale is 2, the errors are 1 and 1."""
    target = np.array([[[0, 0, 0], [1, 0, 0], [0, 3, 0]]], float)
    predicted = np.array([[[0, 0, 0], [1, 0, 0], [0, 1, 0]]], float)
    np.testing.assert_allclose(n_mpjpe(predicted, target), 2 / 3)


def test_mpjve_of_known_velocities():
    still = np.zeros((5, 17, 3))
    moving = still.copy()
    moving[:, 3, 1] = np.arange(5) * 0.034  # one of 17 joints at 34 mm per frame
    np.testing.assert_allclose(mpjve(moving, still), 0.002)
    np.testing.assert_allclose(mpjve(moving + [0.5, 0, 0], moving), 0, atol=1e-12)
    shifted = moving + np.arange(5)[:, None, None]  # the body's own path is not counted
    np.testing.assert_allclose(mpjve(shifted, moving), 0, atol=1e-12)


def test_pck_and_auc_by_hand():
    target = np.zeros((1, 4, 3))
    predicted = target.copy()
    predicted[0, 1, 0], predicted[0, 2, 0], predicted[0, 3, 0] = 0.0749, 0.1499, 0.16
    np.testing.assert_allclose(pck(predicted, target), 3 / 4)
    # of the 31 radii 0, 5, ... 150 mm, 31, 16, 1 and 0 reach the four joints
    np.testing.assert_allclose(auc(predicted, target), (31 + 16 + 1 + 0) / 31 / 4)
