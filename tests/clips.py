"""Small videos and poses that the tests make."""

from pathlib import Path

import av
import numpy as np

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
