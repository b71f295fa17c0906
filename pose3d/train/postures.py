"""Movements that recordings seldom hold: sitting, kneeling, crawling, exercises on the floor, lying, falling."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from pose3d.core.skeleton import H36M17
from pose3d.io.models.tensors import cross, norm
from pose3d.train.body import DOWN, J, rotation_matrix, settle_midpoints
from pose3d.train.hands import rest_hands

POSTURES: dict[str, tuple[tuple[float, float], ...]] = {
    "sitting on a chair": ((170, 190), (84, 96), (-10, 25), (-35, 60), (15, 110)),
    "sitting on the floor": ((160, 195), (85, 125), (80, 25), (-30, 60), (-10, 90)),
    "getting up from a chair": ((125, 175), (48, 94), (-15, 5), (-25, 40), (0, 70)),
    "kneeling": ((165, 185), (-5, 60), (-98, -85), (0, 60), (20, 90)),
    "sit-ups": ((268, 200), (132, 138), (30, 40), (215, 95), (240, 120)),
    "push-ups": ((107, 95), (-74, -86), (-74, -86), (5, -70), (5, 0)),
    "crawling": ((85, 105), (-25, 35), (-98, -80), (-30, 40), (-10, 50)),
    "lying": ((265, 275), (85, 130), (85, 30), (90, 200), (100, 230)),
    "lunges": ((178, 160), (85, -25), (5, -80), (-10, 30), (10, 90)),
    "hips up, hands on the floor": ((45, 75), (-40, -20), (-40, -20), (40, 65), (45, 65)),
}
"""Directions of trunk, thighs, shins, upper arms and forearms at the two ends of each movement.

Degrees in the body's own upright plane: 0 down, 90 ahead, 180 up, -90 and 270 behind.
"""
OFTEN = {"sitting on a chair": 5.0, "getting up from a chair": 3.0, "kneeling": 2.0, "sitting on the floor": 2.0}
"""What people do most, and how much oftener than the others it is drawn."""
RESTING, RESTING_SHARE = (
    ("sitting on a chair", "getting up from a chair", "sitting on the floor", "kneeling", "lunges"),
    0.6,
)
"""Where hands rest, in a share of the windows."""
ALTERNATING = ("crawling", "lunges")
"""The right side is at one end of these while the left is at the other."""
ROLLING = ("lying",)
"""Also on the side and on the front."""
SLOUCH = 0.15
"""Of the trunk: by how much a bent back brings the thorax nearer to the pelvis at most."""


def take_posture(world: Tensor, share: float) -> Tensor:
    """Lets a share of windows (B, T, 17, 3) do one of POSTURES, at the place and with the bones of the first frame."""
    batch, frames = world.shape[:2]
    often = torch.tensor([OFTEN.get(name, 1.0) for name in POSTURES])
    kind = torch.multinomial(often, batch, replacement=True)
    left = F.normalize((world[:, :1, J("LHip")] - world[:, :1, J("RHip")]) * (1 - torch.tensor(DOWN)), dim=-1)
    angles = _angles(kind, batch, frames)
    roll = 2 * math.pi * torch.rand(batch, 1, 1) * _among(kind, ROLLING)
    moved = rest_hands(_assemble(world, left, angles, roll), RESTING_SHARE * _among(kind, RESTING)[:, 0, 0])
    return torch.where((torch.rand(batch) < share)[:, None, None, None], moved, world)


def tip_over(world: Tensor, share: float) -> Tensor:
    """Lets a share of windows fall or lie: turned about a level axis through the first frame's pelvis."""
    batch, frames = world.shape[:2]
    heading, turn, start = torch.rand(3, batch, 1, 1)
    seconds = torch.arange(frames)[None, :, None] / 30
    fallen = torch.sigmoid(6 * (seconds - 3 * start)) * (torch.rand(batch, 1, 1) < 0.5)
    lying = (fallen == 0).float()
    angle = (0.9 + turn) * (fallen + lying)
    axis = torch.cat([torch.cos(2 * math.pi * heading), 0 * heading, torch.sin(2 * math.pi * heading)], -1)
    turned = _turn(world - world[:, :1, :1], axis[:, :, None], angle[..., None]) + world[:, :1, :1]
    return torch.where((torch.rand(batch) < share)[:, None, None, None], turned, world)


