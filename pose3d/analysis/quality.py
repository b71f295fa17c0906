"""How well a run went, told from its result alone: three measures, one figure for a bar, and what went wrong when."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pose3d.analysis.chart import Chart
from pose3d.analysis.finding import Finding, Severity
from pose3d.analysis.plausible import floats, glides, jumps, lean
from pose3d.analysis.whole import whole_clip
from pose3d.core.arrays import Bools, Floats
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.presence import absent, unknown_joints
from pose3d.core.result import Result
from pose3d.core.skeleton import Skeleton
from pose3d.core.times import frame_ends
from pose3d.core.video import VideoInfo

Grade = Literal["good", "fair", "poor"]

# Chosen between clips as they are and the same clips spoilt on purpose: python -m benchmarks.quality.
EDGE = 0.02
"""Of the picture's longer side: a joint that is doubted so near the edge, or beyond, has left the picture. Straight
lines over short gaps end where the joint was last seen, just inside."""
SMALL = 0.2
"""Body's box diagonal over the picture's longer side: from 0.25 on everybody is found at once, between 0.22 and 0.16
half are found late or never."""
DOUBTFUL = 2
"""Joints of arms and legs that are doubted at once though in the picture: from there on the poses are clearly worse."""
LOOSE_ERROR = 2.0
"""Percent of the body's box diagonal, median over the clip: below 1.7 under the true lens, above under one that is
twice as wide, where the person fills the picture. One that is too narrow cannot be told."""
VARYING = 10.0
"""Percent by which limbs differ from their median lengths, mean over limbs: no clip as it is gets there."""
APART = 40.0
"""Millimetres by which two lifters' poses differ: hardly any clip as it is gets there where both fit the truth."""
SHORTEST, BRIDGE = 0.2, 0.2
"""Seconds: shorter stretches are not worth a sentence; shorter interruptions do not end a stretch."""

# Of what follows, and of WORTH, the figure is made. Chosen on one half of the clips of python -m benchmarks.verdict.
PARTLY = 0.95
"""What a frame counts in which joints are missing, against 1 for a clear one and 0 for one without the person."""
WORST = 90
"""Percentile of the frames' errors that the figure goes by: a clip is trusted as far as its bad moments."""
ERROR_RANGE = (1.0, 7.0)
"""Percent of the body's size, at that percentile: where the error's mark leaves 1, and where it is 0."""
DISAGREEMENT_RANGE = (15.0, 80.0)
"""Millimetres, mean over the clip: the same for how far two lifters are apart. It tells most of all: a pose that is
wrong fits its picture, too, but two networks hardly make the same mistake."""
BONE_VARIATION_RANGE = (6.0, 20.0)
"""Percent: the same for the limbs' variation."""
PIXELS, COARSE = (40.0, 256.0), 0.7
"""Diagonal of the body's box: what a body counts that is as small as the first, against 1 from the second on, which is
as large as the picture that the detector makes of it."""
LEANING, ASKEW = (5.0, 20.0), 0.4
"""Degrees by which the body leans while it stands: what it counts from the second on, against 1 up to the first."""
GRADES: dict[Grade, float] = {"good": 0.7, "fair": 0.45, "poor": 0.0}
"""The least figure for each grade, best first."""

LIMBS = (("Shoulder", "Elbow"), ("Elbow", "Wrist"), ("Hip", "Knee"), ("Knee", "Ankle"))
"""Bones of one side whose length is the body's own; trunk and neck bend."""
FEET, HANDS, HEAD = ("LAnkle", "RAnkle"), ("LWrist", "RWrist"), ("Head",)


