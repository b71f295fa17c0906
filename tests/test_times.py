import numpy as np
import pytest
from scipy.signal import savgol_filter

from pose3d.core.smoothing import smooth
from pose3d.core.times import (
    check_times,
    even_times,
    frame_ends,
    held,
    median_rate,
    nearest,
    nominal_rate,
    nominal_times,
    resampled,
)

WILD = np.cumsum(np.random.default_rng(0).choice([1 / 120, 1 / 60, 1 / 30, 1 / 15], 80))


def test_rate_is_that_of_the_usual_step():
    assert median_rate(np.arange(10) / 25) == pytest.approx(25)
    assert median_rate(np.round(np.arange(300) / 30, 3)) == pytest.approx(30, abs=0.01), "whole milliseconds"
    assert median_rate(np.r_[np.arange(75) / 30, 2.5 + np.arange(25) / 10]) == pytest.approx(30)
    assert median_rate(np.array([5.0])) == 30
    assert median_rate(np.array([0.0, 0.1, 0.196, 0.3])) == pytest.approx(10), "the mean, which is near the median"
    assert median_rate(np.array([0.0, 0.1, 0.2, 0.3, 0.418])) == pytest.approx(4 / 0.418)
    assert median_rate(np.array([0.0, 0.1, 0.2, 0.3, 0.422])) == pytest.approx(10), "more than a twentieth off"


RATES = (10, 12, 12.5, 15, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120, 240)
TELEVISION = (24000 / 1001, 30000 / 1001, 60000 / 1001, 120000 / 1001)


@pytest.mark.parametrize("rate", [*RATES, *TELEVISION])
def test_the_rate_that_a_camera_was_set_to(rate):
    """Stamps in ticks of 90 kHz, then with jitter, then with frames left out."""
    times = 3 + np.round(np.arange(200) / rate * 90_000) / 90_000
    assert nominal_rate(times) == pytest.approx(rate, rel=1e-12)
    assert nominal_rate(np.delete(times, [20, 21, 90])) == pytest.approx(rate, rel=1e-12)
    shaken = times + np.random.default_rng(0).uniform(-0.3, 0.3, 200) / rate
    near = 2e-3 if rate in (*TELEVISION, 24, 30, 60, 120) else 1e-12
    assert nominal_rate(shaken) == pytest.approx(rate, rel=near), "television's rates look like whole ones then"


@pytest.mark.parametrize("rate", [17.5, 29.87, 37.0, 30.05, 500.0])
def test_an_odd_rate_stays_one(rate):
    """A minute at 29.87 would be four frames off the clock of 30."""
    times = 3 + np.arange(1800) / rate
    assert nominal_rate(times) == pytest.approx(rate, rel=1e-9)
    np.testing.assert_allclose(nominal_times(times, nominal_rate(times)), times)


def test_a_frame_that_was_left_out_does_not_slow_the_rate():
    assert nominal_rate(np.delete(np.arange(1800) / 37, 900)) == pytest.approx(37, rel=1e-9)


def test_a_rate_that_changes_is_the_usual_one():
    slower = np.r_[np.arange(75) / 30, 2.5 + np.arange(25) / 10]
    assert nominal_rate(slower) == 30 and nominal_rate(np.array([5.0])) == 30
    assert nominal_rate(np.array([2.0, 2.1])) == pytest.approx(10)
    assert len(nominal_times(slower, 30)) == 148, "every frame of the clock, the last nearest to 4.9 s"
    assert nominal_times(np.array([2.0, 2.26]), 10).tolist() == pytest.approx([2.0, 2.1, 2.2, 2.3])
    assert nominal_rate(np.r_[np.arange(20) * 1e-5, 1.0]) == 1000, "no camera is faster"


@pytest.mark.parametrize("times", [[], [[0.0]], [0, 0], [1, 0.5], [0, np.nan]])
def test_times_must_grow(times):
    with pytest.raises(ValueError, match="times must"):
        check_times(np.array(times, np.float64))


def test_even_times_reach_the_end():
    np.testing.assert_allclose(even_times(np.array([1.0, 1.1, 1.9]), 10), 1 + np.arange(10) / 10)
    assert len(even_times(np.arange(50) / 29.97, 29.97)) == 50
    assert even_times(np.array([3.0]), 30).tolist() == [3.0]
    assert even_times(np.array([0.0, 0.21]), 10).tolist() == pytest.approx([0, 0.1, 0.2, 0.3]), "or just beyond"


