"""People are kept apart: synthetic detections of two walkers, made of the example clips' truth."""

import numpy as np
import pytest

from people import BLUE, RED
from pose3d.detect.people import Detection, Person
from pose3d.track import people_seen, track
from pose3d.track.state import body_size
from synthetic.truth import load_truth

SCORE = np.full(17, 0.9, np.float32)
SCORES = SCORE, SCORE + np.float32(0.001)
"""By which the tests know them apart; the tracker does not look at them."""
HEIGHT = 300.0
"""Pixels of the bodies."""


@pytest.fixture(scope="module")
def body(examples):
    """(T, 17, 2) pixels of a walker on the spot, HEIGHT tall, at 30 a second."""
    xy = load_truth(examples / "walk.json").xy
    xy = xy - xy[:, :1]
    return (xy * HEIGHT / np.ptp(xy[..., 1], axis=1).mean()).astype(np.float32)


def crossing(body, rate=30.0, seconds=4.0, colours=(RED, BLUE), times=None, hidden=0.35, stop=0.0):
    """Two people who pass each other, the second in front: while they overlap, only that one is detected.

    hidden: of the height, how near their middles are then; stop: seconds that the one in front stands before the other.
    """
    times = np.arange(0, seconds, 1 / rate) if times is None else times
    rng = np.random.default_rng(0)
    detections = []
    for time in times:
        step = round(30 * time)
        there = min(time, 2.0) if time < 2.0 + stop else time - stop
        places = [300 + 60 * time, 900 - 180 * there]
        bodies = [
            body[(step * pace + 7) % len(body)] + [place, 500] for pace, place in zip((1, 1), places, strict=True)
        ]
        seen = [1] if abs(places[0] - places[1]) < hidden * HEIGHT else [0, 1]
        noise = rng.normal(0, 0.01 * HEIGHT, (2, 17, 2))
        people = [Person((bodies[n] + noise[n]).astype(np.float32), SCORES[n], colours[n]) for n in seen]
        detections.append(Detection(float(time), tuple(people)))
    return detections


def identities(tracks):
    """Of each track, the set of people that it was in its frames."""
    return [{int(found.at(row).score[0] > 0.9005) for row in found.rows} for found in tracks]


