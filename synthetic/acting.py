"""People who do one thing after the other, and what they do when: for measuring how well actions are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from synthetic.body import Body
from synthetic.clips import Clip
from synthetic.everyday import Falling, Running, Waving, jumps, posture
from synthetic.exercises import JumpingJacks, Squats
from synthetic.motion import Motion, Stance
from synthetic.session import Part, Session
from synthetic.training import BODIES, CAMERAS, FACING, walking_in, walking_off
from synthetic.trials import LANKY, STOUT

BLURRED = 0.25
"""Seconds around the moment at which one action becomes another, in which both are right."""
ANY = "any"
"""The arms' action where nobody says what it is: they go up and down."""


@dataclass(frozen=True)
class Act:
    """A motion for so many seconds, after `way` seconds on the way to it, and what it is: of the body and the arms."""

    motion: Motion
    seconds: float
    body: str
    arms: str = "down"
    way: float = 0.8
    changes: tuple[tuple[float, str], ...] = ()
    """After how many seconds of it the body's action is which other one."""


@dataclass(frozen=True)
class Acting:
    """A clip and its truth. body, arms: at each frame the actions that are right, one or, between two, both."""

    clip: Clip
    plan: str
    view: str
    body: tuple[frozenset[str], ...]
    arms: tuple[frozenset[str], ...]


def _everyday(at: Stance) -> tuple[Act, ...]:
    return (
        Act(walking_in(at, 3.0), 3.0, "walking"),
        Act(posture("standing", at), 1.6, "standing"),
        Act(Waving(posture("standing", at)), 3.0, "standing", "waving"),
        Act(posture("standing", at), 1.2, "standing"),
        Act(posture("bend", at), 1.4, "bending"),
        Act(posture("standing", at), 1.2, "standing"),
        Act(posture("squat", at), 2.4, "squatting"),
        Act(posture("standing", at), 1.2, "standing"),
        Act(posture("to_chair", at), 0.0, "sitting", way=0.7),
        Act(posture("chair", at), 4.0, "sitting", way=0.6),
        Act(posture("standing", at), 1.2, "standing", way=1.2),
        Act(posture("arms_up", at), 2.4, "standing", "raised"),
        Act(posture("standing", at), 1.2, "standing"),
        Act(walking_off(at), 2.6, "walking"),
    )


def _sport(at: Stance) -> tuple[Act, ...]:
    jacks = JumpingJacks(replace(at, width=0.2, toe_out=8))
    return (
        Act(posture("standing", at), 1.6, "standing"),
        Act(jumps(at, 4), 3.6, "jumping"),
        Act(posture("standing", at), 1.6, "standing"),
        Act(jumps(at, 2, step=0.6), 2.0, "jumping"),
        Act(posture("standing", at), 1.6, "standing"),
        Act(Squats(at, period=2.0, repetitions=3, lean=30, depth=0.46), 6.0, "squatting", ANY, changes=UPRIGHT_BETWEEN),
        Act(posture("standing", at), 1.6, "standing"),
        Act(jacks, 4.6, "jumping", ANY),
        Act(posture("standing", at), 1.2, "standing"),
        Act(posture("one_arm_up", at), 2.4, "standing", "raised"),
    )


def _floor(at: Stance) -> tuple[Act, ...]:
    return (
        Act(posture("standing", at), 1.6, "standing"),
        Act(posture("deep_squat", at), 1.6, "squatting", way=1.0),
        Act(posture("floor", at), 3.0, "sitting", way=1.0),
        Act(posture("on_back", at), 3.0, "lying", way=1.4),
        Act(posture("knees_up", at), 2.0, "lying", way=1.0),
        Act(posture("floor", at), 1.6, "sitting", way=1.2),
        Act(posture("deep_squat", at), 0.8, "squatting", way=1.0),
        Act(posture("standing", at), 1.6, "standing", way=1.0),
        Act(posture("to_chair", at), 0.0, "sitting", way=0.7),
        Act(posture("chair_forward", at), 2.4, "sitting", way=0.6),
        Act(Waving(posture("chair", at), "L"), 3.0, "sitting", "waving"),
    )


