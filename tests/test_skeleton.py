import pytest

from pose3d.core.skeleton import COMPARED_JOINTS, H36M17


def test_mirror_exchanges_left_and_right_and_nothing_else():
    assert H36M17.mirror.tolist() == [0, 4, 5, 6, 1, 2, 3, 7, 8, 9, 10, 14, 15, 16, 11, 12, 13]
    assert [H36M17.sides[j] for j in H36M17.indices("RAnkle", "LWrist", "Head")] == ["right", "left", "middle"]


def test_fourteen_joints_are_compared():
    assert len(COMPARED_JOINTS) == 14
    assert H36M17.indices(*COMPARED_JOINTS) == [0, 1, 2, 3, 4, 5, 6, 8, 11, 12, 13, 14, 15, 16]


def test_paths_are_directed_and_sorted():
    assert H36M17.paths(1) == sorted(H36M17.edges)
    assert H36M17.paths(4) == [
        (0, 7, 8, 9, 10),
        (0, 7, 8, 11, 12),
        (0, 7, 8, 14, 15),
        (7, 8, 11, 12, 13),
        (7, 8, 14, 15, 16),
    ]


def test_unknown_joint_lists_the_names():
    with pytest.raises(KeyError, match="RWrist"):
        H36M17.index("Toe")
