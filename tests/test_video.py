import os
import shutil
import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest

from clips import encoded, remuxed, write_matrix, write_sound, write_video
from pose3d.core.errors import ConfigError, LimitError, VideoError
from pose3d.core.video import WHOLE, Orientation, Span
from pose3d.io import video
from pose3d.io.clock import growing
from pose3d.io.hdr import tone_mapped
from pose3d.io.video import frames, frames_at, length, probe
from pose3d.io.writer import VideoWriter

CASES = Path(__file__).parent / "data" / "cases"

STEADY = [i / 30 for i in range(20)]
JUMPY = [0, 0.03, 0.1, 0.11, 0.5, 0.54, 1.3]


@pytest.mark.parametrize("times", [STEADY, JUMPY, [0.0]])
def test_times_survive_writing_and_reading(tmp_path, times):
    path = write_video(tmp_path / "clip.mp4", times)
    np.testing.assert_allclose([f.time for f in frames(path)], times, atol=1e-3)
    np.testing.assert_allclose(probe(path).times, times, atol=1e-3)


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
    np.testing.assert_allclose(probe(path, span).times, expected, atol=1e-3)


# Each row: frames, width, height, rotation, mirrored, offset, seconds of the last frame
READ = {
    "cover_art_first.mp4": (60, 540, 960, False, 0.0, 59 / 30),
    "enters_late.mp4": (150, 640, 360, False, 0.0, 149 / 30),
    "h264_b_frames.avi": (60, 540, 960, False, 0.0, 59 / 30),
    "hdr_hlg.mov": (60, 540, 960, False, 0.0, 59 / 30),
    "mirrored_matrix_hflip.mp4": (60, 540, 960, True, 0.0, 59 / 30),
    "non_square_pixels.mp4": (60, 270, 480, False, 0.0, 59 / 30),
    "non_square_pixels_reference.mp4": (60, 270, 480, False, 0.0, 59 / 30),
    "person_far_away.mp4": (40, 1920, 1080, False, 0.0, 39 / 30),
    "pictures_start_after_sound.mp4": (60, 540, 960, False, 1.0, 59 / 30),
    "small.mp4": (12, 540, 960, False, 0.0, 11 / 30),
    "ten_fps.mp4": (50, 320, 320, False, 0.0, 4.9),
    "trimmed_without_reencoding.mp4": (114, 540, 960, False, 0.0, 3.767),
    "two_frames_at_one_time.mkv": (45, 270, 480, False, 0.0, 1.467),
    "upper_body_only.mp4": (138, 640, 224, False, 0.0, 137 * 1001 / 30000),
    "variable_rate_30_then_10.mp4": (100, 640, 640, False, 0.0, 4.9),
    "webcam_header_says_1000_fps.webm": (240, 256, 256, False, 0.0, 7.962),
}


@pytest.mark.parametrize("name", READ)
def test_files_that_people_have(name):
    count, width, height, mirrored, offset, last = READ[name]
    info = probe(CASES / name)
    assert (len(info), info.width, info.height, info.mirrored) == (count, width, height, mirrored)
    assert info.offset == pytest.approx(offset, abs=1e-3) and info.times[-1] == pytest.approx(last, abs=2e-3)
    read = list(frames(CASES / name))
    np.testing.assert_array_equal([frame.time for frame in read], info.times)
    assert {frame.image.shape for frame in read} == {(height, width, 3)}


def test_rate_is_that_of_the_stamps():
    assert probe(CASES / "webcam_header_says_1000_fps.webm").fps == pytest.approx(30, abs=0.05)
    assert probe(CASES / "variable_rate_30_then_10.mp4").fps == pytest.approx(30, abs=0.01)
    assert probe(CASES / "ten_fps.mp4").fps == pytest.approx(10, abs=0.01)


def test_a_long_video_is_read_in_part():
    path = CASES / "eleven_minutes.mp4"
    count, seconds = length(path)
    assert (count, round(seconds)) == (660, 660)
    assert len(probe(path, Span(max_frames=100))) == 100
    assert len(list(frames(path, Span(max_frames=3)))) == 3
    with pytest.raises(LimitError, match="lasts 660 s"):
        probe(path)


