"""The motion with feet that stay where they stand: first the path, then by the legs what it leaves."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Bools, Floats, runs
from pose3d.core.geometry import unit
from pose3d.core.ground import HEIGHT, Ground, Planted
from pose3d.core.limb_ends import LimbEnds
from pose3d.core.poses import Pose3D
from pose3d.core.scientific import solve_banded
from pose3d.core.smoothing import bending
from pose3d.core.times import median_rate
from pose3d.ground.contacts import find_contacts
from pose3d.ground.floor import clearance
from pose3d.ground.pointing import feet_point, hands_point
from pose3d.lift.body import unstretched

LEGS = (("LHip", "LKnee", "LAnkle"), ("RHip", "RKnee", "RAnkle"))
"""In the order of FEET."""
OFF = (0.05, 0.03, 0.08)
"""Metres by which the path is off as a rule, in the world's axes: least in height, which the picture shows best."""
BEND = 1.5
"""Metres per second squared by which the path's error accelerates as a rule."""
GLIDE = 0.1
"""Metres per second at which a foot that rests may glide, for the legs to take up."""
ON_FLOOR, SINK = 0.13, 0.02
"""Metres: a resting foot that is so near to the floor belongs on it, to so much."""
FARTHEST = 0.12
"""Metres by which a leg is moved at most: who glides further, on wheels or before a camera that moves, goes on to."""
FADE = 0.25
"""Seconds over which a foot is let go after it rested, and brought there before."""
STRAIGHT = 0.999
"""Of a leg's length: how far it reaches, so that the knee has somewhere to bend to."""


def plant(pose: Pose3D, ground: Ground, ends: LimbEnds | None = None) -> Planted:
    """Every foot at one place while it rests, on the floor if it is near; bones of one length all the time.

    ends: what the detector saw of heels, toes and knuckles.
    """
    contacts = find_contacts(pose, ground.up)
    world = unstretched(ground.world(pose.placed).astype(np.float64), pose.skeleton)
    feet = pose.skeleton.indices(*(ankle for _, _, ankle in LEGS))
    above_sole = np.array([0.0, clearance(pose)[feet].mean(), 0.0])
    world += _path_shift(world[:, feet] - above_sole, contacts.rests, pose.times)[:, None]
    for foot, leg in enumerate(LEGS):
        joints = pose.skeleton.indices(*leg)
        ankle, rests = world[:, joints[2]], contacts.rests[:, foot]
        if rests.any():
            world[:, joints] = _reach(world[:, joints], ankle + _held(ankle - above_sole, rests, pose.times))
    if ends is None:
        return Planted(world, contacts.stands)
    pointing = feet_point(pose, world, ground, ends, contacts.rests)
    return Planted(world, contacts.stands, pointing, hands_point(pose, world, ground, ends))


def _path_shift(feet: Floats, rests: Bools, times: Floats) -> Floats:
    """(T, 3) metres to move the body by, for the feet (T, 2, 3) to glide least and be on the floor while they rest.

    Weighted least squares by axis: small shifts, that bend little, and resting feet that neither glide nor hover.
    """
    steps = np.diff(times)
    gliding = (rests[1:] & rests[:-1]) * (median_rate(times) / (GLIDE**2 * steps))[:, None]
    hovering = np.where(np.abs(feet[..., HEIGHT]) < ON_FLOOR, rests / SINK**2, 0.0)
    bends = bending(times) / BEND**2
    shift = np.empty((len(feet), 3))
    for axis, off in enumerate(OFF):
        place = feet[..., axis]
        band = bends.copy()
        band[0] += 1 / off**2
        target = np.zeros(len(feet))
        _add_steps(band, target, gliding.sum(1), -(gliding * np.diff(place, axis=0)).sum(1))
        if axis == HEIGHT:
            band[0] += hovering.sum(1)
            target -= (hovering * place).sum(1)
        shift[:, axis] = solve_banded(band, target)
    return shift


def _add_steps(band: Floats, target: Floats, weight: Floats, wanted: Floats) -> None:
    """Adds to a banded system that steps x[t + 1] - x[t] are wanted / weight, (T - 1,) each; writes into both."""
    band[0, 1:] += weight
    band[0, :-1] += weight
    band[1, :-1] -= weight
    target[1:] += wanted
    target[:-1] -= wanted


def _held(foot: Floats, rests: Bools, times: Floats) -> Floats:
    """(T, 3) metres from a foot (T, 3) to where it is held, faded out around the times at which it rests."""
    off = np.zeros(foot.shape)
    for run in runs(rests):
        place = np.median(foot[run], axis=0)
        if abs(place[HEIGHT]) < ON_FLOOR:
            place[HEIGHT] = 0.0
        off[run] += place - foot[run]
        first = np.searchsorted(times, times[run.start] - FADE)
        last = np.searchsorted(times, times[run.stop - 1] + FADE, side="right")
        for rows, edge in ((slice(first, run.start), run.start), (slice(run.stop, last), run.stop - 1)):
            left = 1 - np.abs(times[rows] - times[edge]) / FADE
            fade = np.where(rests[rows], 0.0, left * left * (3 - 2 * left))
            off[rows] += fade[:, None] * (place - foot[edge])
    return off * np.minimum(1, FARTHEST / np.maximum(np.linalg.norm(off, axis=-1, keepdims=True), 1e-9))


def _reach(leg: Floats, goal: Floats) -> Floats:
    """Hip, knee and ankle (T, 3, 3), the ankle at goal (T, 3) or as near as it reaches; the knee bends as before."""
    hip, knee, ankle = leg.transpose(1, 0, 2)
    thigh, shin = (np.linalg.norm(bone, axis=-1, keepdims=True) for bone in (knee - hip, ankle - knee))
    way = goal - hip
    far = np.linalg.norm(way, axis=-1, keepdims=True)
    reached = np.clip(far, np.abs(thigh - shin) + 1e-3, STRAIGHT * (thigh + shin))
    along = unit(way)
    ahead = (thigh**2 - shin**2 + reached**2) / (2 * reached)
    bend = unit(knee - hip - ((knee - hip) * along).sum(-1, keepdims=True) * along)
    height = np.sqrt(np.maximum(thigh**2 - ahead**2, 0))
    return np.stack([hip, hip + ahead * along + height * bend, hip + reached * along], 1)
