"""From one person's track to a Pose2D without holes: swaps of left and right undone, gaps bridged, jitter smoothed."""

from __future__ import annotations

import numpy as np

from pose3d.core.arrays import Bools, Floats, Ints
from pose3d.core.camera import Camera
from pose3d.core.poses import Pose2D
from pose3d.core.skeleton import H36M17
from pose3d.core.smoothing import smooth
from pose3d.track.people import Track

KEYPOINT_SCORE_THRESHOLD = 0.3
"""Joints that score lower do not count as observed."""
JUMP = 0.35
"""Of the body's size: a doubted joint that is so far off the line between its observed neighbours in time is
interpolated. Nearer, the detector's guess is better than a straight line."""
LONGEST_BRIDGE = 0.5
"""Seconds between observed neighbours beyond which a straight line tells nothing of a joint."""
SWAP_PENALTY = 0.15
"""What calling a frame swapped costs, in body sizes of motion saved."""

Limb = tuple[str, ...]
"""Its joints' names without their side."""
ARMS: Limb = ("Shoulder", "Elbow", "Wrist")
LEGS: Limb = ("Hip", "Knee", "Ankle")


def refine(track: Track, times: Floats, camera: Camera) -> Pose2D:
    """One row per frame of a track in which the person was seen at least once; times (T,) seconds."""
    seen = track.seen
    xy, score = arrays(track)
    xy, score = undo_swaps(xy, score, seen)
    observed = seen[:, None] & (score >= KEYPOINT_SCORE_THRESHOLD)
    xy = bridged(xy, observed, seen, times)
    return Pose2D(smooth(xy, times), score, observed, H36M17, camera=camera, times=times)


def arrays(track: Track) -> tuple[Floats, Floats]:
    """xy (T, 17, 2) and score (T, 17), 0 where the person was not seen."""
    xy = np.zeros((len(track), len(H36M17), 2), np.float32)
    score = np.zeros((len(track), len(H36M17)), np.float32)
    for row in track.rows:
        person = track.at(row)
        xy[row], score[row] = person.xy, person.score
    return xy, score


def undo_swaps(xy: Floats, score: Floats, seen: Bools) -> tuple[Floats, Floats]:
    """Exchanges left and right back in the frames where that makes the motion smoother, arms and legs each for itself.

    xy (T, 17, 2), score (T, 17), seen (T,). The detector is right more often than not, so a swap must pay for itself.
    """
    xy, score = xy.copy(), score.copy()
    for limb, swapped in swaps(xy, seen).items():
        left, right = _sides(limb)
        for values in (xy, score):
            values[swapped[:, None], left + right] = values[swapped[:, None], right + left]
    return xy, score


def swaps(xy: Floats, seen: Bools) -> dict[Limb, Ints]:
    """The frames in which a limb's left and right are exchanged, by limb; xy (T, 17, 2), seen (T,)."""
    rows = np.flatnonzero(seen)
    sides = {limb: _sides(limb) for limb in (ARMS, LEGS)}
    return {limb: rows[_swapped(xy[rows][:, left], xy[rows][:, right])] for limb, (left, right) in sides.items()}


def _sides(limb: Limb) -> tuple[list[int], list[int]]:
    """Indices of the left and of the right joints."""
    left, right = (H36M17.indices(*(side + part for part in limb)) for side in "LR")
    return left, right


def _swapped(left: Floats, right: Floats) -> Bools:
    """(T,) bool: the cheapest assignment over time (Viterbi with two states); left and right (T, K, 2)."""
    pairs = np.stack([np.concatenate([left, right], 1), np.concatenate([right, left], 1)])
    spread = np.median(np.ptp(pairs[0], axis=1).max(-1)) + 1e-6
    steps = np.linalg.norm(pairs[:, None, 1:] - pairs[None, :, :-1], axis=-1).sum(-1) / spread  # (now, before, T-1)
    cost = np.array([0.0, SWAP_PENALTY])
    back = np.zeros((2, len(left)), int)
    for t in range(1, len(left)):
        options = steps[:, :, t - 1] + cost
        back[:, t] = options.argmin(1)
        cost = options.min(1) + [0.0, SWAP_PENALTY]
    state = np.zeros(len(left), int)
    state[-1] = cost.argmin()
    for t in range(len(left) - 1, 0, -1):
        state[t - 1] = back[state[t], t]
    return state.astype(bool)


def bridged(xy: Floats, observed: Bools, seen: Bools, times: Floats) -> Floats:
    """xy (T, 17, 2) with straight lines over real times where there is nothing better; the clip's ends hold.

    observed (T, 17), seen (T,). A doubted joint keeps the detector's guess, unless it jumps away from observed
    neighbours that are near in time.
    """
    size = float(np.median(np.linalg.norm(np.ptp(xy[seen], axis=1), axis=-1)))
    filled = xy.copy()
    for joint in range(xy.shape[1]):
        kept = seen & ~_jumps(xy[:, joint], observed[:, joint], times, JUMP * size)
        filled[:, joint] = _straight(times, np.flatnonzero(kept if kept.any() else seen), xy[:, joint])
    return filled


def _jumps(xy: Floats, observed: Bools, times: Floats, limit: float) -> Bools:
    """(T,) bool: not observed, between observed neighbours, and more than `limit` pixels off the line between them."""
    rows = np.flatnonzero(observed)
    if not len(rows):
        return np.zeros(len(xy), bool)
    after = np.searchsorted(rows, np.arange(len(xy)))
    inside = (after > 0) & (after < len(rows)) & ~observed
    gap = times[rows[after.clip(max=len(rows) - 1)]] - times[rows[(after - 1).clip(min=0)]]
    off = np.linalg.norm(xy - _straight(times, rows, xy), axis=-1)
    return inside & (gap <= LONGEST_BRIDGE) & (off > limit)


def _straight(times: Floats, rows: Ints, xy: Floats) -> Floats:
    """(T, 2) lines through the points xy (T, 2) of some rows."""
    return np.stack([np.interp(times, times[rows], xy[rows][:, axis]) for axis in range(2)], -1).astype(xy.dtype)
