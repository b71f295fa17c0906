import numpy as np
import pytest

from pose3d.lift.windows import BATCH, over_windows, pad, starts


@pytest.mark.parametrize("frames", [1, 5, 95, 96, 97, 150, 3000])
def test_windows_cover_every_frame(frames):
    clip = np.random.default_rng(0).standard_normal((frames, 17, 2)).astype(np.float32)
    calls = []
    same = over_windows(clip, 96, 48, lambda x: x, lambda done, total: calls.append((done, total)))
    np.testing.assert_allclose(same, clip, atol=1e-5, rtol=1.3e-6)
    assert calls[-1] == (frames, frames)


def test_last_window_ends_with_the_clip():
    assert starts(200, 96, 48) == [0, 48, 96, 104]
    assert starts(96, 96, 48) == starts(5, 96, 48) == [0]


def test_a_short_clip_holds_its_last_frame():
    clip = np.arange(6.0).reshape(3, 2)
    assert pad(clip, 5).tolist() == [[0, 1], [2, 3], [4, 5], [4, 5], [4, 5]]
    assert pad(clip, 2) is not clip and (pad(clip, 2) == clip).all()


def test_the_middle_of_a_window_counts_more():
    """Two windows of four over six frames, which answer 0 and 1: Hann's weights, without the zeros at their ends."""
    answers = np.broadcast_to(np.arange(2.0).reshape(2, 1, 1), (2, 4, 1))
    joined = over_windows(np.zeros((6, 1)), 4, 2, lambda clip: answers, lambda done, total: None)
    outer, inner = (1 - np.cos(2 * np.pi * np.array([1.0, 2.0]) / 5)) / 2
    share = outer / (outer + inner)
    np.testing.assert_allclose(joined[:, 0], [0, 0, share, 1 - share, 1, 1], atol=1e-5)


def test_windows_are_given_in_batches():
    sizes, told = [], []

    def network(clips):
        sizes.append(tuple(clips.shape))
        return clips[..., :1]

    over_windows(np.zeros((4 * (BATCH + 2), 3)), 4, 4, network, lambda *progress: told.append(progress))
    first, frames = 4 * BATCH, 4 * (BATCH + 2)
    assert sizes == [(BATCH, 4, 3), (2, 4, 3)] and told == [(first, frames), (frames, frames)]
