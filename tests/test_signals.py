"""What a body does, as lines: on poses whose angles and lengths are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory import STANDING, made_up, with_observed
from pose3d.analysis.signals import SIGNALS, Signals
from pose3d.core.ground import Planted
from pose3d.core.skeleton import H36M17

TIMES = np.arange(9) / 25
LEG, ARM, CLEAR = 0.9, 0.285 + 0.251, 0.08
"""Metres of STANDING's limbs, and of its ankles above the floor."""
BENT = (0.9 + 0.45 + np.hypot(0.45, 0.3)) / 2
"""Metres of the legs where one ankle is 0.3 m ahead or behind."""


def posed(**joints: tuple[float, float, float]) -> Signals:
    """Someone who stands, but for some joints: metres right, down and away from the pelvis; they face the camera."""
    base = made_up(TIMES, width=640, height=480)
    pose = STANDING | joints
    xyz = np.repeat(np.array([[pose[joint] for joint in H36M17.joints]], np.float32), len(TIMES), axis=0)
    root = np.tile(np.array([0, 0, 3.5], np.float32), (len(TIMES), 1))
    result = replace(base, pose3d=replace(base.pose3d, xyz=xyz, root=root))
    result = replace(result, ground=replace(result.ground, floor=-(LEG + CLEAR)))
    return Signals(with_observed(result, np.ones(xyz.shape[:2], bool)))


def value(signals: Signals, name: str, side: str = "left") -> float:
    return float(np.median(signals.of(name, side)))  # pyright: ignore[reportArgumentType]


POSES = {
    "standing: knee": ({}, "knee_flexion", 0),
    "standing: hips": ({}, "hip_flexion", pytest.approx(0, abs=6)),
    "standing: thigh": ({}, "thigh_raise", 0),
    "standing: trunk": ({}, "trunk_lean", 0),
    "standing: trunk over the floor": ({}, "trunk_rise", 90),
    "standing: arm": ({}, "arm_raise", pytest.approx(10.1, abs=0.1)),
    "standing: pelvis": ({}, "pelvis_height", pytest.approx((LEG + CLEAR) / LEG)),
    "standing: foot": ({}, "foot_height", pytest.approx(CLEAR / LEG, abs=1e-3)),
    "standing: hand": ({}, "hand_height", pytest.approx(-0.53 / ARM, abs=2e-3)),
    "standing: feet aside": ({}, "feet_aside", pytest.approx(0.26 / LEG)),
    "standing: feet ahead": ({}, "feet_ahead", pytest.approx(0, abs=1e-6)),
    "standing: knees": ({}, "knees_apart", pytest.approx(1)),
    "thigh level": ({"LKnee": (0.13, 0, -0.45), "LAnkle": (0.13, 0.45, -0.45)}, "thigh_raise", pytest.approx(90)),
    "knee square": ({"LKnee": (0.13, 0, -0.45), "LAnkle": (0.13, 0.45, -0.45)}, "knee_flexion", pytest.approx(90)),
    "foot raised": (
        {"LAnkle": (0.13, 0.45, -0.45), "LKnee": (0.13, 0, -0.45)}, "foot_height", pytest.approx(0.53 / LEG),
    ),
    "foot ahead": ({"LAnkle": (0.13, 0.9, -0.3)}, "foot_ahead", pytest.approx(0.3 / BENT, abs=1e-3)),
    "foot behind": ({"LAnkle": (0.13, 0.9, 0.3)}, "foot_ahead", pytest.approx(-0.3 / BENT, abs=1e-3)),
    "feet ahead": ({"LAnkle": (0.13, 0.9, 0.3)}, "feet_ahead", pytest.approx(0.3 / BENT, abs=1e-3)),
    "arm level": ({"LElbow": (0.45, -0.5, 0)}, "arm_raise", pytest.approx(90)),
    "arm overhead": ({"LElbow": (0.17, -0.78, 0)}, "arm_raise", pytest.approx(180)),
    "elbow square": (
        {"LElbow": (0.17, -0.22, 0), "LWrist": (0.17, -0.22, -0.25)}, "elbow_flexion", pytest.approx(90),
    ),
    "hand overhead": (
        {"LElbow": (0.17, -0.785, 0), "LWrist": (0.17, -1.036, 0)}, "hand_height", pytest.approx(1, abs=5e-3),
    ),
    "forearm up": (
        {"LElbow": (0.17, -0.22, 0), "LWrist": (0.17, -0.471, 0)}, "forearm_rise", pytest.approx(0.251 / ARM, abs=5e-3),
    ),
    "standing: hips over the feet": ({}, "hips_high", pytest.approx(1)),
    "standing: weight": ({}, "weight_behind", pytest.approx(0, abs=1e-6)),
    "feet ahead of the weight": (
        {f"{side}{joint}": (sign * 0.13, 0.45 if joint == "Knee" else 0.7, -0.3) for side, sign in (("L", 1), ("R", -1))
         for joint in ("Knee", "Ankle")},
        "weight_behind", pytest.approx(0.3 * (1 - 2 * (0.073 + 0.038)) / (np.hypot(0.45, 0.3) + 0.25), abs=5e-3),
    ),
    "shoulder over the hand": ({}, "shoulder_height", pytest.approx(0.53 / ARM, abs=2e-3)),
    "trunk level": ({"Thorax": (0, 0, -0.5)}, "trunk_lean", pytest.approx(90)),
    "trunk level, from the floor": ({"Thorax": (0, 0, -0.5)}, "trunk_rise", pytest.approx(0, abs=1e-5)),
    "knees inward": ({"LKnee": (0.065, 0.45, 0), "RKnee": (-0.065, 0.45, 0)}, "knees_apart", pytest.approx(0.5)),
    "hip square": ({"LShoulder": (0.13, 0, -0.5)}, "body_bend", pytest.approx(90)),
}  # fmt: skip


