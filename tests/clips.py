"""Small videos and poses that the tests make."""

from collections.abc import Callable
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.stream import Disposition
from av.video.stream import VideoStream

from pose3d.core.camera import Camera
from pose3d.core.poses import Pose2D
from pose3d.core.skeleton import H36M17
from pose3d.io.writer import VideoWriter

CAMERA = Camera.from_fov(640, 480, 60)


def write_video(path: Path, times: list[float], fps: float = 30, size: tuple[int, int] = (64, 48)) -> Path:
    """Grey frames that get brighter, with a white mark in the upper left corner; size is (width, height)."""
    with VideoWriter(path, *size, fps) as writer:
        for i, time in enumerate(times):
            image = np.full((size[1], size[0], 3), 40 + i % 100, np.uint8)
            image[: size[1] // 3, : size[0] // 3] = 255
            writer.add(image, time)
    return path


def encoded(path: Path, codec: str = "libx264", count: int = 60, **settings: Any) -> Path:
    """A texture that drifts, `count` frames of any codec in the container that the name's ending says.

    settings: rate, size (width, height), pixels (format), options (of the encoder), muxer (options of the container),
    aspect (of a pixel), stamps (seconds of frame k; by default k / rate), form (of the container).
    """
    rate, size = settings.get("rate", 30), settings.get("size", (64, 48))
    tick = Fraction(1, 90_000) if "stamps" in settings else Fraction(1, rate)
    texture = np.random.default_rng(0).integers(0, 255, (size[1] + count, size[0] + count, 3), np.uint8)
    with av.open(str(path), "w", format=settings.get("form"), options=settings.get("muxer", {})) as container:
        stream = container.add_stream(codec, rate=rate, options=settings.get("options", {}))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = settings.get("pixels", "yuv420p")
        stream.codec_context.time_base = tick
        stream.codec_context.sample_aspect_ratio = settings.get("aspect", Fraction(1))
        for k in range(count):
            image = np.ascontiguousarray(texture[k : k + size[1], k : k + size[0]])
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = round(settings.get("stamps", lambda k: Fraction(k, rate))(k) / tick), tick
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def remuxed(source: Path, target: Path, form: str | None = None, edit: Callable[[int, Any], Any] | None = None) -> Path:
    """The same pictures in another container. edit: of packet k, changes its stamps, or leaves it out with None."""
    with av.open(str(source)) as reading, av.open(str(target), "w", format=form) as writing:
        stream = writing.add_stream_from_template(reading.streams.video[0])
        for k, packet in enumerate(reading.demux(reading.streams.video[0])):
            edited = edit(k, packet) if edit and packet.size else packet
            if packet.size and edited:
                edited.stream = stream
                writing.mux(edited)
    return target


def side_by_side(target: Path, *sources: Path, dispositions: tuple[Disposition | None, ...] = ()) -> Path:
    """The pictures of several files as so many streams of one."""
    with ExitStack() as stack:
        writing = stack.enter_context(av.open(str(target), "w"))
        reading = [stack.enter_context(av.open(str(source))) for source in sources]
        streams = [writing.add_stream_from_template(source.streams.video[0]) for source in reading]
        for stream, disposition in zip(streams, dispositions, strict=False):
            if disposition is not None:
                stream.disposition = disposition
        for source, stream in zip(reading, streams, strict=True):
            for packet in source.demux(source.streams.video[0]):
                if packet.size:
                    packet.stream = stream
                    writing.mux(packet)
    return target


def write_beeps(path: Path, pictures_at: float = 0.0, sound_at: float = 0.0, **settings: Any) -> Path:
    """Five seconds that flash and beep at every full second of their common clock.

    pictures_at, sound_at: seconds at which each begins; settings: sound (codec), rate, layout, form.
    """
    rate, layout = settings.get("rate", 44_100), settings.get("layout", "mono")
    with av.open(str(path), "w", format=settings.get("form")) as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 90_000)
        sound = container.add_stream(settings.get("sound", "aac"), rate=rate, layout=layout)
        packets = []
        for k in range(150):
            time = k / 30 + pictures_at
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 255 if _beeps(time) else 20, np.uint8), "rgb24")
            frame.pts, frame.time_base = round(time * 90_000), Fraction(1, 90_000)
            packets += stream.encode(frame)
        times = np.arange(round((5 + pictures_at - sound_at) * rate)) / rate + sound_at
        tone = np.where(_beeps(times), np.sin(2 * np.pi * 1000 * times), 0).astype(np.float32)
        for start in range(0, len(times), 1024):
            samples = np.repeat(tone[None, start : start + 1024], 2 if layout == "stereo" else 1, axis=0)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, start + round(sound_at * rate), Fraction(1, rate)
            packets += sound.encode(frame)
        packets += stream.encode(None) + sound.encode(None)
        for packet in sorted(packets, key=lambda p: (p.pts if p.dts is None else p.dts) * p.time_base):
            container.mux(packet)
    return path


