"""Containers, codecs, streams, shapes and colours that people's files have, and damage to them."""

from fractions import Fraction

import av
import numpy as np
import pytest
from av.stream import Disposition

from clips import encoded, remuxed, side_by_side, write_matrix
from pose3d.core.errors import LimitError, VideoError
from pose3d.core.video import Orientation, Span
from pose3d.io.video import frames, probe

# name: codec and settings
FORMATS = {
    "mpeg4.avi": ("mpeg4", {}),
    "msmpeg4.avi": ("msmpeg4", {}),
    "raw.avi": ("rawvideo", {}),
    "mpeg2.mpg": ("mpeg2video", {"options": {"bf": "2"}}),
    "mpeg1.mpg": ("mpeg1video", {}),
    "wmv.wmv": ("wmv2", {}),
    "mjpeg.mov": ("mjpeg", {"pixels": "yuvj420p"}),
    "prores.mov": ("prores_ks", {"pixels": "yuv422p10le"}),
    "hevc.mp4": ("libx265", {"options": {"x265-params": "log-level=0"}}),
    "hevc.mkv": ("libx265", {"pixels": "yuv420p10le", "options": {"x265-params": "log-level=0"}}),
    "vp9.webm": ("libvpx-vp9", {}),
    "vp9.mp4": ("libvpx-vp9", {}),
    "h263.3gp": ("h263", {"size": (176, 144)}),
    "gif.gif": ("gif", {"pixels": "rgb8"}),
    "apng.apng": ("apng", {"pixels": "rgb24"}),
    "fragments.mp4": ("libx264", {"muxer": {"movflags": "frag_keyframe+empty_moov"}, "options": {"g": "12"}}),
    "flash.flv": ("flv", {}),
}


@pytest.mark.parametrize("name", FORMATS)
def test_formats(tmp_path, name):
    codec, settings = FORMATS[name]
    path = encoded(tmp_path / name, codec, 30, rate=25, **settings)
    info = probe(path)
    np.testing.assert_allclose(info.times, np.arange(30) / 25, atol=0.001)
    np.testing.assert_array_equal([frame.time for frame in frames(path)], info.times)
    assert not info.ends_early


@pytest.fixture
def moving(tmp_path):
    return encoded(tmp_path / "moving.mp4")


