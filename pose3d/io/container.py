"""Opens a stranger's video file and nothing else: the stream that players show, as far as it can be read."""

from __future__ import annotations

import contextlib
import functools
import stat
from collections import Counter
from collections.abc import Generator, Iterator
from itertools import islice
from pathlib import Path
from typing import cast

import av
from av.audio.stream import AudioStream
from av.codec.codec import Codec, UnknownCodecError
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from typing_extensions import TypeVar

from pose3d.core.errors import LimitError, VideoError
from pose3d.core.quotas import quotas

WITH_HEADER = (
    "mov matroska webm avi mpegvideo m4v h264 hevc vvc av1 obu ivf h261 h263 vc1 asf mjpeg gif apng webp_anim "
    "webp_pipe jpeg_pipe png_pipe yuv4mpegpipe dv mxf nut rm mp3 aac wav flac"
)
"""What ffmpeg may take a file for, where a header tells of all streams."""
WITHOUT_HEADER = "mpegts mpeg flv live_flv ogg gxf wtv swf nsv"
"""The same, where streams may turn up anywhere. Playlists and scripts (hls, dash, concat, sdp) are in neither: they
would open other files."""

DISCS = {"mpeg"}
"""Of these, what discs had: the order of its pictures is known by decoding them only."""
OF_DISCS = "mpeg1video,mpeg2video"
"""Decoders of theirs; their pictures end at 16383 pixels a side."""

Kind = TypeVar("Kind", bound=Stream, default=Stream)
"""Of a stream: pictures, sound."""

HIDDEN = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.dependent
"""Picture streams that no player shows as the video: covers, previews, depth maps."""

ZERO_CLOCK = {"mov", "matroska"}
"""Formats whose clock starts at 0 in a browser, whatever the first stamp is; other clocks start at the first stamp."""

MADE_UP_STAMPS = 1
"""ffmpeg's flag AVFMT_FLAG_GENPTS, which PyAV sets: it invents stamps, wrong ones where frames are reordered."""

LOOKED_THROUGH = 1000
"""Packets, to find out which of several streams are more than a single picture."""

MAX_FAULTS = 100
"""In a row, until reading on is given up."""


def readable(path: str | Path) -> Path:
    """The path, if it may be read as a video; "~/" is the home folder. Raises VideoError, LimitError."""
    path = Path(path)
    try:
        if path.parts[:1] == ("~",) and not path.exists():
            path = path.expanduser()
        found = path.stat()
    except PermissionError as e:
        raise VideoError("forbidden_file", path=path) from e
    except (OSError, ValueError, RuntimeError) as e:
        raise VideoError("no_file", path=path) from e
    if not stat.S_ISREG(found.st_mode):
        raise VideoError("not_a_file", path=path)
    if found.st_size == 0:
        raise VideoError("empty_file", name=path.name)
    if found.st_size > quotas().file_mb * 1e6:
        raise LimitError("file_too_large", name=path.name, size=found.st_size / 1e6, limit=quotas().file_mb)
    return path


@contextlib.contextmanager
def opened(path: Path) -> Generator[InputContainer]:
    """The container, with the stamps that the file really holds. Raises VideoError where it is nothing that plays."""
    try:
        container = _open(path, codec_whitelist=_sound_codecs())
        names = set(container.format.name.split(","))
        if names & DISCS:
            container = _looked_into(path, container, codec_whitelist=f"{_sound_codecs()},{OF_DISCS}")
        elif not names & set(WITHOUT_HEADER.split()):
            container = _looked_into(path, container, max_pixels=_most_pixels())
    except PermissionError as e:
        raise VideoError("forbidden_file", path=path) from e
    except (FFmpegError, OSError, ValueError) as e:
        raise VideoError("unreadable_video", name=path.name) from e
    with container:
        container.flags &= ~MADE_UP_STAMPS
        yield container


def _open(path: Path, **options: str) -> InputContainer:
    formats = f"{WITH_HEADER} {WITHOUT_HEADER}".replace(" ", ",")
    alone = {"format_whitelist": formats, "protocol_whitelist": "file", **options}
    # "file:" keeps a colon in a name from being taken for a protocol
    return av.open(f"file:{path}", options=alone, metadata_errors="ignore")


