"""What is known of somebody who is followed."""

from dataclasses import replace

import numpy as np
import pytest

from people import BLUE, FIGURE, RED, dressed, person
from pose3d.core.skeleton import H36M17
from pose3d.detect.people import Person
from pose3d.track.state import TRUNK, State, body_size, middle, same_place

FIRST = State.of(person(50, 20), 3.0)


def test_at_first_sight_nobody_moves():
    np.testing.assert_allclose(FIRST.trunk, FIGURE[TRUNK] * 100 + [50, 20], rtol=1e-5)
    assert not FIRST.velocity.any() and FIRST.size == pytest.approx(100) and FIRST.time == 3.0


def test_velocity_is_learnt_in_a_fifth_of_a_second():
    second = FIRST.then(person(60, 15), 3.1)
    np.testing.assert_allclose(second.velocity, (1 - np.exp(-0.5)) * np.array([100, -50]), rtol=1e-4)
    third = second.then(person(60, 15), 3.3)
    np.testing.assert_allclose(third.velocity, np.exp(-1) * second.velocity, atol=1e-4)
    assert third.time == 3.3 and middle(person(60, 15)) == pytest.approx(third.trunk.mean(0))


def test_size_and_colours_are_learnt_in_a_second_and_a_half():
    kept = np.exp(-0.3 / 1.5)
    state = FIRST.then(person(50, 20, 150, BLUE), 3.3)
    assert state.size == pytest.approx(150 - 50 * kept)
    np.testing.assert_allclose(state.appearance, kept * RED + (1 - kept) * BLUE, rtol=1e-6)
    assert state.appearance.dtype == np.float32


def test_who_is_not_seen_gives_up_their_course():
    moving = replace(FIRST, velocity=np.array([100.0, -40]))
    for seconds in (0.1, 0.4, 5.0):
        travelled = 0.4 * (1 - np.exp(-seconds / 0.4)) * np.array([100, -40])
        np.testing.assert_allclose(moving.predicted(3 + seconds) - FIRST.trunk, travelled[None].repeat(6, 0))


def test_reach_grows_up_to_a_limit():
    assert [FIRST.reach(3 + seconds) for seconds in (0, 0.5, 1.1, 9)] == pytest.approx([0.12, 0.57, 1.11, 1.2])


def test_the_same_person_in_the_same_place_fits():
    assert FIRST.mismatch(person(50, 20), 3.0) == pytest.approx(0, abs=1e-6)
    assert FIRST.mismatch(person(50, 20), 3.5) == pytest.approx(0.3 * np.log(0.57 / 0.12), abs=1e-6)


def test_mismatch_is_the_root_mean_square_of_place_size_and_colours():
    """Half-way to the limits of place and colours."""
    other = person(50 + 0.285 * 100, 20, 100, dressed(0.225))
    assert FIRST.mismatch(other, 3.5) == pytest.approx(np.sqrt((0.25 + 0.25) / 3) + 0.3 * np.log(0.57 / 0.12), rel=1e-4)
    larger = person(50, 20, 100 * np.exp(0.3))
    off = np.linalg.norm(FIGURE[TRUNK], axis=1).mean() * (np.exp(0.3) - 1) / 0.57
    assert FIRST.mismatch(larger, 3.5) == pytest.approx(
        np.sqrt((0.25 + off**2) / 3) + 0.3 * np.log(0.57 / 0.12), rel=1e-4
    )


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        (person(50 + 56, 20), person(50 + 58, 20)),
        (person(50, 20, 100 * np.exp(0.59)), person(50, 20, 100 * np.exp(0.61))),
        (person(50, 20, 100 * np.exp(-0.59)), person(50, 20, 100 * np.exp(-0.61))),
        (person(50, 20, 100, dressed(0.44)), person(50, 20, 100, dressed(0.46))),
    ],
    ids=["place", "larger", "smaller", "colours"],
)
def test_half_a_second_later_somebody_may_be_so_much_different(inside, outside):
    assert np.isfinite(FIRST.mismatch(inside, 3.5)) and np.isinf(FIRST.mismatch(outside, 3.5))


def test_who_is_near_and_dressed_alike_may_be_taken_for_them():
    assert FIRST.touched_by(person(50 + 49, 20)) and not FIRST.touched_by(person(50 + 51, 20))
    assert FIRST.touched_by(person(50, 20, 100, dressed(0.44)))
    assert not FIRST.touched_by(person(50, 20, 100, dressed(0.46)))


def test_size_of_who_curls_up_is_told_by_the_trunk():
    assert body_size(person(size=80)) == pytest.approx(80)
    xy = np.zeros((17, 2), np.float32)
    xy[H36M17.index("Thorax")] = [30, 40]
    assert body_size(Person(xy, np.ones(17, np.float32), RED)) == 100
    assert body_size(Person(0 * xy, np.ones(17, np.float32), RED)) == 1


def test_same_place_is_within_a_seventh_of_the_larger_body():
    assert same_place(person(500, size=50), person(514)) and same_place(person(514), person(500, size=50))
    assert not same_place(person(500, size=50), person(516))