WILD = np.cumsum(np.random.default_rng(4).choice([1 / 60, 1 / 30, 1 / 15], 120))
VARIANTS = {
    "30 a second": {},
    "10 a second": {"rate": 10.0},
    "60 a second": {"rate": 60.0},
    "wild": {"times": WILD[WILD < 4]},
    "dressed alike": {"colours": (RED, RED)},
    "long hidden": {"hidden": 0.7},
    "long hidden, dressed alike": {"hidden": 0.7, "colours": (RED, RED)},
    "stands in front": {"stop": 1.0, "seconds": 5.0},
    "stands in front, dressed alike": {"stop": 1.0, "seconds": 5.0, "colours": (RED, RED)},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_passer_by_does_not_take_over(body, variant):
    detections = crossing(body, **VARIANTS[variant])
    tracks = track(detections)
    assert all(len(found) == len(detections) for found in tracks)
    for row in range(len(detections)):
        assert sum(found.people[row] is not None for found in tracks) <= len(detections[row].people)
    assert all(len(who) == 1 for who in identities(tracks)), "nobody is two people"


def test_people_are_found_again_behind_a_passer_by(body):
    detections = crossing(body)
    tracks = track(detections)
    assert len(tracks) == 2 and sorted(identities(tracks), key=min) == [{0}, {1}]
    shares = [found.seen.mean() for found in tracks]
    assert min(shares) > 0.7, "but for the time when one of them is hidden"


def test_one_person_found_twice_is_one(body):
    detections = crossing(body)
    twice = [Detection(d.time, (d.people[-1], Person(d.people[-1].xy + 5, 0.8 * SCORE, BLUE))) for d in detections]
    assert len(track(twice)) == 1


def merged(body, how, clothes, turns_back):
    """A walker comes to a person on the spot, in front of whom they go on or turn back; detections are misled by both.

    how: of the one behind, "pulled" over to the one in front, or the two "mixed", joint by joint, into one person.
    Also (T, 2, 17, 2), where they truly are.
    """
    rng = np.random.default_rng(3)
    detections, truth = [], []
    for time in np.arange(0, 6, 1 / 15):
        step, away = round(30 * time), 360 * (time - 2.6)
        behind, front = body[step % len(body)], body[(step + 19) % len(body)]
        behind, front = behind + [600, 500], front + [600 - abs(away) if turns_back else 600 + away, 500]
        truth.append((behind, front))
        noisy = [xy + rng.normal(0, 0.015 * HEIGHT, (17, 2)) for xy in truth[-1]]
        near = abs(front[0, 0] - behind[0, 0]) / HEIGHT
        if how == "pulled":
            share = np.clip((0.34 - near) / 0.15, 0, 1)
            noisy[0] = (1 - share) * noisy[0] + share * noisy[1]
        elif near < 0.25:
            noisy = [np.where(rng.random((17, 1)) < 0.5, *noisy)]
        found = zip(noisy, SCORES, clothes, strict=False)
        people = tuple(Person(xy.astype(np.float32), score, colours) for xy, score, colours in found)
        detections.append(Detection(float(time), people))
    return detections, np.array(truth)


@pytest.mark.parametrize("turns_back", [False, True], ids=["on", "back"])
@pytest.mark.parametrize("clothes", [(RED, RED), (RED, BLUE)], ids=["alike", "otherwise"])
@pytest.mark.parametrize("how", ["pulled", "mixed"])
def test_merged_detections_do_not_exchange_people(body, how, clothes, turns_back):
    """Also where nothing tells who turned back: each half of the video is somebody's, but never another one's."""
    detections, truth = merged(body, how, clothes, turns_back)
    tracks = track(detections)
    for found in tracks:
        off = [np.linalg.norm(found.at(row).xy[0] - truth[row, :, 0], axis=-1) / HEIGHT for row in found.rows]
        assert np.max(off, axis=0).min() < 1 / 3, "somebody's place throughout"
    assert sum(found.seen.mean() for found in tracks) > 1.5, "of two people"


def test_limbs_taken_for_another_body_are_nobody(body):
    """BlazePose sees a second person upside down in the first: head at the hips."""
    detections = crossing(body, hidden=0.0)
    upside_down = [
        Detection(d.time, (d.people[0], Person(d.people[0].xy[::-1].copy(), 0.6 * SCORE, BLUE))) for d in detections
    ]
    assert len(track(upside_down)) == 1


def test_somebody_lost_for_long_is_taken_up_again(body):
    detections = crossing(body)
    alone = [Detection(d.time, d.people[:1] if d.time < 0.5 or d.time > 3.8 else ()) for d in detections]
    tracks = track(alone)
    assert len(tracks) == 1 and tracks[0].seen.sum() == sum(bool(d.people) for d in alone)


def test_another_person_later_is_another_person(body):
    detections = crossing(body, hidden=0.0)
    relay = [Detection(d.time, d.people[:1] if d.time < 1 else d.people[1:] if d.time > 3 else ()) for d in detections]
    assert len(track(relay)) == 2, "dressed otherwise"


def test_a_moment_is_nobody(body):
    detections = crossing(body, hidden=0.0)
    glimpse = [Detection(d.time, d.people if n == 20 else d.people[:1]) for n, d in enumerate(detections)]
    assert len(track(glimpse)) == 1
    assert len(track(glimpse[20:21])) == 2, "but where there is only a moment"


def test_the_largest_and_longest_comes_first(body):
    detections = crossing(body, hidden=0.0)
    near = [Detection(d.time, (Person(2 * d.people[0].xy, SCORE, RED), d.people[1])) for d in detections]
    tracks = track(near)
    assert body_size(tracks[0].at(0)) > 1.5 * body_size(tracks[1].at(0))
    times = np.array([d.time for d in detections])
    first, second = people_seen(tracks, times)
    assert (first.number, second.number, first.frames) == (1, 2, len(detections))
    assert first.last == times[-1] and first.box[3] > second.box[3]


def test_joints_are_those_of_the_skeleton():
    with pytest.raises(ValueError, match="xy must have shape"):
        Person(np.zeros((16, 2), np.float32), SCORE, RED)
