"""Hands that rest on something: on thighs, in the lap, on the seat, on the hips, folded, at the face, behind the back.

People do that most of the time that they do not walk; recordings, of people who were told to move, hold little of it.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from pose3d.io.models.tensors import norm
from pose3d.train.body import ARMS, LEGS, J
from pose3d.train.crossover import trunk_axes

PLACES = {"thigh": 4.0, "seat": 3.0, "lap": 2.0, "hip": 1.0, "folded": 1.5, "face": 1.0, "back": 0.5}
"""How often hands rest there."""
TRUNK = 0.5
"""Metres from pelvis to thorax of the body that the distances in `_places` are for."""
SCATTER = 0.04
"""Metres by which a hand is beside its place, on each axis."""


class _Side(NamedTuple):
    """One side of the body: hip and thigh (B, T, 3), directions (B, T, 3) outward and away from the thigh's surface."""

    hip: Tensor
    thigh: Tensor
    outward: Tensor
    off: Tensor


def rest_hands(world: Tensor, share: Tensor) -> Tensor:
    """Lets the hands of some windows (B, T, 17, 3) rest at one of PLACES, all the time or for some of it.

    share (B,): how likely each window is to. Mostly both hands rest at the same place, now and then only one does.
    """
    batch, frames = world.shape[:2]
    weights = torch.tensor(list(PLACES.values()))
    place = torch.multinomial(weights, batch, replacement=True)
    other = torch.where(torch.rand(batch) < 0.2, torch.multinomial(weights, batch, replacement=True), place)
    one_sided = torch.where(torch.rand(batch) < 0.15, torch.randint(2, (batch,)), -1)
    resting = (torch.rand(batch) < share)[:, None, None] * _while(batch, frames)
    axes = trunk_axes(world)
    moved = world.clone()
    for side, (limb, chosen) in enumerate(zip(ARMS, (place, other), strict=True)):
        during = resting * (one_sided != side)[:, None, None]
        goal, elbow = _places(world, side, chosen, axes), _elbow(side, axes)
        bend_arm(moved, limb, torch.lerp(moved[:, :, limb[2]], goal, during), elbow, during)
    return moved


def _while(batch: int, frames: int) -> Tensor:
    """(B, T, 1) 0 to 1: how far the hands are on their places; in half of the windows they come or go."""
    seconds = torch.arange(frames)[None, :, None] / 30
    at = 3 * torch.rand(batch, 1, 1)
    pace = torch.where(torch.rand(batch, 1, 1) < 0.5, 8.0, -8.0)
    moving = torch.sigmoid(pace * (seconds - at))
    return torch.where(torch.rand(batch, 1, 1) < 0.5, moving, 1.0)


def _places(world: Tensor, side: int, place: Tensor, axes: Tensor) -> Tensor:
    """(B, T, 3) metres: where the wrist of a side (0 right, 1 left) rests at the chosen of PLACES (B,)."""
    left, up, ahead = axes.unbind(-1)
    body, part = _side(world, side, left, up, ahead), torch.rand(3, len(world), 1, 1)
    size = norm(world[:, :1, J("Thorax")] - world[:, :1, J("Pelvis")], keepdim=True) / TRUNK
    along = F.normalize(body.thigh, dim=-1)
    pelvis, thorax, head = (world[:, :, J(name)] for name in ("Pelvis", "Thorax", "Head"))
    spots = {
        "thigh": body.hip + (0.3 + 0.75 * part[0]) * body.thigh + size * 0.07 * body.off,
        "seat": body.hip
        + size * ((0.1 + 0.15 * part[0]) * body.outward + (0.4 * part[1] - 0.15) * along - 0.1 * part[2] * up),
        "lap": pelvis + size * ((0.1 + 0.2 * part[0]) * along + 0.08 * body.off + 0.04 * body.outward),
        "hip": body.hip + size * (0.07 * body.outward + (0.05 + 0.12 * part[0]) * up),
        "folded": thorax + size * (0.22 * ahead - (0.15 + 0.15 * part[0]) * up - 0.12 * body.outward),
        "face": head + size * (0.12 * ahead - 0.15 * part[0] * up + 0.08 * body.outward),
        "back": pelvis + size * (0.15 * part[0] * up - 0.14 * ahead + 0.03 * body.outward),
    }
    all_spots = torch.stack([spots[name] for name in PLACES])
    return all_spots[place, torch.arange(len(world))] + SCATTER * torch.randn(len(world), 1, 3)


def _side(world: Tensor, side: int, left: Tensor, up: Tensor, ahead: Tensor) -> _Side:
    hip, knee, _ = LEGS[side]
    thigh = world[:, :, knee] - world[:, :, hip]
    along = F.normalize(thigh, dim=-1)
    off = up + ahead
    off = F.normalize(off - (off * along).sum(-1, keepdim=True) * along, dim=-1)
    return _Side(world[:, :, hip], thigh, left if side else -left, off)


def _elbow(side: int, axes: Tensor) -> Tensor:
    """(B, T, 3): where the elbow of a resting arm points: outward, down and back, each more or less."""
    left, up, ahead = axes.unbind(-1)
    out, down, back = torch.rand(3, len(axes), 1, 1)
    return (left if side else -left) * out - (0.2 + 0.8 * down) * up - back * ahead


def bend_arm(world: Tensor, limb: tuple[int, int, int], wrist: Tensor, elbow: Tensor, share: Tensor) -> None:
    """Brings a wrist to `wrist` (B, T, 3), or as near as the arm reaches, bones as long as before; writes into `world`.

    elbow (B, T, 3): the direction to which it bends, mixed with the arm's own by `share` (B, T, 1), 0 to 1.
    """
    top, middle, end = limb
    shoulder = world[:, :, top]
    upper = norm(world[:, :, middle] - shoulder, keepdim=True)
    lower = norm(world[:, :, end] - world[:, :, middle], keepdim=True)
    way = wrist - shoulder
    far = norm(way, keepdim=True).clamp_min(1e-6)
    way = way / far
    reached = torch.minimum(torch.maximum(far, (upper - lower).abs()), upper + lower)
    ahead = (upper.square() - lower.square() + reached.square()) / (2 * reached.clamp_min(1e-6))
    own = F.normalize(world[:, :, middle] - shoulder, dim=-1)
    pole = torch.lerp(own, F.normalize(elbow, dim=-1), share)
    pole = F.normalize(pole - (pole * way).sum(-1, keepdim=True) * way, dim=-1)
    height = (upper.square() - ahead.square()).clamp_min(0).sqrt()
    world[:, :, middle] = shoulder + ahead * way + height * pole
    world[:, :, end] = shoulder + reached * way
