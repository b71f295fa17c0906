"""Hands that rest on the body or beside it, in training."""

import pytest
import torch

from clips import standing
from pose3d.core.skeleton import H36M17
from pose3d.train import hands
from pose3d.train.body import ARMS


def lengths(world):
    return torch.stack([(world[:, :, b] - world[:, :, a]).norm(dim=-1) for a, b in H36M17.edges], -1)


def sitting():
    """(1, 1, 17, 3): somebody upright on a chair who faces the camera (forward is -z), arms hanging."""
    body = torch.from_numpy(standing(1))[None].clone()
    for side in "LR":
        hip, knee, ankle = (H36M17.index(side + joint) for joint in ("Hip", "Knee", "Ankle"))
        body[..., knee, :] = body[..., hip, :] + torch.tensor([0.0, 0.0, -0.4])
        body[..., ankle, :] = body[..., knee, :] + torch.tensor([0.0, 0.4, 0.0])
    return body


def resting(place, monkeypatch, share=1.0):
    """Somebody sitting and his hands at one of the places, in 64 windows of one frame: both (64, 1, 17, 3)."""
    torch.manual_seed(6)
    monkeypatch.setattr(hands, "PLACES", {place: 1.0} if place else hands.PLACES)
    monkeypatch.setattr(hands, "_while", lambda batch, frames: torch.ones(batch, frames, 1))
    monkeypatch.setattr(hands, "SCATTER", 0.0)
    world = sitting().expand(64, -1, -1, -1)
    return world, hands.rest_hands(world, torch.full((64,), share))


@pytest.mark.parametrize("place", hands.PLACES)
def test_hands_rest_without_changing_the_body(place, monkeypatch):
    world, moved = resting(place, monkeypatch)
    torch.testing.assert_close(lengths(moved), lengths(world), atol=1e-5, rtol=0)
    others = [joint for joint in range(17) if joint not in {j for limb in ARMS for j in limb[1:]}]
    torch.testing.assert_close(moved[:, :, others], world[:, :, others])
    ends = [limb[2] for limb in ARMS]
    still = torch.isclose(moved[:, 0, ends], world[:, 0, ends], atol=1e-5).all(-1)
    assert 0.02 < still.float().mean() < 0.2, "now and then one hand does not rest"
    assert not still.all(-1).any(), "but never both"


@pytest.mark.parametrize(
    ("place", "near", "within"),
    [("thigh", "Knee", 0.36), ("seat", "Hip", 0.35), ("hip", "Hip", 0.2), ("face", "Head", 0.3), ("lap", "Hip", 0.35)],
)
def test_hands_rest_where_they_are_said_to(place, near, within, monkeypatch):
    _, moved = resting(place, monkeypatch)
    for side, limb in zip("RL", ARMS, strict=True):
        place = moved[:, 0, H36M17.index("Head" if near == "Head" else side + near)]
        distance = (moved[:, 0, limb[2]] - place).norm(dim=-1)
        assert distance.quantile(0.8) < within, side


def test_elbows_of_resting_arms_point_outward_and_back(monkeypatch):
    _, moved = resting("thigh", monkeypatch)
    shoulder, elbow, wrist = (moved[:, 0, H36M17.index(joint)] for joint in ("LShoulder", "LElbow", "LWrist"))
    bent = elbow - (shoulder + wrist) / 2
    assert bent[:, 0].mean() > 0 and bent[:, 2].mean() > 0, "left is +x, back is +z for who faces the camera"


def test_hands_that_do_not_rest_stay(monkeypatch):
    world, moved = resting(None, monkeypatch, share=0.0)
    torch.testing.assert_close(moved, world, atol=1e-5, rtol=0)


def test_hands_come_and_go():
    torch.manual_seed(3)
    during = hands._while(400, 96)
    always = (during == 1).all(1).float().mean()
    assert 0.4 < always < 0.6
    assert (during[:, 0] < 0.1).float().mean() > 0.1 and (during[:, -1] < 0.1).float().mean() > 0.1
