"""Every convention of the angles, on poses made by hand: both sides, the sign, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from factory import STANDING
from pose3d.analysis.measuring.isb import ISB, MIDDLE, SIDED
from pose3d.analysis.signals import Body
from pose3d.core.geometry import rotated
from pose3d.core.skeleton import H36M17

UPRIGHT = np.array([STANDING[joint] for joint in H36M17.joints], np.float64) * [1.0, -1.0, -1.0]
"""(17, 3) metres, y up, faces z: left is x. Trunk and legs are upright."""
LEFT, UP, AHEAD = np.eye(3)
BELOW = {
    "Pelvis": ("Spine", "Thorax", "Neck", "Head", "Shoulder", "Elbow", "Wrist"),
    "Thorax": ("Neck", "Head"),
    "Hip": ("Knee", "Ankle"),
    "Knee": ("Ankle",),
    "Shoulder": ("Elbow", "Wrist"),
    "Elbow": ("Wrist",),
}
"""A joint to those that go with it when the body turns there; the pelvis' are those of the trunk."""


def turned(pose, joint, axis, degrees):
    """The pose (17, 3) with what hangs on a joint turned about it; turns are right-handed."""
    side, kind = (joint[0], joint[1:]) if joint[0] in "LR" else ("", joint)
    names = [name for name in H36M17.joints for below in BELOW[kind] if name in (below, side + below)]
    if not side:
        names = [name for name in H36M17.joints if name.lstrip("LR") in BELOW[kind] or name in BELOW[kind]]
    rows, made = H36M17.indices(*names), pose.copy()
    centre = pose[H36M17.index(joint)]
    made[rows] = centre + rotated(pose[rows] - centre, np.broadcast_to(axis, (len(rows), 3)), np.radians(degrees))
    return made


def hanging(pose=UPRIGHT):
    """With arms that hang straight down."""
    made = pose.copy()
    for side in "LR":
        for n, joint in enumerate(("Elbow", "Wrist"), 1):
            made[H36M17.index(side + joint)] = made[H36M17.index(f"{side}Shoulder")] - 0.27 * n * UP
    return made


def angle(pose, name, side="L"):
    body = Body(pose[None], pose[None], H36M17)
    return float(ISB[name].of(body, side)[0])


OUT = {"L": 1.0, "R": -1.0}
"""Of the x axis."""


@pytest.mark.parametrize("name", [name for name in ISB if name != "shoulder_plane"])
@pytest.mark.parametrize("side", "LR")
def test_upright_is_zero(name, side):
    assert angle(hanging(), name, side) == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("side", "LR")
@pytest.mark.parametrize("degrees", [-20.0, 35.0, 110.0])
def test_a_hip_bends_ahead(side, degrees):
    pose = turned(hanging(), f"{side}Hip", -LEFT, degrees)
    assert angle(pose, "hip_flexion", side) == pytest.approx(degrees)
    assert angle(pose, "hip_abduction", side) == pytest.approx(0, abs=1e-6)
    assert angle(pose, "hip_flexion", "R" if side == "L" else "L") == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("side", "LR")
@pytest.mark.parametrize("degrees", [-15.0, 40.0])
def test_a_leg_goes_aside(side, degrees):
    pose = turned(hanging(), f"{side}Hip", AHEAD, OUT[side] * degrees)
    assert angle(pose, "hip_abduction", side) == pytest.approx(degrees)
    assert angle(pose, "hip_flexion", side) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("side", "LR")
def test_a_leg_goes_aside_from_where_it_is_bent_to(side):
    """The order of Grood and Suntay: flexion about the pelvis' axis, then abduction about the floating one."""
    aside = turned(hanging(), f"{side}Hip", AHEAD, OUT[side] * 25)
    pose = turned(aside, f"{side}Hip", -LEFT, 60)
    assert (angle(pose, "hip_flexion", side), angle(pose, "hip_abduction", side)) == pytest.approx((60, 25))


def test_a_leg_straight_aside_is_bent_by_no_angle():
    pose = turned(hanging(), "LHip", AHEAD, 88)
    assert np.isnan(angle(pose, "hip_flexion")) and angle(pose, "hip_abduction") == pytest.approx(88)


@pytest.mark.parametrize("side", "LR")
@pytest.mark.parametrize("degrees", [30.0, 120.0])
def test_knees_and_elbows_bend(side, degrees):
    assert angle(turned(hanging(), f"{side}Knee", LEFT, degrees), "knee_flexion", side) == pytest.approx(degrees)
    assert angle(turned(hanging(), f"{side}Elbow", -LEFT, degrees), "elbow_flexion", side) == pytest.approx(degrees)


