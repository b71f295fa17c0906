"""The page: `build()` makes it, `LAUNCH` is how it is served."""

from pose3d.ui.page import LAUNCH, build

__all__ = ["LAUNCH", "build"]
