"""Colours of clothes: alike, usual, and parts that the picture does not show."""

import numpy as np
import pytest

from people import BLUE, RED, dressed
from pose3d.track.clothes import colour_distance, learnt, usual

NONE = np.zeros_like(RED)


def parts(*rows):
    return np.concatenate(rows)


def test_distance():
    assert colour_distance(RED, RED) == 0 and colour_distance(RED, BLUE) == 1
    assert colour_distance(RED, dressed(0.3)) == pytest.approx(0.3, abs=1e-6)
    assert colour_distance(1.01 * RED, RED) == 0, "rounding"


def test_without_colours_everybody_is_alike():
    assert colour_distance(RED, RED[:0]) == colour_distance(RED[:0], RED[:0]) == colour_distance(RED, BLUE[:, :7]) == 0


def test_a_part_that_one_does_not_show_is_not_held_against_them():
    whole = parts(RED, BLUE)
    assert colour_distance(whole, parts(RED, NONE)) == colour_distance(parts(NONE, NONE), whole) == 0
    assert colour_distance(whole, parts(BLUE, NONE)) == pytest.approx(np.sqrt(0.5))
    assert colour_distance(parts(BLUE, NONE), whole) == colour_distance(whole, parts(BLUE, BLUE))


def test_learning_keeps_what_is_not_shown_and_takes_what_is_new():
    np.testing.assert_allclose(learnt(RED, BLUE, 0.7), 0.7 * RED + 0.3 * BLUE, rtol=1e-6)
    np.testing.assert_array_equal(learnt(parts(RED, NONE), parts(NONE, BLUE), 0.7), parts(RED, BLUE))
    np.testing.assert_array_equal(learnt(NONE, NONE, 0.7), NONE)
    assert learnt(RED, BLUE, 0.7).dtype == np.float32


def test_usual_colours_are_the_median_of_the_sights_that_show_a_part():
    sights = [parts(RED, NONE), parts(RED, BLUE), parts(BLUE, NONE)]
    np.testing.assert_allclose(usual(sights), parts(RED, BLUE))
    np.testing.assert_array_equal(usual([NONE]), NONE)
    assert usual([parts(RED[:, :2], BLUE[:, 4:6]) / 3]).sum(1) == pytest.approx([1, 1]), "each part sums to 1"
    assert usual([RED[:0]]).shape == RED[:0].shape