def test_a_part_is_the_same_frames():
    path = CASES / "variable_rate_30_then_10.mp4"
    whole, late = list(frames(path)), list(frames(path, Span(start=2.5)))
    assert len(late) == 25 and probe(path, Span(start=2.5)).duration == pytest.approx(2.5, abs=0.01)
    for frame, same in zip(late, whole[75:], strict=True):
        assert frame.time == same.time and np.array_equal(frame.image, same.image)


@pytest.mark.parametrize("start", [0.0, 0.5, 1.0, 2.0, 3.7])
def test_a_part_of_a_trimmed_file_is_the_same_frames(start):
    path = CASES / "trimmed_without_reencoding.mp4"
    whole = [frame for frame in frames(path) if frame.time >= start - 1e-6]
    late = list(frames(path, Span(start=start)))
    assert [frame.time for frame in late] == [frame.time for frame in whole]
    assert np.array_equal(late[0].image, whole[0].image)


def test_repeated_stamps_are_spread():
    np.testing.assert_allclose(growing(np.array([0, 0.1, 0.1, 0.2]), 1), [0, 0.1, 0.15, 0.2])
    np.testing.assert_allclose(growing(np.array([0, 0.1, 0.2, 0.2]), 1), [0, 0.1, 0.2, 0.3])
    np.testing.assert_allclose(growing(np.zeros(3), 1 / 30), np.arange(3) / 30)


# a, b, c, d of a display matrix, x' = ax + cy, y' = bx + dy, and where the mark of the upper left corner goes
MATRICES = {
    (1, 0, 0, 1): ("top", "left"),
    (0, 1, -1, 0): ("top", "right"),
    (-1, 0, 0, -1): ("bottom", "right"),
    (0, -1, 1, 0): ("bottom", "left"),
    (-1, 0, 0, 1): ("top", "right"),
    (1, 0, 0, -1): ("bottom", "left"),
    (0, 1, 1, 0): ("top", "left"),
    (0, -1, -1, 0): ("bottom", "right"),
}


@pytest.mark.parametrize("matrix", MATRICES)
def test_every_display_matrix(tmp_path, matrix):
    path = write_video(tmp_path / "clip.mp4", STEADY, size=(64, 48))
    write_matrix(path, matrix)
    info, image = probe(path), next(frames(path)).image
    turned = matrix[0] == 0
    assert (info.width, info.height) == ((48, 64) if turned else (64, 48)) and image.shape == (
        info.height,
        info.width,
        3,
    )
    assert info.mirrored == (matrix[0] * matrix[3] - matrix[1] * matrix[2] < 0)
    assert corner(image) == MATRICES[matrix]


def corner(image):
    """Where the white mark is."""
    rows, columns = image[:4].mean() > image[-4:].mean(), image[:, :4].mean() > image[:, -4:].mean()
    return "top" if rows else "bottom", "left" if columns else "right"


@pytest.mark.parametrize(
    ("orientation", "place"),
    [
        (Orientation(90), ("bottom", "left")),
        (Orientation(180), ("bottom", "right")),
        (Orientation(270), ("top", "right")),
        (Orientation(0, True), ("top", "right")),
        (Orientation(90, True), ("bottom", "right")),
    ],
)
def test_as_the_viewer_wants_it(tmp_path, orientation, place):
    path = write_video(tmp_path / "clip.mp4", STEADY, size=(64, 48))
    info, image = probe(path, orientation=orientation), next(frames(path, orientation=orientation)).image
    assert corner(image) == place and image.shape == (info.height, info.width, 3)
    assert (info.rotation, info.mirrored) == (0, False), "that is what the file says"


def test_mirrored_file_is_as_players_show_it():
    image = next(frames(CASES / "mirrored_matrix_hflip.mp4")).image.astype(float)
    plain = next(frames(CASES / "small.mp4")).image.astype(float)
    assert np.abs(image[:, ::-1] - plain).mean() < 8 < np.abs(image - plain).mean(), "upright, and mirrored"


def test_pixels_are_square():
    image, reference = (
        next(frames(CASES / f"non_square_pixels{end}.mp4")).image.astype(float) for end in ("", "_reference")
    )
    assert np.abs(image - reference).mean() < 4


def test_high_dynamic_range_is_not_grey():
    image = next(frames(CASES / "hdr_hlg.mov")).image
    plain = next(frames(CASES / "small.mp4")).image
    assert image.std() > 0.8 * plain.std() and abs(image.mean() - plain.mean()) < 40


