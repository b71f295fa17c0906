"""Where the avatar's joints are at rest: an average adult in the pose "T", metres, hips at 0, y up, facing +z."""

from __future__ import annotations

import numpy as np

from pose3d.motion.humanoid import BONES

Point = tuple[float, float, float]

HIP, SHOULDER = 0.098, 0.18
"""From the middle to the side."""
KNEE, ANKLE, SOLE = -0.415, -0.82, -0.9
SPINE, THORAX, NECK, HEAD = 0.255, 0.51, 0.67, 0.83
"""Up from the hips."""
ELBOW, WRIST = SHOULDER + 0.29, SHOULDER + 0.55
"""To the side."""

LEFT: dict[str, Point] = {
    "LHip": (HIP, 0, 0),
    "LKnee": (HIP, KNEE, 0),
    "LAnkle": (HIP, ANKLE, 0),
    "LShoulder": (SHOULDER, THORAX, 0),
    "LElbow": (ELBOW, THORAX, 0),
    "LWrist": (WRIST, THORAX, 0),
}
RIGHT = {name.replace("L", "R", 1): (-x, y, z) for name, (x, y, z) in LEFT.items()}
JOINTS: dict[str, Point] = {
    "Pelvis": (0, 0, 0),
    "Spine": (0, SPINE, 0),
    "Thorax": (0, THORAX, 0),
    "Neck": (0, NECK, 0),
    "Head": (0, HEAD, 0),
    **LEFT,
    **RIGHT,
}

STARTS = np.array([JOINTS[bone.start] for bone in BONES], np.float32)
"""(N, 3)."""
HEAD_LENGTH = HEAD - NECK
