"""What a run gives back, whole: it can be saved and loaded without the video."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from pydantic import ValidationError

from pose3d.core.arrays import ArrayEquality, Bools, Floats, check_shape
from pose3d.core.camera import Camera
from pose3d.core.config import RunConfig
from pose3d.core.errors import ConfigError, Pose3DError
from pose3d.core.files import is_folder, read_limited, write_bytes
from pose3d.core.ground import FEET, HANDS, Ground, Planted
from pose3d.core.models import ModelInfo
from pose3d.core.people import PersonSeen
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.saved import Saved, SavedVideo, check_rows, finite
from pose3d.core.skeleton import H36M17
from pose3d.core.video import VideoInfo

KEYPOINTS = "keypoints.json"
"""The file that a result is saved in."""


@dataclass(frozen=True, eq=False)
class Result(ArrayEquality):
    """A video's poses and where they came from."""

    video: VideoInfo
    """Its times are those of the poses."""
    config: RunConfig
    """What was asked for, the model's own defaults filled in."""
    pose2d: Pose2D
    pose3d: Pose3D
    """Scores, observed and camera are those of pose2d."""
    ground: Ground
    detector: ModelInfo
    lifter: ModelInfo
    planted: Planted | None = None
    """The motion with feet that stay where they stand; None before a camera that moves, and in older files."""
    camera_shift: Floats | None = None
    """(T,) float32: how far the background is from where it was in the first frame, in parts of the picture's longer
    side, mean over its corners; None in older files."""
    disagreement: Floats | None = None
    """(T,) float32 metres: how far another lifter's poses are from these, mean over the compared joints after the best
    turn, scale and shift of each frame; None in older files, and where no other was asked."""
    people: tuple[PersonSeen, ...] = ()
    """Everybody who was seen."""
    person: int = 1
    """The number of the one whose poses these are."""
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    """Wall time by stage."""
    versions: dict[str, str] = field(default_factory=dict[str, str])
    """Version by package."""

    def __post_init__(self) -> None:
        flat, solid = self.pose2d, self.pose3d
        for name, pose in (("2D", flat), ("3D", solid)):
            if not np.array_equal(pose.times, self.video.times):
                raise ValueError(f"the {name} poses must have the {len(self.video)} times of the video's frames")
        if not (np.array_equal(flat.score, solid.score) and np.array_equal(flat.observed, solid.observed)):
            raise ValueError("the 3D poses must have the scores and observed joints of the 2D poses")
        if (flat.camera, flat.skeleton) != (solid.camera, solid.skeleton):
            raise ValueError("the 3D poses must have the camera and the skeleton of the 2D poses")

    def __len__(self) -> int:
        return len(self.pose3d)

    @property
    def times(self) -> Floats:
        """(T,) seconds of the frames."""
        return self.video.times

    @property
    def world(self) -> Floats:
        """(T, J, 3) float32 metres: y up, x to the camera's right, z towards the camera, on the floor at y = 0.

        If there is `planted`, bones have one length all the time and feet stay where they stand; else as it was lifted.
        """
        return self.planted.world if self.planted else self.as_lifted

    @property
    def as_lifted(self) -> Floats:
        """As `world`, but `pose3d` as it was lifted: bones may stretch, feet glide and reach below the floor."""
        return self.ground.world(self.pose3d.placed)

    def save(self, folder: str | Path, output_video: str | None = None) -> Path:
        """Writes keypoints.json into the folder (made if missing) and returns its path. Raises OutputError.

        output_video: the name of the rendered clip, where there is one.
        """
        content = orjson.dumps(self.to_dict(output_video), option=orjson.OPT_SERIALIZE_NUMPY)
        return write_bytes(Path(folder) / KEYPOINTS, content)

    @classmethod
    def load(cls, path: str | Path) -> Result:
        """Reads back a keypoints.json, or the one in a folder: what was saved, exactly. Needs no video.

        Raises ConfigError for a file that is not one.
        """
        from pose3d.core.quotas import quotas  # takes a tenth of the time of a command's help

        path = Path(path)
        path = path / KEYPOINTS if is_folder(path) else path
        try:
            return _from_dict(orjson.loads(read_limited(path, quotas().file_mb)))
        except OSError as e:
            raise ConfigError("cannot_read", path=path, reason=e.strerror) from e
        except (Pose3DError, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError) as e:
            raise ConfigError("not_keypoints", path=path, reason=_fault(e)) from e

    def to_dict(self, output_video: str | None = None) -> dict[str, Any]:
        """The content of keypoints.json, with NumPy arrays; docs/formats.md says what each key holds."""
        pose, ground = self.pose3d, self.ground
        return {
            "keypoints": pose.xyz,
            "timestamps": [clock(seconds) for seconds in self.times],
            "output_video": output_video,
            "root": pose.root,
            "scores": pose.score,
            "observed": pose.observed,
            "reprojection_error": pose.reprojection_error,
            "fps": pose.fps,
            "times": self.times,
            "joint_names": list(pose.skeleton.joints),
            "units": pose.units,
            "camera": asdict(pose.camera),
            "model": asdict(self.lifter),
            "pose2d": self.pose2d.xy,
            "up": ground.up,
            "floor": ground.floor,
            "up_confidence": ground.confidence,
            "camera_pose": _camera_pose(ground),
            "world": self.world,
            "camera_shift": self.camera_shift,
            "disagreement": self.disagreement,
            "contacts": _by_name(FEET, self.planted and self.planted.stands),
            "feet": _by_name(FEET, self.planted and self.planted.feet),
            "hands": _by_name(HANDS, self.planted and self.planted.hands),
            "detector": asdict(self.detector),
            "video": _video_to_dict(self.video),
            "settings": self.config.model_dump(mode="json"),
            "people": [asdict(person) for person in self.people],
            "person": self.person,
            "seconds": self.seconds,
            "versions": self.versions,
        }


