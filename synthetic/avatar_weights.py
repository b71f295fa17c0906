"""Which bones move the avatar's corners: shares that pass from bone to bone within a zone around each joint."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pose3d.motion.humanoid import NAMES
from synthetic.avatar_rest import ELBOW, HIP, KNEE, SHOULDER, SPINE, THORAX
from synthetic.nets import averaged, edges_of, neighbours

SIDES = {"left": 1, "right": -1}
"""Sign of x."""

ELBOW_ZONE, KNEE_ZONE, SHOULDER_ZONE, HIP_ZONE = 0.022, 0.028, 0.032, 0.075
"""Half widths in metres of what bends around a joint. But for the hips they are short: a ball rounds the joint."""
WAIST, WAIST_ZONE = 0.075, 0.12
CHEST_ZONE = 0.10
COLLAR, COLLAR_ZONE = (0.085, THORAX - 0.075), (0.055, 0.085)
"""Where the collar bones take over from the chest: to the side, and upwards."""
NAPE, NAPE_ZONE, NECK_SIDE = THORAX + 0.05, 0.04, 0.08
HIP_START, HIP_SLANT = 0.03, 0.2
"""How far under the joint the thigh begins, and how much sooner on the outside than at the crotch."""
CROTCH_ZONE = 0.01
"""Between the legs."""
SMOOTHING = 0.5
"""Of the way to the neighbours' weights, each round."""


def single(bone: str) -> Callable[[np.ndarray], np.ndarray]:
    """All of one bone, wherever the points (V, 3) are: (V, N)."""
    return lambda points: np.tile(_rigid(bone), (len(points), 1))


def lateral(bone: str) -> Callable[[np.ndarray], np.ndarray]:
    """All of the left or the right bone of a pair ("Hand"), on whose side the points are."""
    left, right = (_rigid(f"{side}{bone}") for side in SIDES)
    return lambda points: np.where(points[:, :1] > 0, left, right)


def body(points: np.ndarray) -> np.ndarray:
    """(V, N) weights of points (V, 3) of trunk, neck, arms and legs; they sum to 1."""
    side, height, _ = points.T
    nape = passed(height, NAPE, NAPE_ZONE) * (1 - passed(np.abs(side), NECK_SIDE, NECK_SIDE / 2))
    shares = np.zeros((len(points), len(NAMES)))
    trunk = {
        "hips": 1 - passed(height, WAIST, WAIST_ZONE),
        "spine": passed(height, WAIST, WAIST_ZONE) * (1 - passed(height, SPINE, CHEST_ZONE)),
        "chest": passed(height, SPINE, CHEST_ZONE) * (1 - nape),
        "neck": nape,
    }
    for bone, share in trunk.items():
        shares[:, NAMES.index(bone)] = share
    for name, sign in SIDES.items():
        out = sign * side
        shoulder = passed(out, COLLAR[0], COLLAR_ZONE[0]) * passed(height, COLLAR[1], COLLAR_ZONE[1])
        _hand_on(shares, "chest", f"{name}Shoulder", shoulder)
        arm = passed(out, SHOULDER, SHOULDER_ZONE)
        for bone in ("chest", "spine", f"{name}Shoulder"):
            _hand_on(shares, bone, f"{name}UpperArm", arm)
        _hand_on(shares, f"{name}UpperArm", f"{name}LowerArm", passed(out, ELBOW, ELBOW_ZONE))
        leg = passed(-height + HIP_SLANT * (out - HIP), HIP_START, HIP_ZONE) * passed(out, 0, CROTCH_ZONE)
        for bone in ("hips", "spine"):
            _hand_on(shares, bone, f"{name}UpperLeg", leg)
        _hand_on(shares, f"{name}UpperLeg", f"{name}LowerLeg", passed(-height, -KNEE, KNEE_ZONE))
    return shares


def passed(place: np.ndarray, middle: float, zone: float) -> np.ndarray:
    """From 0 to 1 while a place in metres goes through the zone around `middle`."""
    share = np.clip((place - middle) / (2 * zone) + 0.5, 0, 1)
    return share * share * (3 - 2 * share)


def smoothed(weights: np.ndarray, triangles: np.ndarray, rounds: int) -> np.ndarray:
    """Evened out along the surface."""
    links = neighbours(edges_of(triangles), len(weights))
    for _ in range(rounds):
        weights = weights + SMOOTHING * (averaged(weights, *links) - weights)
    return weights


def _rigid(bone: str) -> np.ndarray:
    """(N,)"""
    return np.eye(len(NAMES))[NAMES.index(bone)]


def _hand_on(shares: np.ndarray, giver: str, taker: str, part: np.ndarray) -> None:
    """Moves a part of one bone's share to another, in place."""
    moved = shares[:, NAMES.index(giver)] * part
    shares[:, NAMES.index(giver)] -= moved
    shares[:, NAMES.index(taker)] += moved
