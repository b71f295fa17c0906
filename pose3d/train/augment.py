"""Makes training windows: other poses, other bodies, random cameras.

Everything works on batches of windows, (B, T, 17, 3) in metres, world axes x right, y down, z forward, that must be on
torch's default device.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from pose3d.core.skeleton import H36M17
from pose3d.io.models.tensors import cross, norm
from pose3d.train.body import ARMS, DOWN, LEGS, MIRROR, J, rotation_matrix, settle_midpoints
from pose3d.train.centring import facing
from pose3d.train.crossover import exchange_arms
from pose3d.train.hands import rest_hands
from pose3d.train.postures import take_posture, tip_over

POSTURES_SHARE, ARMS_SHARE, RESTING_SHARE, TIPPED_SHARE = 0.28, 0.2, 0.1, 0.05
"""Of the windows: written movements for the recorded one, arms of another one, hands that rest, falls and lying."""
LIMB_SPREAD, ODD_LIMB_SPREAD, ODD_SHARE = 0.04, 0.09, 0.2
"""Standard deviation of the logarithm of limb lengths; the second in a share of the windows.

How well foreshortening tells depth hangs on how well a limb's length can be known, so wider is not safer.
"""
HELD = (0.3, 2.2)
"""Metres above the floor of a camera that is held or stands."""
STEEP, STEEP_SHARE = (5.0, 45.0), 0.5
"""Degrees by which cameras on shelves, walls and ceilings look down, and how many there are."""
ANKLE_HEIGHT = 0.08
"""Metres of an ankle, the lowest joint of most poses, above the floor."""


@dataclass(frozen=True)
class View:
    """rays (B, T, 17, 2) x/z, y/z in camera axes; xyz (B, T, 17, 3) metres in camera axes."""

    rays: Tensor
    xyz: Tensor


def enrich(world: Tensor) -> Tensor:
    """Recorded windows with other poses and other bodies."""
    exercised = take_posture(exercise(mirror_some(world)), POSTURES_SHARE)
    crossed = exchange_arms(exercised, ARMS_SHARE)
    rested = rest_hands(move_limbs(crossed), torch.full((len(world),), RESTING_SHARE))
    return change_body(tip_over(rested, TIPPED_SHARE))


def mirror_some(world: Tensor) -> Tensor:
    """Half of the windows with left and right exchanged."""
    flipped = world[:, :, MIRROR] * torch.tensor([-1.0, 1.0, 1.0])
    return torch.where((torch.rand(len(world)) < 0.5)[:, None, None, None], flipped, world)


# Poses


def exercise(world: Tensor) -> Tensor:
    """Lets a quarter stand upright and swing arms and legs, as in gymnastics; the trunk moves as recorded."""
    batch, frames = world.shape[:2]
    down = torch.tensor(DOWN)
    leftwards = F.normalize((world[:, :, J("LHip")] - world[:, :, J("RHip")]) * (1 - down), dim=-1)
    forward = cross(down.expand_as(leftwards), leftwards)
    seconds = torch.arange(frames)[None, :, None] / 30
    pace, phase, plane, elbow, lift, ahead, spread = torch.rand(7, batch, 1, 1)
    alternating = (torch.rand(batch, 1, 1) < 0.2) * math.pi
    swings = (torch.rand(3, batch, 1, 1) < 0.7).float()  # the arms, the legs, the elbows
    moved = world.clone()
    for side, outward in enumerate((-leftwards, leftwards)):
        wave = 0.5 - 0.5 * torch.cos(2 * math.pi * ((0.2 + pace) * seconds + phase) + alternating * side)
        raised = math.pi * (0.2 * spread + lift * (1 - swings[0] + swings[0] * wave))
        sideways = 2 * plane - 0.4  # radians: 0 to the side, half pi to the front
        reach = torch.cos(sideways) * outward + torch.sin(sideways) * forward
        upper = torch.cos(raised) * down + torch.sin(raised) * reach
        folded = forward - 0.5 * outward + (ahead - 0.5) * down
        stance = 0.2 * spread + 0.4 * swings[1] * ahead * wave
        thigh = down + torch.tan(stance) * outward + 0.1 * elbow * forward
        _point(moved, ARMS[side], upper, upper + elbow * swings[2] * folded)
        _point(moved, LEGS[side], thigh, thigh - 0.2 * elbow * forward)
    return torch.where((torch.rand(batch) < 0.25)[:, None, None, None], settle_midpoints(moved), world)


def _point(world: Tensor, limb: tuple[int, int, int], upper: Tensor, lower: Tensor) -> None:
    """Points the two bones of a limb along directions (B, T, 3); writes into `world`."""
    top, middle, end = limb
    lengths = [norm(world[:, :, b] - world[:, :, a], keepdim=True) for a, b in ((top, middle), (middle, end))]
    world[:, :, middle] = world[:, :, top] + lengths[0] * F.normalize(upper, dim=-1)
    world[:, :, end] = world[:, :, middle] + lengths[1] * F.normalize(lower, dim=-1)


def move_limbs(world: Tensor) -> Tensor:
    """Turns limbs about their joints, smoothly in time: poses that the recordings lack.

    Six tenths of the windows keep their limbs as they are, a fifth squats or kneels, keeping its balance.
    """
    batch, frames = world.shape[:2]
    leftwards = F.normalize(world[:, :, J("LHip")] - world[:, :, J("RHip")], dim=-1)
    # about this axis a positive turn brings the trunk forward and a negative one a limb
    depth = _squat_depth(batch, frames) * leftwards
    lean, reach, shin = torch.rand(3, batch, 1, 1)
    free = (torch.rand(batch, 1, 1) < 0.4).float()

    def wobble(size: float, share: float) -> Tensor:
        return free * _wobble(batch, frames, size, share)

    world = bend(world, J("Pelvis"), J("Spine"), wobble(0.2, 0.5) + (0.3 + 0.4 * lean) * depth)
    world = bend(world, J("Thorax"), J("Neck"), wobble(0.25, 0.5))
    both = torch.rand(batch, 1, 1) < 0.8
    for side, (hip, knee, _) in enumerate(LEGS):
        on = (both | torch.full((batch, 1, 1), bool(side))).float()
        world = bend(world, hip, hip, wobble(0.3, 0.4) - on * depth)
        world = bend(world, knee, knee, wobble(0.15, 0.4) + on * depth * (1.2 + 0.5 * shin))
    for shoulder, elbow, _ in ARMS:
        world = bend(world, shoulder, shoulder, wobble(0.7, 0.5) - 1.3 * reach * depth)
        world = bend(world, elbow, elbow, wobble(0.4, 0.4))
    return settle_midpoints(world)


def bend(world: Tensor, pivot: int, first: int, turn: Tensor) -> Tensor:
    """Turns the joints from `first` on, except the pivot itself, about `pivot` by rotation vectors (B, T, 3)."""
    index = sorted(_subtree(first) - {pivot})
    rotation = rotation_matrix(turn)
    origin = world[:, :, pivot, None]
    moved = (world[:, :, index] - origin) @ rotation.transpose(-1, -2) + origin
    world = world.clone()
    world[:, :, index] = moved
    return world


def _subtree(joint: int) -> set[int]:
    return {joint}.union(*(_subtree(child) for child in H36M17.children(joint)))


def _wobble(batch: int, frames: int, size: float, share: float) -> Tensor:
    """(B, T, 3) rotation vectors: a constant plus a slow wave, `size` radians, nothing in the rest of the windows."""
    seconds = torch.arange(frames)[None, :, None] / 30
    constant, wave = size * torch.randn(2, batch, 1, 3)
    rate, phase = 2 * math.pi * torch.rand(2, batch, 1, 3)
    chosen = (torch.rand(batch, 1, 1) < share).float()
    return chosen * (constant + 0.5 * wave * torch.sin(rate * seconds + phase))


def _squat_depth(batch: int, frames: int) -> Tensor:
    """(B, T, 1) radians of hip flexion, going down and up; 0 in most windows."""
    seconds = torch.arange(frames)[None, :, None] / 30
    rate = 2 * math.pi * (0.1 + 0.7 * torch.rand(batch, 1, 1))
    phase = 2 * math.pi * torch.rand(batch, 1, 1)
    chosen = (torch.rand(batch, 1, 1) < 0.2).float()
    return chosen * 1.6 * torch.rand(batch, 1, 1) * (0.5 - 0.5 * torch.cos(rate * seconds + phase))


# Bodies


def change_body(world: Tensor) -> Tensor:
    """Other limb lengths (left as right), wider hips, other shoulders, another size."""
    batch = len(world)
    spread = torch.where(torch.rand(batch, 1) < ODD_SHARE, ODD_LIMB_SPREAD, LIMB_SPREAD)
    factor = torch.exp(spread * torch.randn(batch, 17))
    hips, shoulders = [J("RHip"), J("LHip")], [J("RShoulder"), J("LShoulder")]
    factor[:, hips] = 1 + 0.6 * torch.rand(batch, 1)
    factor[:, shoulders] = torch.exp(0.08 * torch.randn(batch, 1))
    factor = (factor + factor[:, MIRROR]) / 2  # left as right
    factor *= torch.exp(0.03 * torch.randn(batch, 1))
    result = world.clone()
    for parent, child in H36M17.edges:
        bone = world[:, :, child] - world[:, :, parent]
        result[:, :, child] = result[:, :, parent] + bone * factor[:, None, child, None]
    return settle_midpoints(result)


# Cameras


def film(world: Tensor) -> View:
    """A random camera for each window: 2 to 8 m away, from any side, a little tilted; half look down steeply.

    Its view is 35 to 90 degrees wide, so the person may be as far from the picture's middle as that allows.
    """
    batch = len(world)
    world = world @ rotation_matrix(_about_y(2 * math.pi * torch.rand(batch)))[:, None].transpose(-1, -2)
    middle = world[:, :, 0].mean(1)
    distance = 2 + 6 * torch.rand(batch)
    floor = world[..., 1].amax((1, 2)) + ANKLE_HEIGHT
    position = middle - torch.stack([torch.zeros(batch), _camera_height(distance, floor - middle[:, 1]), distance], -1)
    half_view = torch.deg2rad(17.5 + 27.5 * torch.rand(batch, 1))
    aside = half_view * (0.4 * torch.randn(batch, 2)).clamp(-0.9, 0.9) * torch.tensor([0.6, 1.0])
    roll = 0.07 * torch.randn(batch) * torch.where(torch.rand(batch) < 0.1, 4.0, 1.0)
    camera = rotation_matrix(torch.cat([aside, roll[:, None]], -1)) @ facing(middle - position)
    xyz = (world - position[:, None, None]) @ camera[:, None].transpose(-1, -2)
    nearest = xyz[..., 2].amin((1, 2), keepdim=True)
    xyz[..., 2] += (0.8 - nearest).clamp_min(0)  # someone ran into the camera: step back
    return View(xyz[..., :2] / xyz[..., 2:], xyz)


def _camera_height(distance: Tensor, pelvis: Tensor) -> Tensor:
    """(B,) metres of the camera above the pelvis, which is `pelvis` (B,) above the floor and `distance` (B,) away.

    Held by hand or on a stand, knee to eye height; in the other half it looks down by STEEP degrees.
    """
    held = HELD[0] + (HELD[1] - HELD[0]) * torch.rand_like(distance) - pelvis
    angle = torch.deg2rad(STEEP[0] + (STEEP[1] - STEEP[0]) * torch.rand_like(distance))
    return torch.where(torch.rand_like(distance) < STEEP_SHARE, distance * torch.tan(angle), held)


def _about_y(angle: Tensor) -> Tensor:
    return torch.stack([torch.zeros_like(angle), angle, torch.zeros_like(angle)], -1)