def _camera_pose(ground: Ground) -> dict[str, Any]:
    return {
        "pitch": ground.pitch,
        "roll": ground.roll,
        "height": -ground.floor,
        "rotation": ground.rotation.tolist(),
        "confidence": ground.confidence,
    }


def _fault(e: Exception) -> object:
    """What is wrong with a file, in few words."""
    if isinstance(e, KeyError):
        return f"it has no {e.args[0]}"
    if isinstance(e, ValidationError):
        first = e.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return f"it has no {where}" if first["type"] == "missing" else f"{where}: {first['msg']}"
    return e if isinstance(e, Pose3DError) else " ".join(str(e).split())


def _from_dict(content: dict[str, Any]) -> Result:
    """The inverse of `Result.to_dict`; what is wrong in it raises one of many exceptions."""
    saved = Saved.model_validate(content)
    times = np.array(content["times"], np.float64)
    check_rows(times)
    score, observed = finite(content, "scores"), np.array(content["observed"], bool)
    camera = Camera.from_fields(content["camera"])
    pose2d = Pose2D(
        xy=finite(content, "pose2d"), score=score, observed=observed, skeleton=H36M17, camera=camera, times=times
    )
    pose3d = Pose3D(
        xyz=finite(content, "keypoints"),
        root=finite(content, "root"),
        score=score,
        observed=observed,
        reprojection_error=finite(content, "reprojection_error"),
        units=saved.units,
        skeleton=H36M17,
        camera=camera,
        times=times,
    )
    return Result(
        video=_video(saved.video, times),
        config=RunConfig(**content["settings"]),
        pose2d=pose2d,
        pose3d=pose3d,
        ground=Ground(finite(content, "up"), saved.floor, saved.up_confidence),
        detector=saved.detector,
        lifter=saved.model,
        planted=_planted(content),
        camera_shift=_per_frame(content, "camera_shift", len(times)),
        disagreement=_per_frame(content, "disagreement", len(times)),
        people=saved.people,
        person=saved.person,
        seconds=saved.seconds,
        versions=saved.versions,
    )


def _by_name(names: tuple[str, ...], values: Floats | Bools | None) -> dict[str, Any] | None:
    """values (T, 2, ...), one column per name."""
    return None if values is None else {name: np.ascontiguousarray(values[:, n]) for n, name in enumerate(names)}


def _columns(by_name: dict[str, Any] | None, names: tuple[str, ...]) -> NDArray[Any] | None:
    """The inverse of `_by_name`."""
    return None if by_name is None else np.stack([np.array(by_name[name]) for name in names], axis=1)


def _planted(content: dict[str, Any]) -> Planted | None:
    stands = _columns(content.get("contacts"), FEET)
    if stands is None:
        return None
    feet, hands = _columns(content.get("feet"), FEET), _columns(content.get("hands"), HANDS)
    return Planted(finite(content, "world"), stands, feet, hands)


def _per_frame(content: dict[str, Any], key: str, frames: int) -> Floats | None:
    if content.get(key) is None:
        return None
    values = finite(content, key)
    check_shape(key, values, frames)
    return values


def _video_to_dict(video: VideoInfo) -> dict[str, Any]:
    """All but the times. A name that is no text in any language goes in as bytes, too."""
    fields = {name: value for name, value in asdict(video).items() if name not in ("times", "path")}
    raw = os.fsencode(video.path)
    fields["path"] = raw.decode("utf-8", "replace")
    if fields["path"].encode("utf-8") != raw:
        fields["path_bytes"] = raw.hex()
    return fields


def _video(saved: SavedVideo, times: Floats) -> VideoInfo:
    fields = saved.model_dump(exclude={"path", "path_bytes"})
    raw = bytes.fromhex(saved.path_bytes) or saved.path.encode("utf-8")
    return VideoInfo(**fields, path=Path(os.fsdecode(raw)), times=times)


def clock(seconds: float) -> str:
    """Seconds as HH:MM:SS.mmm."""
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{milliseconds // 1000:02d}.{milliseconds % 1000:03d}"
