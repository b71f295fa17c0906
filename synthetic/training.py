"""People who train, for measuring how well repetitions are counted: two sets of an exercise, and what is none around.

They walk in, stand, get into position, do a set, rest (scratching the head where they stand), do another, get up, swing
their arms and walk off. Exact: when each repetition is, and of which side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pose3d.core.camera import Camera
from synthetic.clips import Clip
from synthetic.drills import HighKnees, Lunges
from synthetic.exercises import ArmRaises, JumpingJacks, Squats
from synthetic.idle import Crouching, Sitting, Standing
from synthetic.motion import Motion, Stance
from synthetic.placement import Placement
from synthetic.session import Part, Session, Still
from synthetic.trials import BROAD, SMALL, VIEWS
from synthetic.walk import Walk
from synthetic.workouts import Curls, PullUps, PushUps, SitUps

SETS = (4, 3)
"""Repetitions of the first and the second set; of legs in turn, so many of each leg."""
WALK_SECONDS, SHORT, REST = 2.2, 0.5, 2.4
"""Seconds of walking in and off, of standing or staying in position for a moment, and between sets."""


@dataclass(frozen=True)
class Window:
    """A repetition. side: left, right or both; start, end: seconds within which it is, from rest to rest."""

    side: str
    start: float
    end: float

    def later(self, seconds: float) -> Window:
        """The same after a while."""
        return replace(self, start=self.start + seconds, end=self.end + seconds)


@dataclass(frozen=True)
class SetOf:
    """Some repetitions: the motion, how long it lasts, and when they are."""

    motion: Motion
    seconds: float
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Plan:
    """An exercise in training. periods: seconds of a repetition, fast, usual and slow."""

    periods: tuple[float, float, float]
    set_of: Callable[[Stance, float, int], SetOf]
    """From where it is done, the period and how many, to a set."""
    ready: Callable[[Stance], tuple[Motion, ...]] = lambda _: ()
    """What is gone through on the way to the first pose, and back."""
    stands: bool = True
    """Whether one stands between sets."""


def _even(motion: Motion, period: float, count: int, sides: tuple[str, ...] = ("both",)) -> SetOf:
    """Repetitions without pause, the sides in turn."""
    windows = (Window(sides[n % len(sides)], n * period, (n + 1) * period) for n in range(count))
    return SetOf(motion, count * period, tuple(windows))


def _squats(stance: Stance, period: float, count: int) -> SetOf:
    # Deeper than the example's, which lean far ahead.
    motion = Squats(replace(stance, width=0.36, toe_out=16), period=period, repetitions=count, lean=30)
    return _even(motion, period, count)


def _jacks(stance: Stance, period: float, count: int) -> SetOf:
    contact = period / 2 - 0.28
    motion = JumpingJacks(replace(stance, width=0.2, toe_out=8), contact=contact, repetitions=count)
    early, first = 0.07, motion.wait + contact
    windows = tuple(
        Window("both", first + n * period - early, first + n * period + period / 2 + motion.flight + early)
        for n in range(count)
    )
    return SetOf(motion, first + count * period + 0.3, windows)


def _arm_raises(stance: Stance, period: float, count: int) -> SetOf:
    return _even(ArmRaises(replace(stance, width=0.2), step=0.05, period=period, repetitions=count), period, count)


def _lunges(stance: Stance, period: float, count: int) -> SetOf:
    return _even(Lunges(replace(stance, width=0.2), period=period), period, 2 * count, ("left", "right"))


def _high_knees(stance: Stance, period: float, count: int) -> SetOf:
    return _even(HighKnees(replace(stance, width=0.18), period=2 * period), period, 2 * count, ("left", "right"))


def _curls(stance: Stance, period: float, count: int) -> SetOf:
    return _even(Curls(stance, period), period, count)


PLANS = {
    "squat": Plan((1.2, 2.2, 4.0), _squats),
    "push_up": Plan(
        (1.2, 2.0, 3.5), lambda at, period, n: _even(PushUps(at, period), period, n), lambda at: (Crouching(at),), False
    ),
    "sit_up": Plan(
        (1.6, 2.6, 4.0), lambda at, period, n: _even(SitUps(at, period), period, n),
        lambda at: (Crouching(at), Sitting(at)), False,
    ),
    "jumping_jack": Plan((0.9, 1.0, 1.2), _jacks),
    "lunge": Plan((1.6, 2.2, 3.2), _lunges),
    "pull_up": Plan((1.6, 2.5, 4.0), lambda at, period, n: _even(PullUps(at, period), period, n), stands=False),
    "biceps_curl": Plan((1.2, 2.0, 3.5), _curls),
    "high_knees": Plan((0.35, 0.55, 0.9), _high_knees),
    "arm_raise": Plan((1.2, 2.0, 3.5), _arm_raises),
}  # fmt: skip
"""Name, as in configs/exercises.yaml, to plan."""
SPEEDS = ("fast", "usual", "slow")
FACING = {"front": 0.0, "hip": 40.0, "webcam": -60.0, "far": 85.0, "ceiling": -25.0}
"""View to degrees that the person faces beside the camera."""
CAMERAS = VIEWS | {"front": (Camera.from_fov(720, 1280, 60), Placement((0.0, 1.1, 3.8), (0.0, 0.95, 0.0)))}
BODIES = {"small": SMALL, "broad": BROAD}


@dataclass(frozen=True)
class Training:
    """A clip and its truth."""

    clip: Clip
    exercise: str
    speed: str
    windows: tuple[Window, ...]


def training(exercise: str, speed: str, view: str, body: str, fps: float = 30.0) -> Training:
    """Of an exercise of PLANS, a speed of SPEEDS, a view of CAMERAS and a body of BODIES."""
    stance, period = Stance(facing=FACING[view]), PLANS[exercise].periods[SPEEDS.index(speed)]
    session, windows = _session(PLANS[exercise], stance, period)
    camera, placement = CAMERAS[view]
    name = f"{exercise}_{speed}_{view}_{body}"
    frames = round(session.seconds * fps)
    clip = Clip(name, session, camera, placement, frames, fps, BODIES[body])
    return Training(clip, exercise, speed, windows)


def trainings(exercises: tuple[str, ...] = tuple(PLANS)) -> Iterator[Training]:
    """All of them."""
    for exercise in exercises:
        for speed in SPEEDS:
            for view in CAMERAS:
                for body in BODIES:
                    yield training(exercise, speed, view, body)


def idle(view: str, body: str, fps: float = 30.0) -> Training:
    """Somebody who does no exercise: walks, stands, scratches the head, swings the arms, crouches once, sits down."""
    stance = Stance(facing=FACING[view])
    parts = (
        Part(walking_in(stance, 4.0), 4.0),
        Part(Standing(stance, scratch=True), REST),
        Part(Standing(stance, swing=25), 3.6),
        Part(Crouching(stance), 1.0, 0.8),
        Part(Sitting(stance), 3.0, 1.0),
        Part(Standing(stance, scratch=True), 2 * REST, 1.2),
        Part(walking_off(stance), 4.0, 0.8),
    )
    session = Session(parts)
    camera, placement = CAMERAS[view]
    clip = Clip(f"idle_{view}_{body}", session, camera, placement, round(session.seconds * fps), fps, BODIES[body])
    return Training(clip, "none", "usual", ())


def _session(plan: Plan, stance: Stance, period: float) -> tuple[Session, tuple[Window, ...]]:
    """The parts, and the windows of both sets in its seconds."""
    first, second = (plan.set_of(stance, period, count) for count in SETS)
    ready = [Part(motion, 0.3, 0.8) for motion in plan.ready(stance)]
    between = [Part(Standing(stance, scratch=True), REST)] if plan.stands else [Part(Still(first.motion), SHORT, 0.0)]
    parts = [
        Part(walking_in(stance, WALK_SECONDS), WALK_SECONDS),
        Part(Standing(stance), SHORT),
        *ready,
        Part(first.motion, first.seconds, 0.8),
        *between,
        Part(second.motion, second.seconds, 0.5),
        *reversed(ready),
        Part(Standing(stance, swing=25), REST, 0.8),
        Part(walking_off(stance), WALK_SECONDS, 0.8),
    ]
    session = Session(tuple(parts))
    begun = {id(part.motion): start for part, start in zip(parts, session.starts, strict=True)}
    windows = [window.later(begun[id(each.motion)]) for each in (first, second) for window in each.windows]
    return session, tuple(windows)


def walking_in(stance: Stance, seconds: float) -> Walk:
    """Up to where somebody is to stand, facing as they will."""
    walk = Walk(x=0.0, z=0.0, facing=stance.facing - 12, turn=12, length=0.85 * seconds)
    x, _, z = walk.place(seconds)
    return replace(walk, x=stance.x - x, z=stance.z - z)


def walking_off(stance: Stance) -> Walk:
    """Away, the way they came."""
    return Walk(x=stance.x, z=stance.z, facing=stance.facing + 175, turn=15)
