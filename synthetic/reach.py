"""Arms that reach a place: inverse kinematics of two links."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from synthetic.body import Body
from synthetic.kinematics import MAX_STRETCH, SIDES, Limb, turned


def reaching(
    body: Body,
    side: str,
    pelvis: np.ndarray,
    heading: np.ndarray,
    trunk_turn: np.ndarray,
    wrist: np.ndarray,
    elbow: np.ndarray,
) -> Limb:
    """The arm whose wrist is at `wrist` (T, 3), or as near as it gets, its elbow to the side of `elbow` (T, 3).

    pelvis (T, 3) metres, heading (T,), trunk_turn (T, 3): as in Controls; elbow: a direction in the world.
    """
    trunk = turned(heading, trunk_turn)
    shoulder = pelvis + trunk @ np.array([SIDES[side] * body.shoulder_width / 2, body.trunk, 0])
    away = np.einsum("tji,tj->ti", trunk, wrist - shoulder)
    distance = np.linalg.norm(away, axis=-1)
    along = away / distance[:, None]
    distance = np.minimum(distance, MAX_STRETCH * (body.upper_arm + body.forearm))
    out = np.einsum("tji,tj->ti", trunk, elbow)
    out = out - (out * along).sum(-1, keepdims=True) * along
    out = out / np.linalg.norm(out, axis=-1, keepdims=True)
    share = (distance**2 + body.upper_arm**2 - body.forearm**2) / (2 * distance * body.upper_arm)
    upper = share[:, None] * along + np.sqrt(1 - share**2)[:, None] * out
    up = -upper
    # The elbow bends towards the frame's z axis.
    front = along - (along * up).sum(-1, keepdims=True) * up
    front = front / np.linalg.norm(front, axis=-1, keepdims=True)
    frame = np.stack([np.cross(up, front), up, front], -1)
    abduction, flexion, twist = Rotation.from_matrix(frame).as_euler("ZXY").T * [[SIDES[side]], [-1], [-SIDES[side]]]
    cosine = (body.upper_arm**2 + body.forearm**2 - distance**2) / (2 * body.upper_arm * body.forearm)
    return Limb(flexion, abduction, twist, np.pi - np.arccos(np.clip(cosine, -1, 1)))
