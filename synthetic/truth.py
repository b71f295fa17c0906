"""What is known exactly about an example clip: its camera and every joint in space."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pose3d.core.camera import Camera
from pose3d.core.skeleton import H36M17


@dataclass(frozen=True)
class Truth:
    """A clip's truth, as it lies beside the clip in <name>.json."""

    name: str
    fps: float
    camera: Camera
    height: float
    """Metres from the soles to the top of the skull."""
    xyz: np.ndarray
    """(T, 17, 3) metres in camera axes (x right, y down, z forward), joints in H36M17 order."""

    def __post_init__(self) -> None:
        if self.xyz.ndim != 3 or self.xyz.shape[1:] != (len(H36M17), 3):
            raise ValueError(f"xyz must be (T, {len(H36M17)}, 3), got {self.xyz.shape}")

    @property
    def xy(self) -> np.ndarray:
        """(T, 17, 2) pixels."""
        return self.camera.project(self.xyz)

    def save(self, path: Path) -> None:
        """Writes the JSON file; 0.1 mm is as exact as anyone needs."""
        camera = {name: round(getattr(self.camera, name), 4) for name in ("width", "height", "fx", "fy", "cx", "cy")}
        fields = {
            "name": self.name,
            "fps": self.fps,
            "camera": camera,
            "height": round(self.height, 4),
            "joint_names": list(H36M17.joints),
            "xyz": self.xyz.round(4).tolist(),
        }
        path.write_text(json.dumps(fields, separators=(",", ":")) + "\n")


def load_truth(path: str | Path) -> Truth:
    """Reads a clip's truth; joints are brought into H36M17's order by name."""
    fields = json.loads(Path(path).read_text())
    order = [fields["joint_names"].index(joint) for joint in H36M17.joints]
    xyz = np.array(fields["xyz"], np.float32)[:, order]
    return Truth(fields["name"], fields["fps"], Camera(**fields["camera"]), fields["height"], xyz)
