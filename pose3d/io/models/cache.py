"""Where fetched published models are kept, and which there are."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

from pose3d.core.errors import WeightsError
from pose3d.io.models.weights import CONVERTED

CACHE = "POSE3D_CACHE"
"""The variable of the environment that names another folder."""
HRNET = "damo/cv_hrnetv2w32_body-2d-keypoints_image"
STATE, POSES, PATH = "state_dict", "model_pos", "model_traj"
"""What the parts of their checkpoints are called."""
PUBLISHED: dict[str, tuple[str, ...]] = {
    "damo/cv_hdformer_body-3d-keypoints_video": (STATE,),
    "damo/cv_canonical_body-3d-keypoints_video": (POSES, PATH),
    HRNET: (STATE,),
}
"""Model ids on ModelScope, and the state dicts in their checkpoints."""
PUBLISHED_LIFTERS = tuple(name for name in PUBLISHED if name != HRNET)


def cache() -> Path:
    """$POSE3D_CACHE, or pose3d in the user's cache folder, wherever the system has that."""
    given = os.environ.get(CACHE)
    return Path(given) if given else user_cache_path("pose3d", appauthor=False)


def place(name: str) -> Path:
    """The folder that a published model has in the cache, once fetched."""
    return cache() / name.replace("/", "--")


def is_fetched(name: str) -> bool:
    """Whether the model is in the cache; it is there whole or not at all."""
    return (place(name) / CONVERTED).is_file()


def fetched(name: str) -> Path:
    """The folder of a published model that is in the cache. Raises WeightsError telling how to get it there."""
    if not is_fetched(name):
        raise WeightsError("not_fetched", name=name)
    return place(name)
