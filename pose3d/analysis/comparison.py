"""How near somebody's motion is to a teacher's, whatever their size and speed and wherever the cameras stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from pose3d.analysis.alignment import Alignment, aligned
from pose3d.analysis.chart import Chart, Curve
from pose3d.analysis.directions import BONES, LIMBS, directions, known_bones, mirrored
from pose3d.analysis.event import Event
from pose3d.analysis.finding import Finding
from pose3d.analysis.table import Row, Table, alike, whole
from pose3d.core.arrays import ArrayEquality, Bools, Floats
from pose3d.core.errors import ConfigError
from pose3d.core.geometry import degrees_between, rotated, unit
from pose3d.core.result import Result
from pose3d.core.times import even_times, held, resampled
from pose3d.core.words import say, table

RATE, MOST = 15.0, 2000
"""Moments a second that are compared, and most of them in all: longer motions are compared more coarsely."""
STEADY = 10.0
"""Degrees by which two cameras may see a bone otherwise throughout: as much of what does not change is no fault."""
BLIND = {"trunk": 6.0, "upper_arm": 15.0, "forearm": 16.0, "thigh": 10.0, "shin": 12.0}
"""Degrees between a bone of a motion and the same, seen from another side, without what is steady: so far this
program's own errors go before most cameras; python -m benchmarks.compare says where they go farther."""
LEAST_RANGE = 5.0
"""Degrees beyond BLIND: a bone that moves less is held against a teacher who moves it by that much."""
STILL = 5.0
"""Degrees that every bone's movement is given, so that those that do not move count a little, too."""
MIRRORED = 3.0
"""Degrees by which a mirrored motion must be nearer to be taken for one."""
NOTABLE, LASTING, MOMENTS = 35.0, 0.4, 3
"""Degrees and seconds of a difference that is worth a sentence, and how many are. The same motion before the same
camera differs by less in nine pairs of ten (python -m benchmarks.compare)."""

MIRROR, MORE, LESS = "mirror_image", "teacher_more", "teacher_less"
"""Codes of what is found."""

HINGES = {
    "left_elbow": ("left_upper_arm", "left_forearm", 1),
    "right_elbow": ("right_upper_arm", "right_forearm", 1),
    "left_shoulder": ("trunk", "left_upper_arm", -1),
    "right_shoulder": ("trunk", "right_upper_arm", -1),
    "left_knee": ("left_thigh", "left_shin", 1),
    "right_knee": ("right_thigh", "right_shin", 1),
    "left_hip": ("trunk", "left_thigh", -1),
    "right_hip": ("trunk", "right_thigh", -1),
}
"""Name of a joint to the bones about it, and whether they point on (1) or apart (-1) where it is straight."""
BLINDNESS = np.array([next(degrees for kind, degrees in BLIND.items() if bone.endswith(kind)) for bone in BONES])
"""(B,) degrees, of each of BONES."""


class CompareOptions(BaseModel):
    """There is nothing to choose."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Moment:
    """Where a joint differs most."""

    joint: str
    """Of HINGES."""
    degrees: float
    """By which it is bent more than the teacher's, less where negative; a shoulder and a hip: raised."""
    learner: float
    teacher: float
    """Seconds of either video."""