def _angles(kind: Tensor, batch: int, frames: int) -> Tensor:
    """(B, T, 2 sides, 5 bones) radians, going from one end to the other and back, or once, or hardly moving."""
    ends = torch.deg2rad(torch.tensor(list(POSTURES.values())))[kind]  # (B, 5, 2)
    seconds = torch.arange(frames)[None, :, None] / 30
    pace, phase, extent = torch.rand(3, batch, 1, 1)
    wave = 0.5 - 0.5 * torch.cos(2 * math.pi * ((0.1 + 0.7 * pace) * seconds + phase))
    part = 0.5 + (wave - 0.5) * extent.sqrt()  # (B, T, 1)
    sides = torch.cat([part, torch.where(_among(kind, ALTERNATING) > 0, 1 - part, part)], -1)[..., None]
    angles = torch.lerp(ends[:, None, None, :, 0], ends[:, None, None, :, 1], sides)
    angles = angles + 0.2 * torch.randn(batch, 1, 1, 5) + 0.12 * torch.randn(batch, 1, 2, 5)
    trunk, thigh, shin, upper, forearm = angles.unbind(-1)
    trunk = trunk.mean(2, keepdim=True).expand_as(thigh)
    return torch.stack([trunk, thigh, torch.minimum(shin, thigh), upper, torch.maximum(forearm, upper)], -1)


def _among(kind: Tensor, names: tuple[str, ...]) -> Tensor:
    """(B, 1, 1) float: 1 where the posture is one of the names."""
    chosen = torch.tensor([name in names for name in POSTURES])
    return chosen[kind][:, None, None].float()


def _assemble(world: Tensor, left: Tensor, angles: Tensor, roll: Tensor) -> Tensor:
    """A body from directions; world (B, T, 17, 3) gives bones and place, left (B, 1, 3) its left, roll (B, 1, 1)."""
    batch, frames = world.shape[:2]
    down = torch.tensor(DOWN).expand_as(left)
    ahead = cross(down, left)
    across = left.expand(batch, frames, 3)

    def along(angle: Tensor) -> Tensor:
        return torch.cos(angle)[..., None] * down + torch.sin(angle)[..., None] * ahead

    def length(start: str, end: str) -> Tensor:
        return norm(world[:, :1, J(end)] - world[:, :1, J(start)], keepdim=True)

    trunk = along(angles[:, :, 0, 0])
    nod, slouch = 0.3 * torch.randn(batch, 1), SLOUCH * torch.rand(batch, 1, 1)
    place: dict[str, Tensor] = {"Pelvis": world[:, :1, 0].expand(batch, frames, 3)}
    place["Thorax"] = place["Pelvis"] + (1 - slouch) * length("Pelvis", "Thorax") * trunk
    place["Head"] = place["Thorax"] + length("Thorax", "Head") * along(angles[:, :, 0, 0] + nod)
    spread, open_arms = 0.5 * torch.rand(2, batch, 1, 1)
    for n, (side, outward) in enumerate((("L", across), ("R", -across))):
        place[side + "Hip"] = place["Pelvis"] + length("Pelvis", side + "Hip") * outward
        place[side + "Shoulder"] = place["Thorax"] + length("Thorax", side + "Shoulder") * outward
        limbs = (("Hip", "Knee", 1, spread), ("Knee", "Ankle", 2, 0.3 * spread),
                 ("Shoulder", "Elbow", 3, open_arms), ("Elbow", "Wrist", 4, -0.3 * open_arms))  # fmt: skip
        for start, end, bone, aside in limbs:
            direction = F.normalize(along(angles[:, :, n, bone]) + aside * outward, dim=-1)
            place[side + end] = place[side + start] + length(side + start, side + end) * direction
    # Spine and Neck are put in their places at the end
    body = settle_midpoints(torch.stack([place.get(name, place["Thorax"]) for name in H36M17.joints], 2))
    return _turn(body - body[:, :, :1], trunk[:, :, None], roll[..., None]) + body[:, :, :1]


def _turn(points: Tensor, axis: Tensor, angle: Tensor) -> Tensor:
    """Points (B, T, J, 3) turned by angle (B, T, 1, 1) about unit axes (B, T, 1, 3) through 0; T may be 1 in these."""
    return points @ rotation_matrix((axis * angle)[:, :, 0]).mT
