"""The page: `build()` makes it, `launch_settings()` is how it is served."""

from pose3d.ui.launch import launch_settings
from pose3d.ui.page import build
from pose3d.ui.work import warm

__all__ = ["build", "launch_settings", "warm"]
