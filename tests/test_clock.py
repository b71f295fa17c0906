"""Files whose time stamps are missing, repeated, wrong, or count from anywhere: every picture once, times that grow."""

import numpy as np
import pytest

from clips import encoded, remuxed
from pose3d.core.video import Span
from pose3d.io.video import frames, length, probe

COUNT = 60
STEADY = np.arange(COUNT) / 30
PLAIN = {"bf": "0"}
REORDERED = {"bf": "2", "g": "12"}


def read(path, span=None):
    """Times of probe, which are those of frames."""
    span = span or Span()
    times = probe(path, span).times
    np.testing.assert_array_equal([frame.time for frame in frames(path, span)], times)
    return times


# What is believed of stamps (seconds of packet k) that cannot be true, and how far (seconds) times may be off
WRONG = {
    "repeated": (lambda k: (k - (k % 7 == 3)) / 30, 0.002),
    "all the same": (lambda k: 0.0, 0.002),
    "one falls back": (lambda k: k / 30 - (0.05 if k == 20 else 0), 0.035),
    "one is far ahead": (lambda k: k / 30 + (5000 if k == 20 else 0), 0.002),
    "one is a little ahead": (lambda k: k / 30 + (90 if k == 20 else 0), 0.002),
    "one is zero": (lambda k: 0.0 if k == 20 else k / 30, 0.002),
    "set back": (lambda k: k % 30 / 30, 0.002),
    "set back a little": (lambda k: k / 30 - (0.5 if k >= 30 else 0), 0.002),
    "set forward": (lambda k: k / 30 + (9000 if k >= 30 else 0), 0.002),
    "from afar": (lambda k: k / 30 + 4000, 0.002),
}


def restamped(path, stamps):
    """Writes seconds `stamps(k)` over an FLV's: no muxer would write some of these."""
    data, place, k = bytearray(path.read_bytes()), 13, 0
    while place < len(data):
        size = int.from_bytes(data[place + 1 : place + 4], "big")
        if data[place] == 9 and data[place + 12] == 1:
            stamp = round(stamps(k) * 1000).to_bytes(4, "big")
            data[place + 4 : place + 8] = stamp[1:] + stamp[:1]
            k += 1
        place += 11 + size + 4
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("options", [PLAIN, REORDERED], ids=["plain", "reordered"])
@pytest.mark.parametrize("kind", WRONG)
def test_wrong_stamps(tmp_path, kind, options):
    stamps, off = WRONG[kind]
    if kind == "repeated" and options is REORDERED:
        off = 0.034  # one frame: those of decoding repeat, where they are shown is told relative to them
    path = restamped(encoded(tmp_path / "clip.flv", options=options), stamps)
    times = read(path)
    assert len(times) == COUNT and (np.diff(times) > 0).all()
    np.testing.assert_allclose(times, STEADY, atol=off + 0.001)
    np.testing.assert_array_equal(read(path, Span(start=0.8)), times[times >= 0.8])


@pytest.mark.parametrize("form", ["matroska", "mp4", "mpegts"])
def test_shown_before_decoded_or_long_after(tmp_path, form):
    """Times of showing that fall while those of decoding are sound."""
    source = encoded(tmp_path / "source.mp4", options=PLAIN)

    def edit(k, packet):
        unit = round(1 / 30 / packet.time_base)
        packet.dts, packet.pts = k * unit, (k + 5 + (9000 if k == 20 else 0) - (3 if k == 40 else 0)) * unit
        return packet

    times = read(remuxed(source, tmp_path / "clip", form, edit))
    assert len(times) == COUNT and times[-1] == pytest.approx(STEADY[-1], abs=0.04)


@pytest.mark.parametrize("codec", ["mpeg4", "mjpeg", "libx264"])
def test_pictures_out_of_order_without_times(tmp_path, codec):
    """AVI tells only when pictures are decoded, a raw stream nothing."""
    options = {} if codec == "mjpeg" else {"bf": "2"}
    path = tmp_path / ("clip.h264" if codec == "libx264" else "clip.avi")
    encoded(path, codec, options=options, pixels="yuvj420p" if codec == "mjpeg" else "yuv420p", rate=25)
    np.testing.assert_allclose(read(path), np.arange(COUNT) / 25, atol=1e-6)


