"""Where a line goes up and comes back."""

from __future__ import annotations

import numpy as np
import pytest

from pose3d.analysis.trigger import swings

FPS = 50
TIMES = np.arange(0, 8, 1 / FPS)


def wave(times: np.ndarray = TIMES, period: float = 2.0) -> np.ndarray:
    """0 to 100 and back, from 0 on."""
    return 50 - 50 * np.cos(2 * np.pi * times / period)


def test_each_time_up_and_back():
    found = swings(wave()[: -FPS // 2], TIMES[: -FPS // 2], 30, 60)  # the last is cut off
    assert len(found) == 3
    onset = np.arccos(0.8) / np.pi  # where a cosine has gone a tenth of its way
    for n, each in enumerate(found):
        assert each.turn == pytest.approx(2 * n + 1, abs=0.01)
        assert each.start == pytest.approx(2 * n + onset, abs=0.01)
        assert each.end == pytest.approx(2 * n + 2 - onset, abs=0.01)
        assert each.way == pytest.approx(100, abs=0.1)
        assert TIMES[each.top] == pytest.approx(each.turn, abs=0.011)
        assert TIMES[each.rows][0] <= each.start < TIMES[each.rows][1]
        assert TIMES[each.rows][-2] < each.end <= TIMES[each.rows][-1]


def test_levels():
    assert len(swings(wave(), TIMES, 0.5, 99)) == 4 and swings(wave(), TIMES, 30, 101) == []
    assert swings(wave() + 20, TIMES, 10, 60) == [], "it never comes to rest"


def test_what_does_not_come_to_rest_between_is_one():
    line = np.where((TIMES > 1) & (TIMES < 3), np.maximum(wave(), 50), wave())
    assert [round(each.end - each.start) for each in swings(line, TIMES, 30, 60)] == [4, 2, 2]


def test_it_has_to_begin_at_rest_and_come_back():
    late = TIMES >= 1.0
    assert len(swings(wave()[late], TIMES[late], 30, 60)) == 3
    early = TIMES <= 7.0
    assert len(swings(wave()[early], TIMES[early], 30, 60)) == 3


def test_a_gap_breaks_off():
    line = wave()
    line[np.abs(TIMES - 3.0) < 0.1] = np.nan
    assert [round(each.turn) for each in swings(line, TIMES, 30, 60)] == [1, 5, 7]


def test_shaking_is_not_counted():
    shaking = wave() + 6 * np.random.default_rng(0).normal(size=len(TIMES))
    found = swings(shaking, TIMES, 30, 60)
    assert [round(each.turn) for each in found] == [1, 3, 5, 7]


def test_at_uneven_times():
    times = np.sort(np.random.default_rng(1).uniform(0, 8, 90))
    found = swings(wave(times), times, 30, 60)
    assert [each.turn for each in found] == pytest.approx([1, 3, 5, 7], abs=0.1)


def test_a_long_rest_before_is_not_part_of_it():
    line = np.concatenate([np.zeros(5 * FPS), wave()[: 2 * FPS], np.full(5 * FPS, 10.0)])
    (each,) = swings(line, np.arange(len(line)) / FPS, 30, 60)
    assert 5 < each.start < 5.3 and 6.6 < each.end < 7 and each.way == pytest.approx(100, abs=6)


def test_nothing_of_nothing():
    assert swings(np.full(10, np.nan), np.arange(10.0), 30, 60) == []
    assert swings(np.array([80.0]), np.array([0.0]), 30, 60) == []


def test_the_way_is_counted_from_the_rest_that_is_near():
    """What was lower two seconds before, or is after, does not count."""
    deep, rest = np.full(2 * FPS, -50.0), np.full(2 * FPS, 10.0)
    line = np.concatenate([deep, rest, 10 + 0.9 * wave()[: 2 * FPS], rest, deep])
    (each,) = swings(line, np.arange(len(line)) / FPS, 30, 60)
    onset = np.arccos(0.8) / np.pi
    assert each.way == pytest.approx(90, abs=0.1)
    assert (each.start, each.end) == pytest.approx((4 + onset, 6 - onset), abs=0.01)


def test_a_stay_at_the_top_turns_in_its_middle():
    line = np.concatenate([wave()[:FPS], np.full(FPS, 100.0), wave()[FPS : 2 * FPS], np.zeros(FPS)])
    (each,) = swings(line, np.arange(len(line)) / FPS, 30, 60)
    assert each.turn == pytest.approx(1.5, abs=0.03)
