"""From raw detections to a Pose2D without holes: left/right swaps undone, gaps filled, lightly smoothed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pose3d.core.camera import Camera
from pose3d.core.errors import NoPersonError
from pose3d.core.poses import Pose2D
from pose3d.core.skeleton import H36M17
from pose3d.core.smoothing import smooth
from pose3d.detect import Detection

WEAK = 0.3
"""Joints that score lower are filled in from their neighbours in time."""
LONGEST_FILL = 0.5
"""Seconds; over a longer gap the detector's guess is better than a straight line."""
SWAP_PENALTY = 0.15
"""What calling a frame swapped costs, in body sizes of motion saved."""

ARMS = ("Shoulder", "Elbow", "Wrist")
LEGS = ("Hip", "Knee", "Ankle")


def refine(detections: Sequence[Detection], fps: float, camera: Camera) -> Pose2D:
    """One row per detection. Raises NoPersonError when there is no person in any of them."""
    found = np.array([d.keypoints is not None for d in detections])
    if not found.any():
        raise NoPersonError("nobody was found in the video; use one in which a whole person can be seen")
    xy, score = _arrays(detections, found)
    xy, score = undo_swaps(xy, score, found)
    observed = found[:, None] & (score >= WEAK)
    xy = fill_gaps(xy, observed, found, fps)
    return Pose2D(smooth(xy, fps), score, observed, H36M17, fps, camera)


def _arrays(detections: Sequence[Detection], found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    xy = np.zeros((len(detections), len(H36M17), 2), np.float32)
    score = np.zeros((len(detections), len(H36M17)), np.float32)
    for row in np.flatnonzero(found):
        keypoints = detections[row].keypoints
        assert keypoints is not None
        xy[row], score[row] = keypoints.xy, keypoints.score
    return xy, score


def undo_swaps(xy: np.ndarray, score: np.ndarray, found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Exchanges left and right back in the frames where that makes the motion smoother, arms and legs each for itself.

    xy (T, 17, 2), score (T, 17), found (T,). The detector is right more often than not, so a swap must pay for itself.
    """
    xy, score = xy.copy(), score.copy()
    rows = np.flatnonzero(found)
    for limb in (ARMS, LEGS):
        left, right = (H36M17.indices(*(side + part for part in limb)) for side in "LR")
        swapped = rows[_swapped(xy[rows][:, left], xy[rows][:, right])]
        for values in (xy, score):
            values[swapped[:, None], left + right] = values[swapped[:, None], right + left]
    return xy, score


def _swapped(left: np.ndarray, right: np.ndarray) -> np.ndarray:
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


def fill_gaps(xy: np.ndarray, observed: np.ndarray, found: np.ndarray, fps: float) -> np.ndarray:
    """Straight lines between the nearest observed values; a joint at the clip's ends holds its nearest value.

    xy (T, 17, 2), observed (T, 17), found (T,). A weak joint keeps the detector's guess where the gap is long.
    """
    time = np.arange(len(xy))
    filled = xy.copy()
    for joint in range(xy.shape[1]):
        known = observed[:, joint]
        trusted = known | (found & (_gap_lengths(known) > LONGEST_FILL * fps))
        rows = np.flatnonzero(trusted if trusted.any() else found)
        for axis in range(2):
            filled[:, joint, axis] = np.interp(time, rows, xy[rows, joint, axis])
    return filled


def _gap_lengths(known: np.ndarray) -> np.ndarray:
    """(T,) frames in the run of unknown values that each frame is part of, 0 where known."""
    runs = np.cumsum(np.r_[True, known[1:] != known[:-1]]) - 1
    return np.where(known, 0, np.bincount(runs)[runs])