def test_every_signal_has_a_pose():
    assert {name for _, name, _ in POSES.values()} == set(SIGNALS)


@pytest.mark.parametrize(("joints", "name", "expected"), POSES.values(), ids=POSES)
def test_a_pose(joints, name, expected):
    assert value(posed(**joints), name) == (pytest.approx(expected, abs=1e-3) if expected in (0, 90) else expected)


def test_left_and_right_and_both():
    signals = posed(LKnee=(0.13, 0, -0.45), LAnkle=(0.13, 0.45, -0.45))
    sides = [value(signals, "knee_flexion", side) for side in ("left", "right", "both")]
    assert sides == pytest.approx([90, 0, 45], abs=1e-3)


@pytest.mark.parametrize("turn", [30, 140, 250])
def test_they_hold_from_every_side(turn):
    joints = {"LAnkle": (0.2, 0.85, -0.3), "LElbow": (0.3, -0.6, -0.1), "Thorax": (0.05, -0.45, -0.2)}
    front = posed(**joints)
    sine, cosine = np.sin(np.radians(turn)), np.cos(np.radians(turn))
    about = np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]])
    turned = posed(**{name: tuple(about @ place) for name, place in (STANDING | joints).items()})
    for name in SIGNALS:
        for side in ("left", "right"):
            assert value(turned, name, side) == pytest.approx(value(front, name, side), abs=2e-3), name


def test_they_hold_for_every_size():
    small, large = (posed(**{name: tuple(k * np.array(at)) for name, at in STANDING.items()}) for k in (0.7, 1.2))
    for name in ("feet_aside", "hand_height", "knees_apart", "knee_flexion", "arm_raise"):
        assert value(small, name) == pytest.approx(value(large, name), abs=1e-3), name


def test_lengths_are_told_in_metres():
    signals = posed()
    assert (signals.measured("knee_flexion").unit, signals.measured("knee_flexion").size) == ("degrees", 1)
    assert signals.measured("feet_aside").size == pytest.approx(LEG) == signals.leg
    told = signals.measured("hand_height")
    assert told.unit == "metres" and told.size * value(signals, "hand_height") == pytest.approx(-0.53, abs=1e-3)


def test_what_was_not_seen_is_not_told():
    base = made_up(np.arange(50) / 25)
    observed = np.ones((50, 17), bool)
    observed[10:40, H36M17.index("LKnee")] = False
    observed[45:47, H36M17.index("RKnee")] = False
    signals = Signals(with_observed(base, observed))
    left, right = signals.sides("knee_flexion").T
    assert np.isnan(left[10:40]).all() and np.isfinite(np.delete(left, range(10, 40))).all()
    assert np.isfinite(right).all(), "a short gap is filled in"
    np.testing.assert_array_equal(signals.of("knee_flexion", "both")[10:40], right[10:40])
    assert np.isfinite(signals.sides("elbow_flexion")).all()


def test_heights_are_those_of_the_planted_motion_and_angles_those_of_the_lifted():
    base = made_up(TIMES)
    raised = base.as_lifted + np.array([0, 0.45, 0], np.float32)
    raised[:, H36M17.index("LAnkle")] += 0.2
    signals, plain = Signals(replace(base, planted=Planted(raised, np.zeros((len(TIMES), 2), bool)))), Signals(base)
    assert value(signals, "pelvis_height") == pytest.approx(value(plain, "pelvis_height") + 0.45 / plain.leg, abs=1e-3)
    assert value(signals, "knee_flexion") == value(plain, "knee_flexion")
