"""Where feet and hands point. The truth: example clips' figures, their heels, toes and knuckles projected."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from factory import made_up
from pose3d.core.geometry import degrees_between, unit
from pose3d.core.limb_ends import LimbEnds
from pose3d.core.result import Result
from pose3d.core.skeleton import LIMB_ENDS
from pose3d.detect.people import Person
from pose3d.ground import plant
from pose3d.ground.contacts import find_contacts
from pose3d.ground.pointing import feet_point, hands_point
from pose3d.track import Track, limb_ends
from synthetic.clips import Clip
from test_planted import clip_named, ground_of, posed

HAND = 0.09
"""Metres from wrist to knuckles."""


def true_feet(clip: Clip) -> np.ndarray:
    """(T, 2, 3) unit vectors from heel to toes, in the world's axes."""
    figure, body = clip.figure(), clip.body
    feet = [
        figure.bones[f"{s}Toes"].origin - figure.bones[f"{s}Foot"].point(0, -body.ankle_height, -body.heel)
        for s in "LR"
    ]
    return unit(np.stack(feet, 1)) @ turn(clip).T


def turn(clip: Clip) -> np.ndarray:
    """(3, 3) from the clip's axes to those of the result's world."""
    return ground_of(clip).rotation @ clip.placement.rotation


def seen(clip: Clip, hands: np.ndarray | None = None, noise: float = 0.0) -> LimbEnds:
    """What a detector would see; hands: (T, 2, 3) unit vectors in the world's axes; noise in pixels."""
    pose, ground = posed(clip), ground_of(clip)
    wrist = ground.world(pose.placed)[:, pose.skeleton.indices("LWrist", "RWrist")]
    ankle = ground.world(pose.placed)[:, pose.skeleton.indices("LAnkle", "RAnkle")]
    knuckles = wrist + HAND * (0 * wrist if hands is None else hands)
    feet, length = true_feet(clip), 0.55 * clip.body.shin
    points = {
        "Heel": ankle - 0.3 * length * feet,
        "Toes": ankle + 0.7 * length * feet,
        "Wrist": wrist,
        "Knuckles": knuckles,
    }
    xyz = np.stack([points[end[1:]][:, "LR".index(end[0])] for end in LIMB_ENDS], axis=1)
    xy = clip.camera.project(ground.camera_space(xyz)) + noise * np.random.default_rng(5).normal(
        size=(*xyz.shape[:2], 2)
    )
    return LimbEnds(xy, np.ones(xyz.shape[:2]))


@pytest.mark.parametrize(("name", "median", "most"), [("walk", 7, 21), ("squats", 6.8, 9.6), ("jumping_jacks", 4, 9)])
def test_feet_point_where_heel_and_toes_were_seen(name, median, most):
    clip = clip_named(name)
    pose, ground = posed(clip), ground_of(clip)
    rests = find_contacts(pose, ground.up).rests
    off = degrees_between(
        feet_point(pose, ground.world(pose.placed), ground, seen(clip, noise=2.0), rests), true_feet(clip)
    )
    assert np.median(off) < median and np.quantile(off, 0.95) < most, "degrees"


def test_feet_never_seen_point_where_knees_and_hips_do():
    clip = clip_named("squats")
    pose, ground = posed(clip), ground_of(clip)
    blind = replace(seen(clip), score=0 * seen(clip).score)
    rests = find_contacts(pose, ground.up).rests
    off = degrees_between(feet_point(pose, ground.world(pose.placed), ground, blind, rests), true_feet(clip))
    assert np.median(off) < 18, "degrees"


@pytest.mark.parametrize(("bend", "limit"), [(-40, 14.3), (0, 3.1), (40, 14.3)])
def test_hands_point_where_knuckles_were_seen(bend, limit):
    clip = clip_named("arm_raises")
    pose, ground = posed(clip), ground_of(clip)
    world = ground.world(pose.placed)
    joints = (pose.skeleton.indices(s + "Elbow", s + "Wrist") for s in "LR")
    along = np.stack([unit(world[:, wrist] - world[:, elbow]) for elbow, wrist in joints], axis=1)
    angle = np.radians(bend)
    across = unit(np.cross(along, [0.0, 0.0, 1.0]))  # bent in the picture's plane
    hands = np.cos(angle) * along + np.sin(angle) * across
    off = degrees_between(hands_point(pose, world, ground, seen(clip, hands)), hands)
    assert np.median(off) < limit, "degrees"


def test_exchanged_legs_take_their_feet_with_them():
    clip = clip_named("walk")
    xy = posed(clip).camera.project(posed(clip).placed)
    ends = np.concatenate([seen(clip).xy, np.ones((clip.frames, len(LIMB_ENDS), 1))], -1).astype(np.float32)
    people = [Person(xy[t], np.ones(17, np.float32), np.zeros((0, 0), np.float32), ends[t]) for t in range(clip.frames)]
    order = [
        LIMB_ENDS.index(name)
        for name in ("RHeel", "RToes", "LWrist", "LKnuckles", "LHeel", "LToes", "RWrist", "RKnuckles")
    ]
    skeleton = posed(clip).skeleton
    legs = skeleton.indices("LHip", "LKnee", "LAnkle", "RHip", "RKnee", "RAnkle")
    joints = np.arange(17)
    joints[legs] = np.roll(legs, 3)
    for t in range(40, 44):
        people[t] = replace(people[t], xy=xy[t, joints], ends=ends[t, order])
    straight = limb_ends(Track(tuple(people)))
    assert straight is not None
    np.testing.assert_allclose(straight.xy, ends[..., :2])


def test_a_detector_without_feet_tells_nothing():
    person = Person(np.zeros((17, 2), np.float32), np.ones(17, np.float32), np.zeros((0, 0), np.float32))
    assert limb_ends(Track((person, None))) is None


def test_a_result_keeps_where_feet_and_hands_point(tmp_path):
    plain = made_up(np.arange(40) / 20)
    ends = LimbEnds(np.random.default_rng(2).uniform(0, 100, (40, 8, 2)), np.ones((40, 8)))
    result = replace(plain, planted=plant(plain.pose3d, plain.ground, ends))
    result.save(tmp_path)
    loaded = Result.load(tmp_path)
    assert loaded == result and loaded.planted is not None
    for pointing in (loaded.planted.feet, loaded.planted.hands):
        assert pointing is not None
        np.testing.assert_allclose(np.linalg.norm(pointing, axis=-1), 1, atol=1e-5)
    assert loaded.to_dict()["feet"].keys() == {"left_foot", "right_foot"}
    assert loaded.to_dict()["hands"].keys() == {"left_hand", "right_hand"}


def test_memory_does_not_grow_with_length():
    """Each frame is weighed against the whole sphere, which takes 48 kB: of few at a time, whatever the length."""
    clip = clip_named("walk")
    long = replace(clip, frames=20 * clip.frames)
    assert most_memory(long) < most_memory(clip) + 8000 * long.frames


def most_memory(clip: Clip) -> int:
    """Bytes that feet and hands take beyond what was there."""
    pose, ground, ends = posed(clip), ground_of(clip), seen(clip)
    world, rests = ground.world(pose.placed), np.ones((len(pose), 2), bool)
    tracemalloc.start()
    feet_point(pose, world, ground, ends, rests)
    hands_point(pose, world, ground, ends)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most