@dataclass(frozen=True)
class Quality:
    """How well a run went."""

    clear_share: float
    """0 to 1: frames in which every joint was seen."""
    error: float
    """Percent of the body's apparent size: median distance from the 2D joints to the projected 3D joints."""
    bone_variation: float
    """Percent: coefficient of variation over time of a limb's length, mean over limbs."""
    overall: float
    """0 to 1: how much was seen, times how well the poses fit that, how well two lifters agree on them, and what size,
    lean and findings leave of it."""
    grade: Grade
    findings: tuple[Finding, ...]
    """Serious ones first."""
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class _Look:
    """What the checks look at, frame by frame."""

    skeleton: Skeleton
    seen: Bools
    """(T,) bool."""
    gone: Bools
    """(T,) bool: not seen, and for so long that nothing is shown."""
    outside: Bools
    """(T, J) bool: out of the picture."""
    doubted: Bools
    """(T, J) bool: in the picture, yet not made out. Neither holds joints that are never seen."""
    size: Floats
    """(T,) body's box diagonal over the picture's longer side."""
    error: Floats
    """(T,) percent of the body's box diagonal."""
    stretch: Floats
    """(T,) percent by which limbs differ from their median lengths, mean over limbs."""
    apart: Floats
    """(T,) millimetres by which two lifters differ; 0 where only one was asked."""
    floats: Bools
    glides: Bools
    jumps: Bools
    """(T,) bool each: see pose3d.analysis.plausible."""

    def of(self, joints: Bools, names: tuple[str, ...]) -> Bools:
        """(T,) bool: whether any of the named joints is one of `joints` (T, J)."""
        return np.asarray(joints[:, self.skeleton.indices(*names)].any(axis=1), bool)


@dataclass(frozen=True)
class Check:
    """How a fault is found. serious: share of the frames from which it is; shortest: seconds that it lasts at least."""

    frames: Callable[[_Look], Bools]
    serious: float
    shortest: float = SHORTEST


CHECKS = {
    "lost": Check(lambda look: look.gone, 0.1),
    "lost_briefly": Check(lambda look: ~look.seen & ~look.gone, 0.1),
    "head_outside": Check(lambda look: look.of(look.outside, HEAD), 0.5),
    "hands_outside": Check(lambda look: look.of(look.outside, HANDS), 0.5),
    "feet_outside": Check(lambda look: look.of(look.outside, FEET), 0.5),
    "far_away": Check(lambda look: look.seen & (look.size < SMALL), 0.5),
    "doubtful_joints": Check(lambda look: look.doubted[:, _limb_joints(look.skeleton)].sum(1) >= DOUBTFUL, 0.5),
    "bone_lengths": Check(lambda look: look.stretch > VARYING, 0.25),
    "doubtful_depth": Check(lambda look: look.seen & (look.apart > APART), 0.25),
    "floats": Check(lambda look: look.floats, 0.25),
    "glides": Check(lambda look: look.glides, 0.25),
    "jumps": Check(lambda look: look.jumps, 0.1, shortest=0.0),
    "camera_guess": Check(lambda look: _loose(look), 0.25),
}
"""Code of a finding to how it is found."""
WORTH = {
    "too_short": 0.69,
    "arms_unknown": 0.69,
    "camera_moves": 0.69,
    "up_unknown": 0.69,
    "jumps": 0.69,
    "floats": 0.69,
    "legs_unknown": 0.6,
    "turned": 0.3,
}
"""What such a finding leaves of the figure: never "good", and where the picture is turned, not even "fair"."""


def quality(result: Result) -> Quality:
    """Measures a result and finds what went wrong."""
    look, pose = _look(result), result.pose3d
    known = _known(look.seen)
    clear = float(result.pose2d.observed.all(1).mean())
    error = float(np.median(look.error[known]))
    lengths = limb_lengths(pose.xyz[known], pose.skeleton)
    bone_variation = float(100 * (lengths.std(0) / _positive(lengths.mean(0))).mean())
    found = [*whole_clip(result), *_findings(look, result.video)]
    worst = float(np.percentile(look.error[known], WORST))
    fit = min(_mark(worst, ERROR_RANGE), _mark(bone_variation, BONE_VARIATION_RANGE))
    agreed = _mark(float(look.apart[known].mean()), DISAGREEMENT_RANGE)
    view = clear + PARTLY * float(look.seen.mean() - clear)
    pixels = float(np.median(look.size[known])) * max(result.video.width, result.video.height)
    sharp, upright = _mark(pixels, PIXELS, (COARSE, 1.0)), _mark(lean(result), LEANING, (1.0, ASKEW))
    overall = view * fit * agreed * sharp * upright * math.prod(WORTH.get(finding.code, 1.0) for finding in found)
    findings = sorted(found, key=lambda finding: finding.severity == "minor")
    return Quality(clear, error, bone_variation, overall, grade_of(overall), tuple(findings))