def _fall(direction: str, seconds: float) -> Callable[[Stance], tuple[Act, ...]]:
    def acts(at: Stance) -> tuple[Act, ...]:
        return (
            Act(walking_in(at, 2.4), 2.4, "walking"),
            Act(posture("standing", at), 1.4, "standing"),
            Act(Falling(at, direction, seconds), seconds + 3.0, "falling", ANY, 0.3, ((seconds, "lying"),)),
        )

    return acts


def _run(at: Stance) -> tuple[Act, ...]:
    track = replace(at, z=at.z - RUN_AWAY, facing=at.facing + 80, width=0.1, toe_out=3)
    return (Act(Running(track), 3.0, "running"),)


def _jog(at: Stance) -> tuple[Act, ...]:
    track = replace(at, z=at.z - RUN_AWAY, facing=at.facing - 65, width=0.1, toe_out=3)
    return (Act(Running(track, speed=2.3, step=0.38, on_floor=0.37, heel=0.25), 3.0, "running"),)


UPRIGHT_BETWEEN = ((2.0, "standing"), (2.0, "squatting"), (4.0, "standing"), (4.0, "squatting"))
"""Of squats of two seconds: between two of them one stands for a moment."""
RUN_AWAY = 4.0
"""Metres behind where others stand: whoever runs needs room."""
PLANS: dict[str, Callable[[Stance], tuple[Act, ...]]] = {
    "everyday": _everyday,
    "sport": _sport,
    "floor": _floor,
    "fall_ahead": _fall("ahead", 0.9),
    "fall_back": _fall("back", 0.8),
    "fall_left": _fall("left", 1.0),
    "fall_right": _fall("right", 0.8),
    "run": _run,
    "jog": _jog,
}
"""Name to what is done, from where it is done."""


@dataclass(frozen=True)
class Cast:
    """Who acts, how they are turned, and how often a second they are filmed. turned: degrees beside the usual."""

    bodies: Mapping[str, Body]
    turned: float = 0.0
    fps: float = 30.0


USUAL = Cast(BODIES)
OTHERS = Cast({"lanky": LANKY, "stout": STOUT}, -110.0, 25.0)
"""For judging rules that were chosen with the usual cast in sight."""


def acting(plan: str, view: str, body: str, cast: Cast = USUAL) -> Acting:
    """A plan of PLANS before a view of CAMERAS by a body of the cast."""
    acts = PLANS[plan](Stance(facing=FACING[view] + cast.turned))
    session = Session(tuple(Part(act.motion, act.seconds, act.way) for act in acts))
    camera, placement = CAMERAS[view]
    frames = round(session.seconds * cast.fps)
    clip = Clip(f"{plan}_{view}_{body}", session, camera, placement, frames, cast.fps, cast.bodies[body])
    bodies, arms = (_truth(line, clip.times) for line in _lines(acts, session.starts))
    return Acting(clip, plan, view, bodies, arms)


def actings(plans: tuple[str, ...] = tuple(PLANS), cast: Cast = USUAL) -> Iterator[Acting]:
    """All of them."""
    for plan in plans:
        for view in CAMERAS:
            for body in cast.bodies:
                yield acting(plan, view, body, cast)


Line = list[tuple[float, float, str]]
"""Start, end and action, by time, with gaps on the ways between them."""


def _lines(acts: tuple[Act, ...], starts: list[float]) -> tuple[Line, Line]:
    """What body and arms do."""
    body: Line = []
    arms: Line = []
    for act, start in zip(acts, starts, strict=True):
        end = start + act.seconds
        moments = [start + after for after, _ in act.changes]
        names = [act.body, *(name for _, name in act.changes)]
        body += zip((start, *moments), (*moments, end), names, strict=True)
        arms.append((start, end, act.arms))
    return body, arms


def _truth(line: Line, times: np.ndarray) -> tuple[frozenset[str], ...]:
    """What is right at each of the times: on the way from one action to the next, and near to a change, both are."""
    return tuple(frozenset(_right(line, float(time))) for time in times)


def _right(line: Line, time: float) -> Iterator[str]:
    for n, (_, _, action) in enumerate(line):
        before = line[n - 1][1] if n else -np.inf
        after = line[n + 1][0] if n + 1 < len(line) else np.inf
        if before - BLURRED <= time <= after + BLURRED:
            yield action
