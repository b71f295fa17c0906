"""A teacher beside a learner or over them, as a comparison lays them together: for the player, and in one HTML file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pose3d.analysis import Comparison
from pose3d.analysis.frames import ACROSS, leftward
from pose3d.core.arrays import ArrayEquality, Floats, Ints
from pose3d.core.geometry import unit
from pose3d.core.ground import Planted
from pose3d.core.presence import absent, stand_ins
from pose3d.core.result import Result
from pose3d.core.times import median_rate, nearest, resampled
from pose3d.core.words import LANGUAGES, say
from pose3d.lift.root import stature
from pose3d.view.figure import STATIC_TRACES
from pose3d.view.player import framings, player_page, plotted, rounded, scene_data
from pose3d.view.scene import Scene, scene_of, to_display

APART = 1.2
"""Metres between the two where they are side by side: arms that are stretched out hardly meet."""
EVEN = 0.4
"""Seconds over which the teacher's pace is a mean: a comparison's moments come in steps of a fifteenth."""
LEVEL, MIRROR = np.array([1.0, 0.0, 1.0]), np.array([-1.0, 1.0, 1.0])
"""Times a vector of the world: what of it lies along the floor, and its mirror image."""
THIN = 0.5
"""Of the learner's: how thick the teacher's limbs are, and how large the joints."""
TEACHER = "#c0509a"
"""Apart from the colours of sides for every kind of colour blindness, and from paper, light or dark."""


def pair_data(teacher: Result, learner: Result, comparison: Comparison) -> dict[str, Any]:
    """What the player needs to show both, in step with the learner's video.

    `player_data` of the learner, with the teacher as one of the others: at the learner's pace, as tall, facing the same
    way on the whole, mirrored where the learner is a mirror image, APART to the learner's left, and where the learner
    goes. The ends are held where the learner does something else. pose2d of the teacher is None. pair: over, metres
    (3,) in display axes from there to the learner's own place; views: framings for the teacher there. teacher_times (T)
    seconds of the teacher's video, as its player counts them. ghost of a person: the colour to be drawn in.
    """
    warp, aside = Warp.of(teacher, learner, comparison), _aside(learner)
    shown = scene_of((learner, warp.teacher), [learner.world, warp.world + aside])
    data = scene_data(shown, (learner, warp.teacher))
    data["figure"]["data"] = _traces(shown)
    glides: list[list[int]] = [[] for _ in learner.times]  # feet that go where the learner goes stand nowhere
    data["others"][0] |= {"pose2d": None, "ghost": TEACHER, "stands": glides}
    over = -to_display(aside)
    pair = {"over": rounded(over, 3), "views": framings(_over(shown, over))}
    return data | {"pair": pair, "teacher_times": rounded(warp.seconds + teacher.video.offset, 4)}


def pair_html(teacher: Result, learner: Result, comparison: Comparison) -> str:
    """One HTML file that shows both, without their videos: it opens from disk and plays without a network."""
    notes = {language: comparison.headline(language) for language in LANGUAGES}
    names = {"learner": learner.video.path.name, "teacher": teacher.video.path.name}
    title = say("player", "pair", "en", **names)
    return player_page(pair_data(teacher, learner, comparison), title, notes)


@dataclass(frozen=True, eq=False)
class Warp(ArrayEquality):
    """A teacher in the frames of a learner."""

    seconds: Floats
    """(T,) of the teacher's video."""
    world: Floats
    """(T, J, 3) metres in the learner's world, over the learner."""
    teacher: Result
    """The teacher's own poses, flags, feet and hands, at the learner's times; where the body is says `world`."""

    @classmethod
    def of(cls, teacher: Result, learner: Result, comparison: Comparison) -> Warp:
        seconds = _seconds(learner.times, comparison)
        rows = nearest(teacher.times, seconds)
        there, goal = _there(teacher), _there(learner)
        own = _mirrored(resampled(teacher.times, there, seconds), teacher, comparison)
        own *= stature(goal, learner.pose3d.skeleton) / stature(there, teacher.pose3d.skeleton)
        turn = _turn(_trunk(own, teacher), _trunk(goal, learner))
        way = (_pelvis(goal, learner) - _pelvis(own @ turn, teacher)) * LEVEL
        return cls(seconds, own @ turn + way[:, None], _at(learner.times, teacher, rows, comparison, turn))