def limb_lengths(xyz: Floats, skeleton: Skeleton) -> Floats:
    """(T, 8) metres: the limbs of the left side, then of the right, in the order of LIMBS; xyz (T, J, 3)."""
    ends = [skeleton.indices(side + a, side + b) for side in "LR" for a, b in LIMBS]
    return np.stack([np.linalg.norm(xyz[:, a] - xyz[:, b], axis=-1) for a, b in ends], 1)


def _look(result: Result) -> _Look:
    pose2d, pose3d, video = result.pose2d, result.pose3d, result.video
    seen = np.asarray(pose2d.observed.any(axis=1), bool)
    unsure = seen[:, None] & ~pose2d.observed & ~unknown_joints(pose2d)
    outside = unsure & _near_edge(pose2d, video)
    size = np.linalg.norm(np.ptp(pose2d.xy, axis=1), axis=-1)
    return _Look(
        skeleton=pose2d.skeleton,
        seen=seen,
        gone=absent(pose2d),
        outside=outside,
        doubted=unsure & ~outside,
        size=size / max(video.width, video.height),
        error=100 * pose3d.reprojection_error / _positive(size),
        stretch=_stretch(pose3d, seen),
        apart=np.zeros(len(result)) if result.disagreement is None else 1000 * result.disagreement,
        floats=floats(result),
        glides=glides(result),
        jumps=jumps(result),
    )


def _near_edge(pose: Pose2D, video: VideoInfo) -> Bools:
    """(T, J) bool: beyond the picture, or so near its edge that what follows is."""
    margin = EDGE * max(video.width, video.height)
    beyond = (pose.xy < margin) | (pose.xy > np.array([video.width, video.height]) - margin)
    return np.asarray(beyond.any(axis=-1), bool)


def _stretch(pose: Pose3D, seen: Bools) -> Floats:
    """(T,) percent; 0 where nobody was seen: those poses are made up anyway."""
    lengths = limb_lengths(pose.xyz, pose.skeleton)
    usual = _positive(np.median(lengths[_known(seen)], axis=0))
    return np.where(seen, 100 * np.abs(lengths / usual - 1).mean(1), 0.0)


def _findings(look: _Look, video: VideoInfo) -> list[Finding]:
    ends = frame_ends(video.times)
    found: list[Finding] = []
    for code, check in CHECKS.items():
        bad = check.frames(look)
        start, end = _longest(bad, video.times, ends)
        if end > start and end - start >= min(check.shortest, video.duration) - 1e-6:
            severity: Severity = "serious" if bad.mean() >= check.serious else "minor"
            found.append(Finding(code, start, end, severity))
    return found


def _longest(bad: Bools, starts: Floats, ends: Floats) -> tuple[float, float]:
    """Seconds from and to of the longest stretch of bad frames (T,), bridged; (0, 0) where there is none.

    starts, ends: (T,) seconds of the frames.
    """
    stretches: list[tuple[float, float]] = []
    for row in np.flatnonzero(bad):
        start = starts[row]
        if stretches and start - stretches[-1][1] < BRIDGE:
            start = stretches.pop()[0]
        stretches.append((float(start), float(ends[row])))
    return max(stretches, key=lambda stretch: stretch[1] - stretch[0], default=(0.0, 0.0))


def _loose(look: _Look) -> Bools:
    """(T,) bool: nowhere, unless the clip as a whole does not fit; single frames fail for other reasons too."""
    loose = look.error > LOOSE_ERROR
    return loose & (np.median(look.error[_known(look.seen)]) > LOOSE_ERROR)


def _limb_joints(skeleton: Skeleton) -> list[int]:
    names = dict.fromkeys(side + joint for side in "LR" for limb in LIMBS for joint in limb)
    return skeleton.indices(*names)


def _known(seen: Bools) -> Bools:
    """(T,) bool: the frames to measure; all of them where the person was never seen."""
    return seen if seen.any() else ~seen


def grade_of(overall: float) -> Grade:
    """The best one that a figure from 0 to 1 reaches."""
    reached: list[Grade] = [grade for grade, least in GRADES.items() if overall >= least]
    return reached[0]


def _mark(value: float, bounds: tuple[float, float], marks: tuple[float, float] = (1.0, 0.0)) -> float:
    """The first mark up to the first bound, the second from the second bound on, straight between them."""
    return float(np.interp(value, bounds, marks))


def _positive(values: Floats) -> Floats:
    return np.maximum(values, 1e-6)