@pytest.mark.parametrize("side", "LR")
@pytest.mark.parametrize(("axis", "plane"), [("aside", 0.0), ("ahead", 90.0), ("behind", -90.0)])
@pytest.mark.parametrize("degrees", [45.0, 90.0, 150.0])
def test_an_arm_is_raised_in_a_plane(side, axis, plane, degrees):
    axes = {"aside": OUT[side] * AHEAD, "ahead": -LEFT, "behind": LEFT}
    pose = turned(hanging(), f"{side}Shoulder", axes[axis], degrees)
    assert angle(pose, "shoulder_elevation", side) == pytest.approx(degrees)
    assert angle(pose, "shoulder_plane", side) == pytest.approx(plane, abs=1e-6)


@pytest.mark.parametrize("degrees", [0.0, 15.0, 170.0])
def test_an_arm_that_hangs_or_points_up_is_raised_in_no_plane(degrees):
    assert np.isnan(angle(turned(hanging(), "LShoulder", AHEAD, degrees), "shoulder_plane"))


def test_the_trunk_leans_ahead_and_the_hips_bend_with_it():
    pose = turned(hanging(), "Pelvis", LEFT, 30)
    assert angle(pose, "trunk_flexion") == pytest.approx(30)
    assert angle(pose, "hip_flexion", "L") == pytest.approx(30) == angle(pose, "hip_flexion", "R")
    assert angle(pose, "trunk_side_bend") == pytest.approx(0, abs=1e-6)
    assert angle(turned(hanging(), "Pelvis", LEFT, -20), "trunk_flexion") == pytest.approx(-20)


def test_the_trunk_leans_to_the_right():
    pose = turned(hanging(), "Pelvis", AHEAD, 12)
    assert angle(pose, "trunk_side_bend") == pytest.approx(12)
    assert angle(pose, "shoulder_list") == pytest.approx(12) and angle(pose, "pelvis_list") == pytest.approx(
        0, abs=1e-6
    )


def test_the_shoulders_turn_to_the_left():
    assert angle(turned(hanging(), "Pelvis", UP, 25), "trunk_rotation") == pytest.approx(25)


def test_the_pelvis_is_lower_on_the_right():
    pose = hanging()
    pose[H36M17.index("LHip")] += 0.05 * UP
    pose[H36M17.index("RHip")] -= 0.05 * UP
    assert angle(pose, "pelvis_list") == pytest.approx(np.degrees(np.arctan(0.05 / 0.13)))


def test_the_head_bends_ahead_of_the_trunk():
    pose = turned(turned(hanging(), "Thorax", LEFT, 20), "Pelvis", LEFT, 30)
    assert angle(pose, "head_flexion") == pytest.approx(20) and angle(pose, "trunk_flexion") == pytest.approx(30)


@pytest.mark.parametrize("name", ISB)
def test_it_does_not_matter_where_somebody_faces(name):
    """Nor, for all but what is told against the room, how they lie."""
    pose = hanging()
    for joint, axis, degrees in (("LHip", -LEFT, 40), ("RShoulder", AHEAD, -50), ("Thorax", LEFT, 10)):
        pose = turned(pose, joint, axis, degrees)
    about = rotated(pose, np.broadcast_to(UP, pose.shape), 2.0)
    for side in "LR":
        assert angle(about, name, side) == pytest.approx(angle(pose, name, side), abs=1e-6, nan_ok=True)
    if name in SIDED or name == "head_flexion" or name == "trunk_rotation":
        lying = rotated(pose, np.broadcast_to(LEFT, pose.shape), -np.pi / 2)
        assert angle(lying, name) == pytest.approx(angle(pose, name), abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("name", SIDED)
def test_sides_are_mirror_images(name):
    pose = hanging()
    for joint, axis, degrees in (
        ("LHip", -LEFT, 40),
        ("LHip", AHEAD, 15),
        ("LKnee", LEFT, 30),
        ("LShoulder", AHEAD, 70),
    ):
        pose = turned(pose, joint, axis, degrees)
    mirror = pose[H36M17.mirror] * [-1.0, 1.0, 1.0]
    assert angle(mirror, name, "R") == pytest.approx(angle(pose, name, "L"), nan_ok=True)


def test_who_lies_on_the_side_faces_nowhere():
    lying = rotated(hanging(), np.broadcast_to(AHEAD, (17, 3)), np.pi / 2)
    assert np.isnan(angle(lying, "trunk_flexion")) and np.isnan(angle(lying, "trunk_side_bend"))
    assert set(MIDDLE) | set(SIDED) == set(ISB)
