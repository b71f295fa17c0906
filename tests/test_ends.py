"""Where a piece begins and ends: place, velocity and size there."""

import numpy as np
import pytest

from people import person
from pose3d.track.ends import End


def end_of(places, times, time, sizes=None):
    sizes = sizes or [100.0] * len(places)
    people = [person(x, 0, size) for x, size in zip(places, sizes, strict=True)]
    return End.of(people, np.array(times, float), time)


def test_of_one_sight_only_the_place_is_known():
    end = end_of([40], [2.0], 2.0)
    np.testing.assert_allclose(end.place, [40, 0], atol=1e-4)
    assert end.velocity.tolist() == [0, 0] and end.size == pytest.approx(100) and end.time == 2.0


def test_two_sights_tell_a_velocity():
    first, last = (end_of([40, 46], [2.0, 2.1], time) for time in (2.0, 2.1))
    np.testing.assert_allclose([first.place, last.place], [[40, 0], [46, 0]], atol=1e-3)
    np.testing.assert_allclose([first.velocity, last.velocity], [[60, 0], [60, 0]], atol=1e-2)


@pytest.mark.parametrize(("away", "velocity"), [(0.3, 100), (0.35, 0)])
def test_what_is_longer_ago_than_a_third_of_a_second_is_another_matter(away, velocity):
    """Standing still at the end, coming from the left before."""
    end = end_of([0, 100 * away, 100 * away], [0.0, away - 0.05, away], away)
    assert np.sign(round(float(end.velocity[0]), 3)) == np.sign(velocity)


def test_the_size_is_the_usual_one():
    assert end_of([0, 0, 0], [0, 0.1, 0.2], 0.2, [100.0, 300.0, 120.0]).size == pytest.approx(120)
