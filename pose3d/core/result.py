"""What a run gives back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pose3d.core.camera import Camera
from pose3d.core.errors import ConfigError
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.skeleton import H36M17
from pose3d.io.video import Span, VideoInfo, probe


@dataclass(frozen=True)
class ModelInfo:
    """Which lifter made the poses. sha256: hex digest of its weights file."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Result:
    """A video's poses and where they came from. seconds: wall time by stage."""

    video: VideoInfo
    pose2d: Pose2D
    pose3d: Pose3D
    seconds: dict[str, float]
    model: ModelInfo

    def __post_init__(self) -> None:
        counts = (len(self.video), len(self.pose2d), len(self.pose3d))
        if len(set(counts)) > 1:
            raise ValueError(f"timestamps, 2D and 3D poses must be equally many, got {counts}")

    def __len__(self) -> int:
        return len(self.pose3d)

    def to_dict(self, output_video: str | None = None) -> dict[str, Any]:
        """The content of keypoints.json: metres in camera axes, pixels in pose2d, pelvis at 0 and its path in root."""
        pose = self.pose3d
        return {
            "keypoints": rounded(pose.xyz, 5),
            "timestamps": [clock(seconds) for seconds in self.video.timestamps],
            "output_video": output_video,
            "root": rounded(pose.root, 5),
            "scores": rounded(pose.score, 4),
            "observed": pose.observed.tolist(),
            "reprojection_error": rounded(pose.reprojection_error, 3),
            "fps": self.video.fps,
            "joint_names": list(pose.skeleton.joints),
            "units": pose.units,
            "camera": pose.camera.to_dict(),
            "levelling": rounded(pose.levelling, 6),
            "model": {"name": self.model.name, "sha256": self.model.sha256},
            "seconds": {stage: round(value, 3) for stage, value in self.seconds.items()},
            "pose2d": rounded(self.pose2d.xy, 2),
        }

    @classmethod
    def load(cls, path: str | Path, video: str | Path) -> Result:
        """Reads back a keypoints.json of a whole video. Raises ConfigError, and VideoError for the video."""
        try:
            content = json.loads(Path(path).read_text("utf-8"))
            if content["joint_names"] != list(H36M17.joints):
                raise ValueError(f"it holds the joints {content['joint_names']}")
            arrays = {name: np.array(content[name], np.float32) for name in ("keypoints", "root", "scores", "pose2d")}
            observed, skeleton = np.array(content["observed"], bool), H36M17
            camera, fps = Camera(**content["camera"]), content["fps"]
            pose2d = Pose2D(arrays["pose2d"], arrays["scores"], observed, skeleton, fps, camera)
            error, levelling = (np.array(content[name], np.float32) for name in ("reprojection_error", "levelling"))
            pose3d = Pose3D(
                arrays["keypoints"], arrays["root"], arrays["scores"], observed, error, content["units"], skeleton, fps,
                camera, levelling,
            )  # fmt: skip
            info = probe(video, Span(max_frames=len(pose3d)))
            return cls(info, pose2d, pose3d, content["seconds"], ModelInfo(**content["model"]))
        except (OSError, ValueError, KeyError, TypeError) as e:
            raise ConfigError(f"{path} is not a keypoints.json of this program for that video: {e}") from e

    def save(self, folder: str | Path, output_video: str | None = None) -> Path:
        """Writes keypoints.json into the folder (made if missing) and returns its path."""
        path = Path(folder) / "keypoints.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(self.to_dict(output_video)))
        return path


def write_text(path: Path, text: str) -> None:
    """Writes to a temporary name, then renames, so that nothing half-written stays behind."""
    partial = path.with_name(path.name + ".part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def rounded(array: np.ndarray, digits: int) -> list[Any]:
    """Nested lists of short decimals."""
    return np.round(array.astype(np.float64), digits).tolist()


def clock(seconds: float) -> str:
    """Seconds as HH:MM:SS.mmm."""
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{milliseconds // 1000:02d}.{milliseconds % 1000:03d}"