def _looked_into(path: Path, container: InputContainer, **options: str) -> InputContainer:
    """The container with what only decoding tells, such as the order of its pictures.

    ffmpeg decodes while it opens a file, pictures of any size unless options of the streams forbid it, and these reach
    the streams of a header only. So a file is first opened with no decoder for pictures.
    """
    with container:
        for stream in container.streams.video:
            if not stream.disposition & HIDDEN:
                _check_stream(stream, path)
    return _open(path, **options)


def _check_stream(stream: VideoStream, path: Path) -> None:
    """Raises LimitError where a stream's pictures are known to be too large."""
    if has_decoder(stream):
        check_size(stream.codec_context.width, stream.codec_context.height, path)


def check_size(width: int, height: int, path: Path) -> None:
    """Raises LimitError where pictures of a file are too large."""
    limit = quotas().megapixels
    if width * height > limit * 1e6:
        raise LimitError("picture_too_large", name=path.name, width=width, height=height, limit=limit)


def _most_pixels() -> str:
    """As ffmpeg's options take it."""
    return str(int(quotas().megapixels * 1e6))


@functools.cache
def _sound_codecs() -> str:
    """All of ffmpeg's, as its options take them."""
    return ",".join(name for name in av.codecs_available if _decodes_sound(name))


def _decodes_sound(codec: str) -> bool:
    try:
        return Codec(codec, "r").type == "audio"
    except UnknownCodecError:  # it encodes only
        return False


def moving_pictures(container: InputContainer, path: Path) -> VideoStream:
    """The stream that players show, ready to be decoded: the default one, else the first; a single picture comes last.

    Raises VideoError where there is none, LimitError where its pictures are too large.
    """
    visible = [stream for stream in container.streams.video if not stream.disposition & HIDDEN]
    if not visible:
        if container.streams.audio:
            raise VideoError("no_picture", name=path.name)
        raise VideoError("unreadable_video", name=path.name)
    streams = [stream for stream in visible if has_decoder(stream)]
    if not streams:
        raise VideoError("unknown_codec", name=path.name)
    moving = _moving(path) if len(streams) > 1 else set[int]()
    stream = min(streams, key=lambda s: (s.index not in moving, not s.disposition & Disposition.default, s.index))
    _check_stream(stream, path)
    stream.codec_context.options = {"max_pixels": _most_pixels()}  # pictures may grow within a stream
    stream.thread_type = "AUTO"
    return stream


def has_decoder(stream: VideoStream | AudioStream) -> bool:
    """Whether ffmpeg knows the codec of a stream; without, it has no codec_context, unlike what av's types say."""
    return stream.codec_context is not None  # pyright: ignore[reportUnnecessaryComparison]


def _moving(path: Path) -> set[int]:
    """Indices of the streams that have more than one packet near the file's start, or in all where that is short."""
    with opened(path) as container:
        seen = Counter(packet.stream_index for packet in islice(packets(container), LOOKED_THROUGH) if packet.size)
    return {index for index, count in seen.items() if count > 1}


def clock_start(container: InputContainer) -> float:
    """Seconds on the stamps' clock at which a player's clock shows 0."""
    if ZERO_CLOCK & set(container.format.name.split(",")):
        return 0.0
    return (container.start_time or 0) / 1e6


def packets(container: InputContainer, stream: Kind | None = None) -> Iterator[Packet[Kind]]:
    """A stream's packets (without one: all streams'), past damaged places, to where the file ends or breaks off.

    The last ones are empty; they flush the decoders. One that the file's end tears apart is left out: a decoder with
    several threads would report it only when flushed, and keep the pictures before it.
    """
    faults, torn = 0, None
    while faults < MAX_FAULTS:
        try:
            for packet in _demuxed(container, stream):
                faults = 0
                if torn and packet.size:
                    yield torn
                torn = packet if packet.is_corrupt else None
                if not torn:
                    yield packet
            return
        except FFmpegError:
            faults += 1


def _demuxed(container: InputContainer, stream: Kind | None) -> Iterator[Packet[Kind]]:
    # av's types know of each kind of stream that its packets are of that kind, but not of any kind
    return cast("Iterator[Packet[Kind]]", container.demux(stream) if stream else container.demux())


def decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """A stream's frames in the order in which they are shown; what cannot be decoded is left out."""
    for packet in packets(container, stream):
        with contextlib.suppress(FFmpegError):
            yield from packet.decode()