@pytest.mark.parametrize(("curve", "white"), [(18, 0.75), (16, 0.58)])
def test_white_paper_is_white_after_tone_mapping(curve, white):
    """BT.2408: white paper is at 75 % of HLG's signal and 58 % of PQ's."""
    levels = np.array([0, white / 2, white, 1.0])
    signal = np.repeat(np.round(255 * levels).astype(np.uint8)[None, :, None], 3, 2)
    out = tone_mapped(signal, curve)[0, :, 0].astype(int)
    assert out[0] == 0 and 225 <= out[2] < out[3] <= 255
    assert (np.diff(out) > 0).all()


def test_a_raw_stream_has_times(tmp_path):
    path = remuxed(CASES / "small.mp4", tmp_path / "clip.h264", "h264")
    info = probe(path)
    assert len(info) == len(list(frames(path))) == 12 and info.fps == pytest.approx(30)


@pytest.mark.parametrize(("form", "suffix"), [("mpegts", "ts"), ("matroska", "mkv"), ("mov", "mov")])
def test_other_containers(tmp_path, form, suffix):
    path = remuxed(CASES / "small.mp4", tmp_path / f"clip.{suffix}", form)
    info = probe(path)
    assert len(info) == 12 == len(list(frames(path)))
    np.testing.assert_allclose(info.times, np.arange(12) / 30, atol=2e-3)
    plain = [frame.image for frame in frames(CASES / "small.mp4")]
    assert all(np.array_equal(a.image, b) for a, b in zip(frames(path), plain, strict=True)), "in the right order"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_that_ends_early_is_used_as_far_as_it_goes(tmp_path, share):
    source = remuxed(CASES / "trimmed_without_reencoding.mp4", tmp_path / "whole.ts", "mpegts")
    path = tmp_path / "cut.ts"
    path.write_bytes(source.read_bytes()[: int(share * source.stat().st_size)])
    read = len(list(frames(path)))
    assert share * 80 < read < 144


def test_damage_in_the_middle_costs_only_what_is_damaged(tmp_path):
    path = Path(shutil.copy(CASES / "variable_rate_30_then_10.mp4", tmp_path))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = bytes(2000)
    path.write_bytes(data)
    times = [frame.time for frame in frames(path)]
    assert len(times) > 60 and all(np.diff(times) > 0) and times[-1] > 4


@pytest.mark.parametrize("name", ["a:b.mp4", "-dash.mp4", "two\nlines.mp4", os.fsdecode(b"latin\xe9.mp4"), "%d.mp4"])
def test_any_name(tmp_path, name, monkeypatch):
    shutil.copy(CASES / "small.mp4", tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / name, Path(name)):
        assert len(probe(path)) == len(list(frames(path))) == 12


def test_a_playlist_opens_nothing_else(tmp_path):
    """A file that names others is no video, also where the others are there."""
    segment = remuxed(CASES / "small.mp4", tmp_path / "segment.ts", "mpegts")
    texts = {
        "list.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{segment}\n#EXT-X-ENDLIST\n",
        "list.ffconcat": f"ffconcat version 1.0\nfile {segment.name}\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(VideoError, match="not a video"):
            probe(tmp_path / name)


def test_a_still_is_no_video(tmp_path):
    path = tmp_path / "song.mp4"
    write_sound(path)
    with pytest.raises(VideoError, match="no moving picture"):
        probe(path)


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file(tmp_path, kind):
    path = tmp_path / kind
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    with pytest.raises(VideoError, match="is no file"):
        probe(path)


def test_sound_goes_with_the_pictures(tmp_path):
    info = probe(CASES / "pictures_start_after_sound.mp4", Span(start=0.5, end=1.5))
    path = tmp_path / "clip.mp4"
    with VideoWriter(path, 64, 48, 30, sound_of=info) as writer:
        for time in info.times:
            writer.add(np.zeros((48, 64, 3), np.uint8), float(time))
    with av.open(str(path)) as clip:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in clip.decode(clip.streams.audio[0])])
    assert len(sound) / 48000 == pytest.approx(1.0, abs=0.06)
    with av.open(str(info.path)) as source:
        own = source.streams.audio[0]
        whole = np.concatenate([frame.to_ndarray()[0] for frame in source.decode(own)])
    rate = own.codec_context.sample_rate
    loud = np.abs(whole[round(1.5 * rate) : round(2.5 * rate)]).mean()
    assert np.abs(sound).mean() == pytest.approx(loud, rel=0.15)


