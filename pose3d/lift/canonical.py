"""CanonicalPose3D as a lifter: Pose2D in, Pose3D with the network's own pelvis path out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pose3d.core.arrays import Floats, Ints
from pose3d.core.models import ModelInfo
from pose3d.core.poses import Pose2D, Pose3D
from pose3d.core.skeleton import H36M17
from pose3d.io.models.cache import PATH, POSES
from pose3d.io.models.graphs import load_own
from pose3d.io.models.runner import Network
from pose3d.lift.centring import centre, moving_scale
from pose3d.lift.even import EvenPose
from pose3d.lift.finish import finish
from pose3d.lift.hdformer import FLIP_2D, FLIP_3D
from pose3d.lift.lifter import Defaults, Progress, ignore
from pose3d.lift.root import smooth_path

POSES_GRAPH, PATH_GRAPH = "canonical_poses.onnx", "canonical_path.onnx"
"""Of networks as large as our own."""
PUBLISHED_POSES_GRAPH, PUBLISHED_PATH_GRAPH = "published_poses.onnx", "published_path.onnx"
"""Of networks as large as the published ones."""
FIELD = 81
"""Frames that an answer of our own networks sees."""
CHUNK = 512
"""Frames lifted at once."""
WINDOWS = 32
"""Windows given to the trajectory network at once."""
JITTER = 0.03
"""Metres by which neighbouring answers of the trajectory network disagree, as a rule."""
MIRROR = H36M17.mirror


@dataclass(frozen=True)
class Networks:
    """The pose network, (B, T + field - 1, J, 2) to (B, T, J, 3), and the trajectory network, windows (N, field, 2J)
    and poses (N, 3J) to (N, 3); all float32.

    field: frames that an answer sees; causal: it is for the last of them instead of the middle one.
    """

    pose: Callable[[Floats], Floats]
    trajectory: Callable[[Floats, Floats], Floats]
    field: int
    causal: bool = False

    def over_clip(self, seen: Floats, placed: Floats, progress: Progress) -> tuple[Floats, Floats]:
        """Poses (B, T, J, 3) and pelvis paths (B, T, 3) of clips of 2D joints (B, T, J, 2), in chunks of frames.

        seen: what the pose network is shown, placed: what the trajectory network is shown.
        """
        xyz = self.poses(seen)
        clips, frames = seen.shape[:2]
        held = placed.reshape(clips, frames, -1)[:, held_frames(frames, self.field - 1, self.causal)]
        windows = np.lib.stride_tricks.sliding_window_view(held, self.field, axis=1).swapaxes(2, 3)
        poses = xyz.reshape(clips, frames, -1)
        path = np.empty((clips, frames, 3), np.float32)
        for start in range(0, frames, WINDOWS):
            now = slice(start, min(start + WINDOWS, frames))
            shown = (np.concatenate(values[:, now]) for values in (windows, poses))
            path[:, now] = self.trajectory(*shown).reshape(clips, -1, 3)
            progress(now.stop, frames)
        return xyz, path

    def poses(self, seen: Floats) -> Floats:
        """As the first of `over_clip`: the pose network alone, which takes a twentieth of the time of both."""
        frames, margin = seen.shape[1], self.field - 1
        held = seen[:, held_frames(frames, margin, self.causal)]
        chunks = (held[:, start : min(start + CHUNK, frames) + margin] for start in range(0, frames, CHUNK))
        return np.concatenate([self.pose(chunk) for chunk in chunks], 1)


def held_frames(frames: int, margin: int, causal: bool = False) -> Ints:
    """(frames + margin,) numbers of frames that hold a clip's first and last; where causal, only the first."""
    before = margin if causal else margin // 2
    return np.clip(np.arange(-before, frames + margin - before), 0, frames - 1)


def load(path: Path, device: str) -> CanonicalLifter:
    """The lifter with weights of our own and the graphs beside them. Raises WeightsError as `load_own`."""
    info, (poses, path_) = load_own(path, device, {f"{POSES}.": POSES_GRAPH, f"{PATH}.": PATH_GRAPH})
    return CanonicalLifter(networks_of(poses, path_, FIELD), info)


