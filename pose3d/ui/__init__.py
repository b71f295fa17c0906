"""The page: `build()` makes it, `launch_settings()` is how it is served."""

from pose3d.ui.launch import launch_settings
from pose3d.ui.page import build

__all__ = ["build", "launch_settings"]
