"""The page: `build()` makes it, `serve()` serves it as `launch_settings()` say."""

from pose3d.ui.launch import launch_settings, serve, take_or_exit
from pose3d.ui.page import build
from pose3d.ui.work import warm

__all__ = ["build", "launch_settings", "serve", "take_or_exit", "warm"]