def test_values_are_taken_by_real_times():
    values = np.stack([np.sin(WILD), np.cos(WILD)], -1)
    wanted = even_times(WILD, 60)[:-1]
    np.testing.assert_allclose(
        resampled(WILD, values, wanted), np.stack([np.sin(wanted), np.cos(wanted)], -1), atol=2e-3
    )
    np.testing.assert_allclose(resampled(WILD, values, WILD), values)
    np.testing.assert_allclose(resampled(WILD[:1], values[:1], wanted)[-1], values[0])
    np.testing.assert_allclose(resampled(WILD, values, np.array([-9.0, 99.0])), values[[0, -1]])


def test_nearest_frames():
    times = np.array([0.0, 1.0, 3.0])
    assert nearest(times, np.array([-1, 0.4, 0.6, 1.9, 2.1, 9])).tolist() == [0, 0, 1, 1, 2, 2]
    assert nearest(times, np.array([0.5, 2.0])).tolist() == [0, 1], "the earlier of two that are as near"
    assert nearest(times[:1], np.array([-1.0, 5.0])).tolist() == [0, 0]
    assert held(times, np.array([True, False, True]), np.array([0.1, 1.2])).tolist() == [True, False]


def test_a_frame_ends_with_the_next():
    np.testing.assert_allclose(frame_ends(np.array([0.0, 0.1, 0.3, 0.4])), [0.1, 0.3, 0.4, 0.5])
    np.testing.assert_allclose(frame_ends(np.array([2.0])), [2 + 1 / 30])


@pytest.mark.parametrize("fps", [20, 24, 30, 60, 120])
def test_smoothing_is_savitzky_golays_at_a_constant_rate(fps):
    """Also at the clip's ends, and where stamps are in whole milliseconds."""
    values = np.random.default_rng(1).normal(size=(60, 17, 2))
    expected = np.asarray(savgol_filter(values, round(0.2 * fps) // 2 * 2 + 1, 2, axis=0))
    np.testing.assert_allclose(smooth(values, np.arange(60) / fps), expected, atol=1e-5)
    np.testing.assert_allclose(smooth(values, 7 + np.round(np.arange(60) / fps, 3)), expected, atol=0.026)


def test_smoothing_goes_by_real_times():
    """To each frame the quadratic that fits the frames within a tenth of a second best, a fiftieth of that more."""
    values = np.random.default_rng(1).normal(size=80)
    smoothed = smooth(values, WILD)
    for time, value, own in zip(WILD, smoothed, values, strict=True):
        middle = np.clip(time, WILD[0] + 0.1, WILD[-1] - 0.1)
        near = np.abs(WILD - middle) <= 0.1 * 1.02
        fit = np.polyval(np.polyfit(WILD[near] - time, values[near], 2), 0) if near.sum() >= 5 else own
        assert value == pytest.approx(fit, abs=1e-5)


def test_a_clip_of_one_window_is_one_quadratic_and_a_shorter_one_stays():
    values, times = np.random.default_rng(1).normal(size=7), 7 + np.arange(7) / 30
    smoothed = smooth(values, times)
    np.testing.assert_allclose(smoothed, np.polyval(np.polyfit(times - 7, values, 2), times - 7), atol=1e-5)
    assert smoothed.dtype == smooth(values[:6], times[:6]).dtype == np.float32
    np.testing.assert_array_equal(smooth(values[:6], times[:6]), values[:6].astype(np.float32))


def test_smoothing_takes_out_jitter_and_nothing_else():
    clean = np.stack([3 * WILD**2, 1 - WILD], -1)
    np.testing.assert_allclose(smooth(clean, WILD), clean, atol=1e-4, err_msg="a quadratic has no jitter")
    noise = np.random.default_rng(2).normal(size=(600, 2))
    times = np.arange(600) / 60
    assert smooth(noise, times).std() < 0.45 * noise.std(), "0.42 for a window of 13"


@pytest.mark.parametrize("fps", [5, 10, 15])
def test_few_frames_a_second_stay_as_they_are(fps):
    values = np.random.default_rng(3).normal(size=(20, 2)).astype(np.float32)
    np.testing.assert_array_equal(smooth(values, np.arange(20) / fps), values)
    np.testing.assert_array_equal(smooth(values[:1], np.zeros(1)), values[:1])
