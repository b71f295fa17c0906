"""`app.py` whose workers fall over certain videos: KIND-STAGE.mp4 is one that KIND ends them by, at that STAGE.

Workers read this file as they read app.py, so that the faults are theirs, too.
"""

import functools
from importlib import import_module
from pathlib import Path

from pose3d.jobs import looks, tasks
from tests import ending

KINDS = {"crash": ending.crash, "kill": ending.kill, "swallow": ending.swallow, "loop": ending.turn_for_ever}


def path_in(value):
    """Of the video that a call is about, if it tells."""
    for at in ("path", "video.path"):
        found = value
        for name in at.split("."):
            found = getattr(found, name, None)
        if isinstance(found, Path):
            return found
    return value if isinstance(value, str | Path) else None


def faulty(stage, function):
    @functools.wraps(function)
    def instead(*given, **named):
        for path in filter(None, map(path_in, given)):
            kind, _, where = Path(path).stem.partition("-")
            if where == stage:
                KINDS[kind](None)
        return function(*given, **named)

    return instead


for place, name, stage in (
    (looks, "probe", "look"),
    (import_module("pose3d.pipelines"), "frames", "detect"),
    (tasks.Pipeline, "lift", "lift"),
    (tasks, "write_outputs", "write"),
    (import_module("pose3d.outputs"), "render_clip", "draw"),
):
    setattr(place, name, faulty(stage, getattr(place, name)))

if __name__ == "__main__":
    from pose3d.ui import build, launch_settings, warm

    warm()
    build().launch(**launch_settings())
