"""Makes true 2D joints look like a detector's."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from pose3d.core.skeleton import H36M17
from pose3d.io.models.tensors import unflatten
from pose3d.train.body import ARMS, LEGS, MIRROR, J, settle_midpoints
from pose3d.train.centring import centre, window_scale

UNSTEADINESS = {"Hip": 0.9, "Knee": 1.05, "Ankle": 1.0, "Head": 0.7, "Shoulder": 0.85, "Elbow": 1.4, "Wrist": 1.35}
"""How far detectors are off by joint, beside the average joint: as BlazePose heavy is on real people."""
LOW_HIPS = 0.04
"""Of the thigh: mean and deviation of how low the hips are seen; BlazePose's are, on people, 2 to 3 % of the trunk."""
EXCHANGED_SHARE = 0.03
"""Of the windows: left and right exchanged for a moment."""


DETECTOR_LEVEL = 0.6
"""Of `like_a_detector`: as benchmarks/noise.py finds for BlazePose."""


def add_noise(inputs: Tensor, amount: float) -> Tensor:
    """Noise on person-centred rays (B, T, 17, 2) of unit size (a unit is about 0.55 m on a standing adult).

    None in a fifth of the windows, in the others between none and `amount`.
    """
    batch = len(inputs)
    level = amount * torch.rand(batch, 1, 1, 1) * (torch.rand(batch, 1, 1, 1) > 0.2)
    return like_a_detector(inputs, level)


def detected(rays: Tensor) -> Tensor:
    """Rays (B, T, 17, 2) as if a detector had found the joints, off by as much as BlazePose is."""
    centred = centre(rays)
    scale = window_scale(centred.rays)
    noisy = like_a_detector(centred.rays / scale, torch.full((len(rays), 1, 1, 1), DETECTOR_LEVEL)) * scale
    back = F.pad(noisy, (0, 1), value=1.0) @ centred.rotation
    return back[..., :2] / back[..., 2:]


def like_a_detector(inputs: Tensor, level: Tensor) -> Tensor:
    """As `add_noise`, level (B, 1, 1, 1); see DETECTOR_LEVEL.

    Per joint a bias, slow drift and jitter; hips seen low; now and then a limb that is lost, legs out of the picture,
    sides exchanged.
    """
    batch, frames = inputs.shape[:2]
    bias = 0.05 * torch.randn(batch, 1, 17, 2)
    jitter = 0.02 * torch.randn(batch, frames, 17, 2)
    each = torch.tensor([UNSTEADINESS.get(joint.lstrip("LR"), 0.0) for joint in H36M17.joints])
    shaking = each[:, None] * (bias + jitter + 0.04 * _drift(batch, frames))
    noisy = torch.where(level > 0, _exchanged_sides(inputs, EXCHANGED_SHARE), inputs)
    off = shaking + _lost_limb(batch, frames) + _legs_cut_off(batch, frames) + _low_hips(inputs)
    noisy = noisy + level * _middles(off)
    return noisy - noisy[:, :, :1]


def _middles(joints: Tensor) -> Tensor:
    """(B, T, 17, 2) with Pelvis and Thorax in the middle of hips and shoulders, as detectors have them."""
    joints = joints.clone()
    for middle, pair in ("Pelvis", ("LHip", "RHip")), ("Thorax", ("LShoulder", "RShoulder")):
        joints[:, :, J(middle)] = joints[:, :, [J(joint) for joint in pair]].mean(2)
    return settle_midpoints(joints)


def _low_hips(inputs: Tensor) -> Tensor:
    """(B, T, 17, 2): hips a little towards the knees, where detectors are inclined to see them."""
    towards = inputs[:, :, [J("RKnee"), J("LKnee")]].mean(2, keepdim=True) - inputs[:, :, :1]
    share = LOW_HIPS + LOW_HIPS * torch.randn(len(inputs), 1, 1, 1)
    hips = F.one_hot(torch.tensor([J("RHip"), J("LHip")]), 17).sum(0)
    return share * towards * hips[:, None]


def _drift(batch: int, frames: int, knots_every: int = 8) -> Tensor:
    """(B, T, 17, 2) smooth noise of unit size."""
    knots = torch.randn(batch, 34, frames // knots_every + 2)
    drift = F.interpolate(knots, size=frames, mode="linear", align_corners=True)
    return unflatten(drift.transpose(1, 2), -1, (17, 2))


def _lost_limb(batch: int, frames: int) -> Tensor:
    """(B, T, 17, 2): in a quarter of the windows the end of one limb is well off for up to half a second."""
    ends = torch.tensor([J("RAnkle"), J("LAnkle"), J("RWrist"), J("LWrist")])
    joint = F.one_hot(ends[torch.randint(4, (batch,))], 17)
    during = _for_a_while(batch, frames, 0.25)
    return 0.3 * torch.randn(batch, 1, 1, 2) * joint[:, None, :, None] * during[:, :, None, None]


def _legs_cut_off(batch: int, frames: int) -> Tensor:
    """(B, T, 17, 2): in a few windows ankles, or knees too, are out of the picture and guessed."""
    guess = 0.25 * torch.randn(batch, 1, 17, 2) + 0.1 * _drift(batch, frames)
    ankles = F.one_hot(torch.tensor([J("RAnkle"), J("LAnkle")]), 17).sum(0)
    knees = F.one_hot(torch.tensor([J("RKnee"), J("LKnee")]), 17).sum(0)
    hidden = ankles + 0.6 * knees * (torch.rand(batch, 1) < 0.4)
    chosen = torch.rand(batch, 1) < 0.06
    return guess * (hidden * chosen)[:, None, :, None]


def _exchanged_sides(inputs: Tensor, share: float) -> Tensor:
    """Left and right exchanged for a moment, arms or legs, in a share of the windows."""
    batch, frames = inputs.shape[:2]
    legs = torch.zeros(17, dtype=torch.bool)
    legs[[joint for limb in LEGS for joint in limb]] = True
    arms = torch.zeros(17, dtype=torch.bool)
    arms[[joint for limb in ARMS for joint in limb]] = True
    limbs = torch.where(torch.rand(batch, 1) < 0.5, legs, arms)
    during = _for_a_while(batch, frames, share)
    return torch.where((during[..., None] & limbs[:, None])[..., None], inputs[:, :, MIRROR], inputs)


def _for_a_while(batch: int, frames: int, share: float) -> Tensor:
    """(B, T) bool: 3 to 15 frames on end in a share of the windows."""
    start = torch.randint(frames, (batch, 1))
    length = torch.randint(3, 16, (batch, 1)) * (torch.rand(batch, 1) < share)
    time = torch.arange(frames)[None]
    return (time >= start) & (time < start + length)