@pytest.mark.parametrize(
    "codec, pixels, ending",
    [("mjpeg", "yuvj420p", e) for e in ("mp4", "mkv", "mov", "avi")] + [("png", "rgb24", e) for e in ("mp4", "mov")],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_cover_is_not_the_video(tmp_path, codec, pixels, ending, first):
    cover = encoded(tmp_path / "cover.mov", codec, 1, pixels=pixels, size=(300, 300))
    moving = encoded(tmp_path / "moving.avi", "mpeg4")
    order = (cover, moving) if first else (moving, cover)
    info = probe(side_by_side(tmp_path / f"clip.{ending}", *order))
    assert (len(info), info.width) == (60, 64)


def test_an_attached_picture_is_not_the_video(tmp_path, moving):
    cover = encoded(tmp_path / "cover.mov", "mjpeg", 1, pixels="yuvj420p", size=(300, 300))
    path = side_by_side(tmp_path / "clip.mp4", cover, moving, dispositions=(Disposition.attached_pic, None))
    assert len(probe(path)) == 60


def test_the_default_stream_is_the_video(tmp_path, moving):
    other = encoded(tmp_path / "other.mp4", count=20, size=(32, 32))
    path = side_by_side(tmp_path / "clip.mkv", other, moving, dispositions=(Disposition(0), Disposition.default))
    assert probe(path).width == 64
    path = side_by_side(tmp_path / "first.mkv", other, moving)
    assert probe(path).width == 32


@pytest.mark.parametrize(
    "aspect, width", [(Fraction(4, 3), 85), (Fraction(3, 4), 48), (Fraction(1, 2), 32), (Fraction(500), 64)]
)
@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts"])
def test_square_pixels(tmp_path, aspect, width, ending):
    path = encoded(tmp_path / f"clip.{ending}", count=2, aspect=aspect)
    info, image = probe(path), next(frames(path)).image
    assert (info.width, info.height) == (width, 48) and image.shape == (48, width, 3)
    assert image.flags.c_contiguous


def test_square_pixels_of_a_turned_file(tmp_path):
    path = encoded(tmp_path / "clip.mp4", count=2, aspect=Fraction(4, 3))
    write_matrix(path, (0, 1, -1, 0))
    info = probe(path)
    assert (info.width, info.height) == (48, 85) and next(frames(path)).image.shape == (85, 48, 3)


EIGHT = [Orientation(rotate, mirror) for rotate in (0, 90, 180, 270) for mirror in (False, True)]


@pytest.mark.parametrize("first", EIGHT, ids=str)
def test_one_orientation_after_another(first):
    image = np.arange(6).reshape(2, 3)

    def turned(image, orientation):
        image = np.rot90(image, orientation.rotate // 90)
        return image[:, ::-1] if orientation.mirror else image

    for second in EIGHT:
        assert np.array_equal(turned(turned(image, first), second), turned(image, first.then(second)))


def test_pictures_that_change_size(tmp_path):
    parts = [encoded(tmp_path / f"{w}.h264", count=20, size=(w, h)) for w, h in ((64, 48), (128, 64))]
    path = tmp_path / "clip.h264"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    assert [frame.image.shape for frame in frames(path)] == [(48, 64, 3)] * 40


COLOUR = (200, 40, 30)


def coloured(path, matrix, declared, limited, size):
    """A plain COLOUR through BT.601 or BT.709."""
    red, blue = {5: (0.299, 0.114), 1: (0.2126, 0.0722)}[matrix]
    r, g, b = np.array(COLOUR) / 255
    y = red * r + (1 - red - blue) * g + blue * b
    u, v = (b - y) / (2 - 2 * blue), (r - y) / (2 - 2 * red)
    values = (16 + 219 * y, 128 + 224 * u, 128 + 224 * v) if limited else (255 * y, 128 + 255 * u, 128 + 255 * v)
    frame = av.VideoFrame(*size, format="yuv420p")
    for plane, value in zip(frame.planes, values, strict=True):
        plane.update(bytes([round(value)]) * plane.buffer_size)
    with av.open(str(path), "w") as writing:
        stream = writing.add_stream("libx264", rate=30, options={"crf": "5"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        context = stream.codec_context
        if declared:
            context.colorspace = frame.colorspace = matrix
            context.color_primaries = context.color_trc = 1
        context.color_range = frame.color_range = 1 if limited else 2
        frame.pts, frame.time_base = 0, Fraction(1, 30)
        writing.mux([*stream.encode(frame), *stream.encode(None)])
    return path


@pytest.mark.parametrize(
    "matrix, declared, limited, size",
    [
        (1, True, True, (64, 48)),
        (5, True, True, (1280, 720)),
        (1, True, False, (64, 48)),
        (5, True, False, (64, 48)),
        (5, False, True, (64, 48)),
        (1, False, True, (1280, 720)),
        (1, False, True, (720, 1280)),
    ],
)
def test_colours_as_players_show_them(tmp_path, matrix, declared, limited, size):
    image = next(frames(coloured(tmp_path / "clip.mp4", matrix, declared, limited, size))).image
    assert np.abs(image.mean(axis=(0, 1)) - COLOUR).max() < 4


DAMAGED = {
    "whole.mp4": {"muxer": {"movflags": "faststart"}},
    "fragments.mp4": {"muxer": {"movflags": "frag_keyframe+empty_moov"}},
    "clip.mkv": {},
    "clip.ts": {},
    "clip.flv": {},
    "clip.h264": {},
}


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_cut_off(tmp_path, name, share):
    """All pictures before the cut; headers tell where something is missing."""
    path = encoded(tmp_path / name, count=120, options={"g": "12"}, **DAMAGED[name])
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    info = probe(path)
    np.testing.assert_array_equal([frame.time for frame in frames(path)], info.times)
    assert share * 120 - 12 < len(info) < share * 120 + 6
    if name in ("whole.mp4", "clip.mkv", "clip.flv") and share < 0.9:
        assert info.ends_early


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("filling", ["zeros", "noise"])
def test_a_damaged_middle(tmp_path, name, filling):
    """What is left out are the pictures that hang on the damaged ones."""
    path = encoded(tmp_path / name, count=120, options={"g": "12"}, **DAMAGED[name])
    data = bytearray(path.read_bytes())
    size = len(data) // 20
    noise = np.random.default_rng(1).integers(0, 256, size, np.uint8).tobytes()
    data[len(data) // 2 : len(data) // 2 + size] = noise if filling == "noise" else bytes(size)
    path.write_bytes(data)
    times = np.array([frame.time for frame in frames(path)])
    assert len(times) >= (50 if name == "fragments.mp4" else 95) and (np.diff(times) > 0).all()
    assert np.isin(times, probe(path).times).all()


def test_a_part_in_which_nothing_can_be_decoded(tmp_path):
    path = encoded(tmp_path / "clip.mp4", count=120, options={"g": "12"}, muxer={"movflags": "faststart"})
    data = bytearray(path.read_bytes())
    data[len(data) // 4 :] = bytes(len(data) - len(data) // 4)
    path.write_bytes(data)
    assert len(list(frames(path))) > 10
    with pytest.raises(VideoError, match="is damaged"):
        list(frames(path, Span(start=3)))


def test_a_lost_index_is_one_sentence(tmp_path):
    path = encoded(tmp_path / "clip.mp4")
    path.write_bytes(path.read_bytes()[: int(0.95 * path.stat().st_size)])
    with pytest.raises(VideoError, match="cut off") as caught:
        probe(path)
    assert "\n" not in str(caught.value)


def test_giants_are_refused_before_they_are_decoded(tmp_path, allow):
    path = encoded(tmp_path / "clip.mp4", count=1)
    allow(megapixels=(64 * 48 - 1) / 1e6)
    with pytest.raises(LimitError, match="64x48 pixels"):
        probe(path)


def test_pictures_that_grow_to_giants_are_left_out(tmp_path, allow):
    parts = [encoded(tmp_path / f"{w}.h264", count=20, size=(w, h)) for w, h in ((64, 48), (640, 480))]
    path = tmp_path / "clip.h264"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    allow(megapixels=200 * 200 / 1e6)
    assert 18 <= len(list(frames(path))) <= 20  # a decoder of several threads may lose the last ones with them


def test_remuxed_pictures_are_the_same(tmp_path, moving):
    images = [frame.image for frame in frames(moving)]
    for ending in ("mkv", "ts", "flv", "nut", "h264"):
        read = [frame.image for frame in frames(remuxed(moving, tmp_path / f"clip.{ending}"))]
        assert len(read) == 60 and all(map(np.array_equal, read, images)), ending
