import av
import numpy as np
import pytest

from clips import turn_clockwise, write_sound, write_video
from pose3d.core.errors import ConfigError, LimitError, VideoError
from pose3d.io import video
from pose3d.io.video import Span, VideoWriter, frames, probe

STEADY = [i / 30 for i in range(20)]
JUMPY = [0, 0.03, 0.1, 0.11, 0.5, 0.54, 1.3]


@pytest.mark.parametrize("times", [STEADY, JUMPY, [0.0]])
def test_times_survive_writing_and_reading(tmp_path, times):
    path = write_video(tmp_path / "clip.mp4", times)
    np.testing.assert_allclose([f.time for f in frames(path)], times, atol=1e-3)
    np.testing.assert_allclose(probe(path).timestamps, times, atol=1e-3)


def test_ntsc_rate_stays(tmp_path):
    fps = 30000 / 1001
    path = write_video(tmp_path / "clip.mp4", [i / fps for i in range(60)], fps)
    assert probe(path).fps == pytest.approx(fps, abs=1e-4)


def test_written_for_browsers(tmp_path):
    path = write_video(tmp_path / "clip.mp4", STEADY, size=(65, 49))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (66, 50)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "the index must come first, so that play starts at once"


@pytest.mark.parametrize("span", [Span(0.2), Span(0.2, 0.4), Span(0.2, 0.6, 3), Span(max_frames=7), Span(end=0.3)])
def test_span(tmp_path, span):
    path = write_video(tmp_path / "clip.mp4", STEADY)
    expected = [t for t in STEADY if span.start - 1e-6 <= t < (span.end or 9)][: span.max_frames]
    np.testing.assert_allclose([f.time for f in frames(path, span)], expected, atol=1e-3)
    np.testing.assert_allclose(probe(path, span).timestamps, expected, atol=1e-3)


def test_turned_phone_is_put_upright(tmp_path):
    path = write_video(tmp_path / "clip.mp4", STEADY, size=(64, 48))
    turn_clockwise(path)
    info = probe(path)
    image = next(frames(path)).image
    assert (info.width, info.height) == (48, 64)
    assert image.shape == (64, 48, 3)
    assert image[4, -4].min() > 200 and image[4, 4].max() < 100, "the mark moves to the upper right corner"


def test_nothing_is_left_behind_by_a_failed_write(tmp_path):
    with pytest.raises(RuntimeError), VideoWriter(tmp_path / "clip.mp4", 64, 48, 30) as writer:
        writer.add(np.zeros((48, 64, 3), np.uint8), 0)
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_only_one_frame_is_held(tmp_path):
    stream = frames(write_video(tmp_path / "clip.mp4", STEADY))
    assert next(stream).time == 0  # a generator: the rest is not decoded yet
    stream.close()


def broken(folder, kind):
    path = folder / f"{kind}.mp4"
    if kind == "text":
        path.write_text("not a video " * 100)
    elif kind == "empty":
        path.touch()
    elif kind == "sound":
        write_sound(path)
    elif kind == "truncated":
        write_video(path, [i / 30 for i in range(200)], size=(320, 240))
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


@pytest.mark.parametrize(
    "kind, message",
    [
        ("text", "not a video"),
        ("empty", "is empty"),
        ("sound", "no picture, only sound"),
        ("truncated", "damaged or cut off"),
        ("missing", "no file"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, kind, message):
    with pytest.raises(VideoError, match=message) as caught:
        probe(broken(tmp_path, kind))
    assert kind in str(caught.value) and "\n" not in str(caught.value)


def test_limits(tmp_path, monkeypatch):
    path = write_video(tmp_path / "clip.mp4", STEADY)
    monkeypatch.setattr(video, "MAX_SECONDS", 0.3)
    with pytest.raises(LimitError, match="lasts 1 s"):
        probe(path)
    assert len(probe(path, Span(end=0.2))) == 6
    monkeypatch.setattr(video, "MAX_BYTES", 100)
    with pytest.raises(LimitError, match="over the limit"):
        probe(path)


def test_start_after_the_end(tmp_path):
    with pytest.raises(ConfigError, match="before the start"):
        probe(write_video(tmp_path / "clip.mp4", STEADY), Span(start=5))
    with pytest.raises(ConfigError, match="start must lie before end"):
        Span(2, 1)