def test_frames_are_decoded_one_at_a_time(monkeypatch):
    """Before the tenth frame is asked for, the decoder must not have made them all."""
    made = 0
    original = video.decoded

    def counted(*args):
        nonlocal made
        for frame in original(*args):
            made += 1
            yield frame

    probe(CASES / "ten_fps.mp4")
    monkeypatch.setattr(video, "decoded", counted)
    stream = frames(CASES / "ten_fps.mp4")
    for _ in range(10):
        next(stream)
    assert made == 10


def test_one_frame_is_in_memory(tmp_path):
    path = write_video(tmp_path / "clip.mp4", [k / 30 for k in range(100)], size=(320, 240))
    size = 0
    tracemalloc.start()
    for frame in frames(path):
        size = frame.image.nbytes
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * size


@pytest.mark.parametrize("name", ["two\nlines.mp4", os.fsdecode(b"latin\xe9.mp4")])
def test_a_sentence_about_any_name_can_be_printed(tmp_path, name):
    (tmp_path / name).write_text("not a video")
    with pytest.raises(VideoError) as caught:
        probe(tmp_path / name)
    for language in ("en", "zh"):
        sentence = caught.value.worded(language)
        assert sentence.encode() and sentence.isprintable()


def test_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    write_video(tmp_path / "clip.mp4", STEADY)
    assert len(probe("~/clip.mp4")) == len(list(frames("~/clip.mp4"))) == 20


def test_a_link_is_followed(tmp_path):
    write_video(tmp_path / "clip.mp4", STEADY)
    (tmp_path / "link.mp4").symlink_to(tmp_path / "clip.mp4")
    assert len(probe(tmp_path / "link.mp4")) == 20


def test_nothing_is_left_behind_by_a_failed_write(tmp_path):
    with pytest.raises(RuntimeError), VideoWriter(tmp_path / "clip.mp4", 64, 48, 30) as writer:
        writer.add(np.zeros((48, 64, 3), np.uint8), 0)
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def broken(folder, kind):
    path = folder / f"{kind}.mp4"
    if kind == "text":
        path.write_text("not a video " * 100)
    elif kind == "empty":
        path.touch()
    elif kind == "sound":
        write_sound(path)
    return path


@pytest.mark.parametrize(
    "kind, message",
    [
        ("text", "not a video"),
        ("empty", "is empty"),
        ("sound", "no moving picture"),
        ("missing", "no file"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, kind, message):
    with pytest.raises(VideoError, match=message) as caught:
        probe(broken(tmp_path, kind))
    assert kind in str(caught.value) and "\n" not in str(caught.value)


def test_limits(tmp_path, allow):
    path = write_video(tmp_path / "clip.mp4", STEADY)
    allow(video_seconds=0.3)
    with pytest.raises(LimitError, match="lasts 1 s"):
        probe(path)
    assert len(probe(path, Span(end=0.2))) == 6
    allow(file_mb=0.0001)
    with pytest.raises(LimitError, match="over the limit"):
        probe(path)


def test_start_after_the_end(tmp_path):
    with pytest.raises(ConfigError, match="before the start"):
        probe(write_video(tmp_path / "clip.mp4", STEADY), Span(start=5))
    with pytest.raises(ConfigError, match="start must lie before the end"):
        Span(2, 1)


def test_single_frames_are_those_of_the_whole(tmp_path):
    """Also of files whose pictures have no stamps, and without decoding what comes before the last keyframe."""
    path = encoded(tmp_path / "long.mp4", count=90, options={"g": "30"})
    whole = list(frames(path))
    times = np.array([whole[k].time for k in (0, 29, 30, 71, 89)])
    found = list(frames_at(path, times))
    np.testing.assert_array_equal([frame.time for frame in found], times)
    for frame, k in zip(found, (0, 29, 30, 71, 89), strict=True):
        np.testing.assert_array_equal(frame.image, whole[k].image)
    assert list(frames_at(path, np.array([99.0]))) == []
    with pytest.raises(VideoError):
        next(frames_at(tmp_path / "none.mp4", times))


def test_single_frames_are_turned_as_all_are(tmp_path):
    path = encoded(tmp_path / "clip.mp4", count=10)
    turn = Orientation(90, mirror=True)
    (found,) = frames_at(path, np.array([0.1]), turn)
    np.testing.assert_array_equal(found.image, list(frames(path, WHOLE, turn))[3].image)