def _beeps(time: Any) -> Any:
    """For one frame's time after a full second."""
    return (time + 1e-6) % 1 < 1 / 30 - 1e-6


def write_matrix(path: Path, matrix: tuple[int, int, int, int]) -> None:
    """Writes a display matrix (a, b, c, d: x' = ax + cy, y' = bx + dy) into an MP4's track header, as cameras do."""
    data = bytearray(path.read_bytes())
    start = data.index(b"tkhd") + 44
    a, b, c, d = (value << 16 for value in matrix)
    values = [a, b, 0, c, d, 0, 0, 0, 1 << 30]
    data[start : start + 36] = b"".join(value.to_bytes(4, "big", signed=True) for value in values)
    path.write_bytes(data)


def write_sound(path: Path) -> Path:
    """A file with sound and no picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.rate = 44100
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return path


def bad_video(folder: Path, kind: str) -> Path:
    """A file that is no usable video, named after what is wrong with it; "missing" is none at all."""
    path = folder / f"{kind}.mp4"
    if kind == "text":
        path.write_text("hello")
    elif kind == "empty":
        path.touch()
    elif kind == "sound":
        write_sound(path)
    elif kind == "nobody":
        write_video(path, [0, 0.1, 0.2], size=(320, 240))
    elif kind == "truncated":
        write_video(path, [i / 30 for i in range(100)], size=(320, 240))
        path.write_bytes(path.read_bytes()[:-3000])
    elif kind == "long":
        write_video(path, [0, 700], size=(320, 240))
    return path


def standing(frames: int) -> np.ndarray:
    """(T, 17, 3) metres in camera space: an upright person facing the camera 4 m away, walking to the right."""
    pose = np.array([
        [0, 0, 0], [-0.09, 0, 0], [-0.1, 0.43, 0], [-0.1, 0.85, 0.02], [0.09, 0, 0], [0.1, 0.43, 0], [0.1, 0.85, 0.02],
        [0, -0.25, 0], [0, -0.5, 0], [0, -0.66, 0], [0, -0.82, 0],
        [0.18, -0.5, 0], [0.22, -0.22, 0], [0.24, 0.03, -0.1], [-0.18, -0.5, 0], [-0.22, -0.22, 0], [-0.24, 0.03, -0.1],
    ], np.float32)  # fmt: skip
    path = np.linspace([-0.5, 0, 4], [0.5, 0, 4.5], frames, dtype=np.float32)
    phase = np.linspace(0, frames / 15 * np.pi, frames, dtype=np.float32)
    xyz = pose + path[:, None]
    for joint, amount in (("RAnkle", 0.3), ("LAnkle", -0.3), ("RWrist", -0.2), ("LWrist", 0.2)):
        xyz[:, H36M17.index(joint), 2] += amount * np.sin(phase)
    return xyz


def pose2d(frames: int) -> Pose2D:
    """`standing` seen by CAMERA."""
    full = np.ones((frames, 17))
    return Pose2D(CAMERA.project(standing(frames)), full.astype(np.float32), full > 0, H36M17, 30.0, CAMERA)


def two_people(left: Path, right: Path, path: Path, frames: int) -> Path:
    """The first frames of two videos in one picture, each 540 pixels wide and 640 high."""
    with av.open(str(left)) as one, av.open(str(right)) as other, VideoWriter(path, 1080, 640, 30) as write:
        pairs = zip(range(frames), one.decode(video=0), other.decode(video=0), strict=False)
        for number, *pair in pairs:
            pictures = [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in pair]
            write.add(np.hstack([pictures[0][200:840], pictures[1][:, 50:590]]), number / 30)
    return path


SMALLER = {"mpeg4": 8000, "libvpx": 8000, "flv": 8000}
"""Pixels a side where the codec takes no 16000, or takes its time."""


def bomb(path: Path, codec: str, pixels: str) -> Path:
    """Two pictures of nothing, large."""
    side = SMALLER.get(codec, 16_000)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=10, options={"preset": "ultrafast", "deadline": "realtime"})
        stream.width = stream.height = side  # pyright: ignore[reportAttributeAccessIssue]
        stream.pix_fmt = pixels  # pyright: ignore[reportAttributeAccessIssue]
        frame = av.VideoFrame(side, side, pixels)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        for k in range(2):
            frame.pts, frame.time_base = k, Fraction(1, 10)
            container.mux(stream.encode(frame))  # pyright: ignore[reportAttributeAccessIssue, reportArgumentType]
        container.mux(stream.encode(None))  # pyright: ignore[reportAttributeAccessIssue]
    return path
