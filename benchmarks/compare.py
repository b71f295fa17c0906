"""How near a motion is said to be to itself, to another, and to itself with an arm bent: generated, seen and lifted.

python -m benchmarks.compare [--model hdformer]

Three repetitions of each exercise of synthetic/training.py, by a small teacher at the usual speed, seen askew from the
front. Itself: the same by a broad learner, fast and slow, beside (before the same camera) and elsewhere (before the
four others); 95 and more is wanted. Another: all other exercises, elsewhere; 30 and less. Bent: the same beside and at
the usual speed, the left forearm turned by 40 degrees about the elbow; the left arm shall be named first, and the angle
be within 10 degrees. Moments: degrees of the greatest lasting difference of itself, median and nine tenths. True 2D
joints, off as BlazePose's are, are lifted and grounded. The constants of pose3d/analysis/comparison.py were chosen with
these clips in sight.
"""

from __future__ import annotations

import zlib

import numpy as np
import typer

from benchmarks.lifted import lifted, seen
from pose3d import Result, load_lifter
from pose3d.analysis.comparison import compare
from pose3d.core.arrays import Floats
from pose3d.core.geometry import rotated, unit
from pose3d.core.skeleton import H36M17
from pose3d.lift.lifter import Lifter
from synthetic.kinematics import solve
from synthetic.motion import Stance
from synthetic.training import BODIES, CAMERAS, FACING, PLANS, SPEEDS

REPETITIONS, RATE = 3, 30.0
TEACHER = ("usual", "hip", "small")
BESIDE = [(speed, "hip", "broad") for speed in ("fast", "slow")]
ELSEWHERE = [(speed, view, "broad") for speed in ("fast", "slow") for view in CAMERAS if view != "hip"]
OTHER, PUPIL = ("usual", "webcam", "broad"), ("usual", "hip", "broad")
BENT = 40.0
"""Degrees."""
SAME, DIFFERENT, NEAR = 95.0, 30.0, 10.0
"""Points and degrees that are wanted."""


def result(lifter: Lifter, name: str, speed: str, view: str, body: str, bent: float = 0.0) -> Result:
    """A set of an exercise, seen and lifted."""
    plan = PLANS[name]
    done = plan.set_of(Stance(facing=FACING[view]), plan.periods[SPEEDS.index(speed)], REPETITIONS)
    times = np.arange(round(done.seconds * RATE)) / RATE
    joints = forearm_turned(solve(BODIES[body], done.motion.controls(BODIES[body], times)).joints, bent)
    camera, placement = CAMERAS[view]
    seed = zlib.crc32(f"{name} {speed} {view} {body} {bent}".encode())
    return lifted(lifter, seen(placement.to_camera(joints).astype(np.float32), times, camera, seed), name)


def forearm_turned(joints: Floats, degrees: float) -> Floats:
    """The left elbow bent by so much more, joints (T, 17, 3); straight arms bend ahead of the body."""
    shoulder, elbow, wrist, hip, other = (
        joints[:, H36M17.index(name)] for name in ("LShoulder", "LElbow", "LWrist", "LHip", "RHip")
    )
    upper, fore = unit(elbow - shoulder), wrist - elbow
    axis = unit(np.cross(upper, unit(fore)) + 0.05 * unit(other - hip))
    made = joints.copy()
    made[:, H36M17.index("LWrist")] = elbow + rotated(fore, axis, np.radians(degrees))
    return made


def share(good: list[bool]) -> str:
    """Percent of them."""
    return f"{100 * np.mean(good):.0f} %"


def main(model: str = "hdformer") -> None:
    """Prints a line for each exercise, and all together."""
    lifter = load_lifter(model)
    strangers = {name: result(lifter, name, *OTHER) for name in PLANS}
    right: dict[str, list[bool]] = {"beside": [], "elsewhere": [], "another": [], "bent": []}
    moments: dict[str, list[float]] = {"beside": [], "elsewhere": []}
    for name in PLANS:
        teacher = result(lifter, name, *TEACHER)
        pairs = [
            [compare(teacher, result(lifter, name, *learner)) for learner in learners]
            for learners in (BESIDE, ELSEWHERE)
        ]
        beside, elsewhere = ([pair.score for pair in some] for some in pairs)
        for some, found in zip(pairs, moments.values(), strict=True):
            found += [abs(pair.worst[0].degrees) for pair in some]
        others = {other: compare(teacher, stranger).score for other, stranger in strangers.items() if other != name}
        bent = compare(teacher, result(lifter, name, *PUPIL, bent=BENT))
        first, elbow = next(iter(bent.limbs)), bent.joints["left_elbow"]
        right["beside"] += [score >= SAME for score in beside]
        right["elsewhere"] += [score >= SAME for score in elsewhere]
        right["another"] += [score <= DIFFERENT for score in others.values()]
        right["bent"].append(first == "left_arm" and abs(elbow - BENT) <= NEAR)
        nearest = max(others, key=lambda other: others[other])
        print(
            f"{name:13} itself beside, least {min(beside):3.0f}; elsewhere {np.median(elsewhere):3.0f}, least "
            f"{min(elsewhere):3.0f}; another at most {others[nearest]:3.0f} ({nearest}); bent: {first}, {elbow:+.0f}"
        )
    print("as wanted:", ", ".join(f"{what} {share(good)}" for what, good in right.items()))
    told = (f"{where} {np.median(some):.0f}, {np.percentile(some, 90):.0f}" for where, some in moments.items())
    print("moments:", "; ".join(told))


if __name__ == "__main__":
    typer.run(main)