def networks_of(poses: Network, path: Network, field: int) -> Networks:
    """Both graphs' networks."""
    return Networks(
        lambda clips: poses(clips)["answer"], lambda windows, shapes: path(windows, shapes)["answer"], field
    )


@dataclass(frozen=True)
class CanonicalLifter:
    """Our own weights: person-centred rays in; metres of an average adult, and the pelvis's distance, out.

    Rays are divided by their size, as it is around each frame. The trajectory network answers in the camera that looks
    at the pelvis, with the distance times that size, which is nearly the same for everybody wherever they stand.
    """

    networks: Networks
    info: ModelInfo
    defaults: Defaults = field(default_factory=Defaults)

    def __call__(self, pose: Pose2D, height: float | None = None, progress: Progress = ignore) -> Pose3D:
        """As many poses out as in; height: the subject's stature in metres, if known."""
        even, asked = EvenPose.of(pose), self._asked(pose)
        xyz, paths = self.networks.over_clip(asked.both, asked.both, progress)
        root = (paths[0] + paths[1] * FLIP_3D) / 2 / asked.scale[..., 0]
        path = smooth_path(even.back((root[:, None] @ asked.rotation)[:, 0]), JITTER, pose.times)
        return finish(pose, even.back(asked.joints(xyz)), height, path, steadied=True)

    def shapes(self, pose: Pose2D, progress: Progress = ignore) -> Floats:
        """(T, J, 3) metres of an average adult in camera axes, pelvis at 0, as the network answers."""
        asked = self._asked(pose)
        return EvenPose.of(pose).back(asked.joints(self.networks.poses(asked.both)))

    def _asked(self, pose: Pose2D) -> _Asked:
        centred = centre(pose.camera.rays(EvenPose.of(pose).pose.xy))
        scale = moving_scale(centred.rays, self.networks.field)
        plain = centred.rays / scale
        both = np.stack([plain, plain[:, MIRROR] * FLIP_2D])
        return _Asked(both, scale, centred.rotation)


@dataclass(frozen=True, eq=False)
class _Asked:
    """What our own networks are shown at even times. both: (2, T, J, 2), joints and their mirror image."""

    both: Floats
    scale: Floats
    """(T, 1, 1), by which rays were divided."""
    rotation: Floats
    """(T, 3, 3) from camera axes to those that look at the pelvis, of rows."""

    def joints(self, xyz: Floats) -> Floats:
        """(T, J, 3) in camera axes, pelvis at 0: the mean of both answers (2, T, J, 3)."""
        joints = (xyz[0] + xyz[1][:, MIRROR] * FLIP_3D) / 2
        return (joints - joints[:, :1]) @ self.rotation


@dataclass(frozen=True)
class PublishedCanonicalLifter:
    """Published weights: screen coordinates to poses, canonical coordinates and poses to the pelvis path; metres.

    offsets, canonical: the published switches USE_2D_OFFSETS and USE_CANONICAL_COORDS.
    """

    networks: Networks
    info: ModelInfo
    defaults: Defaults
    offsets: bool
    canonical: bool

    def __call__(self, pose: Pose2D, height: float | None = None, progress: Progress = ignore) -> Pose3D:
        """As many poses out as in; height: the subject's stature in metres, if known."""
        screen = screen_coordinates(pose)
        seen = screen - screen[:, :1] if self.offsets else screen
        placed = pose.camera.pinhole_rays(pose.xy) if self.canonical else screen
        found = self.networks.over_clip(_clip(seen), _clip(placed), progress)
        xyz, path = (answer[0] for answer in found)
        return finish(pose, xyz - xyz[:, :1], height, path + xyz[:, 0])


def _clip(values: Floats) -> Floats:
    return values.astype(np.float32)[None]


def screen_coordinates(pose: Pose2D) -> Floats:
    """(T, J, 2): -1 to 1 across the picture's width, the same scale downwards."""
    width, height = pose.camera.width, pose.camera.height
    return pose.xy / width * 2 - [1, height / width]
