"""Folders in a server's house: which are ours, when a result is whole, how old it is, where its video lies."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

from pose3d.core.quotas import quotas
from pose3d.core.result import KEYPOINTS

RUN, VIEW, PAGE = "run-", "view-", "page-"
"""Before the names of folders that we make: of a result, of what is shown of one beside it, of the page itself. What
visitors send lies in folders that Gradio names by their content."""
OURS = (RUN, VIEW, PAGE)

KEY = re.compile(r"[\w-]{22}", re.ASCII)
"""A result's, as `secrets.token_urlsafe` makes it of 16 bytes: whoever does not know a key does not guess it."""

UNFINISHED = ".unfinished"
"""A file that lies in a result's folder until all of it is there."""
VIDEO = "video"
"""The folder in a result's with the video that it was made of, under the video's own name."""

HOUR = 3600
"""Seconds."""


def homes(folder: Path) -> list[Path]:
    """Where the results' keypoints.json lie: in the folder, or in one for each person below it."""
    several = sorted(path.parent for path in folder.glob(f"person_*/{KEYPOINTS}"))
    return several or ([folder] if (folder / KEYPOINTS).is_file() else [])


def made(folder: Path) -> float | None:
    """When the result in it was made, seconds since the epoch; None where there is none, or not all of it."""
    if not folder.name.startswith(RUN) or (folder / UNFINISHED).exists():
        return None
    return max((_changed(home / KEYPOINTS) for home in homes(folder)), default=None)


def born(entry: Path) -> float:
    """The same of anything in a house; what is no result is as old as what came last into it."""
    return made(entry) or max(map(_changed, (entry, *files_in(entry))))


def files_in(entry: Path) -> list[Path]:
    """Itself, if it is one. What goes meanwhile is no fault: Gradio and visitors' sessions come and go."""
    if not entry.is_dir():
        return [entry]
    return [Path(top, name) for top, _, names in os.walk(entry) for name in names]


def is_over(since: float) -> bool:
    """Whether what was promised then need not be kept any longer."""
    return time.time() - since > quotas().hours * HOUR


def take_video(video: Path, folder: Path) -> Path:
    """The result's own video: another name of the same file, or a copy on another disk. Raises OSError."""
    (folder / VIDEO).mkdir()
    own = folder / VIDEO / video.name
    try:
        os.link(video, own)
    except OSError:  # another disk, or one without links
        shutil.copyfile(video, own)
    return own


def video_of(folder: Path) -> Path | None:
    """Where `take_video` put it."""
    return next((folder / VIDEO).glob("*"), None)


def remove(entry: Path) -> None:
    """A file or a folder with all that is in it, as far as there is one."""
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)


def _changed(path: Path) -> float:
    """0 for what has gone meanwhile."""
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0
