"""Opens a stranger's video file: the stream that players show, and nothing else than that file."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

from pose3d.core.errors import LimitError, VideoError

MAX_BYTES = 500_000_000
MAX_PIXELS = 7680 * 4320
"""Of a picture: 8K."""
FOREIGN = {"hls", "concat", "dash", "webm_dash_manifest", "sdp", "imf", "ffmetadata", "tty", "lavfi"}
"""Formats that only name other files, or make pictures of texts."""
ALONE = {"protocol_whitelist": "none"}
"""A file may name others; none of them is opened."""


def readable(path: Path) -> Path:
    """The path, if it may be read as a video. Raises VideoError, LimitError."""
    try:
        found = path.stat()
    except (OSError, ValueError) as e:
        raise VideoError("no_file", path=path) from e
    if not stat.S_ISREG(found.st_mode):
        raise VideoError("not_a_file", path=path)
    if found.st_size == 0:
        raise VideoError("empty_file", name=path.name)
    if found.st_size > MAX_BYTES:
        raise LimitError("file_too_large", name=path.name, size=found.st_size / 1e6, limit=MAX_BYTES / 1e6)
    return path


@contextlib.contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The container, of a file object: a name can hold a colon, and bytes that are no text. Raises VideoError."""
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            found = av.open(cast(Any, file), metadata_errors="ignore", options=ALONE, buffer_size=1 << 18)
            container = cast(InputContainer, stack.enter_context(found))
        except (FFmpegError, OSError) as e:
            raise VideoError("unreadable_video", name=path.name) from e
        if set(container.format.name.split(",")) & FOREIGN:
            raise VideoError("unreadable_video", name=path.name)
        yield container


def moving_pictures(container: InputContainer, path: Path) -> VideoStream:
    """The stream that players show: no cover art. Raises VideoError where there is none, LimitError for giants."""
    stream = container.streams.best("video")
    if not isinstance(stream, VideoStream) or stream.disposition & Disposition.attached_pic:
        raise VideoError("no_picture", name=path.name)
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > MAX_PIXELS:
        raise LimitError("picture_too_large", name=path.name, width=width, height=height, limit=MAX_PIXELS / 1e6)
    return stream