def _seconds(times: Floats, comparison: Comparison) -> Floats:
    """(T,) of the teacher's video at times (T,) of the learner's; beyond what was compared the ends hold."""
    moments, group = np.unique(comparison.learner, return_inverse=True)
    seconds = np.bincount(group, comparison.teacher) / np.bincount(group)
    half = min(round(EVEN / 2 * median_rate(moments)), len(moments) - 1)
    around = np.pad(seconds, half, "reflect", reflect_type="odd")  # goes on as it came, which keeps the ends
    return np.interp(times, moments, np.convolve(around, np.full(2 * half + 1, 1 / (2 * half + 1)), "valid"))


def _mirrored(values: NDArray[Any], teacher: Result, comparison: Comparison) -> NDArray[Any]:
    """Points or flags (T, J, ...) of the teacher's joints, as a mirror shows them where the learner is its image."""
    if not comparison.mirrored:
        return values
    swapped = values[:, teacher.pose3d.skeleton.mirror]
    return swapped * MIRROR if swapped.ndim == len("TJ3") else swapped


def _there(result: Result) -> Floats:
    """(T, J, 3) float64 metres in the world; where there is nobody, the pose before."""
    return result.world[stand_ins(absent(result.pose2d))].astype(np.float64)


def _pelvis(world: Floats, result: Result) -> Floats:
    """(T, 3)."""
    return world[:, result.pose3d.skeleton.parents.index(-1)]


def _trunk(world: Floats, result: Result) -> Floats:
    """(T, 4, 3) hips and shoulders from the pelvis: whoever holds an arm otherwise faces the same way."""
    corners = result.pose3d.skeleton.indices(*(joint for line in ACROSS for joint in line))
    return world[:, corners] - _pelvis(world, result)[:, None]


def _turn(own: Floats, goal: Floats) -> Floats:
    """(3, 3) about the upright: own (T, N, 3) @ it is nearest to goal (T, N, 3), least squares."""
    like = own.reshape(-1, 3).T @ goal.reshape(-1, 3)
    angle = np.arctan2(like[0, 2] - like[2, 0], like[0, 0] + like[2, 2])
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, 0.0, sine], [0.0, 1.0, 0.0], [-sine, 0.0, cosine]])


def _at(times: Floats, teacher: Result, rows: Ints, comparison: Comparison, turn: Floats) -> Result:
    """The teacher at times (T,) in those rows (T,), feet and hands turned as `turn` (3, 3) does."""
    flat, solid = teacher.pose2d, teacher.pose3d
    shared = {
        "times": times,
        "observed": _mirrored(flat.observed[rows], teacher, comparison),
        "score": flat.score[rows],
    }
    return replace(
        teacher,
        video=replace(teacher.video, times=times),
        pose2d=replace(flat, xy=flat.xy[rows], **shared),
        pose3d=replace(
            solid,
            xyz=solid.xyz[rows],
            root=solid.root[rows],
            reprojection_error=solid.reprojection_error[rows],
            **shared,
        ),
        planted=teacher.planted and _ends(teacher.planted, rows, comparison.mirrored, turn),
        camera_shift=None,
        disagreement=None,
    )


def _ends(planted: Planted, rows: Ints, is_mirrored: bool, turn: Floats) -> Planted:
    """Feet and hands in those rows (T,), turned, and exchanged where mirrored."""
    sides = [1, 0] if is_mirrored else [0, 1]
    spin = np.diag(MIRROR if is_mirrored else np.ones(3)) @ turn
    feet, hands = (None if ends is None else ends[rows][:, sides] @ spin for ends in (planted.feet, planted.hands))
    return Planted(planted.world[rows], planted.stands[rows][:, sides], feet, hands)


def _aside(learner: Result) -> Floats:
    """(3,) metres in the world: to the learner's left, on the whole; where that is no side, to the camera's right."""
    left = leftward(learner.world.astype(np.float64), learner.pose3d.skeleton).mean(0)
    return APART * unit(left if left.any() else np.eye(3)[0])


def _traces(shown: Scene) -> list[dict[str, Any]]:
    """Plotly's traces: one way over the floor, which both go; the teacher thin and in one colour."""
    still = plotted(replace(shown, others=()))["data"][:STATIC_TRACES]
    moving = plotted(shown)["data"][STATIC_TRACES:]
    learner, teacher = moving[: len(moving) // 2], moving[len(moving) // 2 :]
    for trace in teacher:
        look = trace.get("marker", trace)["line"]
        look["color"] = TEACHER
        if "marker" in trace:
            trace["marker"]["size"] = [size * THIN for size in trace["marker"]["size"]]
        else:
            look["width"] *= THIN
    return [*still, *learner, *teacher]


def _over(shown: Scene, way: Floats) -> Scene:
    """The scene with the teacher over the learner; way (3,) metres in display axes."""
    teacher = shown.others[0]
    return replace(shown, others=(replace(teacher, joints=(teacher.joints + way).astype(np.float32)),))
