"""The rendered clip's sound: in step with its pictures, trimmed to the part, whatever the file's clocks say."""

import av
import numpy as np
import pytest

from clips import write_beeps, write_video
from pose3d.core.video import Span
from pose3d.io.video import frames, probe
from pose3d.io.writer import VideoWriter

# name: where pictures and sound begin, and other settings
FILES = {
    "plain.mp4": {},
    "pictures_later.mp4": {"pictures_at": 1.0},
    "sound_later.mp4": {"sound_at": 1.5},
    "both_later.mkv": {"pictures_at": 0.7, "sound_at": 0.3, "sound": "libopus", "rate": 48_000, "layout": "stereo"},
    "stream.ts": {"pictures_at": 0.7, "form": "mpegts"},
    "camera.mov": {"sound": "pcm_s16le", "layout": "stereo"},
}


def carried(source, target, span=None):
    info = probe(source, span or Span())
    with VideoWriter(target, 64, 48, info.fps, sound_of=info) as writer:
        for frame in frames(source, span or Span()):
            writer.add(frame.image, frame.time)
    return target


def flashes(path):
    """Seconds at which the picture is white."""
    with av.open(str(path)) as container:
        return [frame.time for frame in container.decode(video=0) if frame.to_ndarray(format="gray").mean() > 128]


def sound_of(path):
    """Times (N,) and samples (N,)."""
    with av.open(str(path)) as container:
        decoded = [(frame.time or 0.0, frame.sample_rate, frame.to_ndarray()[0]) for frame in container.decode(audio=0)]
    times = np.concatenate([time + np.arange(len(samples)) / rate for time, rate, samples in decoded])
    return times, np.concatenate([samples for _, _, samples in decoded])


def beeps(path):
    """Seconds at which a tone begins."""
    times, samples = sound_of(path)
    loud = times[np.abs(samples) > 0.3]
    return [loud[0], *loud[1:][np.diff(loud) > 0.3]]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("span", [Span(), Span(1.3, 3.9)], ids=["whole", "part"])
def test_sound_is_in_step(tmp_path, name, span):
    source = write_beeps(tmp_path / name, **FILES[name])
    clip = carried(source, tmp_path / "clip.mp4", span)
    late = 2 if name == "sound_later.mp4" and span == Span() else 0  # the first two flashes have no sound
    heard = beeps(clip)
    np.testing.assert_allclose(heard, flashes(clip)[late:], atol=0.003)
    assert len(heard) >= 2
    times, samples = sound_of(clip)
    assert times[-1] - times[0] == pytest.approx(probe(clip).duration, abs=0.03)
    assert np.abs(samples).max() == pytest.approx(1, abs=0.15), "as loud as before"


def test_a_part_far_into_the_file(tmp_path):
    """Nothing before it needs to be decoded."""
    source = write_beeps(tmp_path / "late.mkv", pictures_at=7.0, sound_at=7.0)
    clip = carried(source, tmp_path / "clip.mp4", Span(2.5, 4.5))
    np.testing.assert_allclose(beeps(clip), flashes(clip), atol=0.003)


def test_no_sound_no_stream(tmp_path):
    source = write_video(tmp_path / "silent.mp4", [0, 0.1, 0.2])
    with av.open(str(carried(source, tmp_path / "clip.mp4"))) as container:
        assert not container.streams.audio


def test_damaged_sound_is_used_as_far_as_it_goes(tmp_path):
    source = write_beeps(tmp_path / "clip.ts")
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    clip = carried(source, tmp_path / "half.mp4")
    assert 1 <= len(beeps(clip)) <= 4
    np.testing.assert_allclose(beeps(clip), flashes(clip)[: len(beeps(clip))], atol=0.003)


def test_sound_that_changes_its_kind_goes_on(tmp_path):
    """As in streams that were cut together: mono, then stereo."""
    parts = [
        write_beeps(tmp_path / f"{layout}.ts", form="mpegts", layout=layout, sound_at=at, pictures_at=at)
        for layout, at in (("mono", 1.0), ("stereo", 8.0))
    ]
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    clip = carried(joined, tmp_path / "clip.mp4")
    assert max(beeps(clip)) > 7


@pytest.mark.parametrize("fps", [0.05, 1, 14.985, 29.97, 59.94, 1000, 1e6])
def test_any_rate_can_be_written(tmp_path, fps):
    times = np.arange(6) / fps
    path = write_video(tmp_path / "clip.mp4", times.tolist(), fps)
    read = probe(path).times
    assert len(read) == 6 and (np.diff(read) > 0).all()
    np.testing.assert_allclose(read, times, atol=6e-5 if fps > 100 else 1e-5 + times[-1] * 1e-5)


def test_colours_survive(tmp_path):
    """At a size at which players would take undeclared colours for others."""
    colours = np.array([[200, 40, 30], [30, 160, 60], [20, 50, 180]], np.uint8)
    image = np.repeat(np.repeat(colours[:, None], 240, 0), 1280, 1)
    with VideoWriter(tmp_path / "clip.mp4", 1280, 720, 30) as writer:
        writer.add(image, 0)
    read = next(frames(tmp_path / "clip.mp4")).image
    np.testing.assert_allclose(read[[120, 360, 600], 640].astype(int), colours, atol=3)