@pytest.mark.parametrize("rate", [10, 24, 120])
def test_a_raw_stream_has_its_codecs_rate(tmp_path, rate):
    assert probe(encoded(tmp_path / "clip.h264", rate=rate)).fps == pytest.approx(rate)


def test_recordings_set_end_to_end(tmp_path):
    """Two transport streams as one file: the clock starts again in the middle."""
    part = encoded(tmp_path / "part.ts", options=REORDERED)
    path = tmp_path / "whole.ts"
    path.write_bytes(part.read_bytes() * 2)
    np.testing.assert_allclose(read(path), np.arange(2 * COUNT) / 30, atol=0.002)


@pytest.mark.parametrize("cut", [10, 40, 70])
def test_a_recording_that_begins_between_keyframes(tmp_path, cut):
    """Time 0 is the first picture that can be had."""
    source = encoded(tmp_path / "source.ts", options=REORDERED)
    path = tmp_path / "late.ts"
    path.write_bytes(source.read_bytes()[188 * cut :])
    times = read(path)
    assert times[0] == 0 and len(times) in (COUNT - 12, COUNT - 24, COUNT - 36)
    np.testing.assert_allclose(times, STEADY[: len(times)], atol=0.002)


def test_pictures_that_are_never_shown(tmp_path):
    """VP8's alternate reference frames have stamps of their own."""
    source = encoded(tmp_path / "source.webm", "libvpx")

    def edit(k, packet):
        data = bytearray(bytes(packet))
        if k % 10 == 5:
            data[0] &= ~0x10
        hidden = type(packet)(bytes(data))
        hidden.pts, hidden.dts, hidden.time_base = packet.pts, packet.dts, packet.time_base
        hidden.is_keyframe = packet.is_keyframe
        return hidden

    assert len(read(remuxed(source, tmp_path / "clip.webm", None, edit))) == COUNT - 6


def test_an_edit_list_hides_both_ends(tmp_path):
    """Negative stamps become an edit list: what is before it is decoded and not shown."""
    path = encoded(tmp_path / "clip.mp4", options=REORDERED, stamps=lambda k: k / 30 - 0.5)
    times = read(path)
    assert len(times) == COUNT - 15
    np.testing.assert_allclose(times, STEADY[:45], atol=0.001)


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts", "clip.flv", "clip.h264", "clip.mpg", "clip.webm"])
@pytest.mark.parametrize("start", [0.03, 0.41, 1.0, 1.96])
def test_a_part_is_exact(tmp_path, name, start):
    codec = {".mpg": "mpeg2video", ".webm": "libvpx"}.get(name[name.index(".") :], "libx264")
    path = encoded(tmp_path / name, codec, options={"g": "12"} if codec == "libvpx" else REORDERED)
    whole = [frame for frame in frames(path) if frame.time >= start - 1e-6][:5]
    part = list(frames(path, Span(start=start, max_frames=5)))
    assert [frame.time for frame in part] == [frame.time for frame in whole]
    assert all(np.array_equal(a.image, b.image) for a, b in zip(part, whole, strict=True))


def test_only_what_is_needed_of_a_long_video_is_read(tmp_path, monkeypatch):
    """An hour, of which 20 frames are wanted."""
    path = encoded(tmp_path / "clip.mkv", count=1200, rate=1, size=(32, 32), stamps=lambda k: k * 3.0)
    seen = 0

    class Counted:
        def __init__(self, *args):
            self.watched = original(*args)

        def __iter__(self):
            nonlocal seen
            for packet in self.watched:
                seen += 1
                yield packet

        def __getattr__(self, name):
            return getattr(self.watched, name)

    from pose3d.io import video

    original = video._Watched
    monkeypatch.setattr(video, "_Watched", Counted)
    assert len(probe(path, Span(max_frames=20))) == 20 == len(list(frames(path, Span(max_frames=20))))
    assert seen < 60
    assert len(probe(path, Span(end=30))) == 10 and seen < 120
    assert length(path) == (1200, pytest.approx(3600))