@dataclass(frozen=True, eq=False)
class Comparison(ArrayEquality):
    """A learner's motion beside a teacher's."""

    score: float
    """0 to 100. 100: nowhere farther from the teacher than this program's own errors; 0: as far as somebody who keeps
    the teacher's mean pose and does not move at all, or farther."""
    limbs: dict[str, float]
    """The same for each of LIMBS that was seen, the worst first."""
    mirrored: bool
    """Whether the learner moves as the teacher's mirror image does; left and right are the teacher's then."""
    joints: dict[str, float]
    """Degrees by which each of HINGES is bent more than the teacher's, median over the motion."""
    teacher: Floats
    learner: Floats
    """(N,) seconds of both videos that belong together."""
    worst: tuple[Moment, ...]
    """Where each of HINGES differs most for LASTING seconds, the worst first."""
    charts: tuple[Chart, ...]
    """Over `times`."""
    events: tuple[Event, ...] = ()

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Those of `worst` that are worth a sentence."""
        return tuple(moment for moment in self.worst[:MOMENTS] if abs(moment.degrees) >= NOTABLE)

    @property
    def times(self) -> Floats:
        """(N,) seconds of the learner's video."""
        return self.learner

    @property
    def tables(self) -> tuple[Table, ...]:
        """Points limb by limb, and degrees joint by joint."""
        words = table("comparison")
        limbs = (Row(words[limb], (alike(f"{points:.0f}"),)) for limb, points in self.limbs.items())
        joints = (
            Row(
                words[it.joint],
                (alike(f"{whole(self.joints[it.joint]):+.0f}°"), alike(f"{whole(it.degrees):+.0f}°")),
                it.learner,
            )
            for it in self.worst
        )
        return (
            Table("limbs", ("limb", "likeness"), tuple(limbs)),
            Table("joints", ("joint", "usually", "at_worst"), tuple(joints)),
        )

    @property
    def figures(self) -> Mapping[str, object]:
        """Score, limbs, joints and moments, for programs."""
        moments = [asdict(moment) for moment in self.moments]
        whole = {"score": self.score, "mirrored": self.mirrored, "limbs": self.limbs, "joints": self.joints}
        return whole | {"moments": moments, "teacher": self.teacher.tolist(), "learner": self.learner.tolist()}

    def headline(self, language: str) -> str:
        """The score, and the limb that is farthest from the teacher's."""
        worst, points = next(iter(self.limbs.items()))
        limb = say("comparison", worst, language)
        return say("comparison", "headline", language, score=self.score, limb=limb, points=points)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A sentence for each of the moments."""
        start, end = float(self.learner[0]), float(self.learner[-1])
        mirror = [Finding(MIRROR, start, end, "minor")] if self.mirrored else []
        return *mirror, *(_told(moment) for moment in self.moments)


@dataclass(frozen=True, eq=False)
class _Motion(ArrayEquality):
    """Moments (N,) in seconds, bones (N, B, 3), and (B,) which of them are known."""

    times: Floats
    bones: Floats
    known: Bools


def compare(teacher: Result, learner: Result, options: CompareOptions | None = None) -> Comparison:
    """Takes the whole of the teacher's motion, and the part of the learner's that is most like it.

    Raises ConfigError where one of them shows nobody, or no bone is seen in both.
    """
    shown, tried = _motion(teacher), _motion(learner)
    known = shown.known & tried.known
    if not known.any():
        raise ConfigError("nothing_to_compare", teacher=teacher.video.path.name, learner=learner.video.path.name)
    ways = {False: _Way.of(shown.bones, tried.bones, known), True: _Way.of(shown.bones, mirrored(tried.bones), known)}
    is_mirrored = ways[True].distance + MIRRORED < ways[False].distance
    return _compared(shown, tried, ways[is_mirrored], is_mirrored)


@dataclass(frozen=True, eq=False)
class _Way(ArrayEquality):
    """A way through both motions: the bones of either (N, B, 3) along it, and what each bone (B,) counts."""

    path: Alignment
    teacher: Floats
    learner: Floats
    weights: Floats

    @classmethod
    def of(cls, teacher: Floats, learner: Floats, known: Bools) -> _Way:
        """The best one; teacher (N, B, 3), learner (M, B, 3), known (B,)."""
        moved = np.maximum(_movement(teacher), _movement(learner)) + STILL
        weights = np.where(known, moved, 0.0)
        weights /= weights.sum()
        rows = [(np.sqrt(weights)[:, None] * bones).reshape(len(bones), -1) for bones in (teacher, learner)]
        path = aligned(*rows)
        return cls(path, teacher[path.first], learner[path.second], weights)

    @property
    def apart(self) -> Floats:
        """(N, B) degrees between bones, without what is steady."""
        return degrees_between(self.teacher, _eased(self.learner, self.teacher))

    @property
    def distance(self) -> float:
        """Degrees, weighted mean."""
        return float(self.apart.mean(0) @ self.weights)


def _motion(result: Result) -> _Motion:
    """The moments of a result in which somebody is there, evenly."""
    seen = known_bones(result)
    rate = min(RATE, MOST / max(result.video.duration, 1e-6))
    times = even_times(result.times, rate)
    times = times[held(result.times, np.asarray(seen.any(1), bool), times)]
    if not len(times):
        raise ConfigError("nobody_to_compare", path=result.video.path.name)
    world = resampled(result.times, result.world, times)
    return _Motion(times, directions(world, result.pose3d.skeleton), np.asarray(seen.any(0), bool))


def _movement(bones: Floats) -> Floats:
    """(B,) degrees, mean over time, between bones (N, B, 3) and where they point in the mean."""
    return degrees_between(bones, unit(bones.sum(0))).mean(0)


def _eased(learner: Floats, teacher: Floats) -> Floats:
    """The learner's bones (N, B, 3), each turned by up to STEADY towards where the teacher's points in the mean."""
    mean, wanted = unit(learner.sum(0)), unit(teacher.sum(0))
    angle = np.radians(np.minimum(degrees_between(mean, wanted), STEADY))[:, None]
    return rotated(learner, unit(np.cross(mean, wanted)), angle)


def _compared(shown: _Motion, tried: _Motion, way: _Way, is_mirrored: bool) -> Comparison:
    apart, whole = way.apart, way.apart.mean(0, keepdims=True)
    reach = np.maximum(_movement(shown.bones) - BLINDNESS, LEAST_RANGE)
    names = list(BONES)
    scores = {
        limb: float(_scores(whole, reach, way.weights * np.isin(names, bones))[0])
        for limb, bones in LIMBS.items()
        if way.weights[np.isin(names, bones)].any()
    }
    teacher, learner = shown.times[way.path.first], tried.times[way.path.second]
    bent = {joint: _bend(way.learner, joint) - _bend(way.teacher, joint) for joint in HINGES if _is_known(joint, way)}
    return Comparison(
        score=float(_scores(whole, reach, way.weights)[0]),
        limbs=dict(sorted(scores.items(), key=lambda item: item[1])),
        mirrored=is_mirrored,
        joints={joint: float(np.median(more)) for joint, more in bent.items()},
        teacher=teacher,
        learner=learner,
        worst=_worst(bent, teacher, learner),
        charts=(Chart("likeness", "points", 0, (Curve("middle", _scores(apart, reach, way.weights)),)),),
    )


def _scores(apart: Floats, reach: Floats, weights: Floats) -> Floats:
    """(N,) 0 to 100; degrees: apart (N, B), and reach (B,), by which somebody who stands still is beyond BLINDNESS."""
    excess = np.maximum(apart - BLINDNESS, 0.0)
    return 100 * (1 - (excess @ weights) / float(reach @ weights)).clip(0, 1)


def _is_known(joint: str, way: _Way) -> bool:
    return bool(way.weights[_about(joint)].all())


def _about(joint: str) -> list[int]:
    """Columns of the bones about one of HINGES."""
    return [list(BONES).index(bone) for bone in HINGES[joint][:2]]


def _bend(bones: Floats, joint: str) -> Floats:
    """(N,) degrees, 0 where straight or hanging down; bones (N, B, 3)."""
    before, after = _about(joint)
    return degrees_between(HINGES[joint][2] * bones[:, before], bones[:, after])


def _worst(bent: Mapping[str, Floats], teacher: Floats, learner: Floats) -> tuple[Moment, ...]:
    """One moment of each joint, the worst first; bent: (N,) degrees more than the teacher's."""
    lasting = {joint: _lasting(more, teacher) for joint, more in bent.items()}
    rows = {joint: int(np.abs(more).argmax()) for joint, more in lasting.items()}
    found = [
        Moment(joint, *map(float, (lasting[joint][row], learner[row], teacher[row]))) for joint, row in rows.items()
    ]
    return tuple(sorted(found, key=lambda moment: -abs(moment.degrees)))


def _lasting(values: Floats, times: Floats) -> Floats:
    """(N,): the median of the values (N,) within LASTING seconds around each of the times (N,)."""
    near = np.abs(times[:, None] - times) <= LASTING / 2
    return np.array([np.median(values[around]) for around in near])


def _told(moment: Moment) -> Finding:
    fields: dict[str, object] = {"degrees": f"{abs(moment.degrees):.0f}", "teacher": f"{moment.teacher:.1f}"}
    words = {"joint": table("comparison")[moment.joint]}
    return Finding(MORE if moment.degrees > 0 else LESS, moment.learner, moment.learner, "minor", fields, words)
