import numpy as np
import pytest
from scipy.signal import savgol_filter

from pose3d.core.smoothing import smooth
from pose3d.core.times import check_times, even_times, frame_ends, held, median_rate, nearest, resampled

WILD = np.cumsum(np.random.default_rng(0).choice([1 / 120, 1 / 60, 1 / 30, 1 / 15], 80))


def test_rate_is_that_of_the_usual_step():
    assert median_rate(np.arange(10) / 25) == pytest.approx(25)
    assert median_rate(np.round(np.arange(300) / 30, 3)) == pytest.approx(30, abs=0.01), "whole milliseconds"
    assert median_rate(np.r_[np.arange(75) / 30, 2.5 + np.arange(25) / 10]) == pytest.approx(30)
    assert median_rate(np.array([5.0])) == 30


@pytest.mark.parametrize("times", [[], [[0.0]], [0, 0], [1, 0.5], [0, np.nan]])
def test_times_must_grow(times):
    with pytest.raises(ValueError, match="times must"):
        check_times(np.array(times, np.float64))


def test_even_times_reach_the_end():
    np.testing.assert_allclose(even_times(np.array([1.0, 1.1, 1.9]), 10), 1 + np.arange(10) / 10)
    assert len(even_times(np.arange(50) / 29.97, 29.97)) == 50
    assert len(even_times(np.array([3.0]), 30)) == 1


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
    assert nearest(times[:1], np.array([5.0])).tolist() == [0]
    assert held(times, np.array([True, False, True]), np.array([0.1, 1.2])).tolist() == [True, False]


def test_a_frame_ends_with_the_next():
    np.testing.assert_allclose(frame_ends(np.array([0.0, 0.1, 0.3, 0.4])), [0.1, 0.3, 0.4, 0.5])


@pytest.mark.parametrize("fps", [24, 30, 60, 120])
def test_smoothing_is_savitzky_golays_at_a_constant_rate(fps):
    values = np.random.default_rng(1).normal(size=(60, 17, 2))
    window = round(0.2 * fps) // 2 * 2 + 1
    inner = slice(window, -window)
    expected = np.asarray(savgol_filter(values, window, 2, axis=0))
    np.testing.assert_allclose(smooth(values, np.arange(60) / fps)[inner], expected[inner], atol=1e-5)


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
