"""Model folders in the published format, filled as the golden values were."""

import json
from pathlib import Path

import numpy as np
import torch

from golden import fill
from pose3d.lift.canonical_net import PoseNet, TrajectoryNet
from pose3d.lift.hdformer_net import HDFormerNet

RENDER = {"azim": -60.0, "elev": -75.0}
HDFORMER = {
    "INPUT": {
        "center": [512.5, 515.5], "focal_length": [1145.0, 1143.8], "res_w": 1000, "n_frames": 96, "window_size": 72,
        "max_frame": 12,
    },
    "MODEL": {
        "in_channels": 2, "n_joints": 17, "dropout": 0.3, "data_bn": True, "PJN": True, "attention_down": False,
        "attention_up": False, "attention_merge": True, "max_hop": 4, "regressor_type": "conv",
        "regress_with_edge": False,
    },
}  # fmt: skip
CANONICAL = {
    "INPUT": {"FOCAL_LENGTH": [1145.0, 1143.8], "CENTER": [512.5, 515.5], "RES_W": 1000, "RES_H": 1002, "MAX_FRAME": 9},
    "MODEL": {
        "IN_NUM_JOINTS": 17, "IN_2D_FEATURE": 2, "OUT_NUM_JOINTS": 17, "OUT_3D_FEATURE": 3, "FILTER_WIDTHS": [3, 3],
        "CAUSAL": False, "DROPOUT": 0.25, "CHANNELS": 64, "DENSE": False, "USE_2D_OFFSETS": True,
        "USE_CANONICAL_COORDS": True,
    },
}  # fmt: skip


def write_configuration(folder: Path, model: dict) -> None:
    """configuration.json, with keys that are of no interest here among it, as in the published ones."""
    folder.mkdir(exist_ok=True)
    content = {"framework": "pytorch", "task": "body-3d-keypoints", "model": {"type": "any", **model}, "render": RENDER}
    (folder / "configuration.json").write_text(json.dumps(content))


def hdformer_folder(folder: Path) -> Path:
    """A published HDFormer; deviations of the size of a person."""
    write_configuration(folder, HDFORMER)
    torch.save({"state_dict": fill(HDFormerNet()).state_dict()}, folder / "pytorch_model.pt")
    rng = np.random.default_rng(0)
    np.save(folder / "mean_std_2d.npy", np.stack([0.1 * rng.standard_normal((17, 2)), np.full((17, 2), 0.2)]))
    np.save(folder / "mean_std_3d.npy", np.stack([90 * rng.standard_normal((17, 3)), np.full((17, 3), 30.0)]))
    return folder


def canonical_folder(folder: Path, **switches: object) -> Path:
    """A published CanonicalPose3D, small where the format allows it; switches replace those of model.MODEL."""
    model = {**CANONICAL, "MODEL": {**CANONICAL["MODEL"], **switches}}
    write_configuration(folder, model)
    settings = model["MODEL"]
    pose = PoseNet(settings["FILTER_WIDTHS"], settings["CHANNELS"], settings["CAUSAL"], settings["DENSE"])
    states = {
        "model_pos": fill(pose).state_dict(),
        "model_traj": fill(TrajectoryNet(pose.receptive_field)).state_dict(),
    }
    torch.save(states, folder / "pytorch_model.pt")
    return folder
