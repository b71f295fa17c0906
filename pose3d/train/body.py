"""What all that changes training windows knows of bodies: joints, limbs, turning.

Batches of windows are (B, T, 17, 3) metres, world axes x right, y down, z forward.
"""

from __future__ import annotations

import torch
from torch import Tensor

from pose3d.core.skeleton import H36M17
from pose3d.io.models.tensors import from_numpy, norm, unflatten

J = H36M17.index
LEGS = ((J("RHip"), J("RKnee"), J("RAnkle")), (J("LHip"), J("LKnee"), J("LAnkle")))
ARMS = ((J("RShoulder"), J("RElbow"), J("RWrist")), (J("LShoulder"), J("LElbow"), J("LWrist")))
DOWN = (0.0, 1.0, 0.0)
MIRROR = from_numpy(H36M17.mirror)


def settle_midpoints(joints: Tensor) -> Tensor:
    """Puts Spine and Neck back in the middle of their neighbours; (..., 17, D), in 2D or 3D."""
    joints = joints.clone()
    joints[..., J("Spine"), :] = (joints[..., J("Pelvis"), :] + joints[..., J("Thorax"), :]) / 2
    joints[..., J("Neck"), :] = (joints[..., J("Thorax"), :] + joints[..., J("Head"), :]) / 2
    return joints


def rotation_matrix(vector: Tensor) -> Tensor:
    """Rotation vectors (..., 3) in radians to matrices (..., 3, 3)."""
    x, y, z = vector.unbind(-1)
    zero = torch.zeros_like(x)
    cross = unflatten(torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1), -1, (3, 3))
    angle = norm(vector).clamp_min(1e-8)[..., None, None]
    return torch.eye(3) + torch.sin(angle) / angle * cross + (1 - torch.cos(angle)) / angle**2 * (cross @ cross)
